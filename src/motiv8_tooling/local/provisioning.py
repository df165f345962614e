"""Deploying the real template to the embedded AWS, in its two phases."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3

from motiv8_tooling.local.emulator import REGION, Emulator
from motiv8_tooling.operations.package import TEMPLATE, load_template, package
from motiv8_tooling.operations.stack import Stack

if TYPE_CHECKING:
    from motiv8_tooling.operations.package import Template

PROJECT = Path(__file__).parents[3]
STACK = "motiv8-local"
ENVIRONMENT = "local"
_UNKNOWN_TYPES = frozenset(
    {
        "AWS::Budgets::Budget",
        "AWS::Cognito::UserPoolIdentityProvider",
        "AWS::Cognito::UserPoolRiskConfigurationAttachment",
        "AWS::Route53::RecordSetGroup",
        "AWS::WAFv2::WebACLAssociation",
    }
)
_ARTIFACTS = "motiv8-artifacts-local"


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
    return _client(service, emulator.url)


@cache
def _client(service: str, url: str) -> Any:
    return boto3.client(
        service,  # type: ignore[call-overload]  # any service by name
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - the emulator's only key pair
    )


def embedded_template(path: Path = TEMPLATE) -> Template:
    """The template without what the embedded AWS lacks.

    It has no CodeDeploy (an alias changes at once), no budgets, no firewall before an API, no groups of DNS records, no
    identity providers and no risks of sign-ins by template, speaks plain HTTP on loopback (no TLS-only policies), and
    checks sending mail as `ses:SendEmail` on `*`, a chat as `bedrock:ConverseStream` and several messages as
    `sqs:SendMessageBatch`. Nothing else differs from what AWS gets.
    """
    template = package(path)
    template["Resources"].pop("DeploymentCheckFunction", None)
    for name, resource in list(template["Resources"].items()):
        if resource["Type"] in _UNKNOWN_TYPES:
            template["Resources"].pop(name)
        properties = resource.get("Properties", {})
        if "PolicyDocument" in properties:
            statements = properties["PolicyDocument"]["Statement"]
            properties["PolicyDocument"]["Statement"] = [each for each in statements if not _over_tls_only(each)]
            if not properties["PolicyDocument"]["Statement"]:
                template["Resources"].pop(name)
        if resource["Type"] == "AWS::Serverless::Function":
            properties.pop("DeploymentPreference", None)
            _as_it_checks(properties)
    template["Resources"]["UserPoolClient"]["Properties"]["SupportedIdentityProviders"] = ["COGNITO"]
    return template


def local_template(path: Path = TEMPLATE) -> Template:
    """The embedded template for a laptop, where code is live as it is saved.

    Image functions become zip functions whose one line imports the same handler, and their newest code is what serves:
    there are no versions and no `live` alias.
    """
    template = embedded_template(path)
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            _as_zip(resource["Properties"])
    resources: dict[str, Any] = _unaliased(template["Resources"])
    return template | {"Resources": resources}


def _over_tls_only(statement: dict[str, Any]) -> bool:
    return any(key in str(statement.get("Condition", "")) for key in ("aws:SecureTransport", "s3:TlsVersion"))


def _unaliased(value: Any) -> Any:
    if isinstance(value, dict):
        if set(value) == {"Ref"} and value["Ref"].endswith(".Alias"):
            return {"Fn::GetAtt": [value["Ref"].removesuffix(".Alias"), "Arn"]}
        return {name: _unaliased(each) for name, each in value.items()}
    return [_unaliased(each) for each in value] if isinstance(value, list) else value


def entry_points() -> dict[str, str]:
    """Each function's name without the environment, and the one line of Python that imports its handler."""
    functions = (
        each["Properties"]
        for each in local_template()["Resources"].values()
        if each["Type"] == "AWS::Serverless::Function"
    )
    names = {each["FunctionName"]["Fn::Sub"]: each["InlineCode"] for each in functions}
    return {name.removeprefix("motiv8-").removesuffix("-${EnvironmentName}"): line for name, line in names.items()}


