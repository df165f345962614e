"""`motiv8 doctor`: each thing as it should be, as it should not, and unseen."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError
from botocore.stub import Stubber

from motiv8_tooling import cli
from motiv8_tooling.operations import account_checks, doctor, model_checks, needs, quotas
from motiv8_tooling.operations import environment as environments
from motiv8_tooling.operations.checked_account import OK, TO_DO, UNSEEN, CheckedAccount, Row
from motiv8_tooling.operations.environment import environment
from motiv8_tooling.operations.errors import OperationError
from motiv8_tooling.operations.package import load_template

Call = tuple[str, str, dict[str, Any]]
Answers = Callable[..., None]
IDENTITY = {"Account": "123456789012", "Arn": "arn:aws:iam::123456789012:user/me", "UserId": "me"}
DEFAULTS = {name: str(each.get("Default", "")) for name, each in load_template()["Parameters"].items()}
_REGIONS_OF = boto3.Session().get_available_regions
WITHOUT_SES = min(set(_REGIONS_OF("lambda")) - set(_REGIONS_OF("sesv2")))
PROD = CheckedAccount(
    environment("prod"),
    IDENTITY,
    "eu-central-1",
    DEFAULTS
    | {
        "Tier": "prod",
        "SenderAddress": "hello@motiv8.example",
        "SenderDomain": "motiv8.example",
        "AlarmAddress": "me@motiv8.example",
        "MonthlyBudget": "50",
    },
    needs.needs(1000),
    {"Outputs": [{"OutputKey": "UserPoolId", "OutputValue": "eu-central-1_pool"}]},
    first=False,
)
AT_PACE = replace(PROD, values=PROD.values | {"MailsPerSecond": "90", "DeliveryConcurrency": "9"})
BY_ADDRESS = replace(PROD, values=PROD.values | {"SenderDomain": ""})
WITH_CHAT = replace(PROD, values=PROD.values | {"CoachModel": "amazon.nova-lite-v1:0"})
WITH_PROFILE = replace(WITH_CHAT, values=WITH_CHAT.values | {"CoachProfile": "eu"})
WITH_BEDROCK = replace(PROD, values=PROD.values | {"Engine": "bedrock"})


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    """Let AWS answer these calls, each as its service's own model says; an error is given by its code."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    clients: dict[str, Any] = {}

    def give(*calls: Call) -> None:
        stubs: dict[str, Stubber] = {}
        for service, operation, reply in calls:
            if service not in stubs:
                clients[service] = boto3.client(service, region_name="eu-central-1")  # type: ignore[call-overload]
                stubs[service] = Stubber(clients[service])
                stubs[service].activate()
            if "Error" in reply:
                stubs[service].add_client_error(operation, reply["Error"], http_status_code=400)
            else:
                stubs[service].add_response(operation, reply)

    for module in (doctor, account_checks, model_checks):
        monkeypatch.setattr(module, "client", lambda service, region=None: clients[service])  # noqa: ARG005
    return give


def _look(name: str, account: CheckedAccount) -> list[Row]:
    return doctor._look(name, dict(account_checks.CHECKS)[name], account)


def _ses(**changes: Any) -> Call:
    well: dict[str, Any] = {
        "ProductionAccessEnabled": True,
        "SendingEnabled": True,
        "EnforcementStatus": "HEALTHY",
        "SendQuota": {"Max24HourSend": 50000.0, "MaxSendRate": 90.0, "SentLast24Hours": 0.0},
    }
    return ("sesv2", "get_account", well | changes)


def _domain(verified: bool = True, dkim: str = "SUCCESS", mail_from: str = "SUCCESS") -> Call:
    said = {
        "IdentityType": "DOMAIN",
        "VerifiedForSendingStatus": verified,
        "DkimAttributes": {"Status": dkim},
        "MailFromAttributes": {
            "MailFromDomain": "mail.motiv8.example",
            "MailFromDomainStatus": mail_from,
            "BehaviorOnMxFailure": "USE_DEFAULT_VALUE",
        },
    }
    return ("sesv2", "get_email_identity", said)


