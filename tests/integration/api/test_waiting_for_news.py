"""`Prefer: wait`: an answer that comes when something happens, and never at the expense of others."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from motiv8 import clock, long_poll
from motiv8.accounts import repository as accounts
from motiv8.aws import clients, waits
from motiv8.portraits import repository
from motiv8.settings import settings
from motiv8.waiting import wait_for

Call = Callable[..., Any]
Make = Callable[..., Any]
PICTURE = "/v1/portraits/2026-11-20-daily"
SELFIE = "/v1/selfies/current"


class Time:
    """Goes by only as somebody sleeps, and then things happen."""

    def __init__(self) -> None:
        self.now = 0.0
        self.happens: list[tuple[float, Callable[[], object]]] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        while self.happens and self.happens[0][0] <= self.now:
            self.happens.pop(0)[1]()


@pytest.fixture(autouse=True)
def passing(monkeypatch: pytest.MonkeyPatch, make_user: Make, make_portrait: Make) -> Time:
    """user-1 has a picture that is being made, and a photo in work."""
    made = Time()
    real = wait_for

    def wait(*given: Any, **named: Any) -> Any:
        return real(*given, **named, clock=made.monotonic, sleep=made.sleep)

    monkeypatch.setattr(long_poll, "wait_for", wait)
    monkeypatch.setattr(long_poll, "time", made)
    monkeypatch.setenv("MOTIV8_WAITS_AT_ONCE", "4")
    settings.cache_clear()
    make_user(selfie_status="processing")
    make_portrait(status="making", ready_at=None)
    return made


def _make_ready() -> None:
    repository.change("user-1", "2026-11-20-daily", lambda each: each.made("Go.", "You.", "bust", clock.now()))


def _ask(call: Call, path: str = PICTURE, prefer: str = "wait=5", **headers: str) -> Any:
    return call("GET", path, user="user-1", headers={"Prefer": prefer, **headers})


def test_the_answer_comes_when_the_picture_is_ready(call: Call, passing: Time) -> None:
    passing.happens = [(2.0, _make_ready)]
    answer = _ask(call)
    assert (answer.status, answer.json["status"]) == (200, "ready")
    assert answer.headers["Preference-Applied"] == "wait=5"
    assert 2 <= passing.now < 3.5


def test_the_answer_comes_when_the_photo_is_looked_at(call: Call, passing: Time) -> None:
    def reject() -> None:
        accounts.change(
            "user-1", lambda each: each.with_photo(each.photo.rejected("no_face", clock.now()), clock.now())
        )

    passing.happens = [(1.0, reject)]
    answer = _ask(call, SELFIE)
    assert (answer.json["status"], answer.headers["Preference-Applied"]) == ("rejected", "wait=5")


@pytest.mark.parametrize("path", [PICTURE, SELFIE])
def test_when_nothing_happens_the_present_state_is_answered_in_time(call: Call, passing: Time, path: str) -> None:
    answer = _ask(call, path)
    assert answer.status == 200
    assert "Retry-After" in answer.headers
    assert answer.headers["Preference-Applied"] == "wait=5"
    assert passing.now == 5.0


def test_who_names_what_they_have_is_answered_304_when_nothing_happens(call: Call, passing: Time) -> None:
    tag = call("GET", PICTURE, user="user-1").headers["ETag"]
    answer = _ask(call, **{"If-None-Match": tag})
    assert (answer.status, answer.headers["Preference-Applied"]) == (304, "wait=5")
    assert passing.now == 5.0


def test_who_missed_a_change_is_answered_at_once(call: Call, passing: Time) -> None:
    assert _ask(call, **{"If-None-Match": '"what was before"'}).status == 200
    assert passing.now == 0


def test_what_is_ready_is_answered_at_once(call: Call, passing: Time) -> None:
    _make_ready()
    assert "Preference-Applied" not in _ask(call).headers
    assert passing.now == 0


@pytest.mark.parametrize("prefer", ["", "wait", "wait=", "wait=-1", "wait=x", "wait=0", "respond-async", "await=5"])
def test_another_preference_is_ignored(call: Call, passing: Time, prefer: str) -> None:
    answer = _ask(call, prefer=prefer)
    assert (answer.status, passing.now) == (200, 0)
    assert "Preference-Applied" not in answer.headers


@pytest.mark.parametrize(
    ("header", "left", "seconds"),
    [
        ("wait=5", 28_000, 5),
        ("wait=999999999", 28_000, 20),
        ("respond-async, WAIT = 7; x", 28_000, 7),
        ('wait="3"', 28_000, 3),
        ("wait=20", 10_000, 7),
        ("wait=20", 2_000, 0),
        (None, 28_000, 0),
    ],
)
def test_a_wait_is_bounded_by_what_is_allowed_and_what_the_function_has_left(
    header: str | None, left: int, seconds: int
) -> None:
    assert long_poll.Preference(header, "user-1", left).seconds == seconds


def test_one_request_of_a_person_waits_at_a_time_and_the_next_may_after_it(call: Call, passing: Time) -> None:
    others: list[Any] = []
    passing.happens = [(1.0, lambda: others.append(_ask(call, SELFIE)))]
    assert "Preference-Applied" in _ask(call).headers
    assert [("Preference-Applied" in each.headers, each.status) for each in others] == [(False, 200)]
    assert "Preference-Applied" in _ask(call).headers


def test_what_a_broken_request_left_behind_ends_by_itself() -> None:
    now = clock.now()
    assert waits.begin("user-1", now)
    assert not waits.begin("user-1", now + timedelta(seconds=waits.LONGEST_SECONDS))
    assert waits.begin("user-1", now + timedelta(seconds=60))


@pytest.mark.parametrize("limit", [0, 2, 4])
def test_no_more_wait_at_once_than_may(monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
    monkeypatch.setenv("MOTIV8_WAITS_AT_ONCE", str(limit))
    settings.cache_clear()
    start = clock.now().replace(second=0, microsecond=0)
    moments = [start + timedelta(seconds=seconds) for seconds in (0, 1, 2, 3, 20, 21, 22, 23)]
    begun = [waits.begin(f"user-{number}", moment) for number, moment in enumerate(moments)]
    assert begun == ([True] * (limit // 2) + [False] * (4 - limit // 2)) * 2


def test_a_table_that_does_not_answer_has_nobody_wait(
    call: Call, passing: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: Any) -> None:
        raise clients.dynamodb().exceptions.ProvisionedThroughputExceededException(
            {"Error": {"Code": "ProvisionedThroughputExceededException"}}, "PutItem"
        )

    monkeypatch.setattr(clients.dynamodb_at_once(), "put_item", broken)
    answer = _ask(call)
    assert (answer.status, passing.now) == (200, 0)
    assert "Preference-Applied" not in answer.headers


def test_no_id_stands_in_what_is_kept() -> None:
    assert waits.begin("user-1", clock.now())
    kept = clients.dynamodb().scan(TableName=settings().idempotency_table)["Items"]
    assert "user-1" not in json.dumps(kept)


def test_a_picture_that_goes_meanwhile_is_404_and_the_wait_is_given_back(call: Call, passing: Time) -> None:
    passing.happens = [(1.0, lambda: repository.delete("user-1", "2026-11-20-daily"))]
    assert _ask(call).status == 404
    assert waits.begin("user-1", clock.now())


def test_a_wait_is_no_slow_answer(
    call: Call, passing: Time, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("motiv8.api.router.time", passing)
    _ask(call)
    assert "AnswersSlow" not in capsys.readouterr().out
    access = accounts.access

    def slowly(user_id: str) -> accounts.Access:
        passing.sleep(4)
        return access(user_id)

    monkeypatch.setattr(accounts, "access", slowly)
    _ask(call, prefer="")
    assert "AnswersSlow" in capsys.readouterr().out
