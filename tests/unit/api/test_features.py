"""The table of features is complete, and a route is closed until it says otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.event_handler.api_gateway import Router

from motiv8.api.features import FEATURES, feature
from motiv8.declarations import is_public, needs_fresh_sign_in, public


def _routes() -> dict[tuple[str, str], Callable[..., Any]]:
    """Method and path of every route of every feature → its function."""
    routers = [load() for load in dict.fromkeys(FEATURES.values())]
    return {
        (method, rule): function
        for router in routers
        for (rule, methods, *_), function in router._routes.items()
        for method in methods
    }


def test_every_route_is_reached_through_the_table() -> None:
    for load in set(FEATURES.values()):
        for rule, *_ in load()._routes:
            assert feature(re.sub(r"<\w+>", "some-id", rule)) is load, rule


def test_every_entry_of_the_table_has_routes() -> None:
    names = {name for _, path in _routes() for name in FEATURES if path.strip("/").startswith(name)}
    assert names == set(FEATURES)


def test_these_routes_are_open_to_whoever_has_no_token() -> None:
    """Also what is asked by whoever has lost theirs. A line more here is a door more."""
    assert {route for route, function in _routes().items() if is_public(function)} == {
        ("GET", "/health"),
        ("GET", "/health/ready"),
        ("GET", "/docs"),
        ("GET", "/docs/swagger-ui.js"),
        ("GET", "/docs/swagger-ui.css"),
        ("GET", "/openapi.json"),
        ("POST", "/v1/auth/register"),
        ("POST", "/v1/auth/confirm"),
        ("POST", "/v1/auth/resend"),
        ("POST", "/v1/auth/token"),
        ("GET", "/v1/auth/providers"),
        ("POST", "/v1/auth/revoke"),
        ("POST", "/v1/auth/password/forgot"),
        ("POST", "/v1/auth/password/reset"),
        ("GET", "/v1/modes"),
        ("GET", "/v1/mail/unsubscribe"),
        ("POST", "/v1/mail/unsubscribe"),
    }


def test_these_routes_take_a_fresh_sign_in() -> None:
    assert {route for route, function in _routes().items() if needs_fresh_sign_in(function)} == {
        ("GET", "/v1/me/export"),
        ("POST", "/v1/me/exports"),
        ("GET", "/v1/me/exports/<export_id>"),
        ("DELETE", "/v1/me"),
        ("POST", "/v1/me/deletion"),
        ("PUT", "/v1/me/consent"),
        ("DELETE", "/v1/me/consent"),
        ("POST", "/v1/selfies"),
        ("DELETE", "/v1/selfies/current"),
        ("PUT", "/v1/tool-servers/<scope>"),
        ("DELETE", "/v1/tool-servers/<scope>"),
    }


def test_a_route_is_closed_until_it_says_otherwise() -> None:
    router = Router()

    @router.get("/v1/new")
    def silent() -> None: ...

    @router.get("/v1/open")
    @public
    def told() -> None: ...

    assert (is_public(silent), is_public(told)) == (False, True)


def test_paths_of_no_feature_have_none() -> None:
    for path in ("/", "", "/v1", "/v2/me", "//v1/me2", "/V1/me"):
        assert feature(path) is None
