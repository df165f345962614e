"""The rules of tool servers: who sets them up, which addresses they may have, and when the coach uses one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motiv8.aws import secrets
from motiv8.errors import FieldError, Invalid, NotFound, OperatorsOnly
from motiv8.library import namespace_repository
from motiv8.settings import settings
from motiv8.tool_servers import addresses, connection, repository
from motiv8.tool_servers.addresses import AddressRefused
from motiv8.tool_servers.repository import Server

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

OPERATORS = "operators"
EVERYBODY = "everybody"


def check_operator(groups: Collection[str]) -> None:
    """Raises OperatorsOnly."""
    if OPERATORS not in groups:
        raise OperatorsOnly


def get(scope: str) -> Server:
    """The server of a scope. Raises NotFound."""
    server = repository.get(scope)
    if server is None:
        raise NotFound("This scope has no tool server.")
    return server


def put(scope: str, url: str, secret: str | None, tools: list[str] | None, now: datetime) -> Server:
    """Have this be the server of a scope, with this secret or none. Raises NotFound for another scope than a namespace,
    Invalid for an address that is not called."""
    if scope != EVERYBODY and namespace_repository.get(scope) is None:
        raise NotFound("There is no namespace with this name.")
    try:
        connection.checked_address(addresses.parse(url, settings().tool_server_hosts), connection.INTERNET)
    except AddressRefused as refused:
        raise Invalid(FieldError("body.url", refused.code, str(refused))) from None
    allowed = None if tools is None else frozenset(tools)
    server = Server(scope, url, secret is not None, allowed, now)
    if secret is not None:
        # First, and with the address that it is for: whoever calls meanwhile sends it nowhere else.
        secrets.keep_tool_server_secret(scope, url, secret)
    repository.put(server)
    if secret is None:
        secrets.forget_tool_server_secret(scope)
    return server


def delete(scope: str) -> None:
    """Have a scope have no server, and nothing of its secret be kept."""
    repository.delete(scope)
    secrets.forget_tool_server_secret(scope)
