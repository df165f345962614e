"""Stands in for `docker` where no engine runs: an image is a folder, a container is the real Lambda runtime on it.

Takes the words that `motiv8 deploy` uses and refuses any other. State is under STAND_IN_DOCKER_HOME; what is pushed
goes to STAND_IN_DOCKER_REGISTRY; with STAND_IN_DOCKER_BREAKS set, what is built cannot be imported. What an image
answered to an event is kept in STAND_IN_DOCKER_ANSWERS, and the runtime is not asked again. It is started hundreds of
times, so it imports little, and needs no packages (`python -S`).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

from motiv8.waiting import wait_for

Options = dict[str, Any]
HOME = Path(os.environ["STAND_IN_DOCKER_HOME"])
_SECONDS = 60.0


def folder_of(image: str) -> Path:
    """Where an image lies."""
    return HOME / "images" / quote(image, safe="")


def build(given: argparse.Namespace) -> None:
    """Lay the code out."""
    from stand_in.image import lay_out

    folder = folder_of(given.tag)
    folder.mkdir(parents=True)
    lay_out(given.file, folder)
    if os.environ.get("STAND_IN_DOCKER_BREAKS"):
        for module in ("entrypoints/api.py", "entrypoints/steps.py"):
            (folder / "src" / "motiv8" / module).write_text("raise ImportError('this image is broken')\n")


def run(given: argparse.Namespace) -> None:
    """Start a container in the background and print its id."""
    environment = dict(each.split("=", 1) for each in given.env)
    process = subprocess.Popen(
        [
            sys.executable,
            *["-S"] * sys.flags.no_site,
            "-m",
            "stand_in.docker",
            "serve",
            given.image,
            json.dumps(environment),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    note = HOME / "containers" / str(process.pid)
    wait_for(note.exists, seconds=_SECONDS, pause=0.02)
    print(process.pid)


def serve(given: argparse.Namespace) -> None:
    """Be the container until it is stopped."""
    from stand_in.container import Container

    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    containers = HOME / "containers"
    containers.mkdir(exist_ok=True)
    ours = containers / str(os.getpid())
    try:
        answers = os.environ.get("STAND_IN_DOCKER_ANSWERS")
        with Container(
            folder_of(given.image), json.loads(given.environment), Path(answers) if answers else None
        ) as container:
            (containers / f"{os.getpid()}.new").write_text(str(container.port))
            (containers / f"{os.getpid()}.new").rename(ours)
            while True:
                signal.pause()
    finally:
        ours.unlink(missing_ok=True)


def port(given: argparse.Namespace) -> None:
    """Print where the container listens."""
    print(f"127.0.0.1:{(HOME / 'containers' / given.container).read_text()}")


def stop(given: argparse.Namespace) -> None:
    """End the container, and wait until it has."""
    os.kill(int(given.container), signal.SIGTERM)
    wait_for(lambda: not (HOME / "containers" / given.container).exists(), seconds=_SECONDS, pause=0.02)
    print(given.container)


def login(given: argparse.Namespace) -> None:
    """Keep who signed in; pushing needs it."""
    if not sys.stdin.read():
        raise SystemExit("password is empty")
    (HOME / "signed-in").write_text(given.registry)


def push(given: argparse.Namespace) -> None:
    """Tell the registry that the image is there."""
    from http.client import HTTPConnection

    if not (HOME / "signed-in").exists():
        raise SystemExit("no basic auth credentials")
    repository, _, tag = given.image.partition("/")[2].partition(":")
    digest = f"sha256:{hashlib.sha256(given.image.encode()).hexdigest()}"
    manifest = {"schemaVersion": 2, "config": {"digest": digest, "size": 1}, "layers": []}
    image = {"repositoryName": repository, "imageTag": tag, "imageManifest": json.dumps(manifest)}
    registry = HTTPConnection(os.environ["STAND_IN_DOCKER_REGISTRY"].removeprefix("http://"))
    registry.request("PUT", "/", json.dumps(image))
    if registry.getresponse().status != 200:
        raise SystemExit("the registry does not take it")
    print(given.image)


def main() -> None:
    """Do what the words say."""
    parser = argparse.ArgumentParser(prog="docker")
    commands = parser.add_subparsers(required=True)

    def command(name: str, act: object, *arguments: tuple[str, Options]) -> None:
        sub = commands.add_parser(name)
        for word, options in arguments:
            sub.add_argument(word, **options)
        sub.set_defaults(act=act)

    text: Options = {}
    required: Options = {"required": True}
    command(
        "build",
        build,
        *((f"--{each}", required) for each in ("platform", "build-arg", "file", "tag")),
        ("context", text),
    )
    flag: Options = {"action": "store_true", "required": True}
    options: list[tuple[str, Options]] = [("--detach", flag), ("--rm", flag), ("--publish", required)]
    command("run", run, *options, ("--env", {"action": "append", "default": []}), ("image", text))
    command("serve", serve, ("image", text), ("environment", text))
    command("port", port, ("container", text), ("inside", text))
    command("stop", stop, ("--time", text), ("container", text))
    command("login", login, ("--username", text), ("--password-stdin", flag), ("registry", text))
    command("push", push, ("--quiet", flag), ("image", text))
    given = parser.parse_args()
    given.act(given)


if __name__ == "__main__":
    main()
