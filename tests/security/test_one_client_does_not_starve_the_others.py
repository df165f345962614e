"""Whoever sends far too many requests is told to wait, and everybody else is answered meanwhile."""

from __future__ import annotations

import math
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import pytest

from motiv8.api.fair_share import WINDOW_SECONDS
from motiv8.waiting import wait_for
from motiv8_tooling.client.person import Person
from motiv8_tooling.local.local_stack import LocalStack, running

LIMIT, CONNECTIONS, ASKS = 60, 8, 30


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """One of its own, where a share is used up soon."""
    home = tmp_path_factory.mktemp("fair")
    with running(home, keep=False, parameters={"RequestLimit": str(LIMIT)}) as up:
        yield up


def _signed_in(stack: LocalStack, name: str) -> Person:
    person = Person(stack.front.url, f"{name}@fair.example")
    person.register()
    person.sign_in()
    return person


@contextmanager
def _flood(url: str, headers: dict[str, str]) -> Iterator[list[httpx.Response]]:
    """Requests on several connections, one after the other as fast as they go, for as long as the block runs."""
    answers: list[httpx.Response] = []
    stop = threading.Event()

    def send() -> None:
        with httpx.Client(timeout=30) as client:
            while not stop.is_set():
                answers.append(client.get(url, headers=headers))

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        for _ in range(CONNECTIONS):
            pool.submit(send)
        try:
            yield answers
        finally:
            stop.set()


def _until_refused(answers: list[httpx.Response]) -> None:
    wait_for(lambda: any(answer.status_code == 429 for answer in list(answers)), seconds=60)


def test_a_person_on_eight_connections_is_refused_and_nobody_else(stack: LocalStack) -> None:
    greedy, modest = _signed_in(stack, "greedy"), _signed_in(stack, "modest")
    began = time.time()
    with _flood(f"{stack.front.url}/v1/me", {"Authorization": f"Bearer {greedy.token}"}) as answers:
        _until_refused(answers)
        others = [modest.call("GET", "/v1/me").status_code for _ in range(ASKS)]
    assert others == [200] * ASKS
    statuses = Counter(answer.status_code for answer in answers)
    assert set(statuses) == {200, 429}
    windows = math.floor(time.time() / WINDOW_SECONDS) - math.floor(began / WINDOW_SECONDS) + 1
    assert statuses[200] <= LIMIT * windows
    for answer in answers:
        if answer.status_code == 429:
            assert answer.headers["content-type"] == "application/problem+json"
            assert 0 < int(answer.headers["retry-after"]) <= WINDOW_SECONDS
            assert answer.headers["ratelimit-limit"] == str(LIMIT)
            assert answer.headers["ratelimit-remaining"] == "0"


def test_whoever_waits_as_told_is_answered_again(stack: LocalStack) -> None:
    hasty = _signed_in(stack, "hasty")
    with _flood(f"{stack.front.url}/v1/me", {"Authorization": f"Bearer {hasty.token}"}) as answers:
        _until_refused(answers)
    refused = hasty.call("GET", "/v1/me")
    time.sleep(int(refused.headers.get("retry-after", "0")))
    assert hasty.call("GET", "/v1/me").status_code == 200


def test_strangers_of_one_address_are_refused_and_whoever_is_signed_in_there_is_not(stack: LocalStack) -> None:
    neighbour = _signed_in(stack, "neighbour")
    with _flood(f"{stack.front.url}/v1/auth/providers", {}) as answers:
        _until_refused(answers)
        assert [neighbour.call("GET", "/v1/me").status_code for _ in range(ASKS)] == [200] * ASKS
