"""What a route says of itself beside its path: who may call it, and which errors it answers.

A route that says nothing needs an access token. What each function declares is held against the code by a test.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from motiv8.errors import Problem

    Function = TypeVar("Function", bound=Callable[..., Any])

_PUBLIC: set[Callable[..., Any]] = set()
_FRESH: set[Callable[..., Any]] = set()
_CONDITIONAL: set[Callable[..., Any]] = set()
_RAISED: dict[Callable[..., Any], tuple[type[Problem], ...]] = {}


def public(route: Function) -> Function:
    """Have a route answer without a token."""
    _PUBLIC.add(route)
    return route


def fresh_sign_in(route: Function) -> Function:
    """Have a route answer only to somebody who signed in within the last ten minutes.

    For what a stolen token must not do, or for minutes only. Email and second factor ask for the password themselves.
    """
    _FRESH.add(route)
    return route


def conditional(route: Function) -> Function:
    """Have a route that answers an ETag answer 304, without a body, to an If-None-Match that names it."""
    _CONDITIONAL.add(route)
    return route


def raises(*kinds: type[Problem]) -> Callable[[Function], Function]:
    """Declare which errors a function raises; of a route, those beside what holds for every route like it."""

    def declare(function: Function) -> Function:
        _RAISED[function] = kinds
        return function

    return declare


def is_public(route: Callable[..., Any]) -> bool:
    """Whether a route answers without a token."""
    return route in _PUBLIC


def needs_fresh_sign_in(route: Callable[..., Any]) -> bool:
    """Whether a route is for somebody alone who has signed in just now."""
    return route in _FRESH


def is_conditional(route: Callable[..., Any]) -> bool:
    """Whether a route answers 304 to somebody who has its present answer."""
    return route in _CONDITIONAL


def raised(function: Callable[..., Any]) -> frozenset[type[Problem]]:
    """The errors that a function declares."""
    return frozenset(_RAISED.get(function, ()))
