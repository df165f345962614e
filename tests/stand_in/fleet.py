"""Stands in for Lambda's fleet: the embedded AWS hands it the events of image functions, which run on the real runtime.

Each published version runs the image that it was published with, so that `live` serves what it points at.
"""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from stand_in.image import note_of
from stand_in.runtime import Runtime


class Fleet:
    """Serves on a loopback port; `images` are the folders of the images by their names."""

    def __init__(self, images: Mapping[str, Path], environment: dict[str, str]) -> None:
        self._images = images
        self._environment = environment
        self._idle: dict[tuple[str, str], list[Runtime]] = defaultdict(list)
        self._all: list[Runtime] = []
        self._lock = threading.Lock()
        # The client of Lambda that knows the versions.
        self.functions: Any = None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        for runtime in self._all:
            runtime.stop()

    def logs(self) -> str:
        """What all functions printed."""
        return "".join(each.log() for each in self._all)

    def _invoke(self, function: str, version: str, event: dict[str, Any]) -> Any:
        with self._lock:
            runtime = self._idle[function, version].pop() if self._idle[function, version] else None
        runtime = runtime or self._start(function, version)
        answer = runtime.invoke(event)
        with self._lock:
            self._idle[function, version].append(runtime)
        return answer

    def _start(self, function: str, version: str) -> Runtime:
        found = self.functions.get_function(FunctionName=function, Qualifier=version)
        folder = self._images[found["Code"]["ImageUri"]]
        configuration = found["Configuration"]
        given = configuration.get("Environment", {}).get("Variables", {})
        [handler] = configuration["ImageConfigResponse"]["ImageConfig"]["Command"]
        runtime = Runtime(note_of(folder)["package"], handler, folder / "src", self._environment | given)
        self._all.append(runtime)
        return runtime

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        fleet = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                name, version = (self.headers[f"X-Amzn-Lambda-Function-{each}"] for each in ("Name", "Version"))
                try:
                    answer = fleet._invoke(name, version, event)
                except Exception as error:  # noqa: BLE001 - as Lambda does, a function that cannot start is an answer
                    answer = {"errorType": type(error).__qualname__, "errorMessage": str(error)}
                broken = isinstance(answer, dict) and "errorType" in answer
                body = json.dumps(answer).encode()
                self.send_response(500 if broken else 200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_request(self, code: object = "-", size: object = "-") -> None:
                """Say nothing."""

        return Handler
