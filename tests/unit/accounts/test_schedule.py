"""The schedule, across every change of the clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motiv8.accounts.schedule import (
    PHOTO_CHECK_AFTER,
    SHARDS,
    Schedule,
    delivery_on,
    due_shard,
    latest_delivery,
    local_date,
    next_delivery,
    next_look,
)
from motiv8.catalogue.weekdays import WEEK

ZONES = (
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",  # moves by half an hour
    "America/Santiago",  # moves at midnight
    "Africa/Casablanca",  # goes back for Ramadan
    "Pacific/Apia",  # left out a whole day in 2011
    "America/Nuuk",  # skips the last hour of a Saturday
    "Asia/Kathmandu",  # no changes, and a quarter of an hour off
    "UTC",
)
EVERY_DAY = frozenset(WEEK)

schedules = st.builds(
    Schedule,
    time_zone=st.sampled_from(ZONES),
    delivery_hour=st.integers(0, 23),
    workout_days=st.frozensets(st.sampled_from(WEEK), min_size=1),
)
moments = st.datetimes(datetime(2010, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(schedules, moments)
@settings(max_examples=400, deadline=None)
def test_the_next_delivery_is_later_on_a_workout_day_at_the_hour(schedule: Schedule, now: datetime) -> None:
    due = next_delivery(schedule, now)
    assert due > now
    assert due - now <= timedelta(days=14, hours=2)
    local = due.astimezone(ZoneInfo(schedule.time_zone))
    assert WEEK[local.weekday()] in schedule.workout_days
    wanted = local.replace(hour=schedule.delivery_hour, minute=0, fold=0)
    exists = wanted.astimezone(UTC).astimezone(wanted.tzinfo).replace(tzinfo=None) == wanted.replace(tzinfo=None)
    assert (local.hour, local.minute) == (schedule.delivery_hour, 0) or not exists
    assert local.fold == 0


@given(schedules, moments)
@settings(max_examples=400, deadline=None)
def test_no_delivery_lies_between_the_latest_and_the_next(schedule: Schedule, now: datetime) -> None:
    latest, due = latest_delivery(schedule, now), next_delivery(schedule, now)
    assert latest is not None
    assert latest <= now < due
    assert next_delivery(schedule, latest) == due
    assert latest_delivery(schedule, due) == due


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("hour", [0, 1, 2, 3, 12, 23])
def test_every_local_date_of_five_years_has_exactly_one_delivery(zone: str, hour: int) -> None:
    schedule = Schedule(zone, hour, EVERY_DAY)
    day, last = date(2024, 1, 1), date(2028, 12, 31)
    moment = datetime(2023, 12, 30, tzinfo=UTC)
    while local_date(zone, moment := next_delivery(schedule, moment)) < day:
        pass
    while day <= last:
        assert local_date(zone, moment) == day
        moment = next_delivery(schedule, moment)
        day += timedelta(days=1)


def test_a_date_that_a_zone_left_out_has_no_delivery() -> None:
    schedule = Schedule("Pacific/Apia", 9, EVERY_DAY)
    assert delivery_on(schedule, date(2011, 12, 30)) is None
    thursday = delivery_on(schedule, date(2011, 12, 29))
    assert thursday is not None
    assert local_date("Pacific/Apia", next_delivery(schedule, thursday)) == date(2011, 12, 31)


def test_the_hour_is_the_same_on_the_wall_before_and_after_summer_time() -> None:
    schedule = Schedule("Europe/Berlin", 6, EVERY_DAY)
    assert delivery_on(schedule, date(2026, 10, 24)) == datetime(2026, 10, 24, 4, tzinfo=UTC)
    assert delivery_on(schedule, date(2026, 10, 25)) == datetime(2026, 10, 25, 5, tzinfo=UTC)


def test_an_hour_that_occurs_twice_means_the_first() -> None:
    schedule = Schedule("America/New_York", 1, EVERY_DAY)
    assert delivery_on(schedule, date(2026, 11, 1)) == datetime(2026, 11, 1, 5, tzinfo=UTC)


def test_an_hour_that_is_skipped_means_the_moment_at_which_it_would_have_come() -> None:
    schedule = Schedule("America/New_York", 2, EVERY_DAY)
    assert delivery_on(schedule, date(2026, 3, 8)) == datetime(2026, 3, 8, 7, tzinfo=UTC)


def test_a_skipped_midnight_is_still_on_its_date() -> None:
    schedule = Schedule("America/Santiago", 0, EVERY_DAY)
    due = delivery_on(schedule, date(2026, 9, 6))
    assert due is not None
    assert local_date("America/Santiago", due) == date(2026, 9, 6)


def test_a_rest_day_has_no_delivery() -> None:
    assert delivery_on(Schedule("UTC", 6, frozenset({"mon"})), date(2026, 11, 20)) is None


NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
FRIDAYS = Schedule("UTC", 6, frozenset({"fri"}))


def test_with_nothing_to_do_nobody_is_looked_at() -> None:
    assert next_look(FRIDAYS, NOW, has_face=False, photo_pending_since=None) is None


def test_a_face_is_looked_at_for_its_next_delivery() -> None:
    assert next_look(FRIDAYS, NOW, has_face=True, photo_pending_since=None) == NOW + timedelta(days=7, hours=-6)


def test_a_photo_in_work_is_looked_at_an_hour_after_it_came() -> None:
    since = NOW - timedelta(minutes=20)
    assert next_look(FRIDAYS, NOW, has_face=True, photo_pending_since=since) == since + PHOTO_CHECK_AFTER


def test_a_photo_that_is_overdue_is_looked_at_at_once() -> None:
    since = NOW - timedelta(days=2)
    assert next_look(FRIDAYS, NOW, has_face=False, photo_pending_since=since) == NOW


def test_shards_are_stable_and_evenly_used() -> None:
    assert due_shard("11111111-2222-3333-4444-555555555555") == due_shard("11111111-2222-3333-4444-555555555555")
    used = [due_shard(f"user-{number}") for number in range(3200)]
    assert set(used) == set(range(SHARDS))
    assert max(used.count(shard) for shard in range(SHARDS)) < 280


@pytest.mark.parametrize(
    ("days", "last"),
    [
        ({"mon", "tue", "wed", "thu", "fri"}, date(2026, 11, 27)),
        ({"mon", "sun"}, date(2026, 11, 29)),
        ({"mon"}, date(2026, 11, 23)),
    ],
)
def test_a_week_has_one_last_workout_day(days: set[str], last: date) -> None:
    schedule = Schedule("UTC", 6, frozenset(days))
    week = [date(2026, 11, 23) + timedelta(ahead) for ahead in range(7)]
    assert [day for day in week if schedule.is_last_of_week(day) and WEEK[day.weekday()] in days] == [last]
