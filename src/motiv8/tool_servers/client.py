"""The Model Context Protocol as a client speaks it: which tools a server has, and what one of them answers.

Revision 2026-07-28 is tried first. A server that does not know it is asked after a handshake, anew for each call, so
that nothing is kept between two answers of the coach.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import motiv8
from motiv8.tool_servers.connection import NotAnswered, post

if TYPE_CHECKING:
    from collections.abc import Mapping

    from motiv8.tool_servers.addresses import Address
    from motiv8.tool_servers.connection import Network

MOST_TOOLS = 20
LONGEST_TEXT = 20_000
_LONGEST_SCHEMA = 10_000
_MOST_PAGES = 5
# Nested deeper, it could not be written again.
_DEEPEST = 30
_STATELESS = "2026-07-28"
_HANDSHAKE = ("2025-11-25", "2025-06-18", "2025-03-26")
_CLIENT = {"name": "motiv8", "version": motiv8.__version__}
_REFUSED = frozenset({401, 403})
TOOL_NAME = re.compile("[A-Za-z0-9_.-]{1,128}")
_END_OF_EVENT = re.compile(rb"\r\n\r\n|\n\n|\r\r")


class _NoResult(Exception):
    """An answer that is not a result: an error of the server's, or nothing of the protocol."""

    def __init__(self, message: str = "The tool server's answer is none of the protocol.") -> None:
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class RemoteTool:
    """A tool as its server describes it."""

    name: str
    title: str
    description: str
    schema: dict[str, Any]
    is_read_only: bool


@dataclass(frozen=True, slots=True)
class _Session:
    """What a handshake came to; of a server that needs none, nothing."""

    version: str
    session_id: str | None = None


class ToolServerClient:
    """One server; `seconds` is what a listing or a call may take altogether."""

    def __init__(self, address: Address, secret: str | None, network: Network, seconds: float) -> None:
        self._address = address
        self._secret = secret
        self._network = network
        self._seconds = seconds
        self._number = 0

    def tools(self) -> tuple[list[RemoteTool], bool]:
        """The server's first tools, and whether it answers without a handshake. Raises NotAnswered."""
        deadline = time.monotonic() + self._seconds
        try:
            return self._listed(None, deadline), True
        except _NoResult:
            pass
        try:
            return self._listed(self._handshake(deadline), deadline), False
        except _NoResult as error:
            raise NotAnswered(str(error)) from None

    def call(self, name: str, arguments: dict[str, Any], *, is_stateless: bool) -> str:
        """What a tool answers, as text. Raises NotAnswered, also for an error that the tool reports."""
        deadline = time.monotonic() + self._seconds
        parameters = {"name": name, "arguments": arguments}
        try:
            session = None if is_stateless else self._handshake(deadline)
            result = self._ask("tools/call", parameters, session, deadline)
        except _NoResult as error:
            raise NotAnswered(str(error)) from None
        if result.get("resultType", "complete") != "complete":
            raise NotAnswered("The tool asks for more than can be given to it here.")
        text = _text(result)
        if result.get("isError"):
            raise NotAnswered(f"The tool reports an error: {text[:500]}")
        return text

    def _listed(self, session: _Session | None, deadline: float) -> list[RemoteTool]:
        found: list[RemoteTool] = []
        parameters: dict[str, Any] = {}
        for _ in range(_MOST_PAGES):
            result = self._ask("tools/list", parameters, session, deadline)
            listed = result.get("tools")
            if not isinstance(listed, list):
                raise _NoResult
            found += [tool for tool in map(_described, listed) if tool is not None]
            cursor = result.get("nextCursor")
            if len(found) >= MOST_TOOLS or not isinstance(cursor, str):
                break
            parameters = {"cursor": cursor}
        return found[:MOST_TOOLS]

    def _handshake(self, deadline: float) -> _Session:
        parameters = {"protocolVersion": _HANDSHAKE[0], "capabilities": {}, "clientInfo": _CLIENT}
        said, headers = self._send({"id": self._next(), "method": "initialize", "params": parameters}, {}, deadline)
        version = _result(said).get("protocolVersion")
        if version not in _HANDSHAKE:
            raise _NoResult
        session_id = headers.get("mcp-session-id")
        session = _Session(version, session_id if session_id and session_id.isascii() else None)
        self._send({"method": "notifications/initialized"}, _headers_of(session), deadline)
        return session

    def _ask(
        self, method: str, parameters: dict[str, Any], session: _Session | None, deadline: float
    ) -> dict[str, Any]:
        if session is None:
            headers = {"MCP-Protocol-Version": _STATELESS, "Mcp-Method": method}
            if "name" in parameters:
                headers["Mcp-Name"] = parameters["name"]
            meta = {
                "io.modelcontextprotocol/protocolVersion": _STATELESS,
                "io.modelcontextprotocol/clientCapabilities": {},
                "io.modelcontextprotocol/clientInfo": _CLIENT,
            }
            parameters = {**parameters, "_meta": meta}
        else:
            headers = _headers_of(session)
        message = {"id": self._next(), "method": method, "params": parameters}
        return _result(self._send(message, headers, deadline)[0])

    def _send(
        self, message: dict[str, Any], headers: dict[str, str], deadline: float
    ) -> tuple[dict[str, Any] | None, Mapping[str, str]]:
        """The message that answers this one, if there is any, and the headers that it came with. Raises NotAnswered."""
        headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream", **headers}
        if self._secret is not None:
            headers["Authorization"] = f"Bearer {self._secret}"
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        events = _Events(message.get("id"))
        answer = post(self._address, headers, body, deadline, self._network, events.have_answer)
        if answer.status in _REFUSED:
            raise NotAnswered("The tool server does not let motiv8 in.")
        return events.answer or _message(answer.body, message.get("id")), answer.headers

    def _next(self) -> int:
        self._number += 1
        return self._number