def _concurrency(limit: int) -> Call:
    return ("lambda", "get_account_settings", {"AccountLimit": {"ConcurrentExecutions": limit}})


def _quota(value: float) -> Call:
    return ("service-quotas", "get_service_quota", {"Quota": {"Value": value}})


def _model(status: str = "ACTIVE", **dates: datetime) -> Call:
    model = PROD.values["BedrockModel"]
    details = {
        "modelArn": f"arn:aws:bedrock:us-west-2::foundation-model/{model}",
        "modelId": model,
        "modelName": "Stable Image Core 1.0",
        "modelLifecycle": {"status": status, **dates},
    }
    return ("bedrock", "get_foundation_model", {"modelDetails": details})


def _chat_model(status: str = "ACTIVE", *ways: str) -> Call:
    details = {
        "modelArn": "arn:aws:bedrock:eu-central-1::foundation-model/amazon.nova-lite-v1:0",
        "modelId": "amazon.nova-lite-v1:0",
        "modelLifecycle": {"status": status},
        "inferenceTypesSupported": ways or ("ON_DEMAND",),
    }
    return ("bedrock", "get_foundation_model", {"modelDetails": details})


PROFILE: Call = (
    "bedrock",
    "get_inference_profile",
    {
        "inferenceProfileName": "EU Nova Lite",
        "inferenceProfileArn": "arn:aws:bedrock:eu-central-1:123456789012:inference-profile/eu.amazon.nova-lite-v1:0",
        "models": [{"modelArn": "arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0"}],
        "inferenceProfileId": "eu.amazon.nova-lite-v1:0",
        "status": "ACTIVE",
        "type": "SYSTEM_DEFINED",
    },
)


def _access(agreement: str = "AVAILABLE") -> Call:
    said = {
        "modelId": PROD.values["BedrockModel"],
        "agreementAvailability": {"status": agreement},
        "authorizationStatus": "AUTHORIZED",
        "entitlementAvailability": "AVAILABLE",
        "regionAvailability": "AVAILABLE",
    }
    return ("bedrock", "get_foundation_model_availability", said)


def _rates(**values: float) -> Call:
    quotas = [
        {"QuotaName": name.replace("_", " "), "QuotaCode": "L-0", "Value": value} for name, value in values.items()
    ]
    return ("service-quotas", "list_service_quotas", {"Quotas": quotas})


RATE = "On-demand_model_inference_requests_per_minute_for_Stability.ai_Stable_Image_Core"


def _subscribed(arn: str, endpoint: str = "me@motiv8.example") -> Call:
    said = {"Subscriptions": [{"SubscriptionArn": arn, "Endpoint": endpoint}]}
    return ("sns", "list_subscriptions_by_topic", said)


def _tag(*statuses: str) -> Call:
    tags = [{"TagKey": "environment", "Type": "UserDefined", "Status": status} for status in statuses]
    return ("ce", "list_cost_allocation_tags", {"CostAllocationTags": tags})


def _pool(sender: str) -> Call:
    return ("cognito-idp", "describe_user_pool", {"UserPool": {"EmailConfiguration": {"EmailSendingAccount": sender}}})


NONE = {"Error": "NotFoundException"}
LONG_AGO, SOON = datetime(2026, 9, 30, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)
LAMBDA, STARTS = quotas.CONCURRENCY.name, quotas.QUOTAS[0].name
NO_VALUE: Call = ("service-quotas", "get_service_quota", {"Error": "NoSuchResourceException"})
DEFAULT: Call = ("service-quotas", "get_aws_default_service_quota", {"Quota": {"Value": 1300.0}})
FREE: Call = ("s3", "head_bucket", {"Error": "404"})
FOREIGN: Call = ("s3", "head_bucket", {"Error": "403"})
OURS: Call = ("s3", "head_bucket", {})


