"""Every call of an AWS SDK client in the source, read without running it: service, operation, arguments, where."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src"
# Clients by the function of motiv8.aws.clients that makes them, and by the names that variables hold them under.
MAKERS = {
    "bedrock": "bedrock-runtime",
    "chat_models": "bedrock-runtime",
    "code_deploy": "codedeploy",
    "cognito": "cognito-idp",
    "dynamodb": "dynamodb",
    "dynamodb_at_once": "dynamodb",
    "functions": "lambda",
    "s3": "s3",
    "secrets_manager": "secretsmanager",
    "ses": "sesv2",
    "sockets": "apigatewaymanagementapi",
    "step_functions": "stepfunctions",
}
NO_OPERATIONS = frozenset({"exceptions", "meta", "can_paginate", "close"})


@dataclass(frozen=True)
class SdkCall:
    """One call; `arguments` are the keywords, `whole` whether all of them can be seen."""

    where: str
    module: str
    service: str
    method: str
    arguments: dict[str, ast.expr]
    whole: bool


def calls(folder: Path = SOURCE) -> list[SdkCall]:
    """All of them."""
    return [call for path in sorted(folder.rglob("*.py")) for call in _calls_in(path, folder)]


def _calls_in(path: Path, folder: Path) -> Iterator[SdkCall]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    held = {
        target.id: service
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and (service := _service(node.value, {}))
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    module = path.relative_to(folder).as_posix()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        # `f(client("s3").delete_bucket, Bucket=name)` calls it, too.
        passed = [each for each in node.args[:1] if isinstance(each, ast.Attribute)]
        for method in [node.func, *passed]:
            if not isinstance(method, ast.Attribute) or method.attr in NO_OPERATIONS:
                continue
            found = _of_client(method, node, held)
            if found:
                service, name, arguments, whole = found
                yield SdkCall(f"{module}:{node.lineno}", module, service, name, arguments, whole)


def _of_client(
    method: ast.Attribute, call: ast.Call, held: dict[str, str]
) -> tuple[str, str, dict[str, ast.expr], bool] | None:
    arguments = {each.arg: each.value for each in call.keywords if each.arg}
    whole = all(each.arg for each in call.keywords)
    # client.get_paginator("list_users").paginate(…), client.get_waiter("table_exists").wait(…)
    made = method.value
    if method.attr in {"paginate", "wait"} and isinstance(made, ast.Call) and isinstance(made.func, ast.Attribute):
        service, kind = _service(made.func.value, held), made.func.attr
        if service:
            arguments.pop("WaiterConfig", None)
            arguments.pop("PaginationConfig", None)
            return service, f"{kind}:{_text(made.args[0])}", arguments, whole
    service = _service(method.value, held)
    if not service or method.attr in {"get_paginator", "get_waiter"}:
        return None
    if method.attr == "generate_presigned_url":
        given = arguments["Params"]
        assert isinstance(given, ast.Dict)
        keys = {_text(key): each for key, each in zip(given.keys, given.values, strict=True) if key}
        return service, _text(call.args[0]), keys, all(given.keys)
    return service, method.attr, arguments, whole


def _text(node: ast.expr) -> str:
    assert isinstance(node, ast.Constant)
    return str(node.value)


def _service(node: ast.expr, held: dict[str, str]) -> str:
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name == "client" and node.args and isinstance(node.args[0], ast.Constant):
            return str(node.args[0].value)
        return MAKERS.get(name, "") if not node.args else ""
    if isinstance(node, ast.Name):
        return held.get(node.id) or (MAKERS.get(node.id, "") if node.id in {"s3", "dynamodb", "cognito"} else "")
    return "cloudformation" if isinstance(node, ast.Attribute) and node.attr == "_cloudformation" else ""
