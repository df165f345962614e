"""Every entry point on Lambda's own runtime, with what its image holds and nothing else."""

from __future__ import annotations

import ast
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from motiv8.waiting import wait_for
from motiv8_tooling.local.local_stack import LocalStack
from motiv8_tooling.local.provisioning import client
from stand_in.docker import Docker
from stand_in.image import lay_out
from stand_in.processes import below
from stand_in.runtime import PROJECT, TOOLS, Runtime

ENTRY_POINTS = {
    "api-handler": ("api-handler", "motiv8.entrypoints.api.handler"),
    "courier": ("api-handler", "motiv8.entrypoints.worker.handler"),
    "deployment-check": ("api-handler", "motiv8.entrypoints.deployment_check.handler"),
    "export": ("api-handler", "motiv8.entrypoints.exporter.handler"),
    "studio": ("studio", "motiv8.entrypoints.image_worker.handler"),
    "library-worker": ("library", "motiv8.entrypoints.library_worker.handler"),
    "library-search": ("library", "motiv8.entrypoints.library_search.handler"),
    "coach": ("api-handler", "motiv8.entrypoints.coach.handler"),
    "socket": ("api-handler", "motiv8.entrypoints.socket.handler"),
    "delivery": ("api-handler", "motiv8.entrypoints.delivery.handler"),
    "sign-up": ("api-handler", "motiv8.entrypoints.sign_up.handler"),
}
# What each sample event comes to on a stack where nobody has signed up; deployment-check has its own test.
EXPECTED: dict[str, dict[str, Any]] = {
    "api-rest": {"statusCode": 200},
    "api-http": {"statusCode": 200},
    "api-function-url": {"statusCode": 200},
    "courier-plan-day": {"groups": []},
    "courier-plan-part": {"more": False, "parts": []},
    "courier-gather-plan": {"parts": [], "scenes": []},
    "courier-summarise-part": {"due": 0, "made": 0, "failed": 0},
    "courier-load-portrait": {"action": "skip"},
    "courier-deliver": {"mail": "gone"},
    "courier-record-portrait-failure": {"outcome": "gone"},
    "courier-record-selfie-failure": {"outcome": "stale"},
    "export-account": {"outcome": "gone"},
    "courier-record-export-failure": {"outcome": "recorded"},
    "courier-end-runs": {"outcome": "ended"},
    "courier-erase-account": {"portraits": 0, "object_versions": 0},
    "courier-close-account": {"outcome": "deleted"},
    "courier-mail-feedback": {"outcome": "off"},
    "courier-summarise-day": {"due": 0, "made": 0, "failed": 0},
    "courier-purge-sign-ups": {"purged": 0},
    "courier-review-accounts": {"more": False},
    "courier-erase-orphans": {"held_back": 0},
    "courier-self-check": {"outcome": "ok"},
    "studio-extract-face": {"outcome": "stale"},
    "studio-make-scene": {"made": True},
    "studio-serve-batch": {"more": False, "left": []},
    "studio-compose": {"outcome": "gone"},
    "studio-self-check": {"outcome": "ok"},
    "library-worker-read-document": {"outcome": "gone"},
    "library-worker-embed-document": {"outcome": "gone"},
    "library-worker-index-document": {"outcome": "gone"},
    "library-worker-retag-document": {"outcome": "gone"},
    "library-worker-record-document-failure": {"outcome": "gone"},
    "library-worker-remove-document": {"outcome": "removed"},
    "library-worker-index-probe": {"outcome": "indexed"},
    "library-worker-tidy-documents": {"outcome": "done"},
    "library-worker-rebuild-index": {"outcome": "done"},
    "library-worker-reindex": {"outcome": "done"},
    "library-worker-compact-index": {"outcome": "compacted"},
    "library-worker-self-check": {"outcome": "ok"},
    "library-search-search": {"passages": []},
    "library-search-probe": {"found": True},
    "library-search-self-check": {"outcome": "ok"},
    "coach-answer": {"outcome": "gone"},
    "coach-self-check": {"outcome": "ok"},
    "socket-authorize": {"principalId": "nobody"},
    "socket-disconnect": {"statusCode": 200},
    "socket-self-check": {"outcome": "ok"},
    "delivery": {"batchItemFailures": []},
    "sign-up-google": {"triggerSource": "PreSignUp_ExternalProvider"},
}


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The code of all images."""
    folders = {}
    for package in ("api-handler", "library", "studio"):
        folders[package] = tmp_path_factory.mktemp(package)
        lay_out(f"Dockerfile.{package}", folders[package])
    return folders


@pytest.fixture(scope="module")
def runtimes(images: dict[str, Path], stack: LocalStack) -> Iterator[Callable[[str], Runtime]]:
    """One execution environment for each entry point, with the variables that the template gives it."""
    running: dict[str, Runtime] = {}

    def runtime(name: str) -> Runtime:
        if name not in running:
            package, handler = ENTRY_POINTS[name]
            # The stack has no Google, and so no function for sign-ups; its variables are among the courier's.
            like = "courier" if name == "sign-up" else name
            found = client("lambda", stack.emulator).get_function_configuration(FunctionName=f"motiv8-{like}-local")
            given = found["Environment"]["Variables"] | {"AWS_ENDPOINT_URL": stack.emulator.url}
            running[name] = Runtime(package, handler, images[package] / "src", given)
        return running[name]

    yield runtime
    for each in running.values():
        each.stop()


def _runtimes_of(home: Path) -> set[int]:
    return {pid for pid, command in below(os.getpid()).items() if str(home) in _environment(pid)}


def _environment(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace")
    except OSError:
        return ""


def _wait_for_their_end(home: Path) -> None:
    wait_for(lambda: not _runtimes_of(home), seconds=20)


def test_a_runtime_ends_with_a_test_run_that_is_killed(images: dict[str, Path], tmp_path: Path) -> None:
    program = f"""
