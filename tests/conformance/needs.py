"""The requests that CloudFormation makes in the caller's name for a stack, by the handlers of its resource types.

A schema lists what a handler may call for any property. not_called.py says which of it is for properties that our
templates do not use.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import quote

from conformance.arns import ACCOUNT, GATEWAY_PATHS, LINKED_ROLES, REGION
from conformance.aws_data import arn_formats, handlers, is_action, is_taggable
from conformance.deployed import GithubRole, Stack
from conformance.not_called import BEYOND_SCHEMAS, NOT_CALLED
from stand_in.iam import Context, Request

CLOUDFORMATION: Context = {"aws:CalledVia": ["cloudformation.amazonaws.com"]}
"""CloudFormation User Guide, "Forward access sessions (FAS) requests and permission evaluation"."""
_TAG = "aws:ResourceTag/environment"


@dataclass(frozen=True)
class Need:
    """One request, and what makes it."""

    resource_type: str
    resource: str
    handler: str
    request: Request

    def __str__(self) -> str:
        made_by = f"{self.handler} of {self.resource_type} {self.resource}"
        return f"{self.request.action} on {self.request.resource} ({made_by})"


def needs(stack: Stack, role: GithubRole) -> Iterator[Need]:
    """Every request for a stack."""
    for name, resource in stack.resources.items():
        kind = resource["Type"]
        listed, beyond = handlers(kind), BEYOND_SCHEMAS.get(kind, {})
        assert listed or beyond, f"{kind} has no handlers in its schema: say in BEYOND_SCHEMAS what it calls"
        for handler in sorted({*listed, *beyond}):
            for action in [*listed.get(handler, ()), *beyond.get(handler, ())]:
                if is_action(action) and not exclusions(stack, resource, action):
                    for request in _requests(stack, role, name, handler, action):
                        yield Need(kind, name, handler, request)
        for secret in _secrets_read(stack, resource):
            request = Request("secretsmanager:GetSecretValue", secret, CLOUDFORMATION)
            yield Need(kind, name, "dynamic reference", request)


def exclusions(stack: Stack, resource: dict[str, Any], action: str) -> set[str]:
    """The entries of `NOT_CALLED` that leave an action out for this resource."""
    return {
        pattern
        for pattern, why in NOT_CALLED.get(resource["Type"], {}).items()
        if fnmatchcase(action, pattern) and why.holds(stack, resource)
    }


def _secrets_read(stack: Stack, resource: dict[str, Any]) -> set[str]:
    """The ARNs in `{{resolve:secretsmanager:…}}`, which CloudFormation reads in the caller's name."""
    values = (node for node in stack.nodes(resource.get("Properties", {})) if isinstance(node, str | dict))
    texts = {stack.text(node) for node in values if "{{resolve:" in str(node)}
    return {arn for text in texts for arn in re.findall(r"\{\{resolve:secretsmanager:(arn:.*?):SecretString:", text)}


