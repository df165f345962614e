"""A server of tools on this machine, over TLS with a certificate of its own making; it can misbehave in each way."""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from motiv8.tool_servers.connection import Network
from stand_in.certificate import of_server

HOST = "tools.example"
Message = dict[str, Any]

TOOLS: list[Message] = [
    {
        "name": "weather",
        "title": "Weather",
        "description": "The weather of a place.",
        "inputSchema": {"type": "object", "properties": {"place": {"type": "string"}}, "required": ["place"]},
        "annotations": {"readOnlyHint": True},
    },
    {"name": "book", "description": "Book a run.", "inputSchema": {"type": "object"}},
]


class ToolServer(ThreadingHTTPServer):
    """Answers as `behave` does; each request is kept as its headers (lower case) and its message."""

    daemon_threads = True

    def __init__(self, behave: Callable[[Handler, Message], None]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.behave = behave
        self.requests: list[tuple[dict[str, str], Message]] = []
        self.ended = threading.Event()
        certificate, key = _certificate()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with TemporaryDirectory() as folder:
            file = Path(folder) / "server.pem"
            file.write_bytes(certificate + key)
            context.load_cert_chain(file)
        # Each connection shakes hands in its own thread: one that does not must not keep the others waiting.
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    @property
    def url(self) -> str:
        return f"https://{HOST}:{self.server_port}/mcp"

    @property
    def host(self) -> str:
        """As it is listed among the hosts that may be called."""
        return f"{HOST}:{self.server_port}"

    @property
    def methods(self) -> list[str]:
        return [message["method"] for _, message in self.requests]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a client that leaves is what is tested."""


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: ToolServer

    def do_POST(self) -> None:
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append(({name.lower(): value for name, value in self.headers.items()}, message))
        self.server.behave(self, message)

    def send(self, status: int, body: bytes, content_type: str = "application/json", **headers: str) -> None:
        """Answer."""
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def say(self, message: Message, result: Message, **headers: str) -> None:
        """Answer a message with a result."""
        said = {"jsonrpc": "2.0", "id": message["id"], "result": result}
        self.send(200, json.dumps(said).encode(), **headers)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Print nothing."""


def stateless(handler: Handler, message: Message) -> None:
    """A server of the revision 2026-07-28."""
    if message["method"] == "tools/list":
        handler.say(message, {"resultType": "complete", "tools": TOOLS, "ttlMs": 0, "cacheScope": "private"})
    else:
        given = message["params"]["arguments"]
        content = [{"type": "text", "text": f"{message['params']['name']}: {json.dumps(given)}"}]
        handler.say(message, {"resultType": "complete", "content": content, "isError": False})


def with_handshake(handler: Handler, message: Message) -> None:
    """A server of an earlier revision, with sessions, which answers in events."""
    if message["method"] == "initialize":
        result = {"protocolVersion": "2025-06-18", "capabilities": {}, "serverInfo": {"name": "old", "version": "1"}}
        handler.say(message, result, Mcp_Session_Id="session-1")
    elif handler.headers["Mcp-Session-Id"] != "session-1":
        handler.send(400, b"Bad Request: no session", "text/plain")
    elif "id" not in message:
        handler.send(202, b"")
    else:
        called = {"content": [{"type": "text", "text": "ok"}]}
        listed: Message = {"tools": TOOLS}
        is_list = message["method"] == "tools/list"
        said = json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": listed if is_list else called})
        note = json.dumps({"jsonrpc": "2.0", "method": "notifications/progress", "params": {}})
        begin(handler, "text/event-stream")
        handler.wfile.write(f": hello\n\nevent: message\ndata: {note}\n\nid: 1\ndata: {said}\n\n".encode())
        # The stream stays open: who has the answer does not wait for its end.
        handler.server.ended.wait(30)


def begin(handler: Handler, content_type: str = "application/json") -> None:
    """Begin an answer whose length is not said."""
    handler.send_response(200)
    handler.send_header("Content-Type", content_type)
    handler.end_headers()


def drip(handler: Handler, _: Message) -> None:
    """Send a byte now and then, for ever."""
    begin(handler)
    while not handler.server.ended.is_set():
        handler.wfile.write(b" ")
        time.sleep(0.05)


@contextmanager
def serving(behave: Callable[[Handler, Message], None]) -> Iterator[ToolServer]:
    """A server in a thread."""
    server = ToolServer(behave)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


def network() -> Network:
    """One in which every host is this machine, which may be called, and the servers' certificate counts."""
    trust = ssl.create_default_context(cadata=_certificate()[0].decode())
    return Network(lambda *_: ["127.0.0.1"], lambda _: True, lambda: trust)


@cache
def _certificate() -> tuple[bytes, bytes]:
    return of_server(HOST)
