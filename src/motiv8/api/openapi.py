"""The OpenAPI 3.1 document: built from the routes, kept in `docs/openapi.json`, served from there.

`python -m motiv8.api.openapi` writes it; a test fails when it is not what the routes say.
"""

from __future__ import annotations

import inspect
import json
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver

import motiv8
from motiv8.api import fair_share, guard, origin, problems, router
from motiv8.api.features import FEATURES
from motiv8.api.problems import InternalError
from motiv8.api.system import DOCUMENT
from motiv8.declarations import is_conditional, is_public, needs_fresh_sign_in, raised
from motiv8.errors import FreshSignInRequired, Invalid, NotFound

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler.api_gateway import Route

    from motiv8.errors import Problem

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
                "required": ["field", "code", "message"],
                "properties": {
                    "field": {"type": "string", "description": "Where it is: `body.delivery_hour`"},
                    "code": {"type": "string", "description": "What is wrong with it, for machines"},
                    "message": {"type": "string", "description": "What is wrong with it, for people"},
                },
            },
        },
    },
}


_WITHOUT_CONTENT = {"204", "307"}


def build() -> dict[str, Any]:
    """The document of all features' routes."""
    app = APIGatewayRestResolver(enable_validation=True)
    for load in dict.fromkeys(FEATURES.values()):
        app.include_router(load())
    # A router keeps the context of the app that it joined last: what answers requests joins anew.
    router.resolver.cache_clear()
    for route in app._static_routes + app._dynamic_routes:
        # powertools leaves the functions' docstrings out.
        route.description = route.description or inspect.getdoc(route.func)
    text = app.get_openapi_json_schema(
        title="motiv8",
        version=motiv8.__version__,
        openapi_version="3.1.0",
        description="A selfie becomes a daily motivational picture of the person in it. "
        "Every error is `application/problem+json`; times are RFC 3339 UTC. Whatever answers GET answers HEAD. "
        "Messages come in the language of `Accept-Language`: `en`, `de`, `es` or `fr`.",
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
    for route in app._static_routes + app._dynamic_routes:
        if route.include_in_schema:
            shared = document["components"].setdefault("responses", {})
            _describe(document["paths"][route.openapi_path][route.method.lower()], route, shared)
    return document


def answered(route: Route) -> frozenset[type[Problem]]:
    """Every error that a route answers: what it declares, and what holds for each route like it."""
    # What stands in a path's place may be nothing that a path can hold: no route fits then.
    nowhere = frozenset({NotFound}) if route.dependant.path_params else frozenset()
    return raised(route.func) | standing(route) | nowhere


def standing(route: Route) -> frozenset[type[Problem]]:
    """The errors that a route answers whatever it does, from what stands before it."""
    found: set[type[Problem]] = {InternalError, *raised(origin.check)}
    if is_public(route.func):
        found |= raised(fair_share.take_for_network)
    else:
        found |= raised(guard.admit)
    if not needs_fresh_sign_in(route.func):
        found.discard(FreshSignInRequired)
    if route.openapi_path in fair_share.FREE:
        found -= raised(fair_share.take_for_network)
    if route.openapi_path in origin.OPEN:
        found -= raised(origin.check)
    takes = route.dependant
    if takes.body_params:
        found |= raised(router.read_body) | raised(router.parse_json)
    # Of most parameters of a path any text will do.
    particular = any(parameter.type_ is not str for parameter in takes.path_params)
    if takes.body_params or takes.query_params or takes.header_params or particular:
        found.add(Invalid)
    return frozenset(found)


def _describe(operation: dict[str, Any], route: Route, shared: dict[str, Any]) -> None:
    responses = operation["responses"]
    del responses["422"]
    for status in responses.keys() & _WITHOUT_CONTENT:
        del responses[status]["content"]
    if "307" in responses:
        responses["307"]["headers"] = {"Location": {"schema": {"type": "string", "format": "uri"}}}
    if not is_public(route.func):
        operation["security"] = [{"accessToken": []}]
    if is_conditional(route.func):
        _describe_conditional(operation)
    if any(parameter["name"] == "Prefer" for parameter in operation.get("parameters", ())):
        applied = {"Preference-Applied": {"description": "The wait that was granted", "schema": {"type": "string"}}}
        responses["200"].setdefault("headers", {}).update(applied)
    by_status: dict[str, list[type[Problem]]] = {}
    for kind in sorted(answered(route), key=lambda each: each.slug):
        by_status.setdefault(str(problems.status(kind)), []).append(kind)
    for status, kinds in by_status.items():
        name = ".".join(kind.slug for kind in kinds)
        problem = _problem(kinds)
        if status in responses:
            # The route answers this status in its own way, too.
            own = responses[status]
            problem["description"] = f"{own['description']}; {problem['description']}"
            responses[status] = problem | {"content": own["content"] | problem["content"]}
            continue
        shared[name] = problem
        responses[status] = {"$ref": f"#/components/responses/{name}"}
    operation["responses"] = dict(sorted(responses.items()))


def _describe_conditional(operation: dict[str, Any]) -> None:
    given = {"in": "header", "name": "If-None-Match", "description": "The ETag of an answer that you have"}
    operation.setdefault("parameters", []).append(given | {"schema": {"type": "string"}})
    headers = {"ETag": {"description": "Names what is answered, without its links", "schema": {"type": "string"}}}
    operation["responses"]["200"]["headers"] = headers
    operation["responses"]["304"] = {"description": "You have it: nothing but the links is new", "headers": headers}


def _problem(kinds: list[type[Problem]]) -> dict[str, Any]:
    types = {"type": "object", "properties": {"type": {"enum": [problems.type_of(kind) for kind in kinds]}}}
    schema = {"allOf": [{"$ref": "#/components/schemas/Problem"}, types]}
    description = "; ".join(dict.fromkeys(kind.title for kind in kinds))
    return {"description": description, "content": {problems.CONTENT_TYPE: {"schema": schema}}}


def text() -> str:
    """The document as it is kept, ending in a newline."""
    return json.dumps(build(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    DOCUMENT.parent.mkdir(exist_ok=True)
    DOCUMENT.write_text(text(), encoding="utf-8")
