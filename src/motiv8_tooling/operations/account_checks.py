"""What `motiv8 doctor` looks at in an account: a generator of rows for each thing."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from motiv8_tooling.operations.checked_account import OK, TO_DO, Row
from motiv8_tooling.operations.environment import bucket_name, client, missing_services, sdk_session
from motiv8_tooling.operations.model_checks import chat_model, image_model
from motiv8_tooling.operations.quotas import CONCURRENCY, MAIL_RATE, MAILS_A_DAY, QUOTAS, ServiceQuota

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from motiv8_tooling.operations.checked_account import CheckedAccount

# Lambda keeps this much of the account's concurrency for functions that reserve none:
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
UNRESERVED = 100


def _region(account: CheckedAccount) -> Iterator[Row]:
    missing = list(missing_services(account.region))
    regions = sdk_session().get_available_regions("bedrock", account.partition)
    if account.asks_bedrock and account.values["BedrockRegion"] not in regions:
        missing.append(f"bedrock in {account.values['BedrockRegion']}")
    found = f"{account.region} lacks {', '.join(missing)}" if missing else f"{account.region} has all services"
    yield Row("region", TO_DO if missing else OK, found, advice="choose another region" if missing else "")


def _buckets(account: CheckedAccount) -> Iterator[Row]:
    """Bucket names are the whole world's: one that somebody else has stops the first deployment."""
    owner = account.identity["Account"]
    taken = []
    for kind in ("uploads", "media", "library", "artifacts", "web"):
        name = bucket_name(kind, account.environment.name, owner, account.region)
        try:
            client("s3").head_bucket(Bucket=name, ExpectedBucketOwner=owner)
        except ClientError as error:
            if error.response["Error"]["Code"] not in {"404", "NoSuchBucket"}:
                taken.append(name)
    found = f"{', '.join(taken)}: somebody else's, in another region, or not ours to see" if taken else "free, or ours"
    advice = "s3:ListBucket tells; if it is somebody else's, take another account" if taken else ""
    yield Row("bucket names", TO_DO if taken else OK, found, advice=advice)


