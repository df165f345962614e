"""The stack itself: two phases, state across restarts, hot reload, and nothing left behind."""

from __future__ import annotations

import email
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from PIL import Image

from motiv8.catalogue.rejections import SENTENCES
from motiv8.waiting import wait_for
from motiv8_tooling.client.person import ApiError, Person
from motiv8_tooling.local.emulator import Emulator, free_port
from motiv8_tooling.local.local_stack import SENDER, running
from motiv8_tooling.local.provisioning import PROJECT, client, deploy
from motiv8_tooling.local.reload import Reloader
from motiv8_tooling.operations.errors import OperationError
from stand_in.processes import below, is_alive


def test_the_base_comes_without_functions_and_the_functions_on_top_of_it(tmp_path: Path) -> None:
    with Emulator(tmp_path, free_port()) as emulator:
        base = deploy(emulator, {"SenderAddress": SENDER}, functions=False)
        functions = client("lambda", emulator)
        # The pool names its trigger, whose code needs no image.
        assert {each["FunctionName"] for each in functions.list_functions()["Functions"]} == {"motiv8-tokens-local"}
        assert client("stepfunctions", emulator).list_state_machines()["stateMachines"] == []
        assert sorted(client("dynamodb", emulator).list_tables()["TableNames"]) == [
            "conversations-local",
            "documents-local",
            "idempotency-local",
            "namespaces-local",
            "portraits-local",
            "users-local",
        ]
        assert "ApiUrl" not in base
        whole = deploy(emulator, {"SenderAddress": SENDER}, functions=True)
        assert whole["UserPoolId"] == base["UserPoolId"]
        assert "ApiUrl" in whole
        names = {each["FunctionName"] for each in functions.list_functions()["Functions"]}
        expected = (
            "api-handler",
            "coach",
            "courier",
            "delivery",
            "export",
            "library-search",
            "library-worker",
            "socket",
            "studio",
            "tokens",
        )
        assert names == {f"motiv8-{each}-local" for each in expected}
        again = deploy(emulator, {"SenderAddress": SENDER}, functions=True)
        assert again == whole


def test_a_bad_parameter_fails_with_its_name(tmp_path: Path) -> None:
    with Emulator(tmp_path, free_port()) as emulator, pytest.raises(OperationError, match="LogLevel"):
        deploy(emulator, {"SenderAddress": SENDER, "LogLevel": "LOUD"}, functions=False)


def test_people_and_pictures_are_there_after_a_restart_and_those_that_were_being_made_are_made(
    tmp_path: Path, sample: bytes
) -> None:
    with running(tmp_path, keep=True, wait_scale=0.1) as first:
        person = Person(first.front.url, "you@example.com")
        person.register()
        person.sign_in()
        person.expect("PATCH", "/v1/me", {"tone": "tease"})
        person.agree()
        person.upload(sample, "image/jpeg")
        person.wait_for_selfie()
        location = person.call("POST", "/v1/portraits", {}).headers["Location"]
        person.wait_for_portrait(location)
        begun = [person.call("POST", "/v1/portraits", {}).headers["Location"] for _ in range(6)]
    assert '"RUNNING"' in (tmp_path / "state" / "stepfunctions.json").read_text()
    with running(tmp_path, keep=True, wait_scale=0.1) as second:
        person = Person(second.front.url, "you@example.com")
        person.sign_in()
        assert person.expect("GET", "/v1/me")["tone"] == "tease"
        portrait = person.expect("GET", location)
        assert portrait["status"] == "ready"
        assert httpx.get(portrait["image_url"]).content.startswith(b"\xff\xd8")
        again = person.call("POST", "/v1/portraits", {}).headers["Location"]
        for each in (*begun, again):
            person.wait_for_portrait(each)
        assert len(person.expect("GET", "/v1/portraits")["portraits"]) == len({location, *begun, again})


