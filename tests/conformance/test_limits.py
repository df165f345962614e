"""What the project makes fits AWS's documented limits: computed from the real definitions, each with its source.

Limits that botocore's service models hold are read from there.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from botocore.session import get_session
from pydantic import TypeAdapter, ValidationError

from motiv8.accounts import models, service
from motiv8.accounts.devices import MOST_DEVICES
from motiv8.accounts.schedule import SHARDS
from motiv8.api import system
from motiv8.aws import keys, sockets
from motiv8.aws.tables import PortraitRow, UserRow
from motiv8.catalogue.formats import FORMATS
from motiv8.catalogue.modes import MODES
from motiv8.catalogue.themes import THEMES
from motiv8.emails.picture import PictureEmail, picture_message
from motiv8.pipeline import follow_answer, plan_part
from motiv8_tooling.operations.package import load_template, package
from stand_in.sam import expanded

KIB = 1024
PROJECT = Path(__file__).parents[2]
TEMPLATE = load_template()
FUNCTIONS = {n: each for n, each in TEMPLATE["Resources"].items() if each["Type"] == "AWS::Serverless::Function"}
MACHINES = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in PROJECT.glob("statemachines/*.json")}
# The longest of each: an environment, a region, an id of Cognito, one of ours, a moment.
ENVIRONMENT = "restore-999999"
REGION = "ap-southeast-1"
USER = "us-east-1" + "0" * 27
ULID = "0" * 26
NOW = datetime(2026, 11, 20, tzinfo=UTC)


def _shape(service: str, operation: str, member: str) -> dict[str, Any]:
    shape = get_session().get_service_model(service).operation_model(operation).input_shape
    assert shape is not None
    limits: dict[str, Any] = shape.members[member].metadata
    return limits


@cache
def _expanded() -> dict[str, Any]:
    return expanded()


def _longest(value: Any) -> str:
    """The longest text that a value of the template can become."""
    if not isinstance(value, dict):
        return str(value)
    [(function, given)] = value.items()
    if function == "Fn::If":
        return max((_longest(each) for each in given[1:] if each != {"Ref": "AWS::NoValue"}), key=len)
    if function == "Fn::Join":
        return str(given[0]).join(_longest(each) for each in given[1])
    if function == "Fn::Sub":
        return re.sub(r"\$\{([\w:.]+)\}", lambda found: _longest({"Ref": found[1]}), given)
    if function == "Ref" and given in {"EnvironmentName", "AWS::Region", "AWS::AccountId", "AWS::Partition"}:
        known = {"EnvironmentName": ENVIRONMENT, "AWS::Region": REGION, "AWS::AccountId": "0" * 12}
        return known.get(given, "aws-us-gov")
    if function == "Ref" and (name := _named(given)):
        return _longest(name)
    parameter = TEMPLATE["Parameters"].get(given, {}) if function == "Ref" else {}
    if parameter.get("Type") == "Number":
        return str(parameter.get("MaxValue", "9" * 10))
    if "AllowedValues" in parameter:
        return str(max(parameter["AllowedValues"], key=len))
    # A parameter of somebody's own, or a name or ARN of AWS's making.
    return "x" * int(parameter.get("MaxLength", 128))


def _named(logical_id: str) -> Any:
    """The name that the template gives a table or a bucket, which `Ref` stands for."""
    resource = TEMPLATE["Resources"].get(logical_id, {})
    key = {"AWS::DynamoDB::Table": "TableName", "AWS::S3::Bucket": "BucketName"}.get(resource.get("Type", ""))
    return resource["Properties"][key] if key else None


def _inline(value: Any) -> Any:
    if isinstance(value, dict) and len(value) == 1 and next(iter(value)).startswith(("Fn::", "Ref")):
        if "Fn::If" in value:
            options = [_inline(each) for each in value["Fn::If"][1:]]
            return max(options, key=lambda each: len(json.dumps(each)))
        return _longest(value)
    if isinstance(value, dict):
        return {name: _inline(each) for name, each in value.items()}
    return [_inline(each) for each in value] if isinstance(value, list) else value


class TestCloudFormation:
    """CloudFormation User Guide, Understand CloudFormation quotas."""

    def test_the_template_is_small_enough_also_as_sam_expands_it(self) -> None:
        for template in (package(), _expanded()):
            assert len(json.dumps(template).encode()) <= 1_000_000
        assert len((PROJECT / "infra" / "edge.yaml").read_bytes()) <= 51_200, "handed over as a body"

    def test_it_has_no_more_parts_than_it_may(self) -> None:
        template = _expanded()
        assert len(template["Resources"]) <= 500
        assert len(template["Parameters"]) <= 200
        assert len(template["Outputs"]) <= 200
        for name, parameter in template["Parameters"].items():
            assert len(parameter.get("Description", "").encode()) <= 4000, name

    def test_a_name_with_the_longest_environment_is_not_too_long(self) -> None:
        longest = {
            "AWS::Lambda::Function": ("FunctionName", 64),  # Lambda API Reference, CreateFunction
            "AWS::S3::Bucket": ("BucketName", 63),  # S3 User Guide, General purpose bucket naming rules
            "AWS::StepFunctions::StateMachine": ("StateMachineName", 80),  # API Reference, CreateStateMachine
            "AWS::Scheduler::Schedule": ("Name", 64),  # EventBridge Scheduler API Reference, CreateSchedule
            "AWS::Events::Rule": ("Name", 64),  # EventBridge API Reference, PutRule
            "AWS::Cognito::UserPoolDomain": ("Domain", 63),  # Cognito API Reference, CreateUserPoolDomain
            "AWS::WAFv2::WebACL": ("Name", 128),  # WAF API Reference, CreateWebACL
            "AWS::SES::ConfigurationSet": ("Name", 64),  # SES v2 API Reference, CreateConfigurationSet
        }
        seen = set()
        for name, resource in _expanded()["Resources"].items():
            key, most = longest.get(resource["Type"], ("", 0))
            if key in resource.get("Properties", {}):
                seen.add(resource["Type"])
                assert len(_longest(resource["Properties"][key])) <= most, name
        assert seen == set(longest)


class TestLambda:
    """Lambda Developer Guide, Lambda quotas; API Gateway Developer Guide, Quotas for REST APIs."""

    def test_the_variables_of_each_function_fit_into_4_kib(self) -> None:
        for name, resource in _expanded()["Resources"].items():
            if resource["Type"] == "AWS::Lambda::Function":
                variables = resource["Properties"].get("Environment", {}).get("Variables", {})
                assert sum(len(key) + len(_longest(value)) for key, value in variables.items()) <= 4 * KIB, name

    def test_time_memory_and_disk_are_within_bounds(self) -> None:
        for name, function in FUNCTIONS.items():
            properties = function["Properties"]
            assert properties["Timeout"] <= 900, name
            assert 128 <= properties["MemorySize"] <= 10_240, name
            assert 512 <= properties.get("EphemeralStorage", {}).get("Size", 512) <= 10_240, name

    def test_the_api_answers_before_the_gateway_gives_up(self) -> None:
        assert FUNCTIONS["ApiHandlerFunction"]["Properties"]["Timeout"] <= 29

    def test_a_socket_is_answered_before_the_gateway_gives_up(self) -> None:
        """API Gateway Developer Guide, Quotas for configuring and running a WebSocket API."""
        assert FUNCTIONS["SocketFunction"]["Properties"]["Timeout"] <= 29
        assert sockets.MOST_BYTES <= 32 * KIB, "a frame"
        assert follow_answer.MOST_CHARACTERS <= 128 * KIB, "a message"

    def test_the_trigger_answers_before_cognito_gives_up(self) -> None:
        """Cognito Developer Guide, Customizing user pool workflows with Lambda triggers: five seconds."""
        assert FUNCTIONS["SignUpFunction"]["Properties"]["Timeout"] <= 5

    def test_the_largest_answer_fits_a_synchronous_call(self) -> None:
        files = [system.DOCUMENT, *(each for each in system._SWAGGER_UI.iterdir() if each.suffix in {".js", ".css"})]
        largest = max(len(json.dumps({"body": each.read_text(encoding="utf-8")}).encode()) for each in files)
        assert largest <= 6 * KIB * KIB


class TestIam:
    def test_the_inline_policies_of_each_role_fit_together(self) -> None:
        """IAM User Guide, IAM and STS quotas: 10,240 characters for a role, white space not counted."""
        for name, resource in _expanded()["Resources"].items():
            if resource["Type"] != "AWS::IAM::Role":
                continue
            policies = [each["PolicyDocument"] for each in resource["Properties"].get("Policies", ())]
            policies += [
                each["Properties"]["PolicyDocument"]
                for each in _expanded()["Resources"].values()
                if each["Type"] == "AWS::IAM::Policy" and {"Ref": name} in each["Properties"]["Roles"]
            ]
            whole = "".join(json.dumps(_inline(each)) for each in policies)
            assert len(re.sub(r"\s", "", whole)) <= 10_240, name


def _states(machine: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, state in machine["States"].items():
        yield name, state
        yield from _states(state.get("ItemProcessor", {"States": {}}))


class TestStepFunctions:
    """Step Functions Developer Guide, Quotas, and Distributed Map state."""

    PAYLOAD = 256 * KIB
    # The local dates that are under way somewhere (UTC-12 to +14), and those of pictures that got stuck the day before.
    DATES = ("2026-11-18", "2026-11-19", "2026-11-20", "2026-11-21")

    def _scenes(self) -> list[dict[str, str]]:
        return [
            {"date": day, "mode": mode, "theme": theme, "format": form, "engine": "diffusion"}
            for day in self.DATES
            for mode in MODES
            for theme in THEMES
            for form in FORMATS
        ]

    @pytest.mark.parametrize("name", sorted(MACHINES))
    def test_a_definition_and_its_names_are_short_enough(self, name: str) -> None:
        assert len(json.dumps(MACHINES[name]).encode()) <= KIB * KIB
        assert all(len(state) <= 80 for state, _ in _states(MACHINES[name]))

    @pytest.mark.parametrize("name", sorted(MACHINES))
    def test_what_a_definition_passes_on_by_itself_is_small(self, name: str) -> None:
        for state, each in _states(MACHINES[name]):
            assert len(json.dumps(each.get("Result", "")).encode()) <= KIB, state

    def test_the_plan_of_a_run_fits_a_state_however_many_people_are_due(self) -> None:
        """The people lie in S3; in the state are their parts and the looks, of which there are a number.

        Here 1.5 million people, the worst hour of ten million, who want all the pictures that there are.
        """
        run = str(uuid4())
        order = {"now": "2026-11-20T06:00:00Z"}
        parts = [
            {
                "run": run,
                "bucket": "b" * 63,
                "batches": keys.plan(run, f"15-{number}-batches"),
                "batch_count": 1000,
                "alone": keys.plan(run, f"15-{number}-alone"),
                "alone_count": 1000,
                "concurrency": 1000,
            }
            for number in range(math.ceil(1_500_000 / SHARDS / plan_part.MOST))
        ]
        scenes = self._scenes()
        looks = ["/".join((each["date"], each["mode"], each["theme"], each["format"])) for each in scenes]
        group = {"run": run, "now": "2026-11-20T06:00:00+00:00", "shards": [15], "order": order}
        after = {"user_id": USER, "next_due_at": "2026-11-20T06:00:00Z"}
        planned = {"value": {"more": False, "shard": 1, "after": after, "parts": parts, "looks": looks}}
        summary = {"value": {"due": 20_000, "made": 20_000, "failed": 20_000}}
        state = order | {
            "plan": {"value": {"groups": [group] * SHARDS}},
            "groups": [group | {"planned": planned}] * SHARDS,
            "gathered": {"value": {"parts": parts * SHARDS, "scenes": scenes}},
            "parts": [part | {"summary": summary} for part in parts] * SHARDS,
            "error": {"Error": "x" * 256, "Cause": "x" * 8_192},
        }
        assert len(json.dumps(state, separators=(",", ":")).encode()) <= self.PAYLOAD

    def test_the_scenes_of_an_hour_leave_room_in_the_history(self) -> None:
        """25,000 events. An item enters and leaves, its task too; each try is scheduled, started and ended."""
        task = MACHINES["daily.asl.json"]["States"]["MakeScenes"]["ItemProcessor"]["States"]["MakeScene"]
        tries = 1 + sum(each["MaxAttempts"] for each in task["Retry"])
        assert len(self._scenes()) * (4 + 3 * tries) <= 25_000

    def test_a_line_of_the_plan_fits_an_item_and_a_batch_of_children_the_quota(self) -> None:
        line = {
            "user_id": USER,
            "portrait_id": f"2026-11-20-{ULID}",
            "selfie_id": ULID,
            "trigger": "daily",
            "task": "portrait",
            "correlation_id": "r" * 80,
        }
        assert len(json.dumps(line).encode()) <= self.PAYLOAD
        states = MACHINES["daily.asl.json"]["States"]["ServeParts"]["ItemProcessor"]["States"]
        assert states["MakePortraits"]["MaxConcurrency"] <= 10_000
        assert TEMPLATE["Parameters"]["MakingConcurrency"]["MaxValue"] <= 10_000
        assert MACHINES["daily.asl.json"]["States"]["MakeScenes"]["MaxConcurrency"] <= 40

    def test_names_of_executions_are_short_enough(self) -> None:
        most = _shape("stepfunctions", "StartExecution", "name")["max"]
        hour, deletion = service.hour_of(NOW), str(uuid4())
        for name in (f"2026-11-20-{ULID}-{USER}", f"{hour}-{USER}", f"{hour}-{deletion}"):
            assert len(name) <= most


class TestCognito:
    def test_an_email_that_the_api_takes_is_one_that_cognito_takes(self) -> None:
        """The email is the username: longer than its limit it was taken, and ended in a 500."""
        most = _shape("cognito-idp", "SignUp", "Username")["max"]
        local, label = "a" * 60, "d" * 60
        longest = f"{local}@{label}.{'e' * (most - 126)}.org"
        assert len(longest) == most
        assert TypeAdapter(models.Email).validate_python(longest) == longest
        with pytest.raises(ValidationError):
            TypeAdapter(models.Email).validate_python(f"b{longest}")

    def test_a_password_that_the_api_takes_is_one_that_cognito_takes(self) -> None:
        most = _shape("cognito-idp", "SignUp", "Password")["max"]
        password = TypeAdapter(models.Password)
        assert password.validate_python("x" * most)
        with pytest.raises(ValidationError):
            password.validate_python("x" * (most + 1))

    def test_codes_have_the_length_of_cognitos(self) -> None:
        code = _shape("cognito-idp", "VerifySoftwareToken", "UserCode")
        assert (code["min"], code["max"]) == (6, 6)
        assert TypeAdapter(models.MfaCode).validate_python("1" * 6)
        assert _shape("cognito-idp", "ConfirmSignUp", "ConfirmationCode")["max"] >= 16


class TestStorage:
    def test_the_largest_rows_fit_an_item(self) -> None:
        """DynamoDB Developer Guide, Quotas: 400 KB, names and values together."""
        device = {"id": ULID, "endpoint": "x" * 1024, "p256dh": "x" * 130, "auth": "x" * 130, "created_at": "x" * 20}
        for row in (UserRow(USER, devices=[device] * MOST_DEVICES), PortraitRow(USER, f"2026-11-20-{ULID}")):
            texts = {name for name, each in row.get_attributes().items() if each.attr_type == "S" and name != "devices"}
            for name in texts:
                if getattr(row, name, None) is None:
                    setattr(row, name, NOW if name.endswith("_at") else "x" * 2048)
            size = len(json.dumps(row.attribute_values, default=str).encode())
            assert 5000 < size <= 400 * 1000

    def test_names_of_objects_are_short_enough(self) -> None:
        """S3 User Guide, Object key naming: 1,024 bytes."""
        longest = [keys.picture(USER, f"2026-11-20-{ULID}", "-thumbnail.webp"), keys.export(USER, f"{ULID}.zip")]
        longest += [keys.plan("r" * 80, "15-99-batches"), keys.model("m" * 63, "f" * 255)]
        assert max(len(each.encode()) for each in longest) <= 1024

    def test_input_transformers_are_ones_that_eventbridge_takes(self) -> None:
        """EventBridge API Reference, InputTransformer; User Guide, Amazon EventBridge input transformation."""
        rules = [each for each in TEMPLATE["Resources"].values() if each["Type"] == "AWS::Events::Rule"]
        transformers = [target["InputTransformer"] for rule in rules for target in rule["Properties"]["Targets"]]
        assert transformers
        model = get_session().get_service_model("events")
        paths = model.shape_for("TransformerPaths").metadata
        template = model.shape_for("TransformerInput").metadata
        for each in transformers:
            assert len(each["InputPathsMap"]) <= paths["max"] == 100
            assert template["min"] <= len(each["InputTemplate"]) <= template["max"] == 8192
            # Dot notation without brackets; a name is not a key of the template, and does not begin with AWS.
            assert all(re.fullmatch(r"\$(\.[\w-]+)+", path) for path in each["InputPathsMap"].values())
            assert not any(name.upper().startswith("AWS") for name in each["InputPathsMap"])
            assert set(re.findall(r"<([^>]+)>", each["InputTemplate"])) == each["InputPathsMap"].keys()
            rendered = json.loads(re.sub(r"<[^>]+>", '"value"', each["InputTemplate"]))
            assert not any("<" in key for key in rendered)

    def test_dead_letters_are_kept_no_longer_than_sqs_keeps_them(self) -> None:
        """SQS API Reference, SetQueueAttributes: 14 days."""
        assert TEMPLATE["Resources"]["DeadLetters"]["Properties"]["MessageRetentionPeriod"] <= 14 * 24 * 3600


def test_a_mail_with_the_largest_picture_is_one_that_ses_takes() -> None:
    """SES Developer Guide, Service quotas: 40 MB after encoding (SES v2)."""
    uncompressed = bytes(1080 * 1920 * 3)
    letter = PictureEmail(
        "a@example.com", "b@example.com", "Line", "Alt", date(2026, 11, 20), uncompressed, "https://x/"
    )
    assert len(picture_message(letter).as_bytes()) <= 40_000_000


def test_cloudfront_waits_for_the_api_as_long_as_the_gateway_does_and_has_room_for_its_paths() -> None:
    """CloudFront Developer Guide, Quotas: 25 cache behaviors, 10 custom headers; a custom origin has 30 seconds."""
    config = TEMPLATE["Resources"]["WebDistribution"]["Properties"]["DistributionConfig"]
    assert len(config["CacheBehaviors"]) <= 25
    [api] = [each for each in config["Origins"] if each["Id"] == "api"]
    assert api["CustomOriginConfig"].get("OriginReadTimeout", 30) >= 29
    assert len(api["OriginCustomHeaders"]["Fn::If"][1]) <= 10


def test_what_may_call_the_api_fits_into_its_functions_policy() -> None:
    """20 KB: docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html. SAM adds a statement for each event."""
    function = f"arn:aws:lambda:{REGION}:123456789012:function:motiv8-api-handler-{ENVIRONMENT}:live"
    statements = [
        {
            "Sid": f"motiv8-{ENVIRONMENT}-{name}-ABCDEFGHIJKL",
            "Effect": "Allow",
            "Principal": {"Service": "apigateway.amazonaws.com"},
            "Action": "lambda:InvokeFunction",
            "Resource": function,
            "Condition": {
                "ArnLike": {"AWS:SourceArn": f"arn:aws:execute-api:{REGION}:123456789012:abcdefghij/*/DELETE/v1/auth/*"}
            },
        }
        for name, resource in _expanded()["Resources"].items()
        if resource["Type"] == "AWS::Lambda::Permission" and name.startswith("ApiHandlerFunction")
    ]
    assert len(statements) > 10
    assert len(json.dumps(statements)) <= 20 * KIB
