"""The template: what must hold whoever edits it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from motiv8.api import fair_share, origin
from motiv8.api.router import METHODS
from motiv8.catalogue.locales import LANGUAGES
from motiv8.catalogue.translation import translated
from motiv8.engines import bedrock
from motiv8.portraits.picture import QUEUED
from motiv8.settings import Settings, variable_of
from motiv8_tooling.local.provisioning import embedded_template, entry_points, local_template
from motiv8_tooling.operations.assemble import assemble
from motiv8_tooling.operations.package import literal_names, load_template, named, package, settled
from stand_in.api_document import PUBLIC
from stand_in.sam import expanded

PROJECT = Path(__file__).parents[2]
ARTIFACTS = PROJECT / "infra" / "artifacts.yaml"
TEMPLATE = load_template()
RESOURCES: dict[str, dict[str, Any]] = TEMPLATE["Resources"]
NAME_KEYS = ("TableName", "BucketName", "RepositoryName", "FunctionName", "RoleName", "UserPoolName", "LogGroupName")
# What outlives every deployment, or is cheap and needed before there are functions.
BASE = {
    *("AWS::ECR::Repository", "AWS::Cognito::UserPool", "AWS::Cognito::UserPoolClient", "AWS::DynamoDB::Table"),
    *(
        "AWS::Cognito::UserPoolDomain",
        "AWS::Cognito::UserPoolGroup",
        "AWS::Cognito::UserPoolRiskConfigurationAttachment",
    ),
    *("AWS::S3::Bucket", "AWS::S3::BucketPolicy", "AWS::KMS::Key", "AWS::KMS::Alias", "AWS::SecretsManager::Secret"),
    *("AWS::SES::EmailIdentity", "AWS::SES::ConfigurationSet", "AWS::SES::ConfigurationSetEventDestination"),
    "AWS::Route53::RecordSetGroup",
    *("AWS::SQS::Queue", "AWS::SQS::QueuePolicy", "AWS::SNS::Topic", "AWS::SNS::TopicPolicy", "AWS::SNS::Subscription"),
    *("AWS::Budgets::Budget", "AWS::Logs::LogGroup"),
}

# Public files, built from the repository at every deployment.
WEB_APP = {"WebBucket"}
FACES = {"UploadsBucket", "MediaBucket"}


def _of_type(kind: str) -> dict[str, dict[str, Any]]:
    return {name: each for name, each in RESOURCES.items() if each["Type"] == kind}


def test_the_template_is_what_its_parts_make() -> None:
    assert (PROJECT / "template.yaml").read_text() == assemble(), "change infra/template/, then `make template`"


def _switched() -> set[str]:
    """The conditions that hold only with functions on."""
    conditions = TEMPLATE["Conditions"]
    on = {"DeployFunctions"}
    for _ in range(2):
        on |= {
            name for name, each in conditions.items() if any(p.get("Condition") in on for p in each.get("Fn::And", ()))
        }
    return on


def test_what_runs_is_switched_by_the_condition_and_what_is_kept_is_not() -> None:
    starters = {"UploadRuleRole", "HourlyScheduleRole", "TokenFunction", "TokenFunctionRole", "TokenPermission"}
    for name, resource in RESOURCES.items():
        base = (resource["Type"] in BASE or name in starters) and name not in {"WebBucketPolicy", "OriginSecret"}
        assert (resource.get("Condition") in _switched()) != base, name


def test_the_base_stands_without_anything_that_is_switched() -> None:
    switched = {name for name, each in RESOURCES.items() if each.get("Condition") in _switched()}
    # The pool waits for its trigger, and its client for the providers: phase 1 leaves both as they are deployed.
    late = {"UserPool": {"SignUpFunction", "SignUpPermission"}, "UserPoolClient": {"GoogleProvider", "AppleProvider"}}
    for name, resource in RESOURCES.items():
        if name not in switched:
            assert named(resource) & switched == late.get(name, set()), name


NAMED_BY_OTHERS = {"AWS::Route53::RecordSet", "AWS::Lambda::Permission", "AWS::Lambda::EventSourceMapping"}


def test_every_name_carries_the_environment() -> None:
    for name, resource in RESOURCES.items():
        for key in (*NAME_KEYS, "Name"):
            given = resource.get("Properties", {}).get(key)
            if given is not None and resource["Type"] not in NAMED_BY_OTHERS:
                assert "${EnvironmentName}" in json.dumps(given), f"{name}.{key}"


@pytest.mark.parametrize(
    "name", ["UsersTable", "PortraitsTable", "DocumentsTable", "NamespacesTable", "ConversationsTable"]
)
def test_tables_outlive_the_stack_and_can_be_restored(name: str) -> None:
    table = RESOURCES[name]
    assert (table["DeletionPolicy"], table["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")
    properties = table["Properties"]
    assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert properties["DeletionProtectionEnabled"] == {"Fn::If": ["ServesProd", True, False]}
    assert properties["SSESpecification"] == {"SSEEnabled": True}
    assert properties["BillingMode"] == "PAY_PER_REQUEST"


def test_buckets_are_private_encrypted_versioned_and_tls_only() -> None:
    buckets = _of_type("AWS::S3::Bucket")
    policies = [each["Properties"] for each in _of_type("AWS::S3::BucketPolicy").values()]
    for name, bucket in buckets.items():
        properties = bucket["Properties"]
        assert all(properties["PublicAccessBlockConfiguration"].values())
        [encryption] = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        if name not in WEB_APP:
            assert properties["VersioningConfiguration"] == {"Status": "Enabled"}
        if name in FACES:
            assert encryption["ServerSideEncryptionByDefault"] == {
                "SSEAlgorithm": "aws:kms",
                "KMSMasterKeyID": {"Fn::GetAtt": ["FaceDataKey", "Arn"]},
            }
        [policy] = [each for each in policies if each["Bucket"] == {"Ref": name}]
        denied = [each for each in policy["PolicyDocument"]["Statement"] if each["Effect"] == "Deny"]
        assert [each["Condition"] for each in denied] == [
            {"Bool": {"aws:SecureTransport": "false"}},
            {"NumericLessThan": {"s3:TlsVersion": "1.2"}},
        ]
        assert {each["Principal"] for each in denied} == {"*"}


def _statements() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, resource in RESOURCES.items():
        for policy in resource.get("Properties", {}).get("Policies", ()):
            document = policy.get("PolicyDocument", policy) if isinstance(policy, dict) else {}
            for statement in document.get("Statement", ()) if isinstance(document, dict) else ():
                yield name, statement["Fn::If"][1] if "Fn::If" in statement else statement


# For these AWS knows no narrower resource.
ANYWHERE = {
    *("logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery"),
    *("logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups"),
    *("batch:DescribeJobs", "batch:TerminateJob", "ecr:GetAuthorizationToken"),
}


def test_no_role_may_do_anything_or_to_anything() -> None:
    statements = list(_statements())
    assert len(statements) > 30
    for name, statement in statements:
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        assert not [action for action in actions if action.endswith("*")], name
        if statement["Resource"] == "*":
            assert set(actions) <= ANYWHERE, name


def test_functions_are_given_the_settings_that_the_code_reads() -> None:
    read = {variable_of(each.name) for each in fields(Settings)}
    given = set(TEMPLATE["Globals"]["Function"]["Environment"]["Variables"])
    for function in _of_type("AWS::Serverless::Function").values():
        given |= set(function["Properties"].get("Environment", {}).get("Variables", ()))
    given |= {each["Name"] for each in RESOURCES["BatchJob"]["Properties"]["ContainerProperties"]["Environment"]}
    assert {name for name in read if name.startswith("MOTIV8_")} == {
        name for name in given if name.startswith("MOTIV8_")
    }


def test_each_image_function_has_its_own_command_from_one_of_three_images() -> None:
    functions = [each["Properties"] for each in _of_type("AWS::Serverless::Function").values()]
    assert {each["PackageType"] for each in functions} == {"Image"}
    assert sorted(each["ImageConfig"]["Command"][0] for each in functions) == [
        "motiv8.entrypoints.api.handler",
        "motiv8.entrypoints.coach.handler",
        "motiv8.entrypoints.delivery.handler",
        "motiv8.entrypoints.deployment_check.handler",
        "motiv8.entrypoints.exporter.handler",
        "motiv8.entrypoints.image_worker.handler",
        "motiv8.entrypoints.library_search.handler",
        "motiv8.entrypoints.library_worker.handler",
        "motiv8.entrypoints.sign_up.handler",
        "motiv8.entrypoints.socket.handler",
        "motiv8.entrypoints.worker.handler",
    ]
    files = {each["Metadata"]["Dockerfile"] for each in _of_type("AWS::Serverless::Function").values()}
    assert files == {"Dockerfile.api-handler", "Dockerfile.library", "Dockerfile.studio"}
    assert all((PROJECT / file).is_file() for file in files)


def test_the_gateway_passes_every_method_of_the_router_on() -> None:
    paths: dict[str, set[str]] = {}
    for event in RESOURCES["ApiHandlerFunction"]["Properties"]["Events"].values():
        paths.setdefault(event["Properties"]["Path"], set()).add(event["Properties"]["Method"].upper())
    assert {frozenset(methods) for methods in paths.values()} == {frozenset({*METHODS, "OPTIONS"})}


def test_the_gateway_compresses_answers_as_text(expanded: dict[str, Any]) -> None:
    [api] = [each for each in expanded["Resources"].values() if each["Type"] == "AWS::ApiGateway::RestApi"]
    assert api["Properties"]["MinimumCompressionSize"] == 1024
    # With a binary type the gateway would take bodies for base64.
    assert "BinaryMediaTypes" not in api["Properties"]
    assert "x-amazon-apigateway-binary-media-types" not in api["Properties"]["Body"]


def test_only_paths_that_need_no_token_are_open_at_the_gateway() -> None:
    events = RESOURCES["ApiHandlerFunction"]["Properties"]["Events"].values()
    guarded = {
        each["Properties"]["Path"]
        for each in events
        if "Auth" not in each["Properties"] and each["Properties"]["Method"] != "options"
    }
    assert guarded == {"/v1/{proxy+}", "/mcp"}
    authorizer = RESOURCES["Api"]["Properties"]["Auth"]
    assert authorizer["DefaultAuthorizer"] == "Cognito"
    assert authorizer["Authorizers"]["Cognito"]["AuthorizationScopes"] == [
        "motiv8/api",
        "aws.cognito.signin.user.admin",
    ]


def _trigger() -> Any:
    code: dict[str, Any] = {}
    exec(RESOURCES["TokenFunction"]["Properties"]["Code"]["ZipFile"], code)  # noqa: S102 - the template's own code
    return code["handler"]


@pytest.mark.parametrize("language", [*LANGUAGES, "tlh", None])
@pytest.mark.parametrize("source", ["SignUp", "ResendCode", "ForgotPassword", "UpdateUserAttribute", "AdminCreateUser"])
def test_a_code_is_mailed_in_the_language_that_the_api_names(source: str, language: str | None) -> None:
    """https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-message.html"""
    metadata = {"language": language} if language else None
    event = {
        "triggerSource": f"CustomMessage_{source}",
        "request": {"codeParameter": "{####}", "clientMetadata": metadata},
        "response": {"emailSubject": None, "emailMessage": None},
    }
    said = _trigger()(event, None)["response"]
    if source in {"SignUp", "ResendCode", "ForgotPassword"} and language in {"de", "es", "fr"}:
        assert said["emailSubject"] == translated("Your motiv8 code", language)  # type: ignore[arg-type]  # as seen above
        assert said["emailMessage"].count("{####}") == 1
        assert "motiv8" in said["emailMessage"]
    else:
        # The pool's own words, which are English.
        assert set(said.values()) == {None}


def test_the_pool_asks_for_words_where_it_may_have_them() -> None:
    """Without SES Cognito takes no words of ours, and refuses what a trigger gives."""
    asks = RESOURCES["UserPool"]["Properties"]["LambdaConfig"]["CustomMessage"]["Fn::If"]
    assert (asks[0], asks[2]) == ("CognitoUsesSes", {"Ref": "AWS::NoValue"})
    # CloudFormation's limit used to be so many characters.
    code = RESOURCES["TokenFunction"]["Properties"]["Code"]["ZipFile"]
    assert code.isascii()
    assert len(code) < 4096


@pytest.mark.parametrize(
    ("source", "suppressed"),
    [
        ("TokenGeneration_Authentication", []),
        ("TokenGeneration_RefreshTokens", ["aws.cognito.signin.user.admin"]),
        ("TokenGeneration_HostedAuth", ["aws.cognito.signin.user.admin"]),
        ("TokenGeneration_NewPasswordChallenge", ["aws.cognito.signin.user.admin"]),
        ("TokenGeneration_AuthenticateDevice", ["aws.cognito.signin.user.admin"]),
    ],
)
def test_a_token_that_leaves_the_api_cannot_change_the_account_at_cognito(source: str, suppressed: list[str]) -> None:
    """https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html"""
    pool = RESOURCES["UserPool"]["Properties"]
    assert pool["LambdaConfig"]["PreTokenGenerationConfig"]["LambdaVersion"] == "V2_0"
    assert set(pool["UserPoolTier"]["Fn::If"]) == {"HasThreatProtection", "PLUS", "ESSENTIALS"}
    # Nobody without our role gets a token of the first kind.
    assert RESOURCES["UserPoolClient"]["Properties"]["ExplicitAuthFlows"] == ["ALLOW_ADMIN_USER_PASSWORD_AUTH"]
    event = {"version": "2", "triggerSource": source, "request": {}, "response": {}}
    assert _trigger()(event, None) == event
    given = event["response"]["claimsAndScopeOverrideDetails"]  # type: ignore[index]
    assert given["accessTokenGeneration"] == {"scopesToAdd": ["motiv8/api"], "scopesToSuppress": suppressed}


def test_the_gateways_own_errors_are_problems_too() -> None:
    answers = RESOURCES["Api"]["Properties"]["GatewayResponses"]
    assert {"UNAUTHORIZED", "THROTTLED", "DEFAULT_4XX", "DEFAULT_5XX"} <= set(answers)
    for answer in answers.values():
        body = json.loads(answer["ResponseTemplates"]["application/json"])
        assert {"type", "title", "detail", "instance"} <= set(body)
        assert answer["ResponseParameters"]["Headers"]["Content-Type"] == "'application/problem+json'"


def test_every_answer_that_says_later_says_when() -> None:
    answers = RESOURCES["Api"]["Properties"]["GatewayResponses"]
    later = {"THROTTLED", "QUOTA_EXCEEDED", "WAF_FILTERED", "INTEGRATION_FAILURE", "INTEGRATION_TIMEOUT", "DEFAULT_5XX"}
    for name, answer in answers.items():
        headers = answer["ResponseParameters"]["Headers"]
        assert ("Retry-After" in headers) == (name in later), name
        assert not {"Retry-After", "RateLimit-Limit"} & set(headers) or (
            headers["Access-Control-Expose-Headers"]
            == "'Retry-After, X-Correlation-Id, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset'"
        )
        assert ("RateLimit-Limit" in headers) == (answer.get("StatusCode") == 429), name


def test_the_gateway_tells_the_limits_that_it_has() -> None:
    api, plan = RESOURCES["Api"]["Properties"], RESOURCES["UsagePlan"]["Properties"]
    [methods] = api["MethodSettings"]
    rate = methods["ThrottlingRateLimit"]
    assert plan["Throttle"] == {"RateLimit": rate, "BurstLimit": methods["ThrottlingBurstLimit"]}
    for name, limit in (("THROTTLED", rate), ("QUOTA_EXCEEDED", plan["Quota"]["Limit"])):
        told = api["GatewayResponses"][name]["ResponseParameters"]["Headers"]["RateLimit-Limit"]
        condition, *numbers = limit["Fn::If"]
        assert told == {"Fn::If": [condition, *(f"'{number}'" for number in numbers)]}


def test_a_callers_share_leaves_the_gateway_to_the_others() -> None:
    # Refused requests come as fast as one client sends them: eight connections of 50 ms are 160 a second.
    _, _, smallest = RESOURCES["Api"]["Properties"]["MethodSettings"][0]["ThrottlingRateLimit"]["Fn::If"]
    assert smallest >= 160
    share = load_template()["Parameters"]["RequestLimit"]
    assert share["Default"] / fair_share.WINDOW_SECONDS <= smallest / 10
    assert share["MinValue"] > 0


def test_the_embedded_template_differs_only_where_the_emulator_must() -> None:
    embedded = embedded_template()["Resources"]
    absent = {
        "UploadsBucketPolicy",
        "MediaBucketPolicy",
        "LibraryBucketPolicy",
        "DeadLettersPolicy",
        "DeliveryQueuePolicy",
    }
    absent |= {"GoogleProvider", "AppleProvider", "Budget", "DeploymentCheckFunction", "FirewallOfTheApi"}
    absent |= {"SenderRecords", "SignInRisks"}
    assert set(RESOURCES) - set(embedded) == absent
    changed = {name for name, resource in embedded.items() if resource != RESOURCES[name]}
    machines = {
        "SelfieStateMachine",
        "PortraitStateMachine",
        "DailyStateMachine",
        "ExportStateMachine",
        "DeleteStateMachine",
        "DocumentStateMachine",
        "LibraryStateMachine",
    }
    functions = {
        *("ApiHandlerFunction", "CourierFunction", "StudioFunction"),
        *("LibraryWorkerFunction", "LibrarySearchFunction", "CoachFunction", "SocketFunction"),
    }
    others = {"WebBucketPolicy", "UserPoolClient", "SignUpFunction", "DeliveryFunction"}
    assert changed == machines | functions | others
    for name in functions:
        mine = embedded[name]["Properties"] | {"Policies": None}
        theirs = RESOURCES[name]["Properties"] | {"Policies": None}
        assert {key for key in theirs if mine.get(key) != theirs[key]} == {"DeploymentPreference"}


def test_the_local_template_runs_the_same_handlers_from_the_working_tree() -> None:
    assert entry_points() == {
        "api-handler": "from motiv8.entrypoints.api import handler as handler\n",
        "courier": "from motiv8.entrypoints.worker import handler as handler\n",
        "export": "from motiv8.entrypoints.exporter import handler as handler\n",
        "studio": "from motiv8.entrypoints.image_worker import handler as handler\n",
        "library-worker": "from motiv8.entrypoints.library_worker import handler as handler\n",
        "library-search": "from motiv8.entrypoints.library_search import handler as handler\n",
        "coach": "from motiv8.entrypoints.coach import handler as handler\n",
        "socket": "from motiv8.entrypoints.socket import handler as handler\n",
        "delivery": "from motiv8.entrypoints.delivery import handler as handler\n",
        "sign-up": "from motiv8.entrypoints.sign_up import handler as handler\n",
    }
    assert ".Alias" not in json.dumps(local_template()["Resources"])


@pytest.fixture(scope="module", name="expanded")
def _expanded() -> dict[str, Any]:
    return expanded()


class TestMailing:
    def test_cognito_mails_our_own_words_through_ses_and_its_own_until_ses_lets_it(self) -> None:
        """Own words with Cognito's own sender are refused:
        https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_VerificationMessageTemplateType.html
        """
        pool = RESOURCES["UserPool"]["Properties"]
        condition, through_ses, otherwise = pool["EmailConfiguration"]["Fn::If"]
        assert (condition, otherwise) == ("CognitoUsesSes", {"EmailSendingAccount": "COGNITO_DEFAULT"})
        assert through_ses["EmailSendingAccount"] == "DEVELOPER"
        assert through_ses["From"] == {"Fn::Sub": "motiv8 <${SenderAddress}>"}
        assert through_ses["ConfigurationSet"] == {"Ref": "MailConfigurationSet"}
        condition, words, otherwise = pool["VerificationMessageTemplate"]["Fn::If"]
        assert (condition, otherwise) == ("CognitoUsesSes", {"Ref": "AWS::NoValue"})
        assert "motiv8" in words["EmailSubject"]
        assert words["EmailMessage"].count("{####}") == 1

    def test_the_sender_is_a_domain_where_one_is_given_with_dkim_and_mail_from(self) -> None:
        identity = RESOURCES["SenderIdentity"]["Properties"]
        domain, address = {"Ref": "SenderDomain"}, {"Ref": "SenderAddress"}
        assert identity["EmailIdentity"] == {"Fn::If": ["HasSenderDomain", domain, address]}
        mail_from = identity["MailFromAttributes"]["Fn::If"][1]
        assert mail_from["MailFromDomain"] == {"Fn::Sub": "bounces.${SenderDomain}"}
        [assertion] = TEMPLATE["Rules"]["ProdMailsFromItsDomain"]["Assertions"]
        assert assertion["Assert"] == {"Fn::Not": [{"Fn::Equals": [domain, ""]}]}

    def test_the_sender_outlives_the_stack_but_not_a_first_try_that_fails(self) -> None:
        for name in ("SenderIdentity", "MailConfigurationSet"):
            assert RESOURCES[name]["DeletionPolicy"] == "RetainExceptOnCreate"
            assert RESOURCES[name]["UpdateReplacePolicy"] == "Retain"


class TestDeployments:
    def test_functions_serve_by_a_version_of_their_release(self, expanded: dict[str, Any]) -> None:
        aliases = [each for each in expanded["Resources"].values() if each["Type"] == "AWS::Lambda::Alias"]
        assert len(aliases) == 7
        for alias in aliases:
            assert alias["Properties"]["Name"] == "live"
            assert alias["Properties"]["FunctionVersion"]["Fn::GetAtt"][0].endswith("Version0123456789")

    def test_traffic_shifts_by_a_canary_in_prod_and_at_once_elsewhere(self, expanded: dict[str, Any]) -> None:
        groups = {n: e for n, e in expanded["Resources"].items() if e["Type"] == "AWS::CodeDeploy::DeploymentGroup"}
        assert len(groups) == 7
        for name, group in groups.items():
            # Without it the base would ask for alarms that come with the functions.
            assert group["Condition"] == "DeployFunctions"
            choice = group["Properties"]["DeploymentConfigName"]["Fn::If"]
            assert choice[0] == "IsProd"
            kinds = [each["Fn::Sub"][1]["ConfigName"] for each in choice[1:]]
            assert kinds == ["Canary10Percent5Minutes", "AllAtOnce"]
            rollback = group["Properties"]["AutoRollbackConfiguration"]
            assert rollback["Enabled"]
            assert {"DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"} <= set(rollback["Events"])
            condition, watched, unwatched = group["Properties"]["AlarmConfiguration"]["Fn::If"]
            assert (condition, unwatched) == ("ServesProd", {})
            alarms = [RESOURCES[each["Name"]["Ref"]] for each in watched["Alarms"]]
            # Not Throttles: a call that is refused runs no version, so it says nothing of the new one.
            assert {each["Properties"]["MetricName"] for each in alarms} == {"Errors", "Duration"}, name

    def test_a_deployment_heeds_the_new_version_alone(self, expanded: dict[str, Any]) -> None:
        # An alarm that rings for the old version would stop the fix (aws/serverless-application-model #716, #656).
        for group in (e for e in expanded["Resources"].values() if e["Type"] == "AWS::CodeDeploy::DeploymentGroup"):
            for alarm in group["Properties"]["AlarmConfiguration"]["Fn::If"][1]["Alarms"]:
                properties = expanded["Resources"][alarm["Name"]["Ref"]]["Properties"]
                function, resource, version = properties["Dimensions"]
                assert resource == {"Name": "Resource", "Value": {"Fn::Sub": f"${{{function['Value']['Ref']}}}:live"}}
                assert version["Name"] == "ExecutedVersion"
                named = f"{function['Value']['Ref']}Version0123456789"
                assert version["Value"] == {"Fn::GetAtt": [named, "Version"]}
                # PutMetricAlarm leaves the state of an alarm that it updates as it was (CloudWatch API Reference).
                assert properties["AlarmName"]["Fn::Sub"].endswith("-${Release}")

    def test_the_check_after_traffic_decides(self, expanded: dict[str, Any]) -> None:
        for alias in (each for each in expanded["Resources"].values() if each["Type"] == "AWS::Lambda::Alias"):
            update = alias["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]
            assert update["AfterAllowTrafficHook"] == {"Ref": "DeploymentCheckFunction"}
        # CodeDeploy's managed role may call functions of that prefix alone.
        name = RESOURCES["DeploymentCheckFunction"]["Properties"]["FunctionName"]["Fn::Sub"]
        assert name.startswith("CodeDeployHook_")

    def test_the_check_tells_the_functions_apart_by_their_deployment_groups(self, expanded: dict[str, Any]) -> None:
        groups = {n for n, e in expanded["Resources"].items() if e["Type"] == "AWS::CodeDeploy::DeploymentGroup"}
        source = (PROJECT / "src" / "motiv8" / "entrypoints" / "deployment_check.py").read_text()
        assert {
            f"{name}DeploymentGroup" for name in re.findall(r'^    "(\w+Function)": ', source, re.MULTILINE)
        } == groups
        # Without names of their own: stack, logical id, random characters (CloudFormation User Guide, Name type).
        for group in groups:
            assert "DeploymentGroupName" not in expanded["Resources"][group]["Properties"]

    def test_state_machines_and_gateway_call_what_is_live(self, expanded: dict[str, Any]) -> None:
        for name in ("Selfie", "Portrait", "Daily"):
            substitutions = RESOURCES[f"{name}StateMachine"]["Properties"]["DefinitionSubstitutions"]
            assert substitutions["CourierFunctionArn"] == {"Ref": "CourierFunction.Alias"}
            assert substitutions["StudioFunctionArn"] == {"Ref": "StudioFunction.Alias"}
        uris = re.findall(r"functions/\$\{([\w.]+)\}/invocations", json.dumps(expanded["Resources"]["Api"]))
        assert set(uris) == {"ApiHandlerFunctionAliaslive"}
        for name, address in (("SocketIntegration", "IntegrationUri"), ("SocketAuthorizer", "AuthorizerUri")):
            _, given = RESOURCES[name]["Properties"][address]["Fn::Sub"]
            assert given == {"Function": {"Ref": "SocketFunction.Alias"}}

    def test_a_registry_keeps_the_last_twenty_and_none_is_overwritten(self) -> None:
        for repository in _of_type("AWS::ECR::Repository").values():
            [rule] = json.loads(repository["Properties"]["LifecyclePolicy"]["LifecyclePolicyText"])["rules"]
            assert rule["selection"]["countNumber"] == 20
            assert repository["Properties"]["ImageTagMutability"] == "IMMUTABLE"


class TestCloudFront:
    CONFIG = RESOURCES["WebDistribution"]["Properties"]["DistributionConfig"]

    def test_it_sends_the_secret_that_the_api_asks_for(self) -> None:
        [api] = [each for each in self.CONFIG["Origins"] if each["Id"] == "api"]
        [sent] = api["OriginCustomHeaders"]["Fn::If"][1]
        assert sent["HeaderName"] == origin.HEADER
        assert sent["HeaderValue"]["Fn::Sub"].startswith("{{resolve:secretsmanager:${OriginSecret}:SecretString:")

    def test_the_apis_answers_pass_as_they_are(self) -> None:
        """Error pages are the whole distribution's: a problem of the API would become the web app's page."""
        assert "CustomErrorResponses" not in self.CONFIG
        behaviors = self.CONFIG["CacheBehaviors"]
        assert [each["PathPattern"] for each in behaviors] == ["/v1/*", "/health*", "/mcp", "/docs*", "/openapi.json"]
        for each in behaviors:
            # CachingDisabled; AllViewerExceptHostHeader forwards every header but Host, every cookie, every query.
            assert each["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
            assert each["OriginRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-68738e2966ac"
            assert set(each["AllowedMethods"]) == {"GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"}

    def test_the_apps_policy_names_every_address_and_no_wildcard(self) -> None:
        assert self.CONFIG["DefaultCacheBehavior"]["ResponseHeadersPolicyId"] == {"Ref": "WebHeaders"}
        headers = RESOURCES["WebHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
        policy = headers["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"]
        directives = dict(each.strip().split(" ", 1) for each in policy.split(";"))
        assert directives["default-src"] == directives["frame-ancestors"] == directives["base-uri"] == "'none'"
        assert directives["script-src"] == directives["style-src"] == "'self'"
        sources = {source for each in directives.values() for source in each.split()}
        buckets = {f"https://${{{name}.RegionalDomainName}}" for name in ("MediaBucket", "UploadsBucket")}
        sockets = "wss://${SocketApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}"
        assert sources == {"'none'", "'self'", "data:", "blob:", sockets} | buckets
        page = (PROJECT / "web" / "index.html").read_text()
        [meta] = re.findall(r'content="(script-src[^"]+)"', page)
        assert "*" not in meta
        assert "https:" not in meta
        assert "unsafe" not in meta

    def test_every_public_path_of_the_api_is_served(self) -> None:
        patterns = [each["PathPattern"] for each in self.CONFIG["CacheBehaviors"]]
        assert [path for _, path in PUBLIC if not any(fnmatch(path, pattern) for pattern in patterns)] == []

    def test_links_in_mail_lead_where_they_are_answered(self) -> None:
        courier = RESOURCES["CourierFunction"]["Properties"]["Environment"]["Variables"]["MOTIV8_PUBLIC_URL"]
        assert courier["Fn::If"][2]["Fn::If"][:2] == [
            "AnswersCloudFrontAlone",
            {"Fn::Sub": "https://${WebDistribution.DomainName}"},
        ]
        assert TEMPLATE["Outputs"]["ApiUrl"]["Value"]["Fn::If"][:2] == courier["Fn::If"][2]["Fn::If"][:2]

    def test_the_apis_own_domain_is_refused_where_it_would_answer_nobody(self) -> None:
        [only] = TEMPLATE["Rules"]["CloudFrontIsTheOnlyWayIn"]["Assertions"]
        assert only["Assert"] == {"Fn::Equals": [{"Ref": "DomainName"}, ""]}


@pytest.fixture(scope="module")
def waits(expanded: dict[str, Any]) -> dict[str, set[str]]:
    """What each resource waits for, in the template that CloudFormation gets: it makes nothing before that."""
    resources = expanded["Resources"]
    found = {name: named(each) & set(resources) for name, each in resources.items()}
    nearer: dict[str, set[str]] = {}
    while nearer != found:
        nearer = found
        found = {name: direct.union(*(nearer[each] for each in direct)) for name, direct in nearer.items()}
    return found


class TestSignUpTrigger:
    def test_the_pool_has_it_once_it_can_be_called(self, waits: dict[str, set[str]]) -> None:
        """Otherwise Cognito refuses every sign-up, those with a password too, until the function is there."""
        triggers = {"SignUpFunction", "SignUpPermission", "TokenFunction", "TokenPermission"}
        assert triggers | {"SignUpFunctionRole", "TokenFunctionRole"} <= waits["UserPool"]
        assert not any("UserPool" in waits[name] for name in triggers)

    @pytest.mark.parametrize("provider", ["GoogleProvider", "AppleProvider"])
    def test_nobody_signs_in_by_a_provider_before_it_may_link_accounts(
        self, waits: dict[str, set[str]], provider: str
    ) -> None:
        assert {"UserPool", "SignUpAccess"} <= waits[provider]
        assert provider in waits["UserPoolClient"]

    def test_it_acts_on_its_own_pool_alone(self) -> None:
        [statement] = RESOURCES["SignUpAccess"]["Properties"]["PolicyDocument"]["Statement"]
        assert statement["Resource"] == {"Fn::GetAtt": ["UserPool", "Arn"]}
        permission = RESOURCES["SignUpPermission"]["Properties"]
        assert permission["Principal"] == "cognito-idp.amazonaws.com"
        assert permission["SourceAccount"] == {"Ref": "AWS::AccountId"}


def _holds(condition: str, **parameters: str) -> bool:
    """Whether a condition of the template holds for these parameters."""

    def holds(each: Any) -> bool:
        [(kind, of)] = each.items()
        if kind == "Condition":
            return _holds(of, **parameters)
        if kind == "Fn::Equals":
            values = [
                parameters.get(part["Ref"], TEMPLATE["Parameters"][part["Ref"]].get("Default"))
                if isinstance(part, dict)
                else part
                for part in of
            ]
            return bool(values[0] == values[1])
        parts = [holds(part) for part in of]
        return {"Fn::And": all(parts), "Fn::Or": any(parts), "Fn::Not": not all(parts)}[kind]

    return holds(TEMPLATE["Conditions"][condition])


class TestTiers:
    def test_protection_goes_by_the_tier_whatever_the_environment_is_called(self) -> None:
        serving = {"EnvironmentName": "restore-1", "DeployFunctions": "true"}
        assert _holds("ServesProd", Tier="prod", **serving)
        assert not _holds("ServesProd", Tier="dev", **serving)
        [tier] = TEMPLATE["Rules"]["ProdIsOfItsTier"]["Assertions"]
        assert tier["Assert"] == {"Fn::Equals": [{"Ref": "Tier"}, "prod"]}

    def test_a_base_is_not_protected_so_that_its_first_creation_can_be_rolled_back(self) -> None:
        assert not _holds("ServesProd", Tier="prod", DeployFunctions="false")
        for name, resource in RESOURCES.items():
            protection = [each for each in resource.get("Properties", {}) if each.startswith("DeletionProtection")]
            assert all(resource["Properties"][each]["Fn::If"][0] == "ServesProd" for each in protection), name

    def test_a_preview_has_no_alarm_and_no_dashboard(self) -> None:
        watching = _of_type("AWS::CloudWatch::Alarm") | _of_type("AWS::CloudWatch::Dashboard")
        assert len(watching) > 20
        for tier, expected in (("preview", False), ("dev", True), ("prod", True)):
            held = {_holds(each["Condition"], Tier=tier, DeployFunctions="true") for each in watching.values()}
            assert expected in held, tier
            assert tier != "preview" or held == {False}


class TestSockets:
    def test_a_socket_needs_a_ticket_to_connect_and_nothing_is_let_in_by_another_route(self) -> None:
        """An authorizer is taken at $connect alone, and what it says comes with the events of the other routes:
        https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html
        """
        routes = {
            each["Properties"]["RouteKey"]: each["Properties"] for each in _of_type("AWS::ApiGatewayV2::Route").values()
        }
        assert set(routes) == {"$connect", "$disconnect", "$default"}
        assert {key: each["AuthorizationType"] for key, each in routes.items()} == {
            "$connect": "CUSTOM",
            "$disconnect": "NONE",
            "$default": "NONE",
        }
        assert routes["$connect"]["AuthorizerId"] == {"Ref": "SocketAuthorizer"}
        authorizer = RESOURCES["SocketAuthorizer"]["Properties"]
        assert (authorizer["AuthorizerType"], authorizer["IdentitySource"]) == (
            "REQUEST",
            ["route.request.querystring.ticket"],
        )

    def test_changed_routes_are_deployed_below_a_throttle_and_no_address_is_logged(self) -> None:
        # An AWS::ApiGatewayV2::Deployment stays as it was made (docs/adr/039-a-socket-is-opened-by-a-ticket.md).
        assert _of_type("AWS::ApiGatewayV2::Deployment") == {}
        stage = RESOURCES["SocketStage"]
        assert set(stage["DependsOn"]) == set(_of_type("AWS::ApiGatewayV2::Route"))
        assert stage["Properties"]["AutoDeploy"] is True
        assert "AccessLogSettings" not in stage["Properties"], "its format must not hold the query string"
        assert set(stage["Properties"]["DefaultRouteSettings"]) == {"ThrottlingRateLimit", "ThrottlingBurstLimit"}

    def test_a_function_sends_to_sockets_of_its_own_stage_alone(self) -> None:
        given = [
            statement["Resource"]
            for _, statement in _statements()
            if "execute-api:ManageConnections" in statement["Action"]
        ]
        assert given
        for resource in given:
            assert resource["Fn::Sub"].endswith(":${SocketApi}/${EnvironmentName}/POST/@connections/*")


class TestNames:
    def test_what_is_named_once_for_a_whole_account_carries_the_region(self) -> None:
        # Buckets: names are shared by all accounts and regions of a partition (S3 User Guide, bucket naming rules).
        # Dashboards: "All dashboards in your account are global" (CloudWatch API Reference, PutDashboard).
        # Budgets and origin access controls: services without regions.
        names = [each["Properties"]["BucketName"] for each in _of_type("AWS::S3::Bucket").values()]
        names += [each["Properties"]["DashboardName"] for each in _of_type("AWS::CloudWatch::Dashboard").values()]
        names += [each["Properties"]["Budget"]["BudgetName"] for each in _of_type("AWS::Budgets::Budget").values()]
        names.append(RESOURCES["WebAccess"]["Properties"]["OriginAccessControlConfig"]["Name"])
        assert len(names) == 7
        assert [each for each in names if not each["Fn::Sub"].endswith("-${AWS::Region}")] == []

    def test_roles_are_named_by_cloudformation_since_their_names_are_the_accounts(self) -> None:
        roles = _of_type("AWS::IAM::Role")
        assert len(roles) >= 4
        assert [name for name, each in roles.items() if "RoleName" in each["Properties"]] == []

    def test_bucket_names_fit_s3_for_every_environment_and_region(self) -> None:
        longest = {"EnvironmentName": "restore-9999", "AWS::AccountId": "1" * 12, "AWS::Region": "ap-southeast-2"}
        whole = [literal_names(package(), longest), literal_names(load_template(ARTIFACTS), longest)]
        named = [
            each["Properties"]["BucketName"]
            for template in whole
            for each in template["Resources"].values()
            if each["Type"] == "AWS::S3::Bucket"
        ]
        assert len(named) == 5
        assert max(len(name) for name in named) <= 63


class TestWatching:
    ALARMS = (
        *("ApiFailing", "ApiSlow", "ApiHandlerThrottled", "CourierThrottled", "StudioThrottled"),
        *("SelfieExecutionsFailing", "PortraitExecutionsFailing", "DailyExecutionsFailing"),
        *(
            "DeliveriesLate",
            "DeliveriesOverdue",
            "DeadLettersWaiting",
            "UploadsUndelivered",
            "MailFeedbackUndelivered",
            "MailBouncing",
            "MailComplaints",
        ),
    )

    def test_every_alarm_reaches_somebody_and_says_what_it_is_about(self) -> None:
        alarms = _of_type("AWS::CloudWatch::Alarm")
        assert set(self.ALARMS) <= set(alarms)
        for name, alarm in alarms.items():
            assert alarm["Properties"]["AlarmActions"] == [{"Ref": "Alarms"}], name
            assert alarm["Properties"]["AlarmDescription"], name
        assert RESOURCES["AlarmMail"]["Properties"]["Endpoint"] == {"Ref": "AlarmAddress"}

    def test_alarms_and_dashboard_name_metrics_that_the_code_writes(self) -> None:
        source = "".join(path.read_text() for path in (PROJECT / "src" / "motiv8").rglob("*.py"))
        written = set(re.findall(r'count\("(\w+)"', source))
        assert written == {
            *(
                "SignUps",
                "AccountsDeleted",
                "SelfiesReady",
                "SelfiesRejected",
                "PortraitsMade",
                "PortraitsFailed",
                "StageSeconds",
            ),
            *("EngineFallbacks", "PicturesUnsigned", "SheetsLeftOut"),
            *("NotificationsSent", "NotificationsFailed"),
            *("MailsSent", "MailsFailed", "RowsSkipped"),
            *("DailyDue", "DeliveriesMade", "DeliveryLateness", "DeliveriesLate", "DeliveriesOverdue"),
            "OrphansHeldBack",
            *("DocumentsReady", "DocumentsFailed", "IndexedPassages", "PassagesBehind"),
            *("RequestsUncounted", "AnswersSlow"),
            *("AnswersReady", "AnswersFailed", "SafetyAnswers", "ModelThrottled"),
            *("AnswerInputTokens", "AnswerOutputTokens", "FirstWordSeconds"),
        }
        ours = [each["Properties"] for each in _of_type("AWS::CloudWatch::Alarm").values()]
        named = {each["MetricName"] for each in ours if each["Namespace"] == "motiv8"}
        body = RESOURCES["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
        shown = {metric for metric in written if metric in body}
        assert named | shown == written

    def test_an_engine_that_does_not_work_any_more_rings(self) -> None:
        alarm = RESOURCES["EngineFallingBack"]["Properties"]
        assert (alarm["MetricName"], alarm["Threshold"], alarm["Period"]) == ("EngineFallbacks", 3, 24 * 60 * 60)
        # Counted without the engine's name, by which an alarm could not sum.
        assert [each["Name"] for each in alarm["Dimensions"]] == ["environment", "service"]

    def test_the_dashboard_is_json_and_shows_alarms_that_there_are(self) -> None:
        body = RESOURCES["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
        widgets = json.loads(body)["widgets"]
        assert len(widgets) == 16
        alarms = set(re.findall(r"\$\{(\w+)\.Arn\}", body))
        assert alarms <= set(_of_type("AWS::CloudWatch::Alarm"))

    def test_logs_end_and_tracing_is_lambdas_own(self) -> None:
        for group in _of_type("AWS::Logs::LogGroup").values():
            assert group["Properties"]["RetentionInDays"] == {"Fn::If": ["IsProd", 90, 14]}
        assert TEMPLATE["Globals"]["Function"]["Tracing"] == "Active"
        assert "aws-xray-sdk" not in (PROJECT / "requirements" / "api-handler.txt").read_text()
        for machine in _of_type("AWS::Serverless::StateMachine").values():
            assert machine["Properties"]["Tracing"] == {"Enabled": True}
            assert machine["Properties"]["Logging"]["IncludeExecutionData"] is False

    def test_an_hour_that_cannot_be_started_is_kept(self) -> None:
        dead = {"Arn": {"Fn::GetAtt": ["DeadLetters", "Arn"]}}
        assert RESOURCES["HourlySchedule"]["Properties"]["Target"]["DeadLetterConfig"] == dead

    def test_a_delivery_that_fails_goes_back_alone_and_is_not_taken_meanwhile(self) -> None:
        """docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html: six times the function's timeout."""
        source, queue = (RESOURCES[name]["Properties"] for name in ("DeliverySource", "DeliveryQueue"))
        function = RESOURCES["DeliveryFunction"]["Properties"]
        assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert source["ScalingConfig"] == {"MaximumConcurrency": {"Ref": "DeliveryConcurrency"}}
        assert queue["VisibilityTimeout"] >= 6 * function["Timeout"]
        assert queue["RedrivePolicy"]["deadLetterTargetArn"] == {"Fn::GetAtt": ["DeadLetters", "Arn"]}
        # What is queued is not queued again before its lease ends; by then it has been tried often enough.
        assert queue["VisibilityTimeout"] * queue["RedrivePolicy"]["maxReceiveCount"] <= QUEUED.total_seconds()
        assert queue["MessageRetentionPeriod"] >= QUEUED.total_seconds()

    def test_no_rule_passes_a_whole_event_on_and_no_queue_gets_one(self) -> None:
        for name, rule in _of_type("AWS::Events::Rule").items():
            for target in rule["Properties"]["Targets"]:
                # EventBridge puts the event itself, not what it would have passed on, into a dead-letter queue.
                assert target.keys() <= {"Id", "Arn", "RoleArn", "InputTransformer", "RetryPolicy"}, name
                transformer = target["InputTransformer"]
                assert set(transformer["InputPathsMap"].values()) <= {
                    *("$.id", "$.detail.object.key"),
                    *("$.detail.eventType", "$.detail.mail.tags.user_id"),
                }, name
                assert "aws.events" not in transformer["InputTemplate"], name
            watched = {
                alarm["Properties"]["MetricName"]
                for alarm in _of_type("AWS::CloudWatch::Alarm").values()
                if {"Name": "RuleName", "Value": {"Ref": name}} in alarm["Properties"].get("Dimensions", [])
            }
            assert watched == {"FailedInvocations"}, name


