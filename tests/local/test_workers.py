"""The functions' processes on the local stack: a few, kept warm, and gone with it."""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx

from motiv8.waiting import wait_for
from motiv8_tooling.client.person import Person
from motiv8_tooling.local.embedded_aws import WORKERS
from motiv8_tooling.local.local_stack import running
from motiv8_tooling.local.provisioning import client
from motiv8_tooling.local.reload import refresh
from stand_in.processes import below, working_folder

ASKS, AT_ONCE = 100, 16


def _workers(home: Path) -> dict[int, str]:
    """The folders that the functions' processes work in, by the processes' ids."""
    folders = {pid: working_folder(pid) for pid in below(os.getpid())}
    return {pid: folder for pid, folder in folders.items() if folder.startswith(str(home))}


@contextmanager
def _counted(home: Path) -> Iterator[list[int]]:
    """How many processes of functions there are, looked at again and again for as long as the block runs."""
    counts: list[int] = []
    stop = threading.Event()

    def count() -> None:
        while not stop.wait(0.2):
            counts.append(len(_workers(home)))

    counter = threading.Thread(target=count)
    counter.start()
    try:
        yield counts
    finally:
        stop.set()
        counter.join()


def test_a_burst_on_a_cold_stack_is_answered_by_a_few_processes(tmp_path: Path, sample: bytes) -> None:
    with running(tmp_path, keep=False, wait_scale=0.1, parameters={"DailyQuota": str(ASKS)}) as stack:
        person = Person(stack.front.url, "hurried@example.com")
        person.register()
        person.sign_in()
        person.agree()
        assert person.upload(sample, "image/jpeg").status_code == 204
        person.wait_for_selfie()
        functions = client("lambda", stack.emulator).list_functions()["Functions"]
        refresh(stack.emulator, 1)
        # The pool's trigger has its code in the template, so that it is not taken up anew.
        assert not [folder for folder in _workers(tmp_path).values() if "-tokens-" not in folder]
        with _counted(tmp_path) as counts, ThreadPoolExecutor(AT_ONCE) as pool:
            answers = list(pool.map(lambda _: person.call("POST", "/v1/portraits", {}), range(ASKS)))
        assert Counter(answer.status_code for answer in answers) == {202: ASKS}
        assert len({answer.json()["portrait_id"] for answer in answers}) == ASKS
        assert 0 < max(counts) <= WORKERS * len(functions)
    # Whoever is killed is not gone at once.
    wait_for(lambda: not _workers(tmp_path), seconds=10)
    assert not list(tmp_path.rglob("ministack-lambda-*"))


def test_a_warm_process_serves_again_until_the_function_breaks_which_is_a_problem_that_can_be_tried_again(
    tmp_path: Path,
) -> None:
    with running(tmp_path, keep=False) as stack:
        httpx.get(f"{stack.front.url}/health").raise_for_status()
        first = _workers(tmp_path)
        for _ in range(5):
            httpx.get(f"{stack.front.url}/health").raise_for_status()
        assert len(first) == 1
        assert _workers(tmp_path) == first
        client("lambda", stack.emulator).update_function_configuration(
            FunctionName="motiv8-api-handler-local", Handler="index.absent"
        )
        answer = httpx.get(f"{stack.front.url}/health")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) > 0
    assert "motiv8 local logs" in answer.json()["detail"]