def _concurrency(account: CheckedAccount) -> Iterator[Row]:
    found = client("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
    yield _held(account, CONCURRENCY, found)
    reserved = sum(
        int(account.values[f"{name}Concurrency"])
        for name in ("Api", "Courier", "Studio", "LibraryWorker", "LibrarySearch", "Coach", "Socket")
    )
    if reserved:
        enough = reserved + UNRESERVED <= found
        advice = "" if enough else "lower the parameters …Concurrency, or ask for more"
        most = max(0, found - UNRESERVED)
        yield Row("Lambda: reserved", OK if enough else TO_DO, str(reserved), f"{most} at most", advice)


def _quota(quota: ServiceQuota) -> Callable[[CheckedAccount], Iterator[Row]]:
    def check(account: CheckedAccount) -> Iterator[Row]:
        quotas = client("service-quotas")
        named = {"ServiceCode": quota.service, "QuotaCode": quota.code}
        try:
            found = quotas.get_service_quota(**named)["Quota"]["Value"]
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchResourceException":
                raise
            # An account that never asked for another value may have none of its own.
            found = quotas.get_aws_default_service_quota(**named)["Quota"]["Value"]
        yield _held(account, quota, found)

    return check


def _held(account: CheckedAccount, quota: ServiceQuota, found: float) -> Row:
    needed = getattr(account.needs, quota.need)
    # Lambda gives back its usual 1,000 sooner than any number below.
    asked = max(needed, 1000) if quota is CONCURRENCY else needed
    advice = (
        f"aws service-quotas request-service-quota-increase --region {account.region} --service-code {quota.service}"
        f" --quota-code {quota.code} --desired-value {asked}"
    )
    well = found >= needed
    return Row(quota.name, OK if well else TO_DO, f"{found:,.0f}", f"{needed:,}", "" if well else advice)


def _mail_account(account: CheckedAccount) -> Iterator[Row]:
    found = client("sesv2").get_account()
    out = found.get("ProductionAccessEnabled", False)
    advice = "SES console, Account dashboard, Request production access (a day); or aws sesv2 put-account-details"
    said = "production" if out else "sandbox: sends only to verified addresses"
    yield Row("SES: production access", OK if out else TO_DO, said, "production", "" if out else advice)
    sends, status = found.get("SendingEnabled", False), found.get("EnforcementStatus", "HEALTHY")
    well = sends and status == "HEALTHY"
    advice = "" if well else "SES console, Reputation metrics: answer AWS's case there"
    yield Row("SES: sending", OK if well else TO_DO, f"{'enabled' if sends else 'disabled'}, {status}", advice=advice)
    yield _held(account, MAIL_RATE, found["SendQuota"]["MaxSendRate"])
    yield _pace(account, int(found["SendQuota"]["MaxSendRate"]))
    yield _held(account, MAILS_A_DAY, found["SendQuota"]["Max24HourSend"])


def pace(rate: int) -> dict[str, str]:
    """The template's parameters that have mails go out as fast as SES takes them, and by enough calls."""
    # A call mails ten messages; with more calls each would wait too long between two mails to end in time.
    return {"MailsPerSecond": str(rate), "DeliveryConcurrency": str(max(2, ceil(rate / 10)))}


def _pace(account: CheckedAccount, rate: int) -> Row:
    """Whether daily pictures are mailed as fast as SES takes them."""
    wanted = pace(rate)
    well = wanted.items() <= account.values.items()
    name, owner = account.environment.name, account.identity["Account"]
    advice = f"motiv8 doctor --set-pace --environment {name}, or scripts/deploy-phased.sh {name} {owner}"
    advice += "".join(f" --parameter {parameter}={value}" for parameter, value in wanted.items())
    found, needed = (
        "{MailsPerSecond} a second by {DeliveryConcurrency} calls".format_map(each) for each in (account.values, wanted)
    )
    return Row("mail pace", OK if well else TO_DO, found, needed, "" if well else advice)


def _sender(account: CheckedAccount) -> Iterator[Row]:
    if account.first:
        return
    name = account.values["SenderDomain"] or account.values["SenderAddress"]
    try:
        found = client("sesv2").get_email_identity(EmailIdentity=name)
    except ClientError as error:
        if error.response["Error"]["Code"] != "NotFoundException":
            raise
        yield Row("SES: sender", TO_DO, f"{name} is not registered", "verified", 'docs/deployment.md, "Mail"')
        return
    yield from _identity(name, found)


def _identity(name: str, found: dict[str, Any]) -> Iterator[Row]:
    of_domain = found["IdentityType"] == "DOMAIN"
    well = found["VerifiedForSendingStatus"]
    advice = "make the DNS records that --phase base prints" if of_domain else "open the link that AWS has mailed"
    said = f"{name}: {'verified' if well else 'not verified'}"
    yield Row("SES: sender", OK if well else TO_DO, said, "verified", "" if well else advice)
    if not of_domain:
        return
    parts = {
        "SES: DKIM": found.get("DkimAttributes", {}).get("Status", "NOT_STARTED"),
        "SES: MAIL FROM": found.get("MailFromAttributes", {}).get("MailFromDomainStatus", "NOT_STARTED"),
    }
    for title, status in parts.items():
        well = status == "SUCCESS"
        yield Row(title, OK if well else TO_DO, status, "SUCCESS", "" if well else advice)


def _accounts_mail(account: CheckedAccount) -> Iterator[Row]:
    pool = account.outputs.get("UserPoolId")
    if pool is None:
        return
    found = client("cognito-idp").describe_user_pool(UserPoolId=pool)["UserPool"]
    by_ses = found.get("EmailConfiguration", {}).get("EmailSendingAccount") == "DEVELOPER"
    # Of an environment for trying things out that is enough.
    well = by_ses or account.values["Tier"] != "prod"
    said = "through SES" if by_ses else "Cognito's own: about 50 mails a day"
    advice = "" if well else 'docs/deployment.md, "Mail": --phase functions switches it on once the sender is verified'
    yield Row("Cognito: codes by mail", OK if well else TO_DO, said, "through SES" if not well else "", advice)


def _alarms(account: CheckedAccount) -> Iterator[Row]:
    if account.first:
        return
    address = account.values["AlarmAddress"]
    if not address:
        state = TO_DO if account.values["Tier"] == "prod" else OK
        yield Row("SNS: alarms", state, "nobody is mailed", advice="give --parameter AlarmAddress=…")
        return
    name = f"motiv8-alarms-{account.environment.name}"
    topic = f"arn:{account.partition}:sns:{account.region}:{account.identity['Account']}:{name}"
    found = client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    arns = {each["SubscriptionArn"] for each in found if each["Endpoint"] == address}
    well = any(arn.startswith("arn:") for arn in arns)
    said = "confirmed" if well else "not confirmed" if arns else "not subscribed"
    advice = f"open the link that AWS Notifications has mailed to {address}" if arns else "deploy again"
    yield Row("SNS: alarms", OK if well else TO_DO, said, "confirmed", "" if well else advice)


def _push(account: CheckedAccount) -> Iterator[Row]:
    for service, parameter in (("APNs", "ApnsSecretArn"), ("FCM", "FcmSecretArn")):
        found = "not set up: no app is told" if not account.values[parameter] else "set up"
        if account.values[parameter]:
            client("secretsmanager").describe_secret(SecretId=account.values[parameter])
        yield Row(f"push: {service}", OK, found)


def _budget_tag(account: CheckedAccount) -> Iterator[Row]:
    if account.first or not account.values["AlarmAddress"] or float(account.values["MonthlyBudget"]) == 0:
        return
    found = client("ce", "us-east-1").list_cost_allocation_tags(TagKeys=["environment"])["CostAllocationTags"]
    status = found[0]["Status"] if found else "not seen in a bill yet"
    well = status == "Active"
    advice = "Billing console of the paying account, Cost allocation tags: activate `environment`, a day after its use"
    yield Row("budget: tag environment", OK if well else TO_DO, status, "Active", "" if well else advice)


CHECKS: tuple[tuple[str, Callable[[CheckedAccount], Iterable[Row]]], ...] = (
    ("region", _region),
    ("bucket names", _buckets),
    (CONCURRENCY.name, _concurrency),
    *((quota.name, _quota(quota)) for quota in QUOTAS),
    ("SES: account", _mail_account),
    ("SES: sender", _sender),
    ("Bedrock: model", image_model),
    ("Coach: model", chat_model),
    ("Cognito: codes by mail", _accounts_mail),
    ("SNS: alarms", _alarms),
    ("push: apps", _push),
    ("budget: tag environment", _budget_tag),
)
