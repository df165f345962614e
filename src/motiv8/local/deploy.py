"""Deploying the real template to the embedded AWS, in its two phases."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import yaml
from botocore.exceptions import ClientError, WaiterError

from motiv8.local.emulator import REGION, Emulator

if TYPE_CHECKING:
    from collections.abc import Iterable

PROJECT = Path(__file__).parents[3]
STACK = "motiv8-local"
ENVIRONMENT = "local"


class DeployError(Exception):
    """A phase failed; the text names the resource and its reason."""


@dataclass(frozen=True, slots=True)
class Outputs:
    """What the stack says of itself."""

    values: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.values[name]

    def __contains__(self, name: str) -> bool:
        return name in self.values


def client(service: str, emulator: Emulator) -> Any:
    """A client of the embedded AWS."""
    return boto3.client(
        service,  # type: ignore[call-overload]  # any service by name
        endpoint_url=emulator.url,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - the emulator's only key pair
    )


def load_template(path: Path = PROJECT / "template.yaml") -> dict[str, Any]:
    """A template with CloudFormation's short forms written out."""
    template: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a SafeLoader
    return template


def local_template(path: Path = PROJECT / "template.yaml") -> dict[str, Any]:
    """The template as the embedded AWS can run it.

    Image functions become zip functions whose one line imports the same handler, and the definitions of the state
    machines are put inline. The buckets' TLS-only policies go, because the embedded AWS speaks plain HTTP on loopback,
    and sending mail is allowed from any identity, because it checks that against `*`. Nothing else differs from what
    AWS gets.
    """
    template = load_template(path)
    resources = template["Resources"]
    template["Resources"] = {
        name: resource for name, resource in resources.items() if resource["Type"] != "AWS::S3::BucketPolicy"
    }
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::Serverless::Function":
            _as_zip(properties)
            _allow_any_sender(properties)
        if resource["Type"] == "AWS::Serverless::StateMachine":
            definition = (path.parent / properties.pop("DefinitionUri")).read_text(encoding="utf-8")
            properties["Definition"] = json.loads(definition)
    return template


def entry_points() -> dict[str, str]:
    """Each function's name without the environment, and the one line of Python that imports its handler."""
    functions = (
        each["Properties"]
        for each in local_template()["Resources"].values()
        if each["Type"] == "AWS::Serverless::Function"
    )
    names = {each["FunctionName"]["Fn::Sub"]: each["InlineCode"] for each in functions}
    return {name.removeprefix("motiv8-").removesuffix("-${EnvironmentName}"): line for name, line in names.items()}


def _as_zip(properties: dict[str, Any]) -> None:
    module, _, name = properties.pop("ImageConfig")["Command"][0].rpartition(".")
    for key in ("PackageType", "ImageUri"):
        properties.pop(key)
    properties |= {
        "Runtime": "python3.13",
        "Handler": "index.handler",
        "InlineCode": f"from {module} import {name} as handler\n",
    }


def _allow_any_sender(properties: dict[str, Any]) -> None:
    for policy in properties["Policies"]:
        for statement in policy["Statement"]:
            if "ses:SendEmail" in statement["Action"]:
                statement["Resource"] = "*"


def deploy(emulator: Emulator, parameters: dict[str, str], *, functions: bool) -> Outputs:
    """Create or update the stack and wait for it. Raises DeployError."""
    cloudformation = client("cloudformation", emulator)
    body = json.dumps(local_template())
    given = {"EnvironmentName": ENVIRONMENT, "DeployFunctions": str(functions).lower()} | parameters
    arguments = {
        "StackName": STACK,
        "TemplateBody": body,
        "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()],
        "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
    }
    verb = "update" if _exists(cloudformation) else "create"
    try:
        getattr(cloudformation, f"{verb}_stack")(**arguments)
        cloudformation.get_waiter(f"stack_{verb}_complete").wait(
            StackName=STACK, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
        )
    except WaiterError as error:
        raise DeployError(_reason(cloudformation)) from error
    except ClientError as error:
        if "No updates are to be performed" not in str(error):
            raise DeployError(str(error)) from error
    deployed = outputs(emulator)
    if "ApiId" in deployed:
        _answer_as_the_gateway_does(emulator, deployed["ApiId"])
    return deployed


def _answer_as_the_gateway_does(emulator: Emulator, api: str) -> None:
    """Give the embedded gateway the template's own error answers, which it does not take from the template."""
    gateway = client("apigateway", emulator)
    for kind, answer in load_template()["Resources"]["Api"]["Properties"]["GatewayResponses"].items():
        headers = answer["ResponseParameters"]["Headers"] | {"Access-Control-Allow-Origin": "'*'"}
        status = {"statusCode": str(answer["StatusCode"])} if "StatusCode" in answer else {}
        gateway.put_gateway_response(
            restApiId=api,
            responseType=kind,
            responseTemplates=answer["ResponseTemplates"],
            responseParameters={f"gatewayresponse.header.{name}": value for name, value in headers.items()},
            **status,
        )
    gateway.create_deployment(restApiId=api, stageName=ENVIRONMENT)


def outputs(emulator: Emulator) -> Outputs:
    """The outputs of the stack as it is."""
    stack = client("cloudformation", emulator).describe_stacks(StackName=STACK)["Stacks"][0]
    return Outputs({each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", ())})


def _exists(cloudformation: Any) -> bool:
    try:
        stacks = cloudformation.describe_stacks(StackName=STACK)["Stacks"]
    except ClientError:
        return False
    return bool(stacks)


def _reason(cloudformation: Any) -> str:
    events: Iterable[dict[str, Any]] = cloudformation.describe_stack_events(StackName=STACK)["StackEvents"]
    failed = [each for each in events if each["ResourceStatus"].endswith("FAILED")]
    if not failed:
        return "the stack did not become complete in time"
    first = failed[-1]
    return f"{first['LogicalResourceId']}: {first.get('ResourceStatusReason', 'no reason given')}"


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms (`!Ref`, `!Sub`, `!GetAtt`, …)."""


def _short_form(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
        return {name: value.split(".", 1) if suffix == "GetAtt" else value}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    assert isinstance(node, yaml.MappingNode)  # noqa: S101 - YAML has three kinds of nodes
    return {name: loader.construct_mapping(node, deep=True)}


_Loader.add_multi_constructor("!", _short_form)
