"""The OpenAPI 3.1 document: built from the routes, kept in `docs/openapi.json`, served from there.

`python -m motiv8.api.openapi` writes it; a test fails when it is not what the routes say.
"""

from __future__ import annotations

import inspect
import json
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver

import motiv8
from motiv8.api.features import FEATURES, is_public, needs_fresh_sign_in
from motiv8.api.router import resolver
from motiv8.api.system import DOCUMENT

_PROBLEM = {
    "type": "object",
    "description": "Every error (RFC 9457)",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "description": "The kind of problem, for machines", "format": "uri"},
        "title": {"type": "string", "description": "The kind of problem, for people"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What to do about it"},
        "instance": {"type": "string", "description": "The correlation id, also sent as X-Correlation-Id"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}
_TITLES = {
    "400": "The request cannot be read",
    "401": "Sign in first",
    "403": "Consent is needed first",
    "404": "Not found",
    "409": "The account is being deleted, or not possible in the present state, or the Idempotency-Key was used before",
    "415": "The body is not JSON",
    "422": "Some fields are not valid",
    "429": "Too many requests",
    "503": "Not available at the moment",
}
_ALSO = {
    "token": ("401",),
    "unsubscribe": ("400",),
    "unsubscribe_page": ("400",),
    "create_selfie": ("403",),
    "get_selfie": ("404",),
    "delete_selfie": ("404",),
    "create_portrait": ("503",),
    "get_portrait": ("404",),
    "get_todays_portrait": ("404",),
    "delete_portrait": ("404",),
}
"""Errors of single operations, beside those that every operation of its kind can give."""


def build() -> dict[str, Any]:
    """The document of all features' routes."""
    app = APIGatewayRestResolver(enable_validation=True)
    for load in dict.fromkeys(FEATURES.values()):
        app.include_router(load())
    # A router keeps the context of the app that it joined last: what answers requests joins anew.
    resolver.cache_clear()
    for route in app._static_routes + app._dynamic_routes:
        # powertools leaves the functions' docstrings out.
        route.description = route.description or inspect.getdoc(route.func)
    text = app.get_openapi_json_schema(
        title="motiv8",
        version=motiv8.__version__,
        openapi_version="3.1.0",
        description="A selfie becomes a daily motivational picture of the person in it. "
        "Every error is `application/problem+json`; times are RFC 3339 UTC.",
    )
    document: dict[str, Any] = json.loads(text)
    document["servers"] = [{"url": "."}]
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError", "ResponseValidationError"):
        schemas.pop(unused, None)
    schemas["Problem"] = _PROBLEM
    document["components"]["securitySchemes"] = {
        "accessToken": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    }
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            fresh = needs_fresh_sign_in(method.upper(), path)
            _describe(operation, public=is_public(path), fresh=fresh)
    return document


def _describe(operation: dict[str, Any], *, public: bool, fresh: bool) -> None:
    responses = operation["responses"]
    errors = {"429", *_ALSO.get(operation["operationId"], ())}
    if "requestBody" in operation:
        errors |= {"400", "415"}
    if "requestBody" in operation or operation.get("parameters"):
        errors.add("422")
    responses.pop("422", None)
    if not public:
        operation["security"] = [{"accessToken": []}]
        errors |= {"401", "409"}
    if fresh:
        errors.add("403")
    for status in errors:
        responses[status] = _problem(status)
    operation["responses"] = dict(sorted(responses.items()))


def _problem(status: str) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": _TITLES[status], "content": content}


def text() -> str:
    """The document as it is kept, ending in a newline."""
    return json.dumps(build(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    DOCUMENT.parent.mkdir(exist_ok=True)
    DOCUMENT.write_text(text(), encoding="utf-8")
