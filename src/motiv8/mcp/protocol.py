"""What a message of the Model Context Protocol asks, in which revision: JSON-RPC in, JSON-RPC out. Pure.

Revision 2026-07-28 has each request say its version; those before it begin with a handshake. Both are answered without
a session, so that any function can answer any request.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

STATELESS = ("2026-07-28",)
"""Revisions of which each request says its version."""
HANDSHAKE = ("2025-11-25", "2025-06-18")
"""Revisions that begin with `initialize`, the latest first; those before them have batches."""

VERSION_KEY = "io.modelcontextprotocol/protocolVersion"
CAPABILITIES_KEY = "io.modelcontextprotocol/clientCapabilities"
CLIENT_KEY = "io.modelcontextprotocol/clientInfo"
SERVER_KEY = "io.modelcontextprotocol/serverInfo"

INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMETERS = -32602
HEADER_MISMATCH = -32020
UNSUPPORTED_VERSION = -32022

_ENCODED = re.compile(r"=\?base64\?(.*)\?=")


class ProtocolError(Exception):
    """A message that cannot be answered with a result; `status` is that of HTTP."""

    def __init__(
        self, code: int, message: str, request_id: str | int | None, status: int, data: dict[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.request_id = request_id
        self.status = status
        self.data = data


@dataclass(frozen=True, slots=True)
class Call:
    """A request that is to be answered; without an id nothing is answered to it."""

    request_id: str | int | None
    method: str
    parameters: dict[str, Any]
    is_stateless: bool

    def refused(self, code: int, message: str) -> ProtocolError:
        """The error with this code, in the way of the call's revision."""
        return _refused(code, message, self.request_id, is_stateless=self.is_stateless)


def read(message: object, headers: Mapping[str, str]) -> Call:
    """The call that a body and its headers (names in lower case) make. Raises ProtocolError."""
    if not isinstance(message, dict):
        raise ProtocolError(INVALID_REQUEST, "The body must be one JSON-RPC message; batches are not taken.", None, 400)
    request_id = message.get("id")
    if "id" in message and (isinstance(request_id, bool) or not isinstance(request_id, str | int)):
        raise ProtocolError(INVALID_REQUEST, "`id` must be a string or an integer.", None, 400)
    method, parameters = message.get("method"), message.get("params", {})
    if message.get("jsonrpc") != "2.0" or not isinstance(method, str) or not isinstance(parameters, dict):
        raise ProtocolError(INVALID_REQUEST, "The body must be a JSON-RPC 2.0 request.", request_id, 400)
    named = headers.get("mcp-protocol-version")
    meta = parameters.get("_meta")
    is_stateless = (isinstance(meta, dict) and VERSION_KEY in meta) or named in STATELESS
    call = Call(request_id, method, parameters, is_stateless)
    if call.request_id is None:
        return call
    if is_stateless:
        _check_envelope(call, meta, headers)
    elif method != "initialize" and named is not None and named not in HANDSHAKE:
        raise _unsupported(call, named)
    return call


def agreed_version(call: Call) -> str:
    """The revision that a handshake comes to: what the client asks for where we have it, else our latest."""
    asked = call.parameters.get("protocolVersion")
    return asked if asked in HANDSHAKE else HANDSHAKE[0]


def answer(call: Call, result: dict[str, Any], server: dict[str, str]) -> dict[str, Any]:
    """The JSON-RPC answer with a result, with what the call's revision has in each of them."""
    if call.is_stateless:
        result = {"resultType": "complete", **result, "_meta": {SERVER_KEY: server}}
    return {"jsonrpc": "2.0", "id": call.request_id, "result": result}


def error(refused: ProtocolError) -> dict[str, Any]:
    """The JSON-RPC answer that says no."""
    said: dict[str, Any] = {"code": refused.code, "message": refused.message}
    if refused.data is not None:
        said["data"] = refused.data
    named = {} if refused.request_id is None else {"id": refused.request_id}
    return {"jsonrpc": "2.0", **named, "error": said}


def _check_envelope(call: Call, meta: object, headers: Mapping[str, str]) -> None:
    said = meta if isinstance(meta, dict) else {}
    version = said.get(VERSION_KEY)
    if not isinstance(version, str) or not isinstance(said.get(CAPABILITIES_KEY), dict):
        raise call.refused(INVALID_PARAMETERS, f"`params._meta` must have `{VERSION_KEY}` and `{CAPABILITIES_KEY}`.")
    if headers.get("mcp-protocol-version") != version:
        raise call.refused(HEADER_MISMATCH, "MCP-Protocol-Version must be the version in `params._meta`.")
    if version not in STATELESS:
        raise _unsupported(call, version)
    if headers.get("mcp-method") != call.method:
        raise call.refused(HEADER_MISMATCH, "Mcp-Method must be the body's `method`.")
    if call.method == "tools/call" and _decoded(headers.get("mcp-name", "")) != call.parameters.get("name"):
        raise call.refused(HEADER_MISMATCH, "Mcp-Name must be the body's `params.name`.")


def _unsupported(call: Call, version: str) -> ProtocolError:
    data = {"supported": [*STATELESS, *HANDSHAKE], "requested": version}
    return ProtocolError(UNSUPPORTED_VERSION, "Unsupported protocol version", call.request_id, 400, data)


def _refused(code: int, message: str, request_id: str | int | None, *, is_stateless: bool) -> ProtocolError:
    if is_stateless:
        return ProtocolError(code, message, request_id, 404 if code == METHOD_NOT_FOUND else 400)
    return ProtocolError(code, message, request_id, 200)


def _decoded(value: str) -> str | None:
    encoded = _ENCODED.fullmatch(value)
    if encoded is None:
        return value
    try:
        return base64.b64decode(encoded[1], validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
