"""What the server does: says what it is, lists its tools, and runs one for the person whose token came along."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import motiv8
from motiv8.answering.turn import ToolFailed
from motiv8.aws import keys, storage
from motiv8.coach.tools import TOOLS
from motiv8.mcp.protocol import (
    HANDSHAKE,
    INVALID_PARAMETERS,
    METHOD_NOT_FOUND,
    STATELESS,
    Call,
    ProtocolError,
    agreed_version,
    answer,
    error,
    read,
)
from motiv8.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from motiv8.coach.tools import Tool, ToolContext

SERVER = {"name": "motiv8", "title": "motiv8", "version": motiv8.__version__}
INSTRUCTIONS = (
    "motiv8 makes a motivational picture of the person each day. The tools show their pictures and settings, search "
    "the library that they may read, change settings and ask for a picture. Ask the person before you change anything."
)
_CAPABILITIES: dict[str, Any] = {"tools": {}}
# The tools change with a release alone, and are the same for everybody.
_KEPT = {"ttlMs": 3_600_000, "cacheScope": "public"}


def respond(message: object, headers: Mapping[str, str], context: ToolContext) -> tuple[int, dict[str, Any] | None]:
    """The HTTP status and the JSON-RPC answer to one message; no answer to a notification."""
    try:
        call = read(message, headers)
        if call.request_id is None:
            return 202, None
        return 200, answer(call, _result(call, context), SERVER)
    except ProtocolError as refused:
        return refused.status, error(refused)


def _result(call: Call, context: ToolContext) -> dict[str, Any]:
    if call.method == "tools/list":
        listed: dict[str, Any] = {"tools": [_described(tool) for tool in TOOLS.values()]}
        return listed | _KEPT if call.is_stateless else listed
    if call.method == "tools/call":
        return _called(call, context)
    about = {"capabilities": _CAPABILITIES, "instructions": INSTRUCTIONS}
    if call.is_stateless and call.method == "server/discover":
        return {"supportedVersions": [*STATELESS, *HANDSHAKE], **about, **_KEPT}
    if not call.is_stateless and call.method == "initialize":
        return {"protocolVersion": agreed_version(call), "serverInfo": SERVER, **about}
    if not call.is_stateless and call.method == "ping":
        return {}
    raise call.refused(METHOD_NOT_FOUND, "There is no such method.")


def _described(tool: Tool) -> dict[str, Any]:
    return {
        "name": tool.name,
        "title": tool.title,
        "description": tool.description,
        "inputSchema": tool.schema(),
        # A client asks the person before it runs a tool that is not read-only.
        "annotations": {
            "title": tool.title,
            "readOnlyHint": not tool.changes,
            "destructiveHint": tool.changes,
            "idempotentHint": not tool.changes,
            "openWorldHint": False,
        },
    }


def _called(call: Call, context: ToolContext) -> dict[str, Any]:
    name, given = call.parameters.get("name"), call.parameters.get("arguments", {})
    tool = TOOLS.get(name) if isinstance(name, str) else None
    if tool is None:
        raise call.refused(INVALID_PARAMETERS, "There is no tool with this name.")
    if not isinstance(given, dict):
        raise call.refused(INVALID_PARAMETERS, "`params.arguments` must be an object.")
    try:
        result = tool.use(context, tool.read(given))
    except ToolFailed as failed:
        return {"content": [{"type": "text", "text": str(failed)}], "isError": True}
    text = {"type": "text", "text": json.dumps(result, ensure_ascii=False)}
    pictures = [_link(context.user_id, picture) for picture in _ready_pictures(result)]
    return {"content": [text, *pictures], "structuredContent": result, "isError": False}


def _ready_pictures(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for picture in (result.get("picture"), *result.get("pictures", ())):
        if picture is not None and picture["status"] == "ready":
            yield picture


def _link(user_id: str, picture: dict[str, Any]) -> dict[str, Any]:
    portrait_id = picture["portrait_id"]
    return {
        "type": "resource_link",
        "uri": storage.presigned_get(settings().media_bucket, keys.picture(user_id, portrait_id, ".jpg")),
        "name": f"{portrait_id}.jpg",
        "title": picture["line"] or portrait_id,
        "description": picture["alt_text"] or "",
        "mimeType": "image/jpeg",
    }