def _requests(stack: Stack, role: GithubRole, name: str, handler: str, action: str) -> Iterator[Request]:
    kind = stack.resources[name]["Type"]
    if action == "iam:CreateServiceLinkedRole":
        service = LINKED_ROLES[kind]
        arn = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/{service}/AWSServiceRole"
        yield Request(action, arn, {**CLOUDFORMATION, "iam:AWSServiceName": service})
    elif action == "iam:PassRole":
        for passed in _passed_roles(stack, name):
            service = stack.resources[passed]["Properties"]["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]
            context = {**CLOUDFORMATION, "iam:PassedToService": _first(service["Service"])}
            yield Request(action, stack.arns(passed)[0], context)
    elif kind == "AWS::IAM::Role":
        yield from _role_requests(stack, role, name, action)
    elif kind == "AWS::IAM::Policy":
        for changed in stack.resources[name]["Properties"]["Roles"]:
            yield from _role_requests(stack, role, changed["Ref"], action)
    elif kind in GATEWAY_PATHS:
        yield from _gateway_requests(kind, role.environment, handler, action)
    else:
        yield from _plain_requests(stack, role, name, handler, action)


def _plain_requests(stack: Stack, role: GithubRole, name: str, handler: str, action: str) -> Iterator[Request]:
    kind = stack.resources[name]["Type"]
    context = dict(CLOUDFORMATION)
    if is_taggable(kind) and handler in {"create", "update"}:
        context["aws:RequestTag/environment"] = role.environment
    formats = arn_formats(action)
    if not formats:
        yield Request(action, "*", context)
        return
    made = handler == "create" and is_taggable(kind) and action.partition(":")[2].startswith(("Create", "Tag"))
    found = False
    for place, arn in enumerate(stack.arns(name)):
        looks_at_tags = [tags for form, tags in formats.items() if re.fullmatch(form, arn)]
        if looks_at_tags:
            found = True
            # The first ARN is the thing itself, which has no tags while it is made; the others were there before.
            tags = {_TAG: role.environment} if any(looks_at_tags) and not (made and place == 0) else {}
            yield Request(action, arn, {**context, **tags})
    if not found:
        yield Request(action, f"no ARN of {kind} in conformance/arns.py is one of {', '.join(formats)}")


def _role_requests(stack: Stack, role: GithubRole, name: str, action: str) -> Iterator[Request]:
    properties = stack.resources[name]["Properties"]
    context: dict[str, Any] = dict(CLOUDFORMATION)
    if "PermissionsBoundary" in stack.paths(properties):
        context["iam:PermissionsBoundary"] = role.boundary_arn
    attached = [stack.text(each) for each in properties.get("ManagedPolicyArns", ())]
    for policy in attached if action in {"iam:AttachRolePolicy", "iam:DetachRolePolicy"} else [""]:
        yield Request(action, stack.arns(name)[0], {**context, **({"iam:PolicyARN": policy} if policy else {})})


def _gateway_requests(kind: str, environment: str, handler: str, action: str) -> Iterator[Request]:
    collection, item = (path.replace("{environment}", environment) for path in GATEWAY_PATHS[kind])
    gateway = f"arn:aws:apigateway:{REGION}::"
    tags = {_TAG: environment}
    if kind == "AWS::ApiGateway::RestApi" and handler == "create":
        # Its methods are put in before its tags, maybe.
        tags = {"apigateway:Resource/ApiName": f"motiv8-{environment}"}
    if kind.startswith("AWS::ApiGatewayV2::") and kind != "AWS::ApiGatewayV2::Api":
        # Of APIs that are no REST APIs AWS does not say that their parts have their tags (Developer Guide, "API Gateway
        # resources that can be tagged").
        tags = {}
    if action == "apigateway:POST":
        made_below_a_thing = collection.count("/") > 1
        yield Request(action, gateway + collection, {**CLOUDFORMATION, **(tags if made_below_a_thing else {})})
    else:
        yield Request(action, gateway + item, {**CLOUDFORMATION, **tags})
    if (
        is_taggable(kind)
        and action in {"apigateway:PUT", "apigateway:POST", "apigateway:DELETE"}
        and handler != "delete"
    ):
        of = quote(gateway + item, safe="")
        yield Request(action, f"{gateway}/tags/{of}", {**CLOUDFORMATION, "aws:RequestTag/environment": environment})


def _passed_roles(stack: Stack, name: str) -> list[str]:
    named = {
        node["Fn::GetAtt"][0]
        for node in stack.nodes(stack.resources[name].get("Properties", {}))
        if isinstance(node, dict) and "Fn::GetAtt" in node
    }
    return sorted(each for each in named if stack.resources.get(each, {}).get("Type") == "AWS::IAM::Role")


def _first(value: Any) -> str:
    return str(value[0] if isinstance(value, list) else value)