def _headers_of(session: _Session) -> dict[str, str]:
    named = {"MCP-Protocol-Version": session.version}
    return named if session.session_id is None else {**named, "Mcp-Session-Id": session.session_id}


class _Events:
    """A stream of events, in which the answer to a request is looked for as it comes."""

    def __init__(self, request_id: object) -> None:
        self._request_id = request_id
        self._read = 0
        self.answer: dict[str, Any] | None = None

    def have_answer(self, received: bytearray) -> bool:
        """Whether the answer is in what has come by now."""
        for end in _END_OF_EVENT.finditer(received, self._read):
            event, self._read = bytes(received[self._read : end.start()]), end.end()
            lines = [line.partition(b":")[2] for line in event.splitlines() if line.startswith(b"data:")]
            self.answer = _message(b"\n".join(lines), self._request_id)
            if self.answer is not None:
                return True
        return False


def _result(said: dict[str, Any] | None) -> dict[str, Any]:
    """The result in an answer. Raises _NoResult."""
    if said is not None and "error" in said:
        raise _NoResult("The tool server refused the request.")
    result = None if said is None else said.get("result")
    if not isinstance(result, dict):
        raise _NoResult
    return result


def _message(body: bytes, request_id: object) -> dict[str, Any] | None:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) and said.get("id") == request_id and "method" not in said else None


def _described(listed: object) -> RemoteTool | None:
    """A tool that can be offered; None for one whose description is not as it should be, or is too large."""
    if not isinstance(listed, dict):
        return None
    name, schema = listed.get("name"), listed.get("inputSchema")
    if not isinstance(name, str) or not TOOL_NAME.fullmatch(name):
        return None
    if not isinstance(schema, dict) or schema.get("type") != "object" or not _is_shallow(schema, _DEEPEST):
        return None
    written = json.dumps(schema)
    # Arguments that are to be repeated in headers are not.
    if len(written) > _LONGEST_SCHEMA or '"x-mcp-header"' in written:
        return None
    annotations = listed.get("annotations")
    hints = annotations if isinstance(annotations, dict) else {}
    return RemoteTool(
        name,
        _plain(listed.get("title") or hints.get("title") or name, 100),
        _plain(listed.get("description"), 1_000),
        schema,
        hints.get("readOnlyHint") is True,
    )


def _text(result: dict[str, Any]) -> str:
    content = result.get("content")
    parts = [part for part in content if isinstance(part, dict)] if isinstance(content, list) else []
    texts = [str(part["text"]) for part in parts if part.get("type") == "text" and "text" in part]
    texts += [str(part["uri"]) for part in parts if part.get("type") == "resource_link" and "uri" in part]
    if not texts and _is_shallow(result.get("structuredContent"), _DEEPEST) and "structuredContent" in result:
        texts = [json.dumps(result["structuredContent"], ensure_ascii=False)]
    return "\n".join(texts)[:LONGEST_TEXT]


def _is_shallow(value: object, levels: int) -> bool:
    """Whether a value is nested over no more than so many levels."""
    if not isinstance(value, dict | list):
        return True
    inner = value.values() if isinstance(value, dict) else value
    return levels > 0 and all(_is_shallow(each, levels - 1) for each in inner)


def _plain(value: object, longest: int) -> str:
    """A text on one line without anything that does not print; nothing for what is not text."""
    text = value if isinstance(value, str) else ""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())[:longest]
