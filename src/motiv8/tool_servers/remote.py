"""The tools of other servers, as the coach offers them to its model."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from motiv8.answering.model import ToolSpec
from motiv8.answering.turn import ToolFailed
from motiv8.aws import secrets
from motiv8.settings import settings
from motiv8.telemetry import logger
from motiv8.tool_servers import addresses, connection, repository
from motiv8.tool_servers.addresses import AddressRefused
from motiv8.tool_servers.client import ToolServerClient
from motiv8.tool_servers.connection import NotAnswered
from motiv8.tool_servers.service import EVERYBODY

if TYPE_CHECKING:
    from datetime import datetime

    from motiv8.tool_servers.client import RemoteTool
    from motiv8.tool_servers.repository import Server

LISTING_SECONDS = 5
CALL_SECONDS = 10
_KEPT = timedelta(minutes=5)
# Nobody waits for a server that is down in each of their answers.
_FAILURE_KEPT = timedelta(minutes=1)
_LONGEST_ARGUMENTS = 10_000
# What Bedrock takes for a tool's name.
_LONGEST_NAME = 64
_LONGEST_PREFIX = 20


@dataclass(frozen=True, slots=True)
class _Listing:
    """What a server said of its tools; none where it did not answer."""

    tools: list[RemoteTool]
    is_stateless: bool
    until: datetime


_listings: dict[Server, _Listing] = {}


@dataclass(frozen=True, slots=True)
class ServerTool:
    """One tool of a server, under a name that none of our own has."""

    spec: ToolSpec
    changes: bool
    _tool: RemoteTool
    _server: Server
    _is_stateless: bool

    def checked(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """The arguments, which the server itself checks. Raises ToolFailed for very long ones."""
        if len(json.dumps(arguments)) > _LONGEST_ARGUMENTS:
            raise ToolFailed("The arguments are too long.")
        return arguments

    def summary(self, arguments: dict[str, Any]) -> str:
        """Which tool of which host is going to be given what."""
        host = urlsplit(self._server.url).hostname
        return f"{self._tool.title} ({self._tool.name} at {host}): {json.dumps(arguments, ensure_ascii=False)}"

    def run(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """What the server answers, as text. Raises ToolFailed."""
        try:
            text = _client(self._server, CALL_SECONDS).call(self._tool.name, arguments, is_stateless=self._is_stateless)
        except NotAnswered as error:
            # The error may hold what the tool said.
            logger.warning("tool of another server failed", scope=self._server.scope)
            raise ToolFailed(str(error)) from None
        return {"text": text}


def remote_tools(namespace: str | None, now: datetime) -> list[ServerTool]:
    """The tools of everybody's server and of the namespace's, by names that tell them apart.

    Those of a server that does not answer are left out.
    """
    scopes = dict.fromkeys((EVERYBODY, namespace or EVERYBODY))
    servers = [server for scope in scopes if (server := repository.get(scope)) is not None]
    return [tool for server in servers for tool in _offered(server, _listing(server, now))]


def _listing(server: Server, now: datetime) -> _Listing:
    kept = _listings.get(server)
    if kept is None or kept.until <= now:
        _listings[server] = kept = _listed(server, now)
    return kept


def _listed(server: Server, now: datetime) -> _Listing:
    try:
        tools, is_stateless = _client(server, LISTING_SECONDS).tools()
    except NotAnswered as error:
        logger.warning("tool server left out", scope=server.scope, reason=str(error))
        return _Listing([], is_stateless=True, until=now + _FAILURE_KEPT)
    return _Listing(tools, is_stateless, now + _KEPT)


def _client(server: Server, seconds: float) -> ToolServerClient:
    """Raises NotAnswered where the address is not allowed (any more), or the secret is not there."""
    try:
        address = addresses.parse(server.url, settings().tool_server_hosts)
    except AddressRefused as refused:
        raise NotAnswered(f"The tool server cannot be called: {refused}.") from None
    secret = secrets.tool_server_secret(server.scope, server.url) if server.has_secret else None
    if server.has_secret and secret is None:
        raise NotAnswered("The tool server's secret is not there.")
    return ToolServerClient(address, secret, connection.INTERNET, seconds)


def _offered(server: Server, listing: _Listing) -> list[ServerTool]:
    found: dict[str, ServerTool] = {}
    for tool in listing.tools:
        is_allowed = server.tools is not None and tool.name in server.tools
        name = _name(server.scope, tool.name)
        if (server.tools is None or is_allowed) and name not in found and len(name) <= _LONGEST_NAME:
            changes = not (is_allowed and tool.is_read_only)
            spec = ToolSpec(name, tool.description, tool.schema)
            found[name] = ServerTool(spec, changes, tool, server, listing.is_stateless)
    return list(found.values())


def _name(scope: str, tool: str) -> str:
    """No tool of our own has two underscores in its name."""
    return f"{scope[:_LONGEST_PREFIX]}__{re.sub('[^A-Za-z0-9_-]', '_', tool)}"
