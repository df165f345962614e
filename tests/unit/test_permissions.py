"""Every role has the permissions that its code uses, and no other: template.yaml beside what the code calls."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from checks.reachable_code import ReachableCode
from checks.used_permissions import Permission, used_permissions
from motiv8_tooling.operations.package import load_template

SOURCE = Path(__file__).parents[2] / "src"
CODE = ReachableCode(SOURCE, "motiv8")
RESOURCES = load_template()["Resources"]


def _allowed(policies: list[dict[str, Any]]) -> set[Permission]:
    """What a role's own statements allow, in the same words."""
    return {
        (action, _short(resource))
        for policy in policies
        for statement in policy.get("PolicyDocument", policy)["Statement"]
        for action in statement["Action"]
        for resource in (statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]])
    }


def _short(resource: Any) -> str:
    if isinstance(resource, str):
        return resource
    if "Fn::If" in resource:
        return _short(resource["Fn::If"][1])
    if "Ref" in resource:
        return str(resource["Ref"]).removesuffix(".Alias")
    if "Fn::GetAtt" in resource:
        return str(resource["Fn::GetAtt"][0])
    text: str = resource["Fn::Sub"]
    shortened = re.sub(r"\$\{(\w+)\.Arn\}", r"\1", text)
    for mark, name in {
        ":identity/": "SenderIdentity",
        ":configuration-set/": "SenderIdentity",
        ":secret:motiv8-origin-": "OriginSecret",
        ":secret:motiv8/": "ToolServerSecrets",
        ":secret:": "LinkSecret",
        ":stateMachine:motiv8-portrait-": "PortraitStateMachine",
        ":stateMachine:motiv8-export-": "ExportStateMachine",
        ":stateMachine:motiv8-delete-": "DeleteStateMachine",
        ":stateMachine:motiv8-document-": "DocumentStateMachine",
        ":execution:motiv8-": "Executions",
        ":function:motiv8-": "Functions",
        ":foundation-model/": "BedrockModel",
        ":inference-profile/": "BedrockModel",
        ":guardrail/": "BedrockModel",
        ":deploymentgroup:": "DeploymentGroups",
        ":execute-api:": "Sockets",
    }.items():
        if mark in shortened:
            return name
    return shortened


def _read_for(role: str) -> set[Permission]:
    """What Lambda does in the name of a function that a queue feeds.

    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions
    """
    return {
        (f"sqs:{action}", _short(each["Properties"]["EventSourceArn"]))
        for each in RESOURCES.values()
        if each["Type"] == "AWS::Lambda::EventSourceMapping" and each["Properties"]["FunctionName"] == {"Ref": role}
        for action in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")
    }


@pytest.mark.parametrize(
    ("role", "start", "engines"),
    [
        ("ApiHandlerFunction", "motiv8.entrypoints.api:handler", ()),
        ("CourierFunction", "motiv8.entrypoints.worker:handler", ()),
        ("DeliveryFunction", "motiv8.entrypoints.delivery:handler", ()),
        ("ExportFunction", "motiv8.entrypoints.exporter:handler", ()),
        # Its image has no torch, so that diffusion ends before it asks for anything.
        ("StudioFunction", "motiv8.entrypoints.image_worker:handler", ("poster", "bedrock")),
        ("LibraryWorkerFunction", "motiv8.entrypoints.library_worker:handler", ()),
        ("LibrarySearchFunction", "motiv8.entrypoints.library_search:handler", ()),
        ("CoachFunction", "motiv8.entrypoints.coach:handler", ()),
        ("SocketFunction", "motiv8.entrypoints.socket:handler", ()),
        ("SignUpFunction", "motiv8.entrypoints.sign_up:handler", ()),
        ("DeploymentCheckFunction", "motiv8.entrypoints.deployment_check:handler", ()),
        # The portrait machine sends Batch what diffusion is to make, and nothing else.
        ("BatchJobRole", "motiv8.entrypoints.batch_job:main", ("poster", "diffusion")),
    ],
)
def test_a_role_may_do_what_its_code_does_and_nothing_else(role: str, start: str, engines: tuple[str, ...]) -> None:
    attached = [each["Properties"] for each in RESOURCES.values() if each["Type"] == "AWS::IAM::Policy"]
    policies = [each for each in attached if {"Ref": f"{role}Role"} in each["Roles"]]
    needed = used_permissions(CODE, start, engines) | _read_for(role)
    allowed = _allowed([*RESOURCES[role]["Properties"]["Policies"], *policies])
    assert len(needed) >= 2
    assert sorted(needed - allowed) == [], "missing"
    assert sorted(allowed - needed) == [], "unused"


@pytest.mark.parametrize("function", ["CourierFunction", "DeliveryFunction"])
def test_who_mails_pictures_may_do_so_as_the_sender_by_address_and_by_domain_and_as_nobody_else(function: str) -> None:
    """IAM is asked for the identity that is verified, the address's or its domain's, and for the configuration set.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html,
    https://repost.aws/knowledge-center/amazon-ses-iam-user-email-access-denied (the domain),
    https://github.com/nodemailer/nodemailer/issues/1734 (the address)
    """
    [policy] = RESOURCES[function]["Properties"]["Policies"]
    [mails] = [each for each in policy["Statement"] if each["Action"][0].startswith("ses:")]
    address, domain, configuration_set = mails["Resource"]
    account = "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}"
    assert mails["Action"] == ["ses:SendRawEmail"]
    assert address == {"Fn::Sub": f"{account}:identity/${{SenderAddress}}"}
    only_with_domain = ["HasSenderDomain", {"Fn::Sub": f"{account}:identity/${{SenderDomain}}"}]
    assert domain == {"Fn::If": [*only_with_domain, {"Ref": "AWS::NoValue"}]}
    assert configuration_set == {"Fn::Sub": f"{account}:configuration-set/${{MailConfigurationSet}}"}


def test_every_place_that_calls_aws_is_one_that_the_search_knows() -> None:
    known = {
        *("motiv8.aws.coach", "motiv8.aws.mail", "motiv8.aws.machines", "motiv8.aws.secrets", "motiv8.aws.storage"),
        *(f"motiv8.aws.user_pool.{name}" for name in ("directory", "mailed_codes", "second_factor", "sessions")),
        *(
            "motiv8.aws.chat_model",
            "motiv8.aws.deliveries",
            "motiv8.aws.image_model",
            "motiv8.aws.library_search",
            "motiv8.aws.one_time",
            "motiv8.aws.sockets",
            "motiv8.aws.request_counts",
            "motiv8.aws.waits",
        ),
        *(
            "motiv8.api.system",
            "motiv8.entrypoints.deployment_check",
            "motiv8.idempotency",
            "motiv8.aws.tables",
            "motiv8.aws.clients",
        ),
    }
    for path in (SOURCE / "motiv8").rglob("*.py"):
        module = ".".join(path.relative_to(SOURCE).with_suffix("").parts)
        if any(target.startswith("motiv8.aws.clients") for target in CODE.imports(module).values()):
            assert module in known
        assert "import boto3" not in path.read_text(encoding="utf-8")
