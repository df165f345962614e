"""/mcp: HTTP in and out."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlsplit

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body
from pydantic import WithJsonSchema
from ulid import ULID

from motiv8 import clock
from motiv8.coach.tools import ToolContext
from motiv8.declarations import raises
from motiv8.errors import Forbidden
from motiv8.mcp import server
from motiv8.settings import settings

router = Router()


# What is wrong with a message is for the protocol to answer, so any JSON is taken.
Message = Annotated[
    Any,
    WithJsonSchema(
        {
            "title": "McpMessage",
            "type": "object",
            "description": "A JSON-RPC 2.0 request or notification of the Model Context Protocol",
            "required": ["jsonrpc", "method"],
            "properties": {
                "jsonrpc": {"const": "2.0"},
                "id": {"anyOf": [{"type": "string"}, {"type": "integer"}], "description": "None of a notification"},
                "method": {"type": "string", "examples": ["server/discover", "tools/list", "tools/call"]},
                "params": {"type": "object"},
            },
        }
    ),
]
_ANSWER: dict[str, Any] = {
    "application/json": {
        "schema": {
            "title": "McpAnswer",
            "type": "object",
            "description": "A JSON-RPC 2.0 answer, with `result` or `error`",
            "required": ["jsonrpc"],
            "properties": {
                "jsonrpc": {"const": "2.0"},
                "id": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
                "result": {"type": "object"},
                "error": {
                    "type": "object",
                    "required": ["code", "message"],
                    "properties": {"code": {"type": "integer"}, "message": {"type": "string"}, "data": {}},
                },
            },
        }
    }
}
_ON_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


@router.post(
    "/mcp",
    summary="Model Context Protocol",
    tags=["coach"],
    operation_id="post_mcp_message",
    responses={
        200: {"description": "The JSON-RPC answer, also one that says that a tool failed", "content": _ANSWER},
        202: {"description": "A notification was taken; no body", "content": {}},
        400: {"description": "A JSON-RPC error: the message, its version or its headers are wrong", "content": _ANSWER},
        404: {"description": "A JSON-RPC error: there is no such method", "content": _ANSWER},
    },
)
def post_message(
    body: Annotated[Message, Body()],  # noqa: ARG001 - for the document; of a batch powertools gives one message alone
) -> Response[dict[str, Any] | None]:
    """motiv8 as a server of the Model Context Protocol for the person whose access token comes with the request.

    Streamable HTTP without a session: revision 2026-07-28, and 2025-11-25 and 2025-06-18 after `initialize`. An answer
    is one JSON object; there is no stream of events, and GET and DELETE answer 405. The tools search the library, show
    settings and pictures, change settings and ask for a picture.
    """
    headers = {name.lower(): value for name, value in router.current_event.headers.items()}
    _check_origin(headers.get("origin"))
    caller, now = router.context["caller"], clock.now()
    context = ToolContext(
        user_id=caller.user_id,
        groups=caller.groups,
        namespace=None,
        now=now,
        operation_id=str(ULID.from_datetime(now)).lower(),
        correlation_id=router.context["correlation_id"],
    )
    status, answer = server.respond(router.current_event.json_body, headers, context)
    return Response(status) if answer is None else Response(status, "application/json", answer)


@raises(Forbidden)
def _check_origin(origin: str | None) -> None:
    """Raises Forbidden for a page of another site, whose name might stand for this machine's address by now."""
    if origin is None or origin == settings().cors_origin:
        return
    if settings().cors_origin == "*" and urlsplit(origin).hostname in _ON_THIS_MACHINE:
        return
    raise Forbidden("Pages of this origin may not use the MCP server.")
