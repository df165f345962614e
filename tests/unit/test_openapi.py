"""docs/openapi.json is what clients are generated from: it must say what the routes do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.event_handler.api_gateway import Route

from checks.raised_errors import RaisedErrors
from motiv8.api import fair_share, guard, openapi, origin, problems, router
from motiv8.api.events import text_body
from motiv8.api.features import FEATURES
from motiv8.api.system import DOCUMENT
from motiv8.declarations import is_public, raised
from motiv8.errors import Problem

_RAISED = RaisedErrors(Path(__file__).parents[2] / "src", "Problem")
_GUARDS = [
    *(fair_share.take_for_network, fair_share.take_for_person, guard.admit, origin.check),
    *(router.parse_json, router.read_body, text_body),
]


def _routes() -> list[Route]:
    app = APIGatewayRestResolver(enable_validation=True)
    for load in dict.fromkeys(FEATURES.values()):
        app.include_router(load())
    return app._static_routes + app._dynamic_routes


def _reached(function: Any) -> set[str]:
    return set(_RAISED.of(function.__module__, function.__name__))


def _names(kinds: frozenset[type[Exception]]) -> set[str]:
    return {kind.__name__ for kind in kinds}


@pytest.mark.parametrize("route", _routes(), ids=lambda route: f"{route.method} {route.path}")
def test_a_route_declares_what_it_raises_beside_what_holds_for_every_route_like_it(route: Route) -> None:
    assert _names(raised(route.func)) == _reached(route.func) - _names(openapi.standing(route))


@pytest.mark.parametrize("function", _GUARDS, ids=lambda function: function.__name__)
def test_what_stands_before_a_route_declares_what_it_raises(function: Any) -> None:
    assert _names(raised(function)) == _reached(function)


def test_every_kind_of_error_has_a_status_and_a_slug_of_its_own() -> None:
    kinds = list(_below(Problem))
    assert len({kind.slug for kind in kinds}) == len(kinds)
    assert all(400 <= problems.status(kind) < 600 and kind.title for kind in kinds)


def _below(kind: type[Problem]) -> Iterator[type[Problem]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


def test_the_committed_document_is_what_the_routes_say() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == openapi.text(), "run `make openapi`"


def test_the_document_is_openapi_3_1() -> None:
    assert openapi.build()["openapi"] == "3.1.0"


def _operations() -> list[tuple[str, str, dict[str, Any]]]:
    paths = openapi.build()["paths"]
    return [(method, path, operation) for path in paths for method, operation in paths[path].items()]


def test_every_route_is_an_operation_with_an_id_of_its_own_a_summary_and_a_description() -> None:
    operations = _operations()
    described = {(route.method.lower(), route.openapi_path) for route in _routes() if route.include_in_schema}
    assert {(method, path) for method, path, _ in operations} == described
    assert len({operation["operationId"] for *_, operation in operations}) == len(operations)
    assert all(operation["summary"] and operation["description"] for *_, operation in operations)


def test_every_operation_but_the_public_ones_asks_for_a_token() -> None:
    open_ones = {(route.method.lower(), route.openapi_path) for route in _routes() if is_public(route.func)}
    for method, path, operation in _operations():
        assert ("security" in operation) != ((method, path) in open_ones)


def test_every_error_is_a_problem_whose_kinds_are_named() -> None:
    own_answers = {("get_readiness", "503"), ("post_mcp_message", "404")}
    shared = openapi.build()["components"]["responses"]
    for *_, operation in _operations():
        for status, answer in operation["responses"].items():
            if status.startswith(("4", "5")) and (operation["operationId"], status) not in own_answers:
                problem = shared[answer["$ref"].rpartition("/")[2]] if "$ref" in answer else answer
                general, own = problem["content"]["application/problem+json"]["schema"]["allOf"]
                assert general == {"$ref": "#/components/schemas/Problem"}
                assert own["properties"]["type"]["enum"]
                assert problem["description"]


def test_an_answer_without_content_declares_none() -> None:
    for status in ("204", "307"):
        answers = [operation["responses"].get(status) for *_, operation in _operations()]
        declared = [answer for answer in answers if answer]
        assert declared
        assert not any("content" in answer for answer in declared)


def test_every_reference_leads_somewhere() -> None:
    components = openapi.build()["components"]
    known = {f"#/components/{kind}/{name}" for kind in ("schemas", "responses") for name in components[kind]}
    text = openapi.text()
    used = {part.partition('"')[0] for part in text.split('"$ref": "')[1:]}
    assert used <= known


def test_unknown_fields_are_refused_by_the_schema_too() -> None:
    schemas = openapi.build()["components"]["schemas"]
    assert all(
        schemas[name]["additionalProperties"] is False for name in ("Registration", "ProfileChange", "UploadRequest")
    )


def test_a_body_whose_parts_may_be_left_out_but_not_null_says_so() -> None:
    schemas = openapi.build()["components"]["schemas"]
    for name in ("PortraitRequest", "ProfileChange"):
        assert "required" not in schemas[name]
        assert '"null"' not in json.dumps(schemas[name])


def test_each_grant_has_a_body_of_its_own() -> None:
    [body] = [operation["requestBody"] for _, path, operation in _operations() if path == "/v1/auth/token"]
    by_grant = body["content"]["application/json"]["schema"]["discriminator"]["mapping"]
    assert set(by_grant) == {"password", "mfa_code", "authorization_code", "refresh_token"}
