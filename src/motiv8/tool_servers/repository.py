"""The tool servers among the rows of the conversations table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from motiv8.aws.conversation_tables import ToolServerRow

if TYPE_CHECKING:
    from datetime import datetime

_PARTITION = "tool-servers"


@dataclass(frozen=True, slots=True)
class Server:
    """A tool server: what it is of, where it is, which of its tools are allowed (all where nothing is said)."""

    scope: str
    url: str
    has_secret: bool
    tools: frozenset[str] | None
    updated_at: datetime


def get(scope: str) -> Server | None:
    """The server of a scope, read consistently."""
    try:
        row = ToolServerRow.get(_PARTITION, _sort(scope), consistent_read=True)
    except ToolServerRow.DoesNotExist:
        return None
    tools = None if row.tools is None else frozenset(row.tools)
    return Server(scope, row.url, row.has_secret, tools, row.updated_at)


def put(server: Server) -> None:
    """Have a scope's server be this one."""
    ToolServerRow(
        _PARTITION,
        _sort(server.scope),
        url=server.url,
        has_secret=server.has_secret,
        tools=None if server.tools is None else sorted(server.tools),
        updated_at=server.updated_at,
    ).save()


def delete(scope: str) -> None:
    """Have a scope have no server."""
    ToolServerRow(_PARTITION, _sort(scope)).delete()


def _sort(scope: str) -> str:
    return f"scope#{scope}"