class TestGuarding:
    def test_people_sign_in_with_good_passwords_and_may_add_totp(self) -> None:
        pool = RESOURCES["UserPool"]["Properties"]
        assert pool["Policies"]["PasswordPolicy"]["MinimumLength"] >= 10
        assert (pool["MfaConfiguration"], pool["EnabledMfas"]) == ("OPTIONAL", ["SOFTWARE_TOKEN_MFA"])
        assert pool["UserPoolTier"] == {"Fn::If": ["HasThreatProtection", "PLUS", "ESSENTIALS"]}
        pool_client = RESOURCES["UserPoolClient"]["Properties"]
        validity = [pool_client[f"{kind}TokenValidity"] for kind in ("Access", "Id", "Refresh")]
        assert validity == [15, 15, 90]
        assert pool_client["TokenValidityUnits"] == {
            "AccessToken": "minutes",
            "IdToken": "minutes",
            "RefreshToken": "days",
        }
        assert pool_client["EnableTokenRevocation"]

    def test_an_access_token_changes_no_email_past_our_api(self) -> None:
        """Attributes that the client may not write answer NotAuthorizedException; required ones are always writable.

        https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html; where a provider
        maps `email`, the client must be able to write it:
        https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
        """
        pool, pool_client = (RESOURCES[name]["Properties"] for name in ("UserPool", "UserPoolClient"))
        assert pool_client["WriteAttributes"] == {"Fn::If": ["HasProviders", {"Ref": "AWS::NoValue"}, ["zoneinfo"]]}
        assert "Schema" not in pool, "no attribute is required"
        # Sign-up fills `email` from the username only in such a pool.
        assert pool["UsernameAttributes"] == ["email"]
        # With providers this is what is left: nothing changes before the new address is verified.
        assert pool["UserAttributeUpdateSettings"] == {"AttributesRequireVerificationBeforeUpdate": ["email"]}

    def test_passwords_are_tried_by_way_of_the_api_alone(self) -> None:
        flows = RESOURCES["UserPoolClient"]["Properties"]["ExplicitAuthFlows"]
        assert flows == ["ALLOW_ADMIN_USER_PASSWORD_AUTH"]

    def test_a_stolen_sign_in_is_blocked_and_a_doubtful_one_asks_for_the_second_factor(self) -> None:
        risks = RESOURCES["SignInRisks"]["Properties"]
        actions = risks["AccountTakeoverRiskConfiguration"]["Actions"]
        assert [each["EventAction"] for each in actions.values()] == ["NO_ACTION", "MFA_IF_CONFIGURED", "BLOCK"]
        # With Notify Cognito wants a NotifyConfiguration.
        assert not any(each["Notify"] for each in actions.values())
        assert risks["CompromisedCredentialsRiskConfiguration"]["Actions"] == {"EventAction": "BLOCK"}

    def test_keys_at_the_gateway_are_asked_for_by_parameter_and_never_of_mail_or_health(self) -> None:
        for on in (True, False):
            template = settled(package(), {"RequireApiKey": str(on).lower()})
            events = [
                each["Properties"]
                for each in template["Resources"]["ApiHandlerFunction"]["Properties"]["Events"].values()
            ]
            asked = {each["Path"] for each in events if each.get("Auth", {}).get("ApiKeyRequired")}
            assert asked == ({"/v1/auth/{proxy+}", "/v1/modes", "/v1/{proxy+}", "/mcp"} if on else set())

    def test_an_own_domain_speaks_tls_1_2_at_least(self) -> None:
        assert RESOURCES["Domain"]["Properties"]["SecurityPolicy"] == "TLS_1_2"

    def test_the_firewall_has_managed_rules_and_a_rate_rule(self) -> None:
        statements = [each["Statement"] for each in RESOURCES["Firewall"]["Properties"]["Rules"]]
        assert [next(iter(each)) for each in statements].count("ManagedRuleGroupStatement") == 3
        assert statements[0]["RateBasedStatement"]["AggregateKeyType"] == "IP"

    def test_cloudfronts_firewall_has_the_same_rules_and_counts_viewers(self) -> None:
        edge = load_template(PROJECT / "infra" / "edge.yaml")["Resources"]["Firewall"]["Properties"]
        assert edge["Scope"] == "CLOUDFRONT"
        assert edge["Rules"] == RESOURCES["Firewall"]["Properties"]["Rules"]
        # Behind CloudFront the regional one would count CloudFront's own addresses, and stop everybody.
        assert RESOURCES["FirewallOfTheApi"]["Condition"] == "HasRegionalFirewall"
        assert {"Fn::Not": [{"Fn::Equals": [{"Ref": "WebApp"}, "true"]}]} in (
            TEMPLATE["Conditions"]["HasRegionalFirewall"]["Fn::And"]
        )

    def test_face_data_has_a_key_of_its_own_that_rotates(self) -> None:
        assert RESOURCES["FaceDataKey"]["Properties"]["EnableKeyRotation"] is True
        assert RESOURCES["FaceDataKey"]["DeletionPolicy"] == "RetainExceptOnCreate"


