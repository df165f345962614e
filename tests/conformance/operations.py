"""The calls that the scripts make themselves (src/motiv8_tooling/operations), as requests to IAM."""

from __future__ import annotations

import ast
import re
from functools import cache

from conformance.arns import ACCOUNT, REGION
from conformance.aws_data import arn_formats, is_action
from conformance.deployed import ENVIRONMENTS, stacks
from motiv8_tooling.operations.environment import PROJECT
from stand_in.iam import Request

# Modules that a role's workflow does not run (.github/workflows/deploy.yml); administrators run them.
NOT_RUN = {
    "pull-requests": {"account_checks", "doctor", "model_checks", "restore", "rollback", "web"},
    "prod": {"account_checks", "doctor", "model_checks", "restore", "teardown"},
}
# Operations whose IAM action has another name: Service Authorization Reference, the pages of the services.
ACTIONS = {
    "apigateway:GetApiKey": ["apigateway:GET"],
    "s3:DeleteObjects": ["s3:DeleteObject", "s3:DeleteObjectVersion"],
    "s3:GetBucketEncryption": ["s3:GetEncryptionConfiguration"],
    "s3:HeadBucket": ["s3:ListBucket"],
    "s3:ListObjectVersions": ["s3:ListBucketVersions"],
    "s3:ListObjectsV2": ["s3:ListBucket"],
    # Everybody may ask who they are.
    "sts:GetCallerIdentity": [],
}
# Which buckets' objects.
OBJECTS = {"s3:GetObject": ("artifacts",), "s3:PutObject": ("artifacts", "web")}
# What is called by other means than the SDK: docker's push (ECR User Guide, "IAM permissions for pushing an image"),
# and a change set with tags and with SAM's transform (Service Authorization Reference, CloudFormation).
BESIDES = {
    *("ecr:BatchCheckLayerAvailability", "ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload"),
    *("ecr:PutImage", "ecr:BatchGetImage", "cloudformation:TagResource"),
}
TRANSFORM = f"arn:aws:cloudformation:{REGION}:aws:transform/Serverless-2016-10-31"
NAMING = {"get_paginator", "get_waiter"}
WAITERS = {"table_not_exists": "DescribeTable"}
# Clients whose actions have another prefix.
PREFIXES = {"sesv2": "ses", "stepfunctions": "states"}
# Attributes that hold a client made elsewhere.
HELD = {"_cloudformation": "cloudformation", "cloudformation": "cloudformation", "cognito": "cognito-idp", "s3": "s3"}


@cache
def calls(module: str) -> frozenset[str]:
    """`service:Operation` of each call in a module of motiv8_tooling.operations."""
    tree = ast.parse((PROJECT / "src" / "motiv8_tooling" / "operations" / f"{module}.py").read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and (service := _service(node.value)):
            found.add((service, node.attr))
        # `get_paginator("list_user_pools")`, `get_waiter("table_not_exists")`
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in NAMING:
            named = ast.literal_eval(node.args[0])
            found.add((_service(node.func.value), WAITERS.get(named, named)))
    return frozenset(
        f"{PREFIXES.get(service, service)}:{''.join(part[0].upper() + part[1:] for part in name.split('_'))}"
        for service, name in found
        if name not in NAMING | {"exceptions", "meta"}
    )


def requests(kind: str) -> list[Request]:
    """Each call of the modules that the role of a kind runs, on things of its environment."""
    folder = PROJECT / "src" / "motiv8_tooling" / "operations"
    modules = {each.stem for each in folder.glob("*.py")} - NOT_RUN[kind]
    operations = {each for module in modules for each in calls(module)}
    actions = BESIDES | {action for each in operations for action in ACTIONS.get(each, [each])}
    context = {"aws:ResourceTag/environment": ENVIRONMENTS[kind]}
    found = [Request(action, thing, context) for action in sorted(actions) for thing in _things(kind, action)]
    return [*found, Request("cloudformation:CreateChangeSet", TRANSFORM)]


def _things(kind: str, action: str) -> list[str]:
    if not is_action(action):
        return ["IAM knows no such action: say in ACTIONS which it is"]
    formats = arn_formats(action)
    if not formats:
        return ["*"]
    things = {
        *(
            f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{stack.name}/1234".replace(REGION, stack.region)
            for stack in stacks(kind)
        ),
        *(arn for stack in stacks(kind) for name in stack.resources for arn in stack.arns(name)[:1]),
        f"arn:aws:apigateway:{REGION}::/apikeys/k1",
        f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/example.com",
    }
    if "Object" in action:
        buckets = [each for each in OBJECTS.get(action, ("",)) if each not in NOT_RUN[kind]]
        return [
            f"{each}/key"
            for each in sorted(things)
            if each.startswith("arn:aws:s3:") and any(f"-{name}" in each for name in buckets)
        ]
    fitting = sorted(thing for thing in things if any(re.fullmatch(form, thing) for form in formats))
    return fitting or [f"nothing of {ENVIRONMENTS[kind]} is one of {', '.join(formats)}"]


def _service(node: ast.expr) -> str:
    """The service whose client a value is, or nothing."""
    if (
        isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "client"
        and isinstance(node.args[0], ast.Constant)
    ):
        return str(node.args[0].value)
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return HELD.get(name, "")
