"""The table of features: complete, and closed by default."""

from __future__ import annotations

import re

from motiv8.api.features import FEATURES, NEEDS_FRESH_SIGN_IN, PUBLIC, feature, is_public, takes_forms


def _paths() -> dict[str, object]:
    """Every path of every feature, as its routes declare it → what the feature's table entry loads."""
    loaders = set(FEATURES.values())
    return {rule: load for load in loaders for rule, *_ in load()._routes}


def test_every_route_is_reached_through_the_table() -> None:
    paths = _paths()
    assert len(paths) > 15
    for path, load in paths.items():
        assert feature(re.sub(r"<\w+>", "some-id", path)) is load, path


def test_every_entry_of_the_table_has_routes() -> None:
    names = {name for path in _paths() for name in FEATURES if path.strip("/").startswith(name)}
    assert names == set(FEATURES)


def test_every_public_path_is_there() -> None:
    assert set(_paths()) >= PUBLIC


def test_every_request_that_needs_a_fresh_sign_in_is_one_that_is_answered() -> None:
    routes = [route for load in set(FEATURES.values()) for route in load()._routes]
    answered = {(method, rule) for rule, methods, *_ in routes for method in methods}
    assert answered >= NEEDS_FRESH_SIGN_IN


def test_a_path_is_closed_until_it_is_named() -> None:
    assert not is_public("/v1/something-new")
    assert not is_public("/v1/auth/logout")
    assert is_public("/v1/modes/")


def test_only_the_unsubscribe_link_takes_forms() -> None:
    assert [path for path in _paths() if takes_forms(path)] == ["/v1/mail/unsubscribe"]


def test_paths_of_no_feature_have_none() -> None:
    for path in ("/", "", "/v1", "/v2/me", "//v1/me2", "/V1/me"):
        assert feature(path) is None