def test_a_change_under_src_is_live_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "src"
    shutil.copytree(PROJECT / "src" / "motiv8", source / "motiv8", ignore=shutil.ignore_patterns("weights"))
    monkeypatch.setenv("PYTHONPATH", str(source))
    modes = source / "motiv8" / "catalogue" / "modes.py"

    def title(front: str) -> str:
        answer = httpx.get(f"{front}/v1/modes")
        # A function that is replaced while it answers is one that failed.
        return "" if answer.status_code == 503 else str(answer.json()["modes"][0]["title"])

    announced: list[str] = []
    with (
        running(tmp_path / "home", keep=False) as stack,
        Reloader(stack.emulator, announced.append, source / "motiv8"),
    ):
        assert title(stack.front.url) == "Summit"
        time.sleep(0.5)  # the watcher needs a moment before it sees anything
        modes.write_text(modes.read_text().replace('"Summit"', '"Peak"'))
        wait_for(lambda: title(stack.front.url) == "Peak", seconds=10)
    assert announced == ["reloaded: modes.py"]


def _kill(emulator: Emulator) -> None:
    [pid] = [pid for pid, command in below(os.getpid()).items() if _is_embedded_aws(pid, command, emulator.url)]
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: not is_alive(pid), seconds=10)


def _is_embedded_aws(pid: int, command: str, url: str) -> bool:
    port = url.rpartition(":")[2]
    return "motiv8_tooling.local.embedded_aws" in command and f"GATEWAY_PORT={port}".encode() in (
        Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    )


def test_without_the_embedded_aws_the_front_says_so_and_when_to_try_again(tmp_path: Path) -> None:
    said: list[str] = []
    with running(tmp_path, keep=True, announce=said.append) as stack:
        Person(stack.front.url, "you@example.com").register()
        _kill(stack.emulator)
        answer = httpx.get(f"{stack.front.url}/v1/modes")
        assert answer.status_code == 503
        assert answer.headers["content-type"] == "application/problem+json"
        assert int(answer.headers["retry-after"]) > 0
        assert "is not responding" in answer.json()["detail"]
        said.clear()
        stack.restart_if_dead()
        assert "is lost" in said[0]
        # It was never stopped in an orderly way, so nothing was saved: the stack is there again, its people are not.
        person = Person(stack.front.url, "you@example.com")
        with pytest.raises(ApiError):
            person.sign_in()
        person.register()
        person.sign_in()
        said.clear()
        stack.restart_if_dead()
        assert said == []


def _note(home: Path) -> dict[str, str]:
    """What `up` wrote of itself; nothing as long as it has not."""
    try:
        note: dict[str, str] = json.loads((home / "running.json").read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return note


Started = Callable[[], tuple[subprocess.Popen[bytes], dict[str, str]]]


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Started]:
    """`motiv8 local up` in a folder of its own, as a terminal would start it; what it says is in said.txt there."""
    processes = []

    def start() -> tuple[subprocess.Popen[bytes], dict[str, str]]:
        with (tmp_path / "said.txt").open("ab") as said:
            command = [sys.executable, "-m", "motiv8_tooling.cli", "--home", str(tmp_path), "local", "up", "--port"]
            process = subprocess.Popen(  # noqa: S603
                [*command, str(free_port())],
                stdout=said,
                start_new_session=True,
            )
        processes.append(process)
        wait_for(lambda: _note(tmp_path).get("pid") == str(process.pid), seconds=30)
        return process, _note(tmp_path)

    yield start
    for process in processes:
        process.terminate()
        process.wait(30)


def test_a_killed_embedded_aws_is_started_again_by_up(started: Started, tmp_path: Path) -> None:
    _, note = started()
    _kill(Emulator(tmp_path, int(note["emulator"].rpartition(":")[2])))
    wait_for(lambda: _is_healthy(note["front"]), seconds=60)
    said = (tmp_path / "said.txt").read_text()
    assert "the embedded AWS died and is started again" in said


def _is_healthy(front: str) -> bool:
    return httpx.get(f"{front}/health", timeout=60).status_code == 200


def test_a_killed_up_leaves_no_server_and_the_next_one_says_so_starts_and_ends_by_ctrl_c(
    started: Started, tmp_path: Path
) -> None:
    process, note = started()
    assert _is_healthy(note["front"])
    process.kill()
    process.wait(10)
    wait_for(lambda: not _answers(note["emulator"]), seconds=15)
    command = [sys.executable, "-m", "motiv8_tooling.cli", "--home", str(tmp_path), "local", "mail"]
    none = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603
    assert none.stderr == "motiv8: No local stack is running. Start it with `make run`.\n"
    second, again = started()
    assert "the last local stack was killed; starting it again" in (tmp_path / "said.txt").read_text()
    assert _is_healthy(again["front"])
    os.kill(second.pid, signal.SIGINT)
    assert second.wait(30) == 0
    assert not _answers(again["emulator"])
    assert not (tmp_path / "running.json").exists()