@pytest.mark.parametrize(
    ("check", "account", "calls", "rows"),
    [
        (LAMBDA, PROD, [_concurrency(1000)], [(OK, "1,000", "")]),
        (LAMBDA, PROD, [_concurrency(10)], [(TO_DO, "10", "--quota-code L-B99A9384 --desired-value 1000")]),
        (STARTS, PROD, [_quota(1300.0)], [(OK, "1,300", "")]),
        (STARTS, PROD, [NO_VALUE, DEFAULT], [(OK, "1,300", "")]),
        (STARTS, PROD, [_quota(2.0)], [(TO_DO, "2", "--service-code states --quota-code L-CE9F8059")]),
        ("bucket names", PROD, [FREE, FREE, FREE, OURS, FREE], [(OK, "free, or ours", "")]),
        (
            "bucket names",
            PROD,
            [FREE, FOREIGN, FREE, OURS, FREE],
            [(TO_DO, "motiv8-media-prod-123456", "s3:ListBucket")],
        ),
        (
            "SES: account",
            PROD,
            [_ses()],
            [
                *((OK, "production", ""), (OK, "enabled", ""), (OK, "90", "")),
                (TO_DO, "1 a second by 2 calls", "MailsPerSecond=90 --parameter DeliveryConcurrency=9"),
                (OK, "50,000", ""),
            ],
        ),
        (
            "SES: account",
            AT_PACE,
            [_ses()],
            [(OK, "production", ""), (OK, "enabled", ""), (OK, "90", ""), (OK, "90 a second", ""), (OK, "50,000", "")],
        ),
        (
            "SES: account",
            PROD,
            [_ses(ProductionAccessEnabled=False, SendQuota={"Max24HourSend": 200.0, "MaxSendRate": 1.0})],
            [
                (TO_DO, "sandbox", "Request production access"),
                (OK, "enabled", ""),
                (OK, "1", ""),
                (OK, "1 a second by 2 calls", ""),
                (TO_DO, "200", "--quota-code L-804C8AE8 --desired-value 800"),
            ],
        ),
        (
            "SES: account",
            PROD,
            [_ses(SendingEnabled=False, EnforcementStatus="SHUTDOWN")],
            [
                *((OK, "", ""), (TO_DO, "disabled, SHUTDOWN", "Reputation"), (OK, "", "")),
                *((TO_DO, "1 a second", "MailsPerSecond=90"), (OK, "", "")),
            ],
        ),
        (
            "SES: sender",
            PROD,
            [_domain()],
            [(OK, "motiv8.example: verified", ""), (OK, "SUCCESS", ""), (OK, "SUCCESS", "")],
        ),
        (
            "SES: sender",
            PROD,
            [_domain(verified=False, dkim="PENDING", mail_from="FAILED")],
            [(TO_DO, "not verified", "DNS records"), (TO_DO, "PENDING", "DNS"), (TO_DO, "FAILED", "DNS")],
        ),
        (
            "SES: sender",
            BY_ADDRESS,
            [("sesv2", "get_email_identity", {"IdentityType": "EMAIL_ADDRESS", "VerifiedForSendingStatus": False})],
            [(TO_DO, "hello@motiv8.example: not verified", "open the link")],
        ),
        (
            "SES: sender",
            PROD,
            [("sesv2", "get_email_identity", NONE)],
            [(TO_DO, "motiv8.example is not registered", "deployment.md")],
        ),
        ("Bedrock: model", PROD, [], []),
        (
            "Bedrock: model",
            WITH_BEDROCK,
            [_model(), _access(), _rates(**{RATE: 60.0})],
            [(OK, "stable-image-core-v1:1: ACTIVE", ""), (OK, "available", ""), (OK, "60", "")],
        ),
        (
            "Bedrock: model",
            WITH_BEDROCK,
            [_model("LEGACY", endOfLifeTime=SOON), _access("NOT_AVAILABLE"), _rates(**{RATE: 4.0})],
            [
                (TO_DO, "LEGACY, ends 2099-01-01", "another model"),
                (TO_DO, "agreement NOT_AVAILABLE", "aws-marketplace:Subscribe"),
                (TO_DO, "4", "--quota-code L-0 --desired-value 48"),
            ],
        ),
        (
            "Bedrock: model",
            WITH_BEDROCK,
            [_model(endOfLifeTime=LONG_AGO), _access(), _rates()],
            [(TO_DO, "ends 2026-09-30", "another model"), (OK, "available", ""), (UNSEEN, "no quota", "Image Core")],
        ),
        (
            "Bedrock: model",
            WITH_BEDROCK,
            [("bedrock", "get_foundation_model", {"Error": "ResourceNotFoundException"})],
            [(TO_DO, "stability.stable-image-core-v1:1 is not in us-west-2", "engines.md")],
        ),
        ("Coach: model", PROD, [], []),
        (
            "Coach: model",
            WITH_PROFILE,
            [_chat_model("ACTIVE", "INFERENCE_PROFILE"), PROFILE, _access()],
            [(OK, "amazon.nova-lite-v1:0: ACTIVE", ""), (OK, "available", "")],
        ),
        (
            "Coach: model",
            WITH_CHAT,
            [_chat_model("LEGACY", "INFERENCE_PROFILE"), _access("NOT_AVAILABLE")],
            [
                (TO_DO, "LEGACY", "CoachModel="),
                (TO_DO, "agreement NOT_AVAILABLE", "aws-marketplace:Subscribe"),
                (TO_DO, "alone", "CoachProfile="),
            ],
        ),
        (
            "Coach: model",
            WITH_PROFILE,
            [_chat_model(), ("bedrock", "get_inference_profile", {"Error": "ResourceNotFoundException"})],
            [(TO_DO, "eu.amazon.nova-lite-v1:0 is not in eu-central-1", "coach.md")],
        ),
        ("Cognito: codes by mail", PROD, [_pool("DEVELOPER")], [(OK, "through SES", "")]),
        ("Cognito: codes by mail", PROD, [_pool("COGNITO_DEFAULT")], [(TO_DO, "50 mails a day", "deployment.md")]),
        ("SNS: alarms", PROD, [_subscribed("arn:aws:sns:eu-central-1:123456789012:t:1")], [(OK, "confirmed", "")]),
        ("SNS: alarms", PROD, [_subscribed("PendingConfirmation")], [(TO_DO, "not confirmed", "open the link")]),
        ("SNS: alarms", PROD, [_subscribed("arn:x", "you@x.example")], [(TO_DO, "not subscribed", "deploy again")]),
        (
            "SNS: alarms",
            replace(PROD, values=PROD.values | {"AlarmAddress": ""}),
            [],
            [(TO_DO, "nobody is mailed", "AlarmAddress")],
        ),
        (
            "push: apps",
            replace(PROD, values=PROD.values | {"FcmSecretArn": "motiv8-fcm-prod"}),
            [("secretsmanager", "describe_secret", {"Name": "motiv8-fcm-prod"})],
            [(OK, "not set up: no app is told", ""), (OK, "set up", "")],
        ),
        ("budget: tag environment", PROD, [_tag("Active")], [(OK, "Active", "")]),
        ("budget: tag environment", PROD, [_tag("Inactive")], [(TO_DO, "Inactive", "Cost allocation tags")]),
        ("budget: tag environment", PROD, [_tag()], [(TO_DO, "not seen in a bill yet", "Cost allocation tags")]),
        ("region", PROD, [], [(OK, "eu-central-1 has all services", "")]),
        ("region", replace(PROD, region=WITHOUT_SES), [], [(TO_DO, f"{WITHOUT_SES} lacks SES", "another region")]),
    ],
)
def test_each_row_says_what_was_found_and_what_to_do(
    answers: Answers, check: str, account: CheckedAccount, calls: list[Call], rows: list[tuple[str, str, str]]
) -> None:
    answers(*calls)
    found = _look(check, account)
    assert [row.state for row in found] == [state for state, _, _ in rows]
    for row, (_, said, advice) in zip(found, rows, strict=True):
        assert said in row.found
        assert advice in row.advice
        # Something to be done is never without what that is.
        assert bool(row.advice) == (row.state != OK)


