"""A container of an image that is a folder: it answers as the real Lambda runtime does on it, or did before."""

from __future__ import annotations

import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from stand_in.image import digest_of, note_of
from stand_in.runtime import Runtime


class Container:
    """Listens on a loopback port until it is stopped.

    `answers` is the folder that keeps what images answered: with one, the runtime starts with the first event that the
    image was not given before; without one, at once.
    """

    def __init__(self, image: Path, environment: dict[str, str], answers: Path | None) -> None:
        self._image = image
        self._environment = environment
        self._answers = answers
        self._lock = threading.Lock()
        self._runtime = None if answers else self._start()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self) -> None:
        """End it with its runtime."""
        self._server.shutdown()
        self._server.server_close()
        if self._runtime:
            self._runtime.stop()

    def _answer(self, event: bytes) -> bytes:
        if not self._answers:
            return self._ask(event)
        kept = self._answers / self._digest(event)
        if not kept.exists():
            self._answers.mkdir(exist_ok=True)
            new = kept.with_suffix(f".{self.port}")
            new.write_bytes(self._ask(event))
            new.rename(kept)
        return kept.read_bytes()

    def _digest(self, event: bytes) -> str:
        """Of all that the answer can depend on."""
        given = json.dumps([digest_of(self._image), self._environment], sort_keys=True).encode()
        return hashlib.sha256(given + event).hexdigest()

    def _ask(self, event: bytes) -> bytes:
        with self._lock:
            self._runtime = self._runtime or self._start()
        return json.dumps(self._runtime.invoke(json.loads(event))).encode()

    def _start(self) -> Runtime:
        note = note_of(self._image)
        return Runtime(note["package"], note["handler"], self._image / "src", self._environment)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        container = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                answer = container._answer(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_request(self, code: object = "-", size: object = "-") -> None:
                """Say nothing."""

        return Handler
