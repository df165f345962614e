"""Every role has the permissions that its code uses, and no other: the calls are read from the code, path by path.

From a handler every function that it can reach is followed by name; where one calls AWS, the action and the resource
are noted. What is noted and what template.yaml allows must be the same.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from motiv8.aws import keys
from motiv8.operations.package import load_template

SOURCE = Path(__file__).parents[2] / "src"
RESOURCES = load_template()["Resources"]
Permission = tuple[str, str]

OTHER_NAMES = tomllib.loads(Path(__file__).with_name("iam_actions.toml").read_text(encoding="utf-8"))
SERVICES = {
    "bedrock": "bedrock",
    "cognito": "cognito-idp",
    "s3": "s3",
    "secrets_manager": "secretsmanager",
    "ses": "ses",
    "step_functions": "states",
    "dynamodb": "dynamodb",
    "dynamodb_at_once": "dynamodb",
    "search_function": "lambda",
    "functions": "lambda",
    "code_deploy": "codedeploy",
}
# Cognito's own sign-up and sign-in, and what a person does with their token, ask for no role of ours.
NO_ROLE = {
    *("SignUp", "ConfirmSignUp", "ResendConfirmationCode", "GetTokensFromRefreshToken"),
    *("ForgotPassword", "ConfirmForgotPassword", "RevokeToken"),
    *("AssociateSoftwareToken", "VerifySoftwareToken", "SetUserMfaPreference"),
}
# Without ListBucket S3 answers 403, not 404, for what is not there.
STORAGE = {
    "put": [("s3:PutObject", "object"), ("kms:GenerateDataKey", "key"), ("kms:Decrypt", "")],
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions
    "upload": [
        ("s3:PutObject", "object"),
        ("s3:AbortMultipartUpload", "object"),
        ("kms:GenerateDataKey", "key"),
        ("kms:Decrypt", "key"),
    ],
    "get": [("s3:GetObject", "object"), ("s3:ListBucket", "bucket"), ("kms:Decrypt", "key")],
    "download": [("s3:GetObject", "object"), ("s3:ListBucket", "bucket"), ("kms:Decrypt", "key")],
    "exists": [("s3:GetObject", "object"), ("s3:ListBucket", "bucket"), ("kms:Decrypt", "key")],
    "holds": [("s3:ListBucketVersions", "bucket")],
    # DeleteObjects asks for both, whichever version is named.
    "delete": [
        ("s3:DeleteObject", "object"),
        ("s3:DeleteObjectVersion", "object"),
        ("s3:ListBucketVersions", "bucket"),
    ],
    "presigned_get": [("s3:GetObject", "object"), ("kms:Decrypt", "key")],
    "presigned_post": [("s3:PutObject", "object"), ("kms:GenerateDataKey", "key")],
}
TABLES = {
    "UserRow": "UsersTable",
    "PortraitRow": "PortraitsTable",
    "DocumentRow": "DocumentsTable",
    "NamespaceRow": "NamespacesTable",
}
ROWS = {
    "motiv8.accounts.repository": "UsersTable",
    "motiv8.portraits.repository": "PortraitsTable",
    "motiv8.library.repository": "DocumentsTable",
    "motiv8.library.namespaces": "NamespacesTable",
}
ROW_ACTIONS = {"get": "GetItem", "query": "Query", "scan": "Scan", "batch_get": "BatchGetItem"}
INDEX_READS = {"s3:GetObject", "s3:ListBucket"}
# Files beyond a few megabytes are written in parts.
INDEX_WRITES = {"s3:PutObject", "s3:AbortMultipartUpload", "s3:DeleteObject"}
IDEMPOTENCY = ["GetItem", "PutItem", "UpdateItem", "DeleteItem"]
# What a setting names, and the action's resource for services that have one here.
SETTINGS = {
    "users_table": "UsersTable",
    "idempotency_table": "IdempotencyTable",
    "uploads_bucket": "UploadsBucket",
    "media_bucket": "MediaBucket",
    "library_bucket": "LibraryBucket",
    "library_search_function": "LibrarySearchFunction",
    "user_pool_id": "UserPool",
    "link_secret_arn": "LinkSecret",
    "origin_secret_arn": "OriginSecret",
    "credentials_secret_arn": "CredentialsSecretArn",
    "portrait_state_machine_arn": "PortraitStateMachine",
    "export_state_machine_arn": "ExportStateMachine",
    "delete_state_machine_arn": "DeleteStateMachine",
    "document_state_machine_arn": "DocumentStateMachine",
}
FIXED = {
    "bedrock": "BedrockModel",
    "ses": "SenderIdentity",
    "states": "Executions",
    "lambda": "Functions",
    "codedeploy": "DeploymentGroups",
}


@cache
def _tree(module: str) -> ast.Module:
    path = SOURCE / Path(*module.split("."))
    file = path.with_suffix(".py") if path.with_suffix(".py").exists() else path / "__init__.py"
    return ast.parse(file.read_text(encoding="utf-8"))


def _is_module(name: str) -> bool:
    path = SOURCE / Path(*name.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


@cache
def _definitions(module: str) -> dict[str, list[ast.AST]]:
    """What each name of a module stands for: its function, class or value; a router also for its routes."""
    found: dict[str, list[ast.AST]] = {}
    for node in _tree(module).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.setdefault(node.name, []).append(node)
            for decorator in node.decorator_list:
                for name in (each.id for each in ast.walk(decorator) if isinstance(each, ast.Name)):
                    if name == "router":
                        found.setdefault(name, []).append(node)
        for target in _targets(node):
            found.setdefault(target, []).append(node)
    return found


def _targets(node: ast.AST) -> list[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [each.id for each in targets if isinstance(each, ast.Name)]


def _imports(node: ast.AST) -> dict[str, str]:
    """Names that are imported within a node, each as `module` or `module:name`."""
    found: dict[str, str] = {}
    for each in ast.walk(node):
        if isinstance(each, ast.ImportFrom) and (each.module or "").startswith("motiv8"):
            for alias in each.names:
                whole = f"{each.module}.{alias.name}"
                found[alias.asname or alias.name] = whole if _is_module(whole) else f"{each.module}:{alias.name}"
    return found


def _references(module: str, node: ast.AST) -> Iterator[str]:
    """`module:name` of all that a node names."""
    imported = _imports(_tree(module)) | _imports(node)
    for each in ast.walk(node):
        if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name):
            target = imported.get(each.value.id, "")
            if target and ":" not in target:
                yield f"{target}:{each.attr}"
        if isinstance(each, ast.Name):
            if ":" in imported.get(each.id, ""):
                yield imported[each.id]
            elif each.id in _definitions(module):
                yield f"{module}:{each.id}"


def permissions(start: str, engines: tuple[str, ...]) -> set[Permission]:
    """What the code needs that can be reached from `module:name`, with the engines that it is asked for by name."""
    found: set[Permission] = set()
    seen, waiting = set(), [start]
    while waiting:
        here = waiting.pop()
        module, _, name = here.partition(":")
        if here in seen or module.startswith("motiv8.aws.storage"):
            continue
        seen.add(here)
        if here == "motiv8.engines.engine:by_name":
            waiting += [f"motiv8.engines.{each}:engine" for each in engines]
        for node in _definitions(module).get(name, ()):
            found |= _called(module, node)
            waiting += _references(module, node)
    return found


def _called(module: str, node: ast.AST) -> set[Permission]:
    found: set[Permission] = set()
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and each.id == "DynamoDBPersistenceLayer":
            found |= {(f"dynamodb:{action}", "IdempotencyTable") for action in IDEMPOTENCY}
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute):
            found |= _by_client(each) | _by_row(module, each) | _by_storage(node, each) | _by_index(each)
    return found


def _by_client(call: ast.Call) -> set[Permission]:
    """`clients.s3().head_bucket(Bucket=settings().uploads_bucket)`."""
    assert isinstance(call.func, ast.Attribute)
    method, maker = call.func.attr, call.func.value
    if method == "get_paginator" or not isinstance(maker, ast.Call):
        return set()
    # `clients.cognito().get_paginator("list_users").paginate(…)`
    if method == "paginate" and isinstance(maker.func, ast.Attribute) and isinstance(maker.func.value, ast.Call):
        method, maker = ast.literal_eval(maker.args[0]), maker.func.value
    name = maker.func.attr if isinstance(maker.func, ast.Attribute) else getattr(maker.func, "id", "")
    if name not in SERVICES or maker.args:
        return set()
    operation = "".join(part.title() for part in method.split("_"))
    if operation in NO_ROLE or operation.startswith("Generate"):
        return set()
    service = SERVICES[name]
    asked = f"{service}:{operation}"
    if any(isinstance(each, ast.Constant) and each.value == "Raw" for each in ast.walk(call)):
        asked += " Raw"
    named = {
        SETTINGS[each.attr] for each in ast.walk(call) if isinstance(each, ast.Attribute) and each.attr in SETTINGS
    }
    [resource] = named or {FIXED[service]}
    return {(action, resource) for action in OTHER_NAMES.get(asked, {"actions": [asked]})["actions"]}


def _by_row(module: str, call: ast.Call) -> set[Permission]:
    """`UserRow.get(…)`, `UserRow.due.query(…)`, and in a repository what changes its rows."""
    assert isinstance(call.func, ast.Attribute)
    owner, action = call.func.value, call.func.attr
    if isinstance(owner, ast.Attribute) and action == "query" and getattr(owner.value, "id", "") in TABLES:
        return {("dynamodb:Query", f"{TABLES[owner.value.id]}/index/{owner.attr}")}  # type: ignore[attr-defined]
    if getattr(owner, "id", "") in TABLES and action in ROW_ACTIONS:
        return {(f"dynamodb:{ROW_ACTIONS[action]}", TABLES[owner.id])}  # type: ignore[attr-defined]
    if module in ROWS and (
        action == "save" or (action in {"change", "change_value"} and getattr(owner, "id", "") == "tables")
    ):
        return {("dynamodb:PutItem", ROWS[module])}
    if module in ROWS and action == "update":
        # In a transaction, the row that is changed beside the module's own.
        other = [each.func.id for each in call.args if isinstance(each, ast.Call) and isinstance(each.func, ast.Name)]
        return {("dynamodb:UpdateItem", TABLES[other[0]] if other else ROWS[module])}
    if module in ROWS and action == "set_unlocked":
        return {("dynamodb:UpdateItem", ROWS[module])}
    if module in ROWS and action == "several":
        return {("dynamodb:BatchGetItem", ROWS[module]), ("dynamodb:GetItem", ROWS[module])}
    if module in ROWS and action == "delete":
        return {("dynamodb:DeleteItem", ROWS[module])}
    return set()


def _by_storage(function: ast.AST, call: ast.Call) -> set[Permission]:
    """`storage.put(settings().media_bucket, keys.picture(…), …)`."""
    assert isinstance(call.func, ast.Attribute)
    if getattr(call.func.value, "id", "") != "storage" or call.func.attr not in STORAGE:
        return set()
    [bucket] = [SETTINGS[each] for each in _names(function, call.args[0]) if each in SETTINGS]
    [key] = [each.removesuffix("_key") for each in _names(function, call.args[1]) if _folder(each)]
    # The library's bucket is encrypted with S3's own keys, which ask for no permission.
    face_key = "" if bucket == "LibraryBucket" else "FaceDataKey"
    places = {"object": f"{bucket}/{_folder(key)}", "bucket": bucket, "key": face_key, "": ""}
    return {(action, places[kind]) for action, kind in STORAGE[call.func.attr] if places[kind]}


def _by_index(call: ast.Call) -> set[Permission]:
    """`passage_index().search(…)`: LanceDB reads and writes objects itself."""
    assert isinstance(call.func, ast.Attribute)
    owner = call.func.value
    if not isinstance(owner, ast.Call) or getattr(owner.func, "id", "") != "passage_index":
        return set()
    actions = INDEX_READS if call.func.attr in {"search", "count", "state"} else INDEX_READS | INDEX_WRITES
    return {(action, "LibraryBucket" if action == "s3:ListBucket" else "LibraryBucket/index/*") for action in actions}


def _folder(name: str) -> str:
    """The folder that a function of `motiv8.aws.keys` puts things into."""
    made = getattr(keys, name.removesuffix("_key"), None)
    return (
        f"{made('x', *('x' for _ in range(made.__code__.co_argcount - 1))).partition('/')[0]}/*"
        if callable(made)
        else ""
    )


def _names(function: ast.AST, value: ast.expr) -> set[str]:
    """Attributes and names within a value, or within what its variable was set to in the same function."""
    if isinstance(value, ast.Name):
        for each in ast.walk(function):
            if isinstance(each, ast.Assign) and value.id in _targets(each):
                return _names(function, each.value)
        return {value.id}
    return {each.attr for each in ast.walk(value) if isinstance(each, ast.Attribute)}


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
        ":secret:": "LinkSecret",
        ":stateMachine:motiv8-portrait-": "PortraitStateMachine",
        ":stateMachine:motiv8-export-": "ExportStateMachine",
        ":stateMachine:motiv8-delete-": "DeleteStateMachine",
        ":stateMachine:motiv8-document-": "DocumentStateMachine",
        ":execution:motiv8-": "Executions",
        ":function:motiv8-": "Functions",
        ":foundation-model/": "BedrockModel",
        ":deploymentgroup:": "DeploymentGroups",
    }.items():
        if mark in shortened:
            return name
    return shortened


@pytest.mark.parametrize(
    ("role", "start", "engines"),
    [
        ("ApiHandlerFunction", "motiv8.entrypoints.api:handler", ()),
        ("CourierFunction", "motiv8.entrypoints.worker:handler", ()),
        ("ExportFunction", "motiv8.entrypoints.exporter:handler", ()),
        # Its image has no torch, so that diffusion ends before it asks for anything.
        ("StudioFunction", "motiv8.entrypoints.image_worker:handler", ("poster", "bedrock")),
        ("LibraryWorkerFunction", "motiv8.entrypoints.library_worker:handler", ()),
        ("LibrarySearchFunction", "motiv8.entrypoints.library_search:handler", ()),
        ("SignUpFunction", "motiv8.entrypoints.sign_up:handler", ()),
        ("DeploymentCheckFunction", "motiv8.entrypoints.deployment_check:handler", ()),
        # The portrait machine sends Batch what diffusion is to make, and nothing else.
        ("BatchJobRole", "motiv8.entrypoints.batch_job:main", ("poster", "diffusion")),
    ],
)
def test_a_role_may_do_what_its_code_does_and_nothing_else(role: str, start: str, engines: tuple[str, ...]) -> None:
    attached = [each["Properties"] for each in RESOURCES.values() if each["Type"] == "AWS::IAM::Policy"]
    policies = [each for each in attached if {"Ref": f"{role}Role"} in each["Roles"]]
    needed = permissions(start, engines)
    allowed = _allowed([*RESOURCES[role]["Properties"]["Policies"], *policies])
    assert len(needed) >= 2
    assert sorted(needed - allowed) == [], "missing"
    assert sorted(allowed - needed) == [], "unused"


def test_the_courier_may_mail_as_the_sender_by_address_and_by_domain_and_as_nobody_else() -> None:
    """IAM is asked for the identity that is verified, the address's or its domain's, and for the configuration set.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html,
    https://repost.aws/knowledge-center/amazon-ses-iam-user-email-access-denied (the domain),
    https://github.com/nodemailer/nodemailer/issues/1734 (the address)
    """
    [policy] = RESOURCES["CourierFunction"]["Properties"]["Policies"]
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
        *("motiv8.aws.mail", "motiv8.aws.machines", "motiv8.aws.secrets", "motiv8.aws.storage"),
        *(f"motiv8.aws.user_pool.{name}" for name in ("directory", "mailed_codes", "second_factor", "sessions")),
        *("motiv8.aws.image_model", "motiv8.aws.library_search", "motiv8.aws.one_time", "motiv8.aws.request_counts"),
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
        if module.startswith(
            ("motiv8.local", "motiv8.operations", "motiv8.client", "motiv8.cli", "motiv8.command_line")
        ):
            continue
        if any(target.startswith("motiv8.aws.clients") for target in _imports(_tree(module)).values()):
            assert module in known
        assert "import boto3" not in path.read_text(encoding="utf-8")