def test_what_functions_reserve_leaves_a_hundred_to_the_account(answers: Answers) -> None:
    account = replace(PROD, values=PROD.values | {"ApiConcurrency": "20", "StudioConcurrency": "40"})
    answers(_concurrency(1000), _concurrency(150))
    assert [(row.state, row.needed) for row in _look(LAMBDA, account)][1:] == [(OK, "900 at most")]
    assert [(row.state, row.needed) for row in _look(LAMBDA, account)][1:] == [(TO_DO, "50 at most")]


@pytest.fixture
def sign_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[..., Any]], None]:
    """Credentials of which AWS says who they are; every other call is answered by a function."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.delenv("MOTIV8_PARAMETERS", raising=False)

    def answer(call: Callable[..., Any]) -> None:
        def api_call(_: object, operation: str, given: dict[str, Any]) -> Any:
            return IDENTITY if operation == "GetCallerIdentity" else call(operation, given)

        monkeypatch.setattr("botocore.client.BaseClient._make_api_call", api_call)

    return answer


PARAMETERS = (
    *("CorsOrigin=https://a.example", "SenderAddress=a@a.example", "SenderDomain=a.example"),
    *("AlarmAddress=b@a.example", "MonthlyBudget=9"),
)


def test_a_call_that_is_denied_names_the_permission_and_stops_no_other(
    sign_in: Callable[[Callable[..., Any]], None],
) -> None:
    def deny(operation: str, _: object) -> Any:
        raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, operation)

    sign_in(deny)
    rows = doctor.examine(environment("prod"), 1000, [*PARAMETERS, "Engine=bedrock"])
    unseen = {row.check: row.advice for row in rows if row.state == UNSEEN}
    assert unseen == {
        "stack": "needs the permission cloudformation:DescribeStacks",
        LAMBDA: "needs the permission lambda:GetAccountSettings",
        **{quota.name: "needs the permission servicequotas:GetServiceQuota" for quota in quotas.QUOTAS},
        "SES: account": "needs the permission ses:GetAccount",
        "SES: sender": "needs the permission ses:GetEmailIdentity",
        "Bedrock: model": "needs the permission bedrock:GetFoundationModel",
        "SNS: alarms": "needs the permission sns:ListSubscriptionsByTopic",
        "budget: tag environment": "needs the permission ce:ListCostAllocationTags",
    }


def test_a_service_that_cannot_be_reached_stops_no_other_row(sign_in: Callable[[Callable[..., Any]], None]) -> None:
    def fail(operation: str, _: object) -> Any:
        if operation == "DescribeStacks":
            raise ClientError({"Error": {"Code": "ValidationError", "Message": "Stack does not exist"}}, operation)
        if operation == "HeadBucket":
            raise ClientError({"Error": {"Code": "404", "Message": "Not Found"}}, operation)
        raise EndpointConnectionError(endpoint_url="https://x")

    sign_in(fail)
    rows = {row.check: row for row in doctor.examine(environment("prod"), 1000, PARAMETERS)}
    assert rows["stack"].advice == "scripts/deploy-phased.sh prod"
    assert (rows[LAMBDA].state, rows[LAMBDA].found) == (UNSEEN, "EndpointConnectionError")
    assert rows["bucket names"].state == OK


def test_what_prod_must_be_given_is_said(sign_in: Callable[[Callable[..., Any]], None]) -> None:
    sign_in(lambda operation, _: {"Stacks": []} if operation == "DescribeStacks" else {})
    rows = {row.check: row for row in doctor.examine(environment("prod"), 1000, first=True)}
    assert rows["parameters"].state == TO_DO
    assert "prod needs CorsOrigin, SenderAddress, SenderDomain, AlarmAddress" in rows["parameters"].advice
    # What the first deployment makes is not missed before it.
    assert not {"SES: sender", "SNS: alarms", "budget: tag environment"} & set(rows)
    assert rows["stack"].state == OK


def test_without_credentials_there_is_one_line_that_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def none(*_: object) -> Any:
        raise NoCredentialsError

    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setattr("botocore.client.BaseClient._make_api_call", none)
    assert cli.main(["doctor", "--json"]) == 1
    [row] = json.loads(capsys.readouterr().out)
    assert (row["check"], row["state"]) == ("credentials", TO_DO)
    assert "sign in first" in row["found"]


def test_before_the_first_deployment_the_machines_tools_are_looked_at(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(doctor, "client", lambda *_: pytest.fail("no credentials are asked for"))
    monkeypatch.setattr(doctor, "explained", _refused)
    assert cli.main(["doctor", "--first"]) == 1
    said = capsys.readouterr().out
    assert "install Docker" in said
    assert "install git" in said
    assert said.rstrip().endswith("to do, 0 that could not be checked")


def _refused() -> Any:
    raise OperationError("no credentials")


def test_the_table_puts_what_to_do_below_its_row() -> None:
    rows = [Row("a", OK, "1", "1"), Row("bb", TO_DO, "10", "1,000", "ask for more")]
    assert doctor.report(rows).splitlines() == [
        "ok     a   1   needed: 1",
        "to do  bb  10  needed: 1,000",
        "       -> ask for more",
        "1 to do, 0 that could not be checked",
    ]


def test_needs_grow_with_people_up_to_what_the_machines_do_at_once() -> None:
    few, many = needs.needs(10), needs.needs(1_000_000)
    assert few.concurrency == 4
    assert few.mails == 1
    assert many.concurrency == needs.pictures_at_once() + many.requests
    # A quarter of the people in the busiest hour, four mails in five, within a quarter of an hour.
    assert many.mails == 223
    assert many.mails_a_day == 800_000


def test_what_to_do_about_the_pace_of_mails_is_said_once(answers: Answers) -> None:
    answers(_ses())
    [row] = [each for each in _look("SES: account", PROD) if each.check == "mail pace"]
    assert row.advice == (
        "motiv8 doctor --set-pace --environment prod, or scripts/deploy-phased.sh prod 123456789012"
        " --parameter MailsPerSecond=90 --parameter DeliveryConcurrency=9"
    )


@pytest.fixture
def settings_of_kinds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of environments.toml."""
    monkeypatch.setattr(environments, "PROJECT", tmp_path)
    return Path(shutil.copy(Path(__file__).parents[3] / "environments.toml", tmp_path))


