"""Whether the library answers, as /health/ready tells it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from motiv8.api import system
from motiv8.aws import coach, library_search, machines

Call = Callable[..., Any]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tasks of the machine `document` that were started."""
    tasks: list[str] = []
    monkeypatch.setattr(machines, "start_document", lambda task, *_: tasks.append(task))
    return tasks


def test_an_index_without_the_answer_is_given_it(
    call: Call, monkeypatch: pytest.MonkeyPatch, started: list[str]
) -> None:
    monkeypatch.setattr(library_search, "answers_probe", lambda: False)
    answer = call("GET", "/health/ready")
    assert (answer.status, answer.json["checks"]["library"]) == (503, "failed")
    assert started == ["probe"]


def test_a_search_that_does_not_answer_is_told_and_starts_nothing(
    call: Call, monkeypatch: pytest.MonkeyPatch, started: list[str]
) -> None:
    def silent() -> bool:
        raise library_search.NotSearched

    monkeypatch.setattr(library_search, "answers_probe", silent)
    assert call("GET", "/health/ready").json["checks"]["library"] == "failed"
    assert started == []


def test_whoever_asks_often_has_the_library_asked_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    at: list[float] = [0.0]
    asked: list[float] = []

    def answers() -> bool:
        asked.append(at[0])
        return True

    monkeypatch.setattr(library_search, "answers_probe", answers)
    readiness = system.Readiness(lambda: at[0])
    for second in range(130):
        at[0] = float(second)
        assert readiness.checks()["library"]
    assert asked == [0.0, 60.0, 120.0]


def test_a_failure_is_looked_at_again_within_seconds(monkeypatch: pytest.MonkeyPatch, started: list[str]) -> None:
    at = [0.0]
    monkeypatch.setattr(library_search, "answers_probe", lambda: at[0] >= 5)
    readiness = system.Readiness(lambda: at[0])
    assert not readiness.checks()["library"]
    at[0] = 5.0
    assert readiness.checks()["library"]
    assert started == ["probe"]


def test_a_coach_that_cannot_be_called_is_told(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> None:
        raise EndpointConnectionError(endpoint_url="https://lambda.example")

    monkeypatch.setattr(coach, "check_callable", refused)
    answer = call("GET", "/health/ready")
    assert (answer.status, answer.json["checks"]["coach"]) == (503, "failed")
