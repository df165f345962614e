"""The server that `COACH_URL` names: checked before anything starts, and told of when it goes away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from motiv8_tooling.local.model_server import ModelServer

MODELS = b'{"data": [{"id": "smollm2"}, {"id": "another"}]}'


@pytest.fixture
def serve() -> Iterator[Callable[[bytes], tuple[str, Callable[[], None]]]]:
    """A server with one answer: its address, and what stops it."""
    servers: list[HTTPServer] = []

    def start(body: bytes) -> tuple[str, Callable[[], None]]:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200 if self.path == "/v1/models" else 404)
                self.end_headers()
                self.wfile.write(body)

            def log_request(self, code: object = "-", size: object = "-") -> None:
                """Say nothing."""

        server = HTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()

        def stop() -> None:
            server.shutdown()
            server.server_close()

        return f"http://127.0.0.1:{server.server_address[1]}", stop

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("ending", ["", "/", "/v1", "/v1/"])
def test_its_first_model_is_asked(serve: Callable[[bytes], tuple[str, Callable[[], None]]], ending: str) -> None:
    url, _ = serve(MODELS)
    assert ModelServer(url + ending).parameters() == {"CoachModel": "smollm2"}


@pytest.mark.parametrize("body", [b"<html>", b"{}", b'{"data": []}', b"[]"])
def test_something_else_at_the_address_is_no_model(
    serve: Callable[[bytes], tuple[str, Callable[[], None]]], body: bytes
) -> None:
    url, _ = serve(body)
    with pytest.raises(RuntimeError, match=f"COACH_URL: no model is served at {url}"):
        ModelServer(url).parameters()


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "localhost:11434", "http://[", ""])
def test_an_address_where_nothing_answers_is_said_in_one_line(url: str) -> None:
    with pytest.raises(RuntimeError, match="Start the server, or unset COACH_URL") as refused:
        ModelServer(url).parameters()
    assert "\n" not in str(refused.value)


def test_a_server_that_goes_away_is_reported_once(serve: Callable[[bytes], tuple[str, Callable[[], None]]]) -> None:
    at = [0.0]
    said: list[str] = []
    url, stop = serve(MODELS)
    model = ModelServer(url, lambda: at[0])
    for second in range(60):
        at[0] = float(second)
        model.report(said.append)
        if second == 15:
            assert said == []
            stop()
    assert said == [f"the model at {url} does not answer: questions to the coach fail until it does"]
