"""Waiting for something, on a clock that the test turns."""

from __future__ import annotations

import pytest

from motiv8.waiting import wait_for


class Clock:
    """Time goes by only as somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.pauses: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    """A clock that stands at some moment."""
    return Clock()


def test_what_is_there_is_not_waited_for(clock: Clock) -> None:
    assert wait_for(lambda: "there", seconds=0, clock=clock, sleep=clock.sleep) == "there"
    assert clock.pauses == []


def test_it_asks_again_after_each_pause(clock: Clock) -> None:
    answers = iter([None, "", 0, "there"])
    assert wait_for(lambda: next(answers), seconds=9, pause=2, clock=clock, sleep=clock.sleep) == "there"
    assert clock.pauses == [2, 2, 2]


def test_pauses_double_up_to_the_longest(clock: Clock) -> None:
    answers = iter([False] * 5 + [True])
    assert wait_for(lambda: next(answers), seconds=99, pause=1, longest_pause=5, clock=clock, sleep=clock.sleep)
    assert clock.pauses == [1, 2, 4, 5, 5]


def test_it_asks_once_more_when_time_is_up_and_gives_up_then(clock: Clock) -> None:
    asked: list[float] = []

    def ask() -> bool:
        asked.append(clock.now)
        return False

    with pytest.raises(TimeoutError, match="within 5 s"):
        wait_for(ask, seconds=5, pause=2, clock=clock, sleep=clock.sleep)
    assert asked == [100, 102, 104, 105]