@pytest.mark.parametrize("rate", [(90.0, "90", "9"), (1.0, "1", "2")])
def test_the_pace_of_mails_is_set_to_what_ses_lets_the_account_send(
    answers: Answers, settings_of_kinds: Path, rate: tuple[float, str, str]
) -> None:
    sends, *expected = rate
    before = {kind: environments.of_kind(kind) for kind in ("dev", "dev-pr", "prod", "restore")}
    answers(*[_ses(SendQuota={"MaxSendRate": sends, "Max24HourSend": 1.0, "SentLast24Hours": 0.0})] * 2)
    for _ in range(2):
        said = doctor.set_pace(environment("prod"))
        assert list(said.values()) == expected
        prod = before["prod"] | said
        assert {kind: environments.of_kind(kind) for kind in before} == before | {"prod": prod}
    kept = settings_of_kinds.read_text()
    assert "# One stack of the account registers the sender with SES, and that is dev." in kept
    assert kept.count("MailsPerSecond") == 1


def test_a_pace_that_cannot_be_asked_for_changes_nothing(answers: Answers, settings_of_kinds: Path) -> None:
    before = settings_of_kinds.read_text()
    answers(("sesv2", "get_account", {"Error": "AccessDeniedException"}))
    with pytest.raises(OperationError, match="AccessDenied"):
        doctor.set_pace(environment("prod"))
    assert settings_of_kinds.read_text() == before
