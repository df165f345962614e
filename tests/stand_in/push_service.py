"""Apple's and Google's push services on this machine: TLS and HTTP/2 as theirs, and answers of a test's choice."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from hypercorn.asyncio import serve
from hypercorn.config import Config

from stand_in.certificate import of_server

RECORDED: dict[str, Any] = json.loads((Path(__file__).parent / "push_answers.json").read_text(encoding="utf-8"))


class Received(NamedTuple):
    """A request as it came."""

    version: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class PushService:
    """What came, and what is answered to notices; it is asked for a token in between as Google is."""

    url: str = ""
    status: int = 200
    answer: Any = None
    received: list[Received] = field(default_factory=list)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        body = b""
        while (message := await receive())["type"] == "http.request":
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.received.append(Received(scope["http_version"], scope["path"], headers, body))
        asked_for_token = scope["path"] == "/token"
        status, answer = (200, RECORDED["oauth"]) if asked_for_token else (self.status, self.answer)
        said = b"" if answer is None else answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": said})

    @property
    def notices(self) -> list[Received]:
        """Those that are for devices."""
        return [each for each in self.received if each.path != "/token"]


@contextmanager
def push_service(folder: Path) -> Iterator[tuple[PushService, ssl.SSLContext]]:
    """The service, and what a client trusts it by."""
    certificate, key = _certificate(folder)
    listening = socket.create_server(("127.0.0.1", 0))
    service = PushService(f"https://127.0.0.1:{listening.getsockname()[1]}")
    # The server closes it.
    descriptor = listening.detach()
    config = Config()
    config.bind = [f"fd://{descriptor}"]
    config.certfile, config.keyfile = str(certificate), str(key)
    config.errorlog = None
    config.graceful_timeout = config.shutdown_timeout = 0.1
    loop = asyncio.new_event_loop()
    over = asyncio.Event()
    serving = threading.Thread(
        target=lambda: loop.run_until_complete(serve(service, config, shutdown_trigger=over.wait)), daemon=True
    )
    serving.start()
    try:
        yield service, ssl.create_default_context(cafile=str(certificate))
    finally:
        loop.call_soon_threadsafe(over.set)
        serving.join(10)
        loop.close()


def _certificate(folder: Path) -> tuple[Path, Path]:
    files = (folder / "push.pem", folder / "push.key")
    for file, content in zip(files, of_server("127.0.0.1"), strict=True):
        file.write_bytes(content)
    return files