import os, pathlib, signal
from stand_in.runtime import Runtime
code = pathlib.Path({str(images["api-handler"] / "src")!r})
runtime = Runtime("api-handler", "motiv8.entrypoints.api.handler", code, {{"MOTIV8_TEST": {str(tmp_path)!r}}})
runtime.invoke({{}})
os.kill(os.getpid(), signal.SIGKILL)
"""
    tests = {"PYTHONPATH": str(PROJECT / "tests")}
    killed = subprocess.run([sys.executable, "-c", program], env=os.environ | tests, check=False, timeout=60)  # noqa: S603
    assert killed.returncode == -signal.SIGKILL
    _wait_for_their_end(tmp_path)


def test_a_container_that_is_stopped_takes_its_runtime_along(images: dict[str, Path], tmp_path: Path) -> None:
    with Docker(tmp_path, tmp_path / "layers") as engine:
        engine.images["one"] = images["api-handler"]

        def docker(*words: str) -> str:
            command = [str(engine.programs / "docker"), *words]
            done = subprocess.run(  # noqa: S603
                command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True, timeout=60
            )
            return done.stdout.strip()

        given = ("--detach", "--rm", "--publish=8080", f"--env=MOTIV8_TEST={tmp_path}")
        container = docker("run", *given, "one")
        assert _runtimes_of(tmp_path)
        docker("stop", "--time=1", container)
        _wait_for_their_end(tmp_path)


def test_there_is_an_expectation_for_every_sample_event() -> None:
    assert {path.stem for path in (PROJECT / "events").glob("*.json")} == {*EXPECTED, "deployment-check"}


@pytest.mark.parametrize("name", list(EXPECTED))
def test_every_sample_event_is_answered(name: str, runtimes: Callable[[str], Runtime], stack: LocalStack) -> None:
    event = json.loads((PROJECT / "events" / f"{name}.json").read_text())
    if "userPoolId" in event:
        event["userPoolId"] = stack.outputs["UserPoolId"]
    named = [each for each in ENTRY_POINTS if name.startswith(f"{each}-")]
    [entry_point] = named or [each for each in ENTRY_POINTS if each.startswith(name.partition("-")[0])]
    answer = runtimes(entry_point).invoke(event)
    assert answer.items() >= EXPECTED[name].items(), answer


def test_a_log_line_is_json_with_the_correlation_id(runtimes: Callable[[str], Runtime]) -> None:
    event = json.loads((PROJECT / "events" / "courier-self-check.json").read_text())
    runtimes("courier").invoke(event | {"correlation_id": "from-the-phone"})
    written = runtimes("courier").platform_events()
    assert {"step": "self_check", "correlation_id": "from-the-phone"}.items() <= written[-1].items()
    metric = next(each for each in reversed(written) if "_aws" in each)
    assert metric["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "motiv8"
    assert metric["stage"] == "self_check"


def test_what_breaks_is_an_error_that_retry_sees(runtimes: Callable[[str], Runtime]) -> None:
    assert runtimes("courier").invoke({"step": "no_such_step"})["errorType"] == "KeyError"


@pytest.mark.parametrize("name", ENTRY_POINTS)
def test_every_module_that_an_entry_point_can_import_is_in_its_image(name: str, images: dict[str, Path]) -> None:
    """Also the modules that a handler imports only when it needs them."""
    package, handler = ENTRY_POINTS[name]
    code = images[package] / "src"
    modules = sorted(_closure(handler.rpartition(".")[0], code))
    assert len(modules) > 3
    program = f"import importlib\nfor name in {modules!r}: importlib.import_module(name)"
    done = subprocess.run(  # noqa: S603 - a program of ours
        [os.path.realpath(sys.executable), "-S", "-c", program],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{code}:{TOOLS / 'packages' / package}",
            "AWS_REGION": "us-east-1",
            "MOTIV8_USERS_TABLE": "users-test",
            "MOTIV8_PORTRAITS_TABLE": "portraits-test",
            "MOTIV8_DOCUMENTS_TABLE": "documents-test",
            "MOTIV8_NAMESPACES_TABLE": "namespaces-test",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def _closure(start: str, code: Path) -> set[str]:
    """Every module of ours that can be reached by an import statement, wherever it stands."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        module = waiting.pop()
        path = code.joinpath(*module.split("."))
        file = path.with_suffix(".py") if path.with_suffix(".py").exists() else path / "__init__.py"
        if module in found or not file.exists():
            continue
        found.add(module)
        for node in _imports(ast.parse(file.read_text())):
            waiting += [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
    return found


def _imports(node: ast.AST) -> Iterator[ast.ImportFrom]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ImportFrom) and (child.module or "").startswith("motiv8"):
            yield child
        # What stands under TYPE_CHECKING is never imported.
        if not (isinstance(child, ast.If) and isinstance(child.test, ast.Name) and child.test.id == "TYPE_CHECKING"):
            yield from _imports(child)


