"""What the tool servers' routes take and give."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from motiv8.schema import RequestBody, ResponseBody
from motiv8.tool_servers.addresses import LONGEST_URL
from motiv8.tool_servers.client import TOOL_NAME


def _secret(value: str) -> str:
    # It becomes part of a header.
    if not re.fullmatch("[!-~]{1,4096}", value):
        raise ValueError("1 to 4096 visible ASCII characters, without spaces")
    return value


def _tool(value: str) -> str:
    if not TOOL_NAME.fullmatch(value):
        raise ValueError("letters, digits, underscores, hyphens and dots, at most 128")
    return value


SCOPE = "A namespace's name, or `everybody`"
Url = Annotated[str, Field(max_length=LONGEST_URL, description="Its MCP endpoint; https, of a host that is allowed")]
Tools = Annotated[
    list[Annotated[str, AfterValidator(_tool)]] | None,
    Field(
        max_length=100,
        description="Only these tools are used, and those of them that say that they only read are run without asking "
        "the person. Without this, all are used, and each asks first",
    ),
]


class ToolServerRequest(RequestBody):
    """A server as it is from now on: what is left out, it does not have."""

    url: Url
    secret: Annotated[
        Annotated[str, AfterValidator(_secret)] | None,
        Field(description="Sent to the server as `Authorization: Bearer …`; never shown again"),
    ] = None
    tools: Tools = None


class ToolServer(ResponseBody):
    """A server whose tools the coach uses in a scope."""

    scope: Annotated[str, Field(description=SCOPE)]
    url: Url
    has_secret: bool
    tools: Tools
    updated_at: str
