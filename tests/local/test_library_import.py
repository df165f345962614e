"""`motiv8 library` as a content person runs it, on the deployed stack."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from motiv8.waiting import wait_for
from motiv8_tooling.local.local_stack import LocalStack
from motiv8_tooling.local.provisioning import PROJECT, client

SAMPLES = PROJECT / "samples" / "library"
NAMESPACE = "samples"


@pytest.fixture
def command(stack: LocalStack, tmp_path: Path) -> list[str]:
    """The command's first words; it finds the stack as one that `make run` started."""
    note = {"pid": os.getpid(), "emulator": stack.emulator.url, "front": stack.front.url, "daily": "-"}
    (tmp_path / "running.json").write_text(json.dumps(note))
    return [sys.executable, "-m", "motiv8_tooling.cli", "--home", str(tmp_path), "library"]


def _run(command: list[str], *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - a program of ours
        [*command, *words],
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


def _import(command: list[str], folder: Path, *words: str) -> dict[str, Any]:
    report = Path(command[4]) / "report.json"
    metadata = ["--metadata", str(folder / "metadata.json")] if (folder / "metadata.json").exists() else []
    done = _run(command, "import", str(folder), *metadata, "--report", str(report), *words)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    told: dict[str, Any] = json.loads(report.read_text())
    return {each["file"]: each["outcome"] for each in told["files"]}


def test_the_samples_come_in_and_answer_with_their_page(command: list[str]) -> None:
    dry = _import(command, SAMPLES, "--namespace", NAMESPACE, "--dry-run")
    assert set(dry.values()) == {"new"}
    assert _import(command, SAMPLES, "--namespace", NAMESPACE) == dry
    assert set(_import(command, SAMPLES, "--namespace", NAMESPACE).values()) == {"there already"}

    words = ("search", "How do I lift a weight from the floor?", "--namespace", NAMESPACE)
    told = _run(command, *words, "--limit", "1")
    assert told.stderr == ""
    assert told.stdout.startswith("1. Strength training: the basics · page 2 · ")
    assert "push the floor away with your legs" in " ".join(told.stdout.split())
    [best] = json.loads(_run(command, *words, "--limit", "1", "--json").stdout)["passages"]
    assert (best["page"], best["document"]["tags"]) == (2, ["beginners", "strength"])


def test_an_import_that_is_killed_goes_on(stack: LocalStack, command: list[str], tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number}.txt").write_text(f"Exercise {number} is done {number} times on day {number} of the plan.")
    words = [*command, "import", str(folder), "--namespace", "killed"]
    running = subprocess.Popen([*words, "--parallel", "1"], stdout=subprocess.DEVNULL)  # noqa: S603 - ours
    documents = client("dynamodb", stack.emulator)

    def some_are_in() -> bool:
        rows = documents.scan(TableName="documents-local")["Items"]
        return any(row["namespace"]["S"] == "killed" for row in rows)

    wait_for(some_are_in, seconds=120, pause=0.05)
    running.send_signal(signal.SIGKILL)
    assert running.wait() == -signal.SIGKILL
    outcomes = _import(command, folder, "--namespace", "killed")
    assert len(outcomes) == 12
    assert set(outcomes.values()) <= {"new", "there already"}
    assert set(_import(command, folder, "--namespace", "killed").values()) == {"there already"}


def test_what_will_not_do_is_one_line(stack: LocalStack, command: list[str]) -> None:
    api = ("--api", stack.front.url, "--email", "nobody@example.com")
    for words, environment, said in (
        (("search", "x", *api), {"MOTIV8_PASSWORD": "a wrong password"}, "The email or password is wrong"),
        (("search", "x", *api), {"MOTIV8_PASSWORD": ""}, "Give the password in MOTIV8_PASSWORD"),
        (("import", "no-folder"), {}, "no-folder: there is no such folder"),
        (("search", "x", "--namespace", "no-such"), {}, "There is no namespace with this name."),
    ):
        done = _run(command, *words, **environment)
        assert done.returncode == 1
        assert said in done.stderr
        assert len(done.stderr.splitlines()) == 1
