"""A streak counts workout days with a picture, once each, and ends with a workout day without one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from motiv8.accounts.streak import Streak

MONDAY = date(2026, 11, 23)
WEEKDAYS = frozenset({"mon", "tue", "wed", "thu", "fri"})
DAILY = WEEKDAYS | {"sat", "sun"}


def _after(*days: int, workout_days: frozenset[str] = WEEKDAYS) -> Streak:
    streak = Streak()
    for ahead in days:
        streak = streak.with_picture_on(MONDAY + timedelta(ahead), workout_days)
    return streak


@pytest.mark.parametrize(
    ("days", "length"),
    [
        ((), 0),
        ((0,), 1),
        ((0, 1, 2), 3),
        # Over the weekend, and with a picture on a day that is no workout day.
        ((3, 4, 7), 3),
        ((4, 5, 7), 2),
        # A replay, of today's and of an earlier one.
        ((0, 1, 1, 0), 2),
        # Wednesday was missed.
        ((0, 1, 3), 1),
        ((0, 21), 1),
    ],
)
def test_each_workout_day_with_a_picture_counts_once(days: tuple[int, ...], length: int) -> None:
    assert _after(*days).days == length


def test_it_is_over_once_a_workout_day_has_passed_without_a_picture() -> None:
    streak = _after(0, 1, 2, 3, 4)
    shown = {ahead: streak.as_of(MONDAY + timedelta(ahead), WEEKDAYS) for ahead in (4, 5, 6, 7, 8, 400)}
    assert shown == {4: 5, 5: 5, 6: 5, 7: 5, 8: 0, 400: 0}


def test_other_workout_days_neither_end_nor_revive_it() -> None:
    streak = _after(3, 4)
    sunday = MONDAY + timedelta(6)
    assert streak.as_of(sunday, DAILY) == 0
    carried = streak.carried_to(sunday - timedelta(1), WEEKDAYS)
    assert carried.as_of(sunday, DAILY) == 2
    assert carried.with_picture_on(sunday, DAILY).days == 3
    # One that is over stays so, and today's picture stays counted.
    assert streak.carried_to(MONDAY + timedelta(8), WEEKDAYS) == Streak()
    assert streak.carried_to(MONDAY, WEEKDAYS) == streak


@pytest.mark.parametrize(
    "stored",
    [None, "x", 7, [], {}, [3], ["3", "2026-11-20"], [True, "2026-11-20"], [-1, "2026-11-20"], [3, "soon"], [3, 3],
     [1e9, "2026-11-20"], [10**9, "2026-11-20"], [3, None]],
)  # fmt: skip
def test_what_is_no_streak_counts_as_none(stored: object) -> None:
    assert Streak.parse(stored) == Streak()


def test_it_is_read_as_it_was_stored() -> None:
    streak = _after(0, 1)
    assert Streak.parse(streak.stored()) == streak
    assert Streak().stored() is None
