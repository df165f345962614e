"""Who has not come for long is told once, and a month later their face goes; a visit undoes it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from motiv8.accounts import rows
from motiv8.accounts.inactivity import next_step, removal_day
from motiv8.accounts.person import Person
from motiv8.aws.tables import UserRow

LIMIT = timedelta(days=730)
TODAY = date(2028, 12, 1)


def _days_ago(days: int) -> datetime:
    return datetime(2028, 12, 1, 3, tzinfo=UTC) - timedelta(days=days)


def _person(seen: int | None, told: int | None = None, **changes: Any) -> Person:
    values = {
        "created_at": _days_ago(2000),
        "seen_on": None if seen is None else _days_ago(seen).date().isoformat(),
        "inactivity_notice_at": None if told is None else _days_ago(told),
        "selfie_id": "s",
        "face_selfie_id": "s",
    }
    return rows.read(UserRow("user-1", **(values | changes)))


@pytest.mark.parametrize(
    ("seen", "told", "step"),
    [
        (0, None, "none"),
        (699, None, "none"),
        (700, None, "notice"),
        (2000, None, "notice"),
        # Told in time: gone at the limit, and not before.
        (729, 29, "none"),
        (730, 30, "removal"),
        # Told late: they have the month all the same.
        (900, 29, "none"),
        (900, 30, "removal"),
        # Came after the notice, or on its day.
        (3, 20, "none"),
        (20, 20, "none"),
        # Told long ago, came, and stayed away again.
        (700, 1500, "notice"),
        (1500, 1500, "notice"),
    ],
)
def test_what_is_due(seen: int, told: int | None, step: str) -> None:
    assert next_step(_person(seen, told), TODAY, LIMIT) == step


def test_without_a_face_nothing_is_due_but_what_was_cut_off() -> None:
    without: dict[str, Any] = {"selfie_id": None, "face_selfie_id": None}
    assert next_step(_person(2000, **without), TODAY, LIMIT) == "none"
    assert next_step(_person(2000, 1, **without), TODAY, LIMIT) == "removal"


@pytest.mark.parametrize("pending", [{"face_selfie_id": None}, {"selfie_id": None}])
def test_a_photo_alone_and_a_face_alone_count(pending: dict[str, None]) -> None:
    assert next_step(_person(2000, **pending), TODAY, LIMIT) == "notice"


def test_before_visits_were_noted_the_last_known_deed_counts() -> None:
    known: dict[str, Any] = {"consent_at": _days_ago(1000), "selfie_updated_at": _days_ago(699)}
    assert next_step(_person(None, **known), TODAY, LIMIT) == "none"
    assert next_step(_person(None, **known), TODAY + timedelta(days=1), LIMIT) == "notice"
    assert next_step(_person(None), TODAY, LIMIT) == "notice"


def test_nobody_has_less_than_a_month() -> None:
    assert removal_day(_person(700), TODAY, LIMIT) == TODAY + timedelta(days=30)
    assert removal_day(_person(2000), TODAY, LIMIT) == TODAY + timedelta(days=30)
