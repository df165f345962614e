"""Mails no faster than SES takes them."""

from __future__ import annotations

from itertools import pairwise

import pytest

from motiv8.pipeline.pace import Pace, pace_of


class _Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_two_mails_of_a_process_are_apart_and_work_between_them_counts() -> None:
    clock = _Clock()
    pace = Pace(1.0, clock, clock.sleep)
    sent = []
    for work in (0.0, 0.3, 5.0, 0.0):
        clock.now += work
        pace.wait()
        sent.append(clock.now)
    assert sent == [100.0, 101.0, 106.0, 107.0]


@pytest.mark.parametrize(("rate", "workers"), [(1, 2), (14, 2), (500, 50)])
def test_all_workers_together_keep_to_the_rate(rate: int, workers: int) -> None:
    sent = []
    for _ in range(workers):
        clock = _Clock()
        pace = Pace(pace_of(rate, workers).seconds, clock, clock.sleep)
        for _ in range(20):
            pace.wait()
            sent.append(clock.now)
    seconds = max(sent) - min(sent)
    # Each process begins when it likes: that is one mail of each, once.
    assert len(sent) - workers <= rate * seconds * 1.001
    assert all(later >= earlier for earlier, later in pairwise(sorted(sent)))
