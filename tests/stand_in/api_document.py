"""What the published OpenAPI document says, as a client reads it."""

from __future__ import annotations

import json
import re
from typing import Any

from motiv8.api.system import DOCUMENT

SAID: dict[str, Any] = json.loads(DOCUMENT.read_text(encoding="utf-8"))
OPERATIONS: dict[tuple[str, str], dict[str, Any]] = {
    (method.upper(), path): operation
    for path, methods in SAID["paths"].items()
    for method, operation in methods.items()
}


def types(operation: dict[str, Any], status: str) -> set[str]:
    """The types of problem that an operation answers with a status, without what all begin with."""
    answer = operation["responses"].get(status)
    if answer is None or "$ref" not in answer:
        return set()
    shared = SAID["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    _, own = shared["content"]["application/problem+json"]["schema"]["allOf"]
    return {each.rpartition(":")[2] for each in own["properties"]["type"]["enum"]}


PUBLIC = {route for route, operation in OPERATIONS.items() if "security" not in operation}
NEED_FRESH_SIGN_IN = {
    route for route, operation in OPERATIONS.items() if "fresh-sign-in-required" in types(operation, "403")
}


def check(method: str, path: str, status: int, text: str) -> None:
    """Fail on an answer that the document does not say of its operation; what is no operation of it may be anything."""
    operation = _operation("GET" if method == "HEAD" else method, path)
    if operation is None or status == 405:
        return
    assert str(status) in operation["responses"], f"{method} {path} answered {status}, which is not documented"
    if status in {204, 304, 307} or method == "HEAD":
        assert text == ""
    elif known := types(operation, str(status)):
        kind = json.loads(text)["type"].rpartition(":")[2]
        assert kind in known, f"{method} {path} answered {status} {kind}, which is not documented"


def _operation(method: str, path: str) -> dict[str, Any] | None:
    fitting = [
        template
        for each, template in OPERATIONS
        if each == method and re.fullmatch(re.sub(r"{\w+}", "[^/]+", template) + "/*", path)
    ]
    # A static path wins.
    return OPERATIONS[method, min(fitting, key=lambda each: "{" in each)] if fitting else None
