"""Which permissions at AWS the project's code uses.

Every function that can be reached from a start is read; where one calls AWS, the action and the resource are noted, the
resource by its name in template.yaml. Calls of `motiv8.aws.storage` stand for what S3 asks for.
"""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

from checks.reachable_code import ReachableCode, targets
from motiv8.aws import keys

Permission = tuple[str, str]

OTHER_NAMES = tomllib.loads(Path(__file__).with_name("iam_actions.toml").read_text(encoding="utf-8"))
SERVICES = {
    "bedrock": "bedrock",
    "chat_models": "bedrock",
    "cognito": "cognito-idp",
    "s3": "s3",
    "secrets_manager": "secretsmanager",
    "ses": "ses",
    "step_functions": "states",
    "dynamodb": "dynamodb",
    "dynamodb_at_once": "dynamodb",
    "search_function": "lambda",
    "coach_function": "lambda",
    "functions": "lambda",
    "code_deploy": "codedeploy",
    "sockets": "execute-api",
    "sqs": "sqs",
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
    "ConversationItem": "ConversationsTable",
    "ConversationRow": "ConversationsTable",
    "MessageRow": "ConversationsTable",
    "EventRow": "ConversationsTable",
    "ConnectionRow": "ConversationsTable",
    "TicketRow": "ConversationsTable",
    "BudgetRow": "ConversationsTable",
    "ToolServerRow": "ConversationsTable",
}
ROWS = {
    "motiv8.accounts.repository": "UsersTable",
    "motiv8.portraits.repository": "PortraitsTable",
    "motiv8.library.repository": "DocumentsTable",
    "motiv8.library.namespace_repository": "NamespacesTable",
    "motiv8.tool_servers.repository": "ConversationsTable",
    "motiv8.coach.repository": "ConversationsTable",
    "motiv8.coach.budget_repository": "ConversationsTable",
    "motiv8.coach.ticket_repository": "ConversationsTable",
}
ROW_ACTIONS = {"get": "GetItem", "query": "Query", "scan": "Scan", "batch_get": "BatchGetItem"}
INDEX_READS = {"s3:GetObject", "s3:ListBucket"}
# Files beyond a few megabytes are written in parts.
INDEX_WRITES = {"s3:PutObject", "s3:AbortMultipartUpload", "s3:DeleteObject"}
IDEMPOTENCY = ["GetItem", "PutItem", "UpdateItem", "DeleteItem"]
# What a setting names, and the action's resource for services that have one here.
SETTINGS = {
    "users_table": "UsersTable",
    "conversations_table": "ConversationsTable",
    "coach_function": "CoachFunction",
    "idempotency_table": "IdempotencyTable",
    "uploads_bucket": "UploadsBucket",
    "media_bucket": "MediaBucket",
    "library_bucket": "LibraryBucket",
    "library_search_function": "LibrarySearchFunction",
    "user_pool_id": "UserPool",
    "delivery_queue_url": "DeliveryQueue",
    "link_secret_arn": "LinkSecret",
    "origin_secret_arn": "OriginSecret",
    "credentials_secret_arn": "CredentialsSecretArn",
    "apns_secret_arn": "ApnsSecretArn",
    "fcm_secret_arn": "FcmSecretArn",
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
    "secretsmanager": "ToolServerSecrets",
    "execute-api": "Sockets",
}


def used_permissions(code: ReachableCode, start: str, engines: tuple[str, ...] = ()) -> set[Permission]:
    """What the code needs that can be reached from `module:name`, with the engines that it is asked for by name."""
    also = {"motiv8.engines.engine:by_name": [f"motiv8.engines.{each}:engine" for each in engines]}
    found: set[Permission] = set()
    for module, node in code.reachable(start, leave_out="motiv8.aws.storage", also=also):
        found |= _called(module, node)
    return found


def _called(module: str, node: ast.AST) -> set[Permission]:
    found: set[Permission] = set()
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and each.id == "DynamoDBPersistenceLayer":
            found |= {(f"dynamodb:{action}", "IdempotencyTable") for action in IDEMPOTENCY}
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute):
            found |= _by_client(each, each.func) | _by_row(module, each, each.func)
            found |= _by_storage(node, each, each.func) | _by_index(each.func)
    return found


def _by_client(call: ast.Call, func: ast.Attribute) -> set[Permission]:
    """`clients.s3().head_bucket(Bucket=settings().uploads_bucket)`."""
    method, maker = func.attr, func.value
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


def _by_row(module: str, call: ast.Call, func: ast.Attribute) -> set[Permission]:
    """`UserRow.get(…)`, `UserRow.due.query(…)`, and in a repository what changes its rows."""
    owner, action = func.value, func.attr
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
        return {("dynamodb:UpdateItem", TABLES.get(other[0], ROWS[module]) if other else ROWS[module])}
    if module in ROWS and action == "set_unlocked":
        return {("dynamodb:UpdateItem", ROWS[module])}
    if module in ROWS and action == "several":
        return {("dynamodb:BatchGetItem", ROWS[module]), ("dynamodb:GetItem", ROWS[module])}
    if module in ROWS and action == "condition_check":
        return {("dynamodb:ConditionCheckItem", ROWS[module])}
    if module in ROWS and action == "refresh":
        return {("dynamodb:GetItem", ROWS[module])}
    if module in ROWS and action in {"delete", "delete_item"}:
        return {("dynamodb:DeleteItem", ROWS[module])}
    return set()


def _by_storage(function: ast.AST, call: ast.Call, func: ast.Attribute) -> set[Permission]:
    """`storage.put(settings().media_bucket, keys.picture(…), …)`."""
    if getattr(func.value, "id", "") != "storage" or func.attr not in STORAGE:
        return set()
    [bucket] = [SETTINGS[each] for each in _names(function, call.args[0]) if each in SETTINGS]
    [key] = [each.removesuffix("_key") for each in _names(function, call.args[1]) if _folder(each)]
    # The library's bucket is encrypted with S3's own keys, which ask for no permission.
    face_key = "" if bucket == "LibraryBucket" else "FaceDataKey"
    places = {"object": f"{bucket}/{_folder(key)}", "bucket": bucket, "key": face_key, "": ""}
    return {(action, places[kind]) for action, kind in STORAGE[func.attr] if places[kind]}


def _by_index(func: ast.Attribute) -> set[Permission]:
    """`passage_index().search(…)`: LanceDB reads and writes objects itself."""
    owner = func.value
    if not isinstance(owner, ast.Call) or getattr(owner.func, "id", "") != "passage_index":
        return set()
    actions = INDEX_READS if func.attr in {"search", "count", "state"} else INDEX_READS | INDEX_WRITES
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
            if isinstance(each, ast.Assign) and value.id in targets(each):
                return _names(function, each.value)
        return {value.id}
    return {each.attr for each in ast.walk(value) if isinstance(each, ast.Attribute)}