class TestParameters:
    """What is wrong is said before anything changes."""

    PARAMETERS = load_template()["Parameters"]

    @pytest.mark.parametrize("family", bedrock.FAMILIES)
    def test_each_model_that_the_engine_can_ask_can_be_chosen(self, family: str) -> None:
        assert re.search(self.PARAMETERS["BedrockModel"]["AllowedPattern"], f"{family}-v1:0")

    @pytest.mark.parametrize("model", ["amazon.nova-pro-v1:0", "stability.sd3-large-v1:0", "", "us.stability.x-v1:0"])
    def test_no_other_model_can(self, model: str) -> None:
        assert not re.search(self.PARAMETERS["BedrockModel"]["AllowedPattern"], model)

    def test_the_default_model_is_not_one_that_is_retired(self) -> None:
        """Nova Canvas ended on 2026-09-30: docs.aws.amazon.com/bedrock/latest/userguide/model-lifecycle-legacy.html"""
        parameters = self.PARAMETERS
        assert parameters["BedrockModel"]["Default"] == "stability.stable-image-core-v1:1"
        assert parameters["BedrockRegion"]["Default"] == "us-west-2"

    @pytest.mark.parametrize("name", ["Api", "Courier", "Studio"])
    def test_a_function_reserves_nothing_unless_told(self, name: str) -> None:
        """A new account has 10 concurrent executions, of which Lambda lets nobody reserve any."""
        assert self.PARAMETERS[f"{name}Concurrency"]["Default"] == 0
        function = {"Api": "ApiHandlerFunction"}.get(name, f"{name}Function")
        assert RESOURCES[function]["Properties"]["ReservedConcurrentExecutions"] == {
            "Fn::If": [f"Has{name}Concurrency", {"Ref": f"{name}Concurrency"}, {"Ref": "AWS::NoValue"}]
        }

    def test_the_batch_job_may_pull_its_image_from_another_registry(self) -> None:
        [policy] = RESOURCES["BatchExecutionRole"]["Properties"]["Policies"]
        pull = policy["PolicyDocument"]["Statement"][0]
        assert "ecr:BatchGetImage" in pull["Action"]
        other = {"Fn::If": ["HasDiffusionRepository", {"Ref": "DiffusionRepositoryArn"}, {"Ref": "AWS::NoValue"}]}
        assert pull["Resource"] == [{"Fn::GetAtt": ["StudioRepository", "Arn"]}, other]
