"""Stands in for Docker where no engine runs: an image is a folder, a container is the real Lambda runtime on it.

The engine is a part of the tests' process. Its program `docker` hands over the words that it is called with; of those,
the engine knows what `motiv8 deploy` uses, and refuses any other.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, Self

from stand_in.container import Container
from stand_in.image import lay_out

Options = dict[str, Any]
# The words, a line each, an empty line, and what is on standard input.
_PROGRAM = """#!/bin/sh
{{ printf '%s\\n' "$@"; echo; cat; }} | curl --silent --fail-with-body --noproxy '*' --data-binary @- {url}
"""


class Refused(Exception):
    """What `docker` says on its way out when it fails."""


class Docker:
    """The engine, for as long as the block runs; its program lies in `programs`.

    Engines may share the folders `layers`, where images lie, and `answers`, which keeps what they said (see Container).
    """

    def __init__(self, folder: Path, layers: Path, answers: Path | None = None) -> None:
        self.programs = folder / "bin"
        self.images: dict[str, Path] = {}
        # While this is set, what is built cannot be imported.
        self.breaks = False
        # The client of ECR that is told of what is pushed.
        self.registry: Any = None
        self._folder = folder
        self._layers = layers
        self._answers = answers
        self._containers: dict[str, Container] = {}
        self._signed_in = False
        self._parser = self._with_commands()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True

    def __enter__(self) -> Self:
        self.programs.mkdir()
        program = self.programs / "docker"
        program.write_text(_PROGRAM.format(url=f"http://127.0.0.1:{self._server.server_address[1]}"))
        program.chmod(0o755)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        for container in self._containers.values():
            container.stop()

    def _build(self, given: argparse.Namespace) -> str:
        """Lay the code out, which as a layer is the same for every tag."""
        layer = self._layers / f"{given.file}{'.broken' * self.breaks}"
        if not layer.exists():
            new = self._folder / layer.name
            new.mkdir()
            lay_out(given.file, new)
            for module in ("entrypoints/api.py", "entrypoints/steps.py") if self.breaks else ():
                (new / "src" / "motiv8" / module).write_text("raise ImportError('this image is broken')\n")
            self._layers.mkdir(exist_ok=True)
            # Another engine may have been quicker.
            with suppress(OSError):
                new.rename(layer)
        self.images[given.tag] = layer
        return ""

    def _run(self, given: argparse.Namespace) -> str:
        """Start a container; its id."""
        environment = dict(each.split("=", 1) for each in given.env)
        container = Container(self.images[given.image], environment, self._answers)
        name = f"container-{container.port}"
        self._containers[name] = container
        return name

    def _port(self, given: argparse.Namespace) -> str:
        """Where the container listens."""
        return f"127.0.0.1:{self._containers[given.container].port}"

    def _stop(self, given: argparse.Namespace) -> str:
        """End the container, and wait until it has."""
        self._containers.pop(given.container).stop()
        name: str = given.container
        return name

    def _log_in(self, given: argparse.Namespace) -> str:
        """Keep that somebody signed in; pushing needs it."""
        if not given.input:
            raise Refused("password is empty")
        self._signed_in = True
        return "Login Succeeded"

    def _push(self, given: argparse.Namespace) -> str:
        """Tell the registry that the image is there."""
        if not self._signed_in:
            raise Refused("no basic auth credentials")
        repository, _, tag = given.image.partition("/")[2].partition(":")
        digest = f"sha256:{hashlib.sha256(given.image.encode()).hexdigest()}"
        manifest = {"schemaVersion": 2, "config": {"digest": digest, "size": 1}, "layers": []}
        self.registry.put_image(repositoryName=repository, imageTag=tag, imageManifest=json.dumps(manifest))
        name: str = given.image
        return name

    def _with_commands(self) -> argparse.ArgumentParser:
        parser = _Parser(prog="docker")
        commands = parser.add_subparsers(required=True)

        def command(name: str, act: object, *arguments: tuple[str, Options]) -> None:
            sub = commands.add_parser(name)
            for word, options in arguments:
                sub.add_argument(word, **options)
            sub.set_defaults(act=act)

        text: Options = {}
        required: Options = {"required": True}
        flag: Options = {"action": "store_true", "required": True}
        of_build = [(f"--{each}", required) for each in ("platform", "build-arg", "file", "tag")]
        command("build", self._build, *of_build, ("context", text))
        of_run = [("--detach", flag), ("--rm", flag), ("--publish", required)]
        command("run", self._run, *of_run, ("--env", {"action": "append", "default": []}), ("image", text))
        command("port", self._port, ("container", text), ("inside", text))
        command("stop", self._stop, ("--time", text), ("container", text))
        command("login", self._log_in, ("--username", text), ("--password-stdin", flag), ("registry", text))
        command("push", self._push, ("--quiet", flag), ("image", text))
        return parser

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        docker = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                words, _, given = self.rfile.read(int(self.headers["Content-Length"])).decode().partition("\n\n")
                try:
                    asked = docker._parser.parse_args(words.split("\n"), argparse.Namespace(input=given))
                    status, said = 200, asked.act(asked)
                except Exception as error:  # noqa: BLE001 - whatever it is, `docker` fails with it
                    status, said = 400, f"{type(error).__name__}: {error}"
                body = said.encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_request(self, code: object = "-", size: object = "-") -> None:
                """Say nothing."""

        return Handler


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Refused(message)