def deployed(functions: Any) -> dict[str, dict[str, str]]:
    """The functions that there are, with their variables: some are in the template for those who ask for them."""
    pages = functions.get_paginator("list_functions").paginate()
    return {each["FunctionName"]: each["Environment"]["Variables"] for page in pages for each in page["Functions"]}


def variables(functions: Any, endpoint: str) -> dict[str, dict[str, str]]:
    """Each function's variables on the running local stack, by its name in the template."""
    found, there = {}, deployed(functions)
    for name, resource in local_template()["Resources"].items():
        if resource["Type"] != "AWS::Serverless::Function":
            continue
        function = resource["Properties"]["FunctionName"]["Fn::Sub"].replace("${EnvironmentName}", ENVIRONMENT)
        if function in there:
            found[name] = there[function] | {"AWS_ENDPOINT_URL": endpoint}
    return found


def _as_zip(properties: dict[str, Any]) -> None:
    module, _, name = properties.pop("ImageConfig")["Command"][0].rpartition(".")
    for key in ("PackageType", "ImageUri", "AutoPublishAlias", "AutoPublishCodeSha256"):
        properties.pop(key, None)
    properties |= {
        "Runtime": "python3.13",
        "Handler": "index.handler",
        "InlineCode": f"from {module} import {name} as handler\n",
    }


def _as_it_checks(properties: dict[str, Any]) -> None:
    for policy in properties["Policies"]:
        for statement in policy["Statement"]:
            if "ses:SendRawEmail" in statement["Action"]:
                statement |= {"Action": ["ses:SendEmail"], "Resource": "*"}
            if "bedrock:InvokeModelWithResponseStream" in statement["Action"]:
                statement |= {"Action": ["bedrock:ConverseStream"]}
            if "sqs:SendMessage" in statement["Action"]:
                statement |= {"Action": ["sqs:SendMessageBatch"]}


def deploy(emulator: Emulator, parameters: dict[str, str], *, functions: bool) -> Outputs:
    """Create or update the stack and wait for it. Raises OperationError."""
    given = {"EnvironmentName": ENVIRONMENT, "DeployFunctions": str(functions).lower()} | parameters
    stack = Stack(client("cloudformation", emulator), STACK, lambda _: None)
    deployed = Outputs(stack.apply({"TemplateURL": _store_template(emulator)}, given, {}).outputs)
    if "ApiId" in deployed:
        _answer_as_the_gateway_does(emulator, deployed["ApiId"])
    return deployed


def _store_template(emulator: Emulator) -> str:
    """Put the template where CloudFormation reads it, since it is too long to be handed over; returns its address."""
    s3 = client("s3", emulator)
    # Making one's own bucket again is not an error in this region.
    s3.create_bucket(Bucket=_ARTIFACTS)
    s3.put_object(Bucket=_ARTIFACTS, Key="template.json", Body=json.dumps(local_template()).encode())
    return f"https://s3.{REGION}.amazonaws.com/{_ARTIFACTS}/template.json"


def _answer_as_the_gateway_does(emulator: Emulator, api: str) -> None:
    """Give the embedded gateway the template's own error answers, which it does not take from the template."""
    gateway = client("apigateway", emulator)
    for kind, answer in load_template()["Resources"]["Api"]["Properties"]["GatewayResponses"].items():
        given = answer["ResponseParameters"]["Headers"] | {"Access-Control-Allow-Origin": "'*'"}
        # What prod has another value for: this is none.
        headers = {name: value if isinstance(value, str) else value["Fn::If"][-1] for name, value in given.items()}
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
    """The outputs of the stack as it is; none where there is no stack."""
    return Outputs(Stack(client("cloudformation", emulator), STACK, lambda _: None).outputs())
