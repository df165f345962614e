"""Who is due, and that nobody else is even read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from motiv8.aws import tables
from motiv8.payloads import PortraitOrder
from motiv8.pipeline.plan_day import plan_day
from motiv8.pipeline.summarise_day import summarise_day

Make = Callable[..., Any]
MORNING = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
USUAL = {"theme": "dark", "format": "portrait", "engine": "poster"}
NIGHT_BEFORE = MORNING - timedelta(hours=12)


def test_each_person_is_due_at_their_own_hour_on_their_own_date(make_user: Make, lines: Make) -> None:
    make_user("utc", now=NIGHT_BEFORE)
    make_user("tokyo", now=NIGHT_BEFORE, time_zone="Asia/Tokyo", delivery_hour=15, mode="track")
    make_user("honolulu", now=NIGHT_BEFORE, time_zone="Pacific/Honolulu", delivery_hour=20, workout_days={"thu"})
    make_user("later", now=NIGHT_BEFORE, delivery_hour=7)
    make_user("rests", now=NIGHT_BEFORE, workout_days={"sat"})
    plan = plan_day(MORNING, "run-1")
    found = {line["user_id"]: line["portrait_id"] for line in lines(plan)}
    assert found == {"utc": "2026-11-20-daily", "tokyo": "2026-11-20-daily", "honolulu": "2026-11-19-daily"}
    assert plan["due"] == 3
    assert plan["scenes"] == [
        {"date": "2026-11-19", "mode": "summit"} | USUAL,
        {"date": "2026-11-20", "mode": "summit"} | USUAL,
        {"date": "2026-11-20", "mode": "track"} | USUAL,
    ]
    assert {line["correlation_id"] for line in lines(plan)} == {"run-1"}


def test_only_who_is_due_is_read(make_user: Make) -> None:
    for number in range(60):
        make_user(f"user-{number}", now=NIGHT_BEFORE, delivery_hour=6 if number < 3 else 18)
    received: Counter[str] = Counter()

    def count(**event: Any) -> None:
        name, parsed = event["model"].name, event["parsed"]
        received[name] += len(parsed.get("Items", ())) + sum(map(len, parsed.get("Responses", {}).values()))
        received[f"{name} calls"] += 1

    events = tables.connection().client.meta.events
    events.register("after-call.dynamodb", count)
    try:
        assert plan_day(MORNING, "run")["due"] == 3
    finally:
        events.unregister("after-call.dynamodb", count)
    assert received["Query"] == received["BatchGetItem"] == 3
    assert received["Query calls"] == 16
    assert received["BatchGetItem calls"] <= 3
    assert set(received) == {"Query", "Query calls", "BatchGetItem", "BatchGetItem calls"}


def test_a_line_is_what_starts_the_machine_of_a_picture(make_user: Make, make_portrait: Make, lines: Make) -> None:
    stuck = MORNING - timedelta(hours=2)
    asked = [["2026-11-20-stuck", "2026-11-20T04:00:00Z"]]
    make_user("due", now=NIGHT_BEFORE)
    make_user("photo", now=NIGHT_BEFORE, selfie_status="waiting", delivery_hour=18, next_due_at=stuck, due_shard=1)
    make_user("asked", asked=asked, next_due_at=stuck, due_shard=2, delivery_hour=18)
    make_portrait("2026-11-20-stuck", user_id="asked", status="making", created_at=stuck)
    planned = {line["user_id"]: line for line in lines(plan_day(MORNING, "run"))}
    assert planned.keys() == {"due", "photo", "asked"}
    known = PortraitOrder.__required_keys__ | PortraitOrder.__optional_keys__
    assert all(PortraitOrder.__required_keys__ <= line.keys() <= known for line in planned.values())


def test_after_a_missed_hour_who_was_due_still_is(make_user: Make, lines: Make) -> None:
    make_user(now=NIGHT_BEFORE)
    assert [line["portrait_id"] for line in lines(plan_day(MORNING + timedelta(hours=3), "run"))] == [
        "2026-11-20-daily"
    ]


def test_after_days_of_outage_only_the_latest_is_made(make_user: Make, lines: Make) -> None:
    make_user(now=NIGHT_BEFORE - timedelta(days=3))
    assert [line["portrait_id"] for line in lines(plan_day(MORNING, "run"))] == ["2026-11-20-daily"]


def test_a_photo_that_got_stuck_is_taken_up_after_an_hour(make_user: Make, lines: Make, noon: datetime) -> None:
    pending = {"selfie_id": "s", "selfie_status": "processing", "selfie_updated_at": noon}
    make_user("first-photo", embedding_key=None, face_selfie_id=None, **pending)
    make_user("next-photo", **pending)
    assert lines(plan_day(noon + timedelta(minutes=59), "run")) == []
    found = lines(plan_day(noon + timedelta(minutes=60), "run"))
    assert {(line["user_id"], line["task"], line["selfie_id"]) for line in found} == {
        ("first-photo", "selfie", "s"),
        ("next-photo", "selfie", "s"),
    }


def test_a_picture_that_was_asked_for_and_got_stuck_is_taken_up(
    make_user: Make, make_portrait: Make, lines: Make, noon: datetime
) -> None:
    stuck, ready = "2026-11-20-01k0000000000000000000000a", "2026-11-20-01k0000000000000000000000b"
    asked = [[each, "2026-11-20T12:00:00Z"] for each in (stuck, ready)]
    make_user(asked=asked, next_due_at=noon + timedelta(hours=1), due_shard=2)
    make_portrait(stuck, status="making")
    make_portrait(ready, status="ready")
    [line] = lines(plan_day(noon + timedelta(hours=1), "run"))
    assert (line["portrait_id"], line["trigger"]) == (stuck, "asked")


def test_who_has_nothing_to_do_is_looked_at_later(make_user: Make, person: Make, noon: datetime) -> None:
    make_user(next_due_at=noon, due_shard=4)
    assert plan_day(noon, "run")["due"] == 0
    assert person().next_due_at > noon


def test_a_run_for_a_date_takes_everybody_whose_workout_day_it_is(make_user: Make, lines: Make, noon: datetime) -> None:
    make_user("friday")
    make_user("saturday", workout_days={"sat"})
    make_user("faceless", embedding_key=None, face_selfie_id=None)
    found = lines(plan_day(noon, "run", day="2026-11-20"))
    assert [(line["user_id"], line["portrait_id"]) for line in found] == [("friday", "2026-11-20-daily")]


def test_a_run_for_one_person_takes_them_whatever_the_day(make_user: Make, lines: Make, noon: datetime) -> None:
    make_user(workout_days={"mon"}, time_zone="Asia/Tokyo")
    make_user("somebody-else", next_due_at=noon, due_shard=1)
    found = lines(plan_day(noon + timedelta(hours=4), "run", user_id="user-1"))
    assert [(line["user_id"], line["portrait_id"]) for line in found] == [("user-1", "2026-11-21-daily")]
    found = lines(plan_day(noon, "run", day="2026-12-24", user_id="user-1"))
    assert [line["portrait_id"] for line in found] == ["2026-12-24-daily"]


def test_a_run_for_nobody_is_empty(noon: datetime) -> None:
    assert plan_day(noon, "run", user_id="nobody")["due"] == 0


@pytest.mark.parametrize("ready", [0, 1, 2])
def test_the_summary_counts_what_the_table_has(make_user: Make, make_portrait: Make, ready: int) -> None:
    for number in range(2):
        make_user(f"user-{number}", now=NIGHT_BEFORE)
        make_portrait("2026-11-20-daily", user_id=f"user-{number}", status="ready" if number < ready else "failed")
    plan = plan_day(MORNING, "run")
    assert summarise_day(plan["plan_key"]) == {"due": 2, "served": ready, "failed": 2 - ready}
