"""No answer, header or status tells a stranger whether an email has an account; the times are measured and printed."""

from __future__ import annotations

import itertools
import statistics
import sys
import time
from collections.abc import Callable

import httpx
import pytest

from motiv8_tooling.client.person import Person
from motiv8_tooling.local.local_stack import LocalStack

WRONG = "000000"
ROUTES: dict[str, dict[str, str]] = {
    "register": {"password": "of whoever asks", "time_zone": "UTC"},
    "confirm": {"code": WRONG, "password": "of whoever asks"},
    "resend": {},
    "token": {"grant_type": "password", "password": "a wrong password"},
    "password/forgot": {},
    "password/reset": {"code": WRONG, "password": "of whoever asks"},
}
TRIES = 5
_NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def email_that(stack: LocalStack) -> Callable[[str], str]:
    """Another email each time: one that is `unknown`, that waits as `unconfirmed`, or that is `confirmed`."""

    def make(state: str) -> str:
        person = Person(stack.front.url, f"perhaps-{next(_NUMBERS)}@example.com")
        if state != "unknown":
            person.sign_up("UTC")
        if state == "confirmed":
            person.confirm()
        return person.email

    return make


@pytest.mark.parametrize("route", ROUTES)
def test_known_and_unknown_emails_get_the_same_answer(
    stack: LocalStack, email_that: Callable[[str], str], route: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answers, seconds = set(), {}
    for state in ("unknown", "unconfirmed", "confirmed"):
        taken = []
        for _ in range(TRIES):
            body = ROUTES[route] | {"email": email_that(state)}
            begun = time.perf_counter()
            answer = httpx.post(f"{stack.front.url}/v1/auth/{route}", json=body, timeout=60)
            taken.append(time.perf_counter() - begun)
            answers.add(_as_a_stranger_sees_it(answer))
        seconds[state] = statistics.median(taken)
    with capsys.disabled():
        times = ", ".join(f"{state} {median * 1000:.0f} ms" for state, median in seconds.items())
        sys.stdout.write(f"\n{route}: {times}")
    assert len(answers) == 1


def _as_a_stranger_sees_it(answer: httpx.Response) -> tuple[int, tuple[str, ...], str]:
    """Status, names of the headers and body, without the id that each request has of its own."""
    correlation_id = answer.headers["x-correlation-id"]
    return answer.status_code, tuple(sorted(answer.headers)), answer.text.replace(correlation_id, "")