def test_an_image_holds_nothing_of_the_other_and_nothing_of_the_team(images: dict[str, Path]) -> None:
    for folder in images.values():
        assert [path.name for path in (folder / "src").iterdir()] == ["motiv8"]
    assert not (images["api-handler"] / "src" / "motiv8" / "studio").exists()
    assert not list((TOOLS / "packages" / "api-handler").glob("numpy*"))
    assert not list((TOOLS / "packages" / "api-handler").glob("aws_xray*"))


def test_sizes_are_below_their_targets() -> None:
    """Unpacked megabytes over the base image: 200 for the API, 700 for the library, 1.2 GB in all for the studio."""
    for package, most in (("api-handler", 200), ("library", 700), ("studio", 900)):
        files = (TOOLS / "packages" / package).rglob("*")
        size = sum(path.stat().st_size for path in files if path.is_file() and "__pycache__" not in path.parts)
        assert size / 1e6 < most


def test_images_are_built_from_hash_checked_wheels_by_several_stages() -> None:
    for name in ("api-handler", "library", "studio"):
        text = (PROJECT / f"Dockerfile.{name}").read_text()
        assert len(re.findall(r"^FROM ", text, re.MULTILINE)) == 2
        assert "--require-hashes" in text
        assert "--only-binary" in text
        assert "compileall" in text
