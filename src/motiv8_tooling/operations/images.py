"""The three images: built, proven healthy, pushed. Whatever speaks docker's command line will do."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
from botocore.exceptions import ClientError

from motiv8.waiting import wait_for
from motiv8_tooling.client.tls import authorities
from motiv8_tooling.operations.environment import PROJECT, Environment, client
from motiv8_tooling.operations.errors import OperationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_STARTUP_SECONDS = 60.0
_SELF_CHECK = {"step": "self_check", "correlation_id": "health-check"}


@dataclass(frozen=True, slots=True)
class Image:
    """An image: its Dockerfile, its registry, and what a healthy container of it answers to which event."""

    name: str
    event: dict[str, Any]
    expected: tuple[str, Any]

    @property
    def output(self) -> str:
        """The stack's output that names its registry."""
        return f"{self.name.title().replace('-', '')}RepositoryUri"

    def repository(self, environment: Environment) -> str:
        """The registry's name."""
        return f"motiv8-{self.name}-{environment.name}"

    def tag(self, environment: Environment, commit: str) -> str:
        """Its tag for a commit."""
        return f"{self.name}-{environment.name}-{commit}"


def images() -> tuple[Image, ...]:
    """All of them."""
    request = json.loads((PROJECT / "events" / "api-rest.json").read_text(encoding="utf-8"))
    return (
        Image("api-handler", request, ("statusCode", 200)),
        Image("studio", _SELF_CHECK, ("outcome", "ok")),
        Image("library", _SELF_CHECK, ("outcome", "ok")),
    )


def exists(image: Image, environment: Environment, commit: str) -> bool:
    """Whether its registry has it."""
    try:
        found = client("ecr").describe_images(
            repositoryName=image.repository(environment), imageIds=[{"imageTag": image.tag(environment, commit)}]
        )
    except ClientError as error:
        if error.response["Error"]["Code"] in {"ImageNotFoundException", "RepositoryNotFoundException"}:
            return False
        raise
    return bool(found["imageDetails"])


def check_exist(environment: Environment, commit: str) -> None:
    """That all images are there. Raises OperationError."""
    for image in images():
        if not exists(image, environment, commit):
            raise OperationError(
                f"There is no image {image.tag(environment, commit)} in {image.repository(environment)}: "
                f"build it first (scripts/deploy-phased.sh {environment.name} --phase images)."
            )


def build_and_push(
    environment: Environment, outputs: dict[str, str], commit: str, say: Callable[[str], None]
) -> list[str]:
    """Build what is missing, prove each container healthy, and only then push any. Raises OperationError.

    Returns the tags that were pushed: none when the registries have all already.
    """
    missing = [image for image in images() if not exists(image, environment, commit)]
    built = []
    for image in missing:
        name = f"{outputs[image.output]}:{image.tag(environment, commit)}"
        say(f"  building {image.tag(environment, commit)}")
        _docker(
            *("build", "--platform", "linux/amd64", "--build-arg", f"REVISION={commit}"),
            *("--file", f"Dockerfile.{image.name}", "--tag", name, "."),
        )
        seconds = _check_healthy(image, name)
        say(f"  {image.name} is healthy: its first answer took {seconds:.1f} s")
        built.append(name)
    if built:
        _log_in()
    for name in built:
        say(f"  pushing {name.rpartition(':')[2]}")
        _docker("push", "--quiet", name)
    return [name.rpartition(":")[2] for name in built]


def _check_healthy(image: Image, name: str) -> float:
    """Call a container of it through Lambda's runtime interface; seconds to the first answer."""
    with _container(name) as port:
        started = time.monotonic()
        answer = _invoke(port, image.event)
        key, expected = image.expected
        if answer.get(key) != expected:
            said = answer.get("errorMessage") or json.dumps(answer)[:300]
            raise OperationError(f"The {image.name} container is not healthy, nothing was pushed: {said}")
        return time.monotonic() - started


@contextmanager
def _container(name: str) -> Iterator[str]:
    environment = ["--env", "AWS_ACCESS_KEY_ID=none", "--env", "AWS_SECRET_ACCESS_KEY=none", "--env", "AWS_REGION=none"]
    container = _docker("run", "--detach", "--rm", "--publish", "127.0.0.1::8080", *environment, name)
    try:
        yield _docker("port", container, "8080").splitlines()[0].rpartition(":")[2]
    finally:
        _docker("stop", "--time", "1", container)


def _invoke(port: str, event: dict[str, Any]) -> dict[str, Any]:
    url = f"http://127.0.0.1:{port}/2015-03-31/functions/function/invocations"

    def ask() -> dict[str, Any] | None:
        try:
            answer = httpx.post(url, json=event, timeout=_STARTUP_SECONDS, verify=authorities()).json()
        except (httpx.TransportError, ValueError):
            return None
        return answer if answer and isinstance(answer, dict) else {"errorMessage": str(answer)}

    try:
        return wait_for(ask, seconds=_STARTUP_SECONDS, pause=0.2)
    except TimeoutError as error:
        raise OperationError(f"The container did not answer within {_STARTUP_SECONDS:.0f} s.") from error


def _log_in() -> None:
    data = client("ecr").get_authorization_token()["authorizationData"][0]
    user, _, password = base64.b64decode(data["authorizationToken"]).decode().partition(":")
    _docker("login", "--username", user, "--password-stdin", data["proxyEndpoint"], given=password)


def _docker(*words: str, given: str | None = None) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - words of our own
            ["docker", *words],  # noqa: S607 - the one on PATH is meant
            cwd=PROJECT,
            # One plain manifest: Lambda takes no list of them, which is what an attestation makes.
            env=os.environ | {"BUILDX_NO_DEFAULT_ATTESTATIONS": "1"},
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError as error:
        raise OperationError(
            "There is no docker on PATH: install it, or run phase images where there is one."
        ) from error
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines() or [f"exit code {done.returncode}"]
        raise OperationError(f"docker {words[0]} failed: {lines[-1]}")
    return done.stdout.strip()
