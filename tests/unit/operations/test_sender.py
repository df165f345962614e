"""What SES says of a sender, and what people are told to do. Answers are checked against botocore's model of SES."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from motiv8_tooling.operations import deploy, sender
from motiv8_tooling.operations.deploy import Order
from motiv8_tooling.operations.environment import Environment
from motiv8_tooling.operations.errors import OperationError
from motiv8_tooling.operations.package import load_template
from motiv8_tooling.operations.sender import Sender, obstacle, records, sender_of, to_do

TEMPLATE = load_template()
DOMAIN = Sender("pictures@mail.example.com", "mail.example.com", zone="", registered=True)
ADDRESS = Sender("dev@example.com", "", zone="", registered=True)
DKIM = {"Tokens": ["one", "two", "three"], "SigningHostedZone": "dkim.ap-south-2.amazonses.com"}


@pytest.fixture
def ses(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    """SES in Hyderabad, which answers what it was given, in order."""
    client = boto3.client("sesv2", region_name="ap-south-2", aws_access_key_id="x", aws_secret_access_key="x")
    monkeypatch.setattr(sender, "client", lambda _: client)
    with Stubber(client) as stubber:
        yield stubber


def _says(ses: Stubber, identity: str, *, verified: bool, mail_from: str = "PENDING") -> None:
    answer: dict[str, Any] = {
        "VerifiedForSendingStatus": verified,
        "DkimAttributes": DKIM,
        "MailFromAttributes": {
            "MailFromDomain": f"bounces.{identity}",
            "MailFromDomainStatus": mail_from,
            "BehaviorOnMxFailure": "USE_DEFAULT_VALUE",
        },
    }
    ses.add_response("get_email_identity", answer, {"EmailIdentity": identity})


def _says_account(ses: Stubber, *, production: bool) -> None:
    ses.add_response("get_account", {"ProductionAccessEnabled": production}, {})


def _knows_nothing(ses: Stubber) -> None:
    ses.add_client_error("get_email_identity", "NotFoundException", http_status_code=404)


def test_a_sender_is_its_domain_where_one_is_given_and_else_its_address() -> None:
    assert sender_of(TEMPLATE, {"SenderAddress": "dev@example.com"}) == ADDRESS
    given = {"SenderAddress": "pictures@mail.example.com", "SenderDomain": "mail.example.com"}
    assert sender_of(TEMPLATE, given) == DOMAIN
    assert (ADDRESS.identity, DOMAIN.identity) == ("dev@example.com", "mail.example.com")
    assert not sender_of(TEMPLATE, {"ManageSenderIdentity": "false"}).registered


def test_a_domain_stands_for_its_subdomains() -> None:
    assert sender_of(TEMPLATE, {"SenderAddress": "a@news.example.com", "SenderDomain": "example.com"}).address


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("a@example.org", "does not belong to SenderDomain=example.com"),
        ("a@badexample.com", "does not belong to SenderDomain=example.com"),
        ("example.com", "is not an email address"),
    ],
)
def test_an_address_that_the_domain_cannot_mail_for_is_refused(address: str, said: str) -> None:
    with pytest.raises(OperationError, match=said):
        sender_of(TEMPLATE, {"SenderAddress": address, "SenderDomain": "example.com"})


def test_a_verified_sender_outside_the_sandbox_has_no_obstacle(ses: Stubber) -> None:
    _says(ses, DOMAIN.identity, verified=True)
    _says_account(ses, production=True)
    assert obstacle(DOMAIN) == ""


@pytest.mark.parametrize(
    ("who", "said"),
    [
        (DOMAIN, "make the DNS records that --phase base prints"),
        (ADDRESS, "follow the link in the mail"),
        (Sender(DOMAIN.address, DOMAIN.domain, zone="Z1", registered=True), "wait some minutes"),
    ],
)
def test_an_unverified_sender_says_what_to_do(ses: Stubber, who: Sender, said: str) -> None:
    _says(ses, who.identity, verified=False)
    assert f"SES has not verified {who.identity} yet: {said}" in obstacle(who)


def test_a_sender_that_ses_does_not_know_says_who_registers_it(ses: Stubber) -> None:
    _knows_nothing(ses)
    assert "run --phase base first" in obstacle(DOMAIN)
    _knows_nothing(ses)
    assert "the environment that registers it" in obstacle(Sender("dev@example.com", "", zone="", registered=False))


def test_the_sandbox_is_an_obstacle_even_to_a_verified_sender(ses: Stubber) -> None:
    """Through SES Cognito could reach nobody there:
    https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-email.html
    """
    _says(ses, DOMAIN.identity, verified=True)
    _says_account(ses, production=False)
    assert "ask for production access" in obstacle(DOMAIN)


def test_the_records_of_a_domain_are_printed_until_ses_has_found_them_all(ses: Stubber) -> None:
    """https://docs.aws.amazon.com/ses/latest/dg/mail-from.html,
    https://docs.aws.amazon.com/ses/latest/dg/send-email-authentication-dmarc.html
    """
    _says(ses, DOMAIN.identity, verified=True, mail_from="PENDING")
    first, *rows = to_do(DOMAIN)
    assert "mail.example.com" in first
    assert [row.split(maxsplit=2) for row in rows] == [
        ["CNAME", "one._domainkey.mail.example.com", "one.dkim.ap-south-2.amazonses.com"],
        ["CNAME", "two._domainkey.mail.example.com", "two.dkim.ap-south-2.amazonses.com"],
        ["CNAME", "three._domainkey.mail.example.com", "three.dkim.ap-south-2.amazonses.com"],
        ["MX", "bounces.mail.example.com", "10 feedback-smtp.ap-south-2.amazonses.com"],
        ["TXT", "bounces.mail.example.com", '"v=spf1 include:amazonses.com ~all"'],
        ["TXT", "_dmarc.mail.example.com", '"v=DMARC1; p=quarantine"'],
    ]
    _says(ses, DOMAIN.identity, verified=True, mail_from="SUCCESS")
    assert to_do(DOMAIN) == []


@pytest.mark.parametrize(
    "who",
    [
        Sender(DOMAIN.address, DOMAIN.domain, zone="Z1", registered=True),
        Sender(DOMAIN.address, DOMAIN.domain, zone="", registered=False),
    ],
)
def test_nothing_is_to_do_where_the_template_or_another_environment_makes_the_records(
    ses: Stubber, who: Sender
) -> None:
    _says(ses, DOMAIN.identity, verified=False)
    assert to_do(who) == []


def test_the_template_makes_the_same_records() -> None:
    made = TEMPLATE["Resources"]["SenderRecords"]["Properties"]["RecordSets"]
    values = {"${AWS::Region}": "eu-central-1", "${SenderDomain}": "mail.example.com"}

    def text(value: Any) -> str:
        found: str = value["Fn::Sub"] if isinstance(value, dict) else value
        for name, each in values.items():
            found = found.replace(name, each)
        return found

    fixed = [(each["Type"], text(each["Name"]), text(each["ResourceRecords"][0])) for each in made[3:]]
    assert fixed == records("mail.example.com", {}, "eu-central-1")
    for number, each in enumerate(made[:3], start=1):
        assert each["Type"] == "CNAME"
        assert each["Name"] == {"Fn::GetAtt": ["SenderIdentity", f"DkimDNSTokenName{number}"]}
        assert each["ResourceRecords"] == [{"Fn::GetAtt": ["SenderIdentity", f"DkimDNSTokenValue{number}"]}]


class TestProd:
    @pytest.fixture
    def order(self) -> Callable[..., None]:
        """Runs what is checked before anything changes."""
        words = ("SenderAddress=a@mail.example.com", "SenderDomain=mail.example.com")
        required = ("CorsOrigin=https://app.example.com", "AlarmAddress=ops@example.com")

        def check(*phases: str, environment: str = "prod", without_mail: bool = False) -> None:
            where = Environment(environment)
            where.__dict__["boundary"] = {}
            where.__dict__["tier"] = environment
            given = Order(where, phases=phases, words=words + required, without_mail=without_mail)
            deploy._check_sender(given, {})

        return check

    def test_its_functions_wait_for_a_sender_that_mails(self, ses: Stubber, order: Callable[..., None]) -> None:
        _says(ses, "mail.example.com", verified=False)
        with pytest.raises(
            OperationError, match=r"prod cannot send email: SES has not verified mail\.example\.com yet"
        ):
            order("functions")

    def test_they_go_without_when_that_is_said(self, ses: Stubber, order: Callable[..., None]) -> None:
        _says(ses, "mail.example.com", verified=False)
        order("functions", without_mail=True)

    def test_its_base_registers_the_sender_first(self, ses: Stubber, order: Callable[..., None]) -> None:
        _knows_nothing(ses)
        order("base", "images", "functions")

    def test_dev_goes_on_without_mail(self, ses: Stubber, order: Callable[..., None]) -> None:
        _says(ses, "mail.example.com", verified=False)
        order("functions", environment="dev")
