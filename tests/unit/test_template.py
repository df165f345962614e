"""The template: what must hold whoever edits it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from motiv8.local.deploy import entry_points, load_template, local_template

PROJECT = Path(__file__).parents[2]
TEMPLATE = load_template()
RESOURCES: dict[str, dict[str, Any]] = TEMPLATE["Resources"]
NAME_KEYS = ("TableName", "BucketName", "RepositoryName", "FunctionName", "RoleName", "UserPoolName", "LogGroupName")
RUNS_IN = {
    "AWS::Serverless::Function",
    "AWS::Serverless::Api",
    "AWS::Serverless::StateMachine",
    "AWS::Events::Rule",
    "AWS::Scheduler::Schedule",
}


def _of_type(kind: str) -> dict[str, dict[str, Any]]:
    return {name: each for name, each in RESOURCES.items() if each["Type"] == kind}


def test_cfn_lint_finds_nothing() -> None:
    lint = Path(sys.executable).with_name("cfn-lint")
    done = subprocess.run([lint, PROJECT / "template.yaml"], capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stdout


def test_what_runs_is_switched_by_the_condition_and_what_is_kept_is_not() -> None:
    for name, resource in RESOURCES.items():
        assert (resource.get("Condition") == "DeployFunctions") == (resource["Type"] in RUNS_IN), name


def test_every_name_carries_the_environment() -> None:
    for name, resource in RESOURCES.items():
        for key in (*NAME_KEYS, "Name"):
            given = resource["Properties"].get(key)
            if given is not None:
                assert "${EnvironmentName}" in json.dumps(given), f"{name}.{key}"


@pytest.mark.parametrize("name", ["UsersTable", "PortraitsTable"])
def test_tables_outlive_the_stack_and_can_be_restored(name: str) -> None:
    table = RESOURCES[name]
    assert table["DeletionPolicy"] == table["UpdateReplacePolicy"] == "Retain"
    properties = table["Properties"]
    assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert properties["DeletionProtectionEnabled"] == {"Fn::If": ["IsProd", True, False]}
    assert properties["SSESpecification"] == {"SSEEnabled": True}
    assert properties["BillingMode"] == "PAY_PER_REQUEST"


def test_buckets_are_private_encrypted_versioned_and_tls_only() -> None:
    buckets = _of_type("AWS::S3::Bucket")
    policies = [each["Properties"] for each in _of_type("AWS::S3::BucketPolicy").values()]
    for name, bucket in buckets.items():
        properties = bucket["Properties"]
        assert all(properties["PublicAccessBlockConfiguration"].values())
        assert properties["VersioningConfiguration"] == {"Status": "Enabled"}
        assert properties["BucketEncryption"]
        [policy] = [each for each in policies if each["Bucket"] == {"Ref": name}]
        assert policy["PolicyDocument"]["Statement"][0]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def _statements() -> list[tuple[str, dict[str, Any]]]:
    found = []
    for name, resource in RESOURCES.items():
        for policy in resource["Properties"].get("Policies", ()):
            document = policy.get("PolicyDocument", policy) if isinstance(policy, dict) else {}
            if isinstance(document, dict):
                found += [(name, each) for each in document.get("Statement", ())]
    return found


def test_no_role_may_do_anything_or_to_anything() -> None:
    statements = _statements()
    assert len(statements) > 20
    for name, statement in statements:
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        assert not [action for action in actions if action.endswith("*")], name
        assert statement["Resource"] != "*", name


def test_functions_are_given_the_settings_that_the_code_reads() -> None:
    read = set(re.findall(r"MOTIV8_\w+", (PROJECT / "src/motiv8/settings.py").read_text()))
    given = set(TEMPLATE["Globals"]["Function"]["Environment"]["Variables"])
    for function in _of_type("AWS::Serverless::Function").values():
        given |= set(function["Properties"]["Environment"]["Variables"])
    assert read == {name for name in given if name.startswith("MOTIV8_")}


def test_each_image_function_has_its_own_command_from_one_of_two_images() -> None:
    functions = [each["Properties"] for each in _of_type("AWS::Serverless::Function").values()]
    assert {each["PackageType"] for each in functions} == {"Image"}
    assert sorted(each["ImageConfig"]["Command"][0] for each in functions) == [
        "motiv8.main.handler",
        "motiv8.pipeline.courier.handler",
        "motiv8.pipeline.studio.handler",
    ]
    files = {each["Metadata"]["Dockerfile"] for each in _of_type("AWS::Serverless::Function").values()}
    assert files == {"Dockerfile.api-handler", "Dockerfile.studio"}
    assert all((PROJECT / file).is_file() for file in files)


def test_only_paths_that_need_no_token_are_open_at_the_gateway() -> None:
    events = RESOURCES["ApiHandlerFunction"]["Properties"]["Events"].values()
    guarded = {
        each["Properties"]["Path"]
        for each in events
        if "Auth" not in each["Properties"] and each["Properties"]["Method"] != "options"
    }
    assert guarded == {"/v1/{proxy+}"}
    authorizer = RESOURCES["Api"]["Properties"]["Auth"]
    assert authorizer["DefaultAuthorizer"] == "Cognito"
    assert authorizer["Authorizers"]["Cognito"]["AuthorizationScopes"] == ["aws.cognito.signin.user.admin"]


def test_the_gateways_own_errors_are_problems_too() -> None:
    answers = RESOURCES["Api"]["Properties"]["GatewayResponses"]
    assert {"UNAUTHORIZED", "THROTTLED", "DEFAULT_4XX", "DEFAULT_5XX"} <= set(answers)
    for answer in answers.values():
        body = json.loads(answer["ResponseTemplates"]["application/json"])
        assert {"type", "title", "detail", "instance"} <= set(body)
        assert answer["ResponseParameters"]["Headers"]["Content-Type"] == "'application/problem+json'"


def test_the_local_template_differs_only_where_the_emulator_must() -> None:
    local = local_template()["Resources"]
    assert set(RESOURCES) - set(local) == {"UploadsBucketPolicy", "MediaBucketPolicy"}
    for name, resource in local.items():
        if resource["Type"] not in {"AWS::Serverless::Function", "AWS::Serverless::StateMachine"}:
            assert resource == RESOURCES[name]
    assert entry_points() == {
        "api-handler": "from motiv8.main import handler as handler\n",
        "courier": "from motiv8.pipeline.courier import handler as handler\n",
        "studio": "from motiv8.pipeline.studio import handler as handler\n",
    }
