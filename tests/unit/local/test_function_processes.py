"""A function's process is forked from one that has the packages, and is otherwise as if Python had started it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from motiv8.waiting import wait_for
from motiv8_tooling.local.function_processes import PACKAGES, FunctionServer
from stand_in.processes import is_alive

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere each process is started anew")

ECHO = """
import json, os, sys
print("started", file=sys.stderr)
for line in sys.stdin:
    print(json.dumps({"said": line.strip(), "environment": dict(os.environ), "folder": os.getcwd(),
        "path": sys.path[0], "main": __name__, "server": os.getppid(), "modules": list(sys.modules)}), flush=True)
"""
PACKAGE = "fractions"


@pytest.fixture(scope="module")
def server() -> Iterator[FunctionServer]:
    """One that has a package of Python's own."""
    with FunctionServer((PACKAGE,)) as up:
        yield up


@pytest.fixture
def start(server: FunctionServer, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Start a process that answers what it is told; each ends with the test."""
    started: list[Any] = []

    def echo(environment: dict[str, str] | None = None, script: str = ECHO) -> Any:
        (tmp_path / "code").mkdir(exist_ok=True)
        # A file of its own: another one may be about to read its script.
        worker = tmp_path / f"_worker_{len(started)}.py"
        worker.write_text(script)
        command = [sys.executable, str(worker)]
        process = server.popen(command, cwd=str(tmp_path / "code"), env=environment or {})
        started.append(process)
        return process

    yield echo
    for each in started:
        each.kill()
        each.wait(10)


def _answer(process: Any, words: str = "hello") -> dict[str, Any]:
    process.stdin.write(f"{words}\n")
    answer: dict[str, Any] = json.loads(process.stdout.readline())
    return answer


def test_it_has_its_own_environment_folder_and_streams(start: Callable[..., Any], tmp_path: Path) -> None:
    one, another = start({"NAME": "one"}), start({"NAME": "another", "MORE": "x" * 50_000})
    assert _answer(another, "grüezi")["said"] == "grüezi"
    assert _answer(one)["environment"] == {"NAME": "one"}
    assert _answer(another)["environment"] == {"NAME": "another", "MORE": "x" * 50_000}
    assert one.stderr.readline() == "started\n"
    answer = _answer(one)
    assert (answer["folder"], answer["path"], answer["main"]) == (str(tmp_path / "code"), str(tmp_path), "__main__")


def test_it_has_the_packages_and_no_code_of_ours(start: Callable[..., Any]) -> None:
    modules = _answer(start())["modules"]
    assert PACKAGE in modules
    assert not [each for each in modules if each == "motiv8" or each.startswith("motiv8.")]


def test_it_ends_with_its_input(start: Callable[..., Any]) -> None:
    process = start()
    _answer(process)
    assert process.poll() is None
    process.stdin.close()
    assert process.wait(10) == 0
    assert process.stdout.read() == ""


@pytest.mark.parametrize("how", ["terminate", "kill"])
def test_one_that_is_killed_has_ended_and_another_has_not(start: Callable[..., Any], how: str) -> None:
    one, another = start(), start()
    getattr(one, how)()
    assert one.wait(10) == 0
    assert one.poll() == 0
    # Which changes nothing, and reaches nobody else.
    one.terminate()
    with pytest.raises(subprocess.TimeoutExpired):
        another.wait(0.01)
    assert _answer(another)["said"] == "hello"


def test_what_a_script_raises_is_said_and_ends_it(start: Callable[..., Any]) -> None:
    process = start(script="raise SystemExit('enough')")
    process.wait(10)
    assert "SystemExit: enough" in process.stderr.read()
    assert _answer(start())["said"] == "hello"


def test_a_server_that_was_killed_is_started_again(start: Callable[..., Any]) -> None:
    first = _answer(start())["server"]
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: not is_alive(first), seconds=10)
    assert _answer(start())["server"] not in {first, os.getpid()}


def test_server_and_processes_end_with_whoever_asked_for_them(tmp_path: Path) -> None:
    (tmp_path / "_worker.py").write_text(ECHO)
    program = f"""
import os, signal, sys
from motiv8_tooling.local.function_processes import FunctionServer
server = FunctionServer(())
process = server.popen([sys.executable, {str(tmp_path / "_worker.py")!r}], cwd="/", env={{}})
print(process.pid, server._process.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    killed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)  # noqa: S603
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    pids = [int(each) for each in killed.stdout.split()]
    assert len(pids) == 2
    wait_for(lambda: not [each for each in pids if is_alive(each)], seconds=10)


def test_what_is_not_python_is_started_as_ever(server: FunctionServer) -> None:
    process = server.popen(["echo", "hello"], stdout=subprocess.PIPE, text=True)
    assert process.communicate(timeout=10)[0] == "hello\n"


def test_no_package_starts_a_thread_as_it_is_imported() -> None:
    program = "import os, sys\nfor each in sys.argv[1:]: __import__(each)\nprint(len(os.listdir('/proc/self/task')))"
    command = [sys.executable, "-c", program, *PACKAGES]
    assert subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout == "1\n"  # noqa: S603
