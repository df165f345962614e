"""Which feature answers which path, imported only when first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.event_handler.api_gateway import Router


def _auth() -> Router:
    from motiv8.accounts.auth_routes import router

    return router


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


def _tool_servers() -> Router:
    from motiv8.tool_servers.routes import router

    return router


def _mcp() -> Router:
    from motiv8.mcp.routes import router

    return router


def _coach() -> Router:
    from motiv8.coach.routes import router

    return router


def _usage() -> Router:
    from motiv8.usage.routes import router

    return router


def _system() -> Router:
    from motiv8.api.system import router

    return router


FEATURES: dict[str, Callable[[], Router]] = {
    "v1/auth": _auth,
    "v1/me": _accounts,
    "v1/mail": _accounts,
    "v1/selfies": _selfies,
    "v1/portraits": _portraits,
    "v1/modes": _portraits,
    "v1/notifications": _notifications,
    "v1/documents": _library,
    "v1/namespaces": _library,
    "v1/search": _library,
    "v1/tool-servers": _tool_servers,
    "v1/conversations": _coach,
    "v1/quota": _usage,
    "mcp": _mcp,
    "health": _system,
    "docs": _system,
    "openapi.json": _system,
}


def feature(path: str) -> Callable[[], Router] | None:
    """What loads the routes for a path, by its first segment (after `v1`); None where no feature answers."""
    first, _, rest = path.strip("/").partition("/")
    name = f"v1/{rest.partition('/')[0]}" if first == "v1" else first
    return FEATURES.get(name)
