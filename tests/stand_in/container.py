"""A container of an image that is a folder: it answers as the real Lambda runtime does on it, or did before."""

from __future__ import annotations

import hashlib
import json
import threading
from contextlib import ExitStack
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self

from motiv8.waiting import wait_for
from stand_in.image import note_of
from stand_in.runtime import Runtime

_SECONDS = 60.0


class Container:
    """Listens on a loopback port.

    `answers` is the folder that keeps what images answered: with one, the runtime starts with the first event that the
    image was not given before; without one, at once.
    """

    def __init__(self, image: Path, environment: dict[str, str], answers: Path | None) -> None:
        self._image = image
        self._environment = environment
        self._answers = answers
        self._stack = ExitStack()
        self._lock = threading.Lock()
        self._runtime: Runtime | None = None

    def __enter__(self) -> Self:
        server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        server.daemon_threads = True
        self._stack.callback(server.server_close)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.port: int = server.server_address[1]
        if not self._answers:
            self._runtime = self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def _answer(self, path: str, event: bytes) -> bytes:
        if not self._answers:
            return self._ask(path, event)
        kept = self._answers / self._digest(event)
        if not kept.exists():
            self._answers.mkdir(exist_ok=True)
            new = kept.with_suffix(f".{self.port}")
            new.write_bytes(self._ask(path, event))
            new.rename(kept)
        return kept.read_bytes()

    def _digest(self, event: bytes) -> str:
        """Of all that the answer can depend on."""
        files = sorted(each for each in self._image.rglob("*") if each.is_file() and each.suffix != ".pyc")
        parts = [str(each.relative_to(self._image)).encode() + each.read_bytes() for each in files]
        given = json.dumps(self._environment, sort_keys=True).encode()
        return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in [*parts, given, event])).hexdigest()

    def _ask(self, path: str, event: bytes) -> bytes:
        with self._lock:
            runtime = self._runtime or self._start()
            self._runtime = runtime

            def ask() -> bytes | None:
                connection = HTTPConnection("127.0.0.1", runtime.port, timeout=_SECONDS)
                try:
                    connection.request("POST", path, event)
                    return connection.getresponse().read()
                except ConnectionRefusedError:
                    return None
                finally:
                    connection.close()

            return wait_for(ask, seconds=_SECONDS, pause=0.05)

    def _start(self) -> Runtime:
        note = note_of(self._image)
        runtime = Runtime(note["package"], note["handler"], self._image / "src", self._environment)
        return self._stack.enter_context(runtime)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        container = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                event = self.rfile.read(int(self.headers["Content-Length"]))
                answer = container._answer(self.path, event)
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_request(self, code: object = "-", size: object = "-") -> None:
                """Say nothing."""

        return Handler
