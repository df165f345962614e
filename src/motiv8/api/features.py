"""Which feature answers which path, imported only when first asked for, and which paths need no token."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.event_handler.api_gateway import Router

PUBLIC = frozenset(
    {
        "/health",
        "/health/ready",
        "/docs",
        "/docs/swagger-ui.js",
        "/docs/swagger-ui.css",
        "/openapi.json",
        "/v1/auth/register",
        "/v1/auth/confirm",
        "/v1/auth/resend",
        "/v1/auth/token",
        "/v1/auth/providers",
        "/v1/auth/revoke",
        "/v1/auth/password/forgot",
        "/v1/auth/password/reset",
        "/v1/modes",
        "/v1/mail/unsubscribe",
    }
)
"""Everything else needs an access token: a new route is closed until it is named here."""

NEEDS_FRESH_SIGN_IN = frozenset(
    {
        ("GET", "/v1/me/export"),
        ("DELETE", "/v1/me"),
        ("PUT", "/v1/me/consent"),
        ("DELETE", "/v1/me/consent"),
        ("POST", "/v1/selfies"),
        ("DELETE", "/v1/selfies/current"),
    }
)
"""What a stolen token must not do, or for minutes only. Email and second factor ask for the password themselves."""

# One-click unsubscription is posted by mail programs as a form (RFC 8058).
_FORMS = frozenset({"/v1/mail/unsubscribe"})


def _accounts() -> Router:
    from motiv8.accounts.routes import router

    return router


def _selfies() -> Router:
    from motiv8.selfies.routes import router

    return router


def _portraits() -> Router:
    from motiv8.portraits.routes import router

    return router


def _notifications() -> Router:
    from motiv8.notifications.routes import router

    return router


def _library() -> Router:
    from motiv8.library.routes import router

    return router


def _system() -> Router:
    from motiv8.api.system import router

    return router


FEATURES: dict[str, Callable[[], Router]] = {
    "v1/auth": _accounts,
    "v1/me": _accounts,
    "v1/mail": _accounts,
    "v1/selfies": _selfies,
    "v1/portraits": _portraits,
    "v1/modes": _portraits,
    "v1/notifications": _notifications,
    "v1/documents": _library,
    "v1/namespaces": _library,
    "v1/search": _library,
    "health": _system,
    "docs": _system,
    "openapi.json": _system,
}


def feature(path: str) -> Callable[[], Router] | None:
    """What loads the routes for a path, by its first segment (after `v1`); None where no feature answers."""
    first, _, rest = path.strip("/").partition("/")
    name = f"v1/{rest.partition('/')[0]}" if first == "v1" else first
    return FEATURES.get(name)


def is_public(path: str) -> bool:
    """Whether the path answers without a token."""
    return path.rstrip("/") in PUBLIC


def needs_fresh_sign_in(method: str, path: str) -> bool:
    """Whether the request is for somebody alone who has signed in just now."""
    return (method, path.rstrip("/")) in NEEDS_FRESH_SIGN_IN


def takes_forms(path: str) -> bool:
    """Whether the path takes a form where others take JSON."""
    return path.rstrip("/") in _FORMS
