"""Whether SES mails for an environment yet, and the DNS records that its sender's domain needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from motiv8_tooling.operations.environment import client
from motiv8_tooling.operations.errors import OperationError

if TYPE_CHECKING:
    from motiv8_tooling.operations.package import Template

_PRODUCTION = "https://docs.aws.amazon.com/ses/latest/dg/request-production-access.html"


@dataclass(frozen=True, slots=True)
class Sender:
    """The address that mail comes from, with its domain where SES knows that as a whole.

    `registered` says whether this environment's stack registers it, and `zone` is the Route 53 zone that its records go
    into, if any.
    """

    address: str
    domain: str
    zone: str
    registered: bool

    @property
    def identity(self) -> str:
        """What SES verifies."""
        return self.domain or self.address


def sender_of(template: Template, given: dict[str, str]) -> Sender:
    """The sender by a deployment's parameters. Raises OperationError for an address that is not of the domain."""
    address, domain, zone, registered = (
        given.get(name) or template["Parameters"][name]["Default"]
        for name in ("SenderAddress", "SenderDomain", "SenderHostedZoneId", "ManageSenderIdentity")
    )
    _, at, of = address.rpartition("@")
    if not at or not of:
        raise OperationError(f"SenderAddress={address} is not an email address.")
    if domain and of != domain and not of.endswith(f".{domain}"):
        raise OperationError(
            f"SenderAddress={address} does not belong to SenderDomain={domain}, so SES would refuse every email."
            " Change one of them."
        )
    return Sender(address, domain, zone, registered == "true")


def obstacle(sender: Sender) -> str:
    """Why SES does not mail to everybody for this sender yet, and what to do about it; empty when it does."""
    found = _identity(sender)
    if found is None:
        return f"{sender.identity} is not registered with SES: {_how_to_register(sender)}"
    if not found["VerifiedForSendingStatus"]:
        return f"SES has not verified {sender.identity} yet: {_how_to_verify(sender)}"
    if not client("sesv2").get_account()["ProductionAccessEnabled"]:
        return f"SES mails to verified addresses alone (its sandbox): ask for production access, {_PRODUCTION}"
    return ""


def is_registered(sender: Sender) -> bool:
    """Whether SES knows the sender, verified or not."""
    return _identity(sender) is not None


def to_do(sender: Sender) -> list[str]:
    """Lines for people: what they have to do so that SES verifies the sender; none when there is nothing to do."""
    found = _identity(sender)
    if found is None or not sender.registered or sender.zone:
        return []
    if not sender.domain:
        return [] if found["VerifiedForSendingStatus"] else [f"{sender.identity}: {_how_to_verify(sender)}"]
    if found["VerifiedForSendingStatus"] and found["MailFromAttributes"].get("MailFromDomainStatus") == "SUCCESS":
        return []
    region: str = client("sesv2").meta.region_name
    rows = records(sender.domain, found["DkimAttributes"], region)
    return [f"make these DNS records for {sender.domain}; SES looks for them for 72 hours:"] + [
        f"  {kind:5} {name}  {value}" for kind, name, value in rows
    ]


def records(domain: str, dkim: dict[str, Any], region: str) -> list[tuple[str, str, str]]:
    """Type, name and value of each DNS record by which mail from the domain is known to be its own.

    `dkim` are SES's DkimAttributes of it. They are the same as SenderRecords in template.yaml.
    """
    zone = dkim.get("SigningHostedZone", "dkim.amazonses.com")
    keys = [("CNAME", f"{token}._domainkey.{domain}", f"{token}.{zone}") for token in dkim.get("Tokens", ())]
    return [
        *keys,
        ("MX", f"bounces.{domain}", f"10 feedback-smtp.{region}.amazonses.com"),
        ("TXT", f"bounces.{domain}", '"v=spf1 include:amazonses.com ~all"'),
        ("TXT", f"_dmarc.{domain}", '"v=DMARC1; p=quarantine"'),
    ]


def _identity(sender: Sender) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = client("sesv2").get_email_identity(EmailIdentity=sender.identity)
    except ClientError as error:
        if error.response["Error"]["Code"] == "NotFoundException":
            return None
        raise
    return found


def _how_to_register(sender: Sender) -> str:
    if sender.registered:
        return "run --phase base first"
    return "deploy the environment that registers it first, or give ManageSenderIdentity=true"


def _how_to_verify(sender: Sender) -> str:
    if not sender.domain:
        return "follow the link in the mail that SES sent there"
    if sender.zone:
        return "wait some minutes, since its DNS records are made, and run this again"
    return "make the DNS records that --phase base prints, and run this again in some minutes"