def _answers(url: str) -> bool:
    try:
        httpx.get(f"{url}/_ministack/ready", timeout=1)
    except httpx.HTTPError:
        return False
    return True


def test_the_demo_plays_the_main_job_and_saves_what_came_of_it(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "motiv8_tooling.cli", "demo", "--folder", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)  # noqa: S603
    assert done.returncode == 0, done.stderr
    with Image.open(tmp_path / "picture.jpg") as picture:
        assert picture.size == (1080, 1350)
    mail = email.message_from_bytes((tmp_path / "mail.eml").read_bytes())
    assert mail["To"] == "you@example.com"
    for step in ("registered", "signed in", "uploaded", "face was found", "picture is ready", "stopped everything"):
        assert step in done.stdout
    assert "1. Strength training: the basics · page 2 · " in done.stdout
    assert "[1] Strength training: the basics · page 2 · " in done.stdout, "the coach's source"


def test_a_demo_that_is_told_to_stop_leaves_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "motiv8_tooling.cli", "demo", "--folder", str(tmp_path)]
    given = os.environ | {"TMPDIR": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, env=given, stdout=subprocess.PIPE, text=True) as demo:  # noqa: S603
        assert demo.stdout is not None
        assert any("registered" in line for line in demo.stdout)
        started = below(demo.pid)
        demo.terminate()
    assert demo.returncode == 130
    assert started
    wait_for(lambda: not any(is_alive(pid) for pid in started), seconds=10)
    assert list(tmp_path.iterdir()) == []


def test_a_demo_with_a_photo_that_will_not_do_says_why_and_exits_with_3(tmp_path: Path) -> None:
    wall = tmp_path / "wall.png"
    Image.effect_noise((600, 600), 40).save(wall)
    command = [sys.executable, "-m", "motiv8_tooling.cli", "demo", str(wall), "--folder", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)  # noqa: S603
    assert done.returncode == 3
    assert done.stderr == f"motiv8: {SENTENCES['no_face']}\n"


def test_the_team_reads_mails_and_logs_of_the_running_stack(started: Started, tmp_path: Path) -> None:
    process, note = started()
    Person(note["front"], "you@example.com").register()

    def run(*words: str) -> str:
        command = [sys.executable, "-m", "motiv8_tooling.cli", "--home", str(tmp_path), *words]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout  # noqa: S603

    [mail] = json.loads(run("local", "mail", "--json"))
    assert mail["to"] == "you@example.com"
    assert "123456" in mail["text"]
    assert "you@example.com" in run("local", "mail")
    assert "START" in run("local", "logs", "api-handler")
    assert json.loads(run("daily", "--email", "nobody@example.com", "--json")) == {"due": 0, "made": 0, "failed": 0}
    with ThreadPoolExecutor() as pool:
        # `down` waits until the stack is gone, and that is until we, its parent, have taken note of its end.
        stopping = pool.submit(run, "local", "down")
        assert process.wait(30) == 0
        assert "stopped" in stopping.result(30)


def test_the_check_before_the_first_deployment_looks_and_changes_nothing(tmp_path: Path) -> None:
    with Emulator(tmp_path / "aws", free_port()) as emulator:
        given = {"AWS_ENDPOINT_URL": emulator.url, "AWS_DEFAULT_REGION": "eu-central-1"}
        keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
        command = [str(PROJECT / "scripts" / "first-deployment.sh"), "--check", "--json"]
        said = subprocess.run(  # noqa: S603 - a script of ours
            command, env=os.environ | given | keys, capture_output=True, text=True, check=False
        )
        assert client("cloudformation", emulator).list_stacks()["StackSummaries"] == []
    rows = {row["check"]: row for row in json.loads(said.stdout)}
    assert rows["credentials"]["found"].endswith("region eu-central-1")
    assert (rows["stack"]["state"], rows["bucket names"]["state"]) == ("ok", "ok")
    # The embedded SES takes 14 mails a second, and the daily run would send one.
    assert (said.returncode, rows["SES: mails a second"]["found"], rows["mail pace"]["state"]) == (1, "14", "to do")
