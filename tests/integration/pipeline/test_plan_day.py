"""Who is due, and that nobody else is even read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from motiv8.aws import tables
from motiv8.daily_payloads import ServedPart
from motiv8.payloads import PortraitOrder
from motiv8.pipeline import plan_day as plan_day_module
from motiv8.pipeline import plan_part as plan_part_module
from motiv8.pipeline.summarise_day import summarise_day, summarise_part
from motiv8.settings import settings

Make = Callable[..., Any]
MORNING = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
USUAL = {"theme": "dark", "format": "portrait", "engine": "poster"}
NIGHT_BEFORE = MORNING - timedelta(hours=12)


def test_each_person_is_due_at_their_own_hour_on_their_own_date(make_user: Make, planned: Make) -> None:
    make_user("utc", now=NIGHT_BEFORE)
    make_user("tokyo", now=NIGHT_BEFORE, time_zone="Asia/Tokyo", delivery_hour=15, mode="track")
    make_user("honolulu", now=NIGHT_BEFORE, time_zone="Pacific/Honolulu", delivery_hour=20, workout_days={"thu"})
    make_user("later", now=NIGHT_BEFORE, delivery_hour=8)
    make_user("rests", now=NIGHT_BEFORE, workout_days={"sat"})
    plan = planned(MORNING, "run-1")
    assert plan.pictures == {"utc": "2026-11-20-daily", "tokyo": "2026-11-20-daily", "honolulu": "2026-11-19-daily"}
    assert plan.scenes == [
        {"date": "2026-11-19", "mode": "summit"} | USUAL,
        {"date": "2026-11-20", "mode": "summit"} | USUAL,
        {"date": "2026-11-20", "mode": "track"} | USUAL,
    ]
    assert [batch["run"] for batch in plan.batches] == ["run-1"]


def test_only_who_is_due_is_read(make_user: Make, planned: Make) -> None:
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
        assert planned(MORNING).due == 3
    finally:
        events.unregister("after-call.dynamodb", count)
    # Once to see which shards have somebody, and once for the plan.
    assert received["Query"] == 2 * 3
    assert received["Query calls"] <= 16 + 3
    assert received["BatchGetItem"] == 3
    # People, and the pictures that they may have.
    assert received["BatchGetItem calls"] <= 2 * 3
    assert set(received) == {"Query", "Query calls", "BatchGetItem", "BatchGetItem calls"}


def test_what_stands_alone_is_what_starts_the_machine_of_a_picture(
    make_user: Make, make_portrait: Make, planned: Make
) -> None:
    stuck = MORNING - timedelta(hours=2)
    asked = [["2026-11-20-stuck", "2026-11-20T04:00:00Z"]]
    make_user("due", now=NIGHT_BEFORE)
    make_user("photo", now=NIGHT_BEFORE, selfie_status="waiting", delivery_hour=18, next_due_at=stuck, due_shard=1)
    make_user("asked", asked=asked, next_due_at=stuck, due_shard=2, delivery_hour=18)
    make_portrait("2026-11-20-stuck", user_id="asked", status="making", created_at=stuck)
    plan = planned(MORNING)
    assert plan.pictures.keys() == {"due"}
    assert [line["user_id"] for line in plan.alone] == ["photo", "asked"]
    known = PortraitOrder.__required_keys__ | PortraitOrder.__optional_keys__
    assert all(PortraitOrder.__required_keys__ <= line.keys() <= known for line in plan.alone)


def test_after_a_missed_hour_who_was_due_still_is(make_user: Make, planned: Make) -> None:
    make_user(now=NIGHT_BEFORE)
    assert planned(MORNING + timedelta(hours=3)).pictures == {"user-1": "2026-11-20-daily"}


def test_after_days_of_outage_only_the_latest_is_made(make_user: Make, planned: Make) -> None:
    make_user(now=NIGHT_BEFORE - timedelta(days=3))
    assert planned(MORNING).pictures == {"user-1": "2026-11-20-daily"}


def test_a_photo_that_got_stuck_is_taken_up_after_an_hour(make_user: Make, planned: Make, noon: datetime) -> None:
    pending = {"selfie_id": "s", "selfie_status": "processing", "selfie_updated_at": noon}
    make_user("first-photo", embedding_key=None, face_selfie_id=None, **pending)
    make_user("next-photo", **pending)
    assert planned(noon + timedelta(minutes=59)).due == 0
    found = planned(noon + timedelta(minutes=60)).alone
    assert {(line["user_id"], line["task"], line["selfie_id"]) for line in found} == {
        ("first-photo", "selfie", "s"),
        ("next-photo", "selfie", "s"),
    }


def test_a_picture_that_was_asked_for_and_got_stuck_is_taken_up(
    make_user: Make, make_portrait: Make, planned: Make, noon: datetime
) -> None:
    stuck, ready = "2026-11-20-01k0000000000000000000000a", "2026-11-20-01k0000000000000000000000b"
    asked = [[each, "2026-11-20T12:00:00Z"] for each in (stuck, ready)]
    make_user(asked=asked, next_due_at=noon + timedelta(hours=1), due_shard=2)
    make_portrait(stuck, status="making")
    make_portrait(ready, status="ready")
    [line] = planned(noon + timedelta(hours=1)).alone
    assert (line["portrait_id"], line["trigger"]) == (stuck, "asked")


def test_who_has_nothing_to_do_is_looked_at_later(make_user: Make, person: Make, planned: Make, noon: datetime) -> None:
    make_user(next_due_at=noon, due_shard=4)
    assert planned(noon).due == 0
    assert person().next_due_at > noon


def test_a_run_for_a_date_takes_everybody_whose_workout_day_it_is(
    make_user: Make, planned: Make, noon: datetime
) -> None:
    make_user("friday")
    make_user("saturday", workout_days={"sat"})
    make_user("faceless", embedding_key=None, face_selfie_id=None)
    assert planned(noon, date="2026-11-20").pictures == {"friday": "2026-11-20-daily"}


def test_a_run_for_one_person_takes_them_whatever_the_day(make_user: Make, planned: Make, noon: datetime) -> None:
    make_user(workout_days={"mon"}, time_zone="Asia/Tokyo")
    make_user("somebody-else", next_due_at=noon, due_shard=1)
    plan = planned(noon + timedelta(hours=4), user_id="user-1")
    assert plan.pictures == {"user-1": "2026-11-21-daily"}
    assert [batch["ordered"] for batch in plan.batches] == [True]
    assert planned(noon, date="2026-12-24", user_id="user-1").pictures == {"user-1": "2026-12-24-daily"}


def test_a_run_for_nobody_is_empty(planned: Make, noon: datetime) -> None:
    assert planned(noon, user_id="nobody").parts == []


@pytest.mark.parametrize("ready", [0, 1, 2])
def test_the_summary_counts_what_the_table_has(make_user: Make, make_portrait: Make, planned: Make, ready: int) -> None:
    for number in range(2):
        make_user(f"user-{number}", now=NIGHT_BEFORE)
    [part] = planned(MORNING).parts
    for number in range(2):
        make_portrait("2026-11-20-daily", user_id=f"user-{number}", status="ready" if number < ready else "failed")
    found = summarise_part(part)
    assert found == {"due": 2, "made": ready, "failed": 2 - ready}
    served = cast("ServedPart", {**part, "summary": {"value": found}})
    total = summarise_day([served] * 2)
    assert total == {"due": 4, "made": 2 * ready, "failed": 4 - 2 * ready}


def test_a_picture_is_made_in_the_hour_before_and_not_earlier(make_user: Make, planned: Make) -> None:
    make_user(now=NIGHT_BEFORE)
    assert planned(MORNING - timedelta(minutes=61)).due == 0
    assert planned(MORNING - timedelta(minutes=60)).pictures == {"user-1": "2026-11-20-daily"}


def test_what_is_made_ahead_waits_for_its_hour_and_is_delivered_then(
    make_user: Make, make_portrait: Make, planned: Make, person: Make
) -> None:
    make_user(now=NIGHT_BEFORE)
    make_portrait("2026-11-20-daily", status="ready")
    assert planned(MORNING - timedelta(minutes=1)).due == 0
    assert person().next_due_at == MORNING
    assert planned(MORNING).pictures == {"user-1": "2026-11-20-daily"}


@pytest.mark.parametrize("run", ["another", "delivery", None])
def test_a_picture_under_lease_is_left_alone_until_it_ends(
    make_user: Make, make_portrait: Make, planned: Make, person: Make, run: str | None
) -> None:
    make_user(now=NIGHT_BEFORE)
    lease = {"lease_run": run, "lease_until": MORNING + timedelta(minutes=10)}
    make_portrait("2026-11-20-daily", status="ready" if run == "delivery" else "making", **lease)
    assert planned(MORNING + timedelta(minutes=9)).due == 0
    assert person().next_due_at == MORNING
    assert planned(MORNING + timedelta(minutes=10)).pictures == {"user-1": "2026-11-20-daily"}


def test_a_picture_that_failed_for_good_ahead_of_its_hour_is_not_looked_at_again(
    make_user: Make, make_portrait: Make, planned: Make, person: Make
) -> None:
    make_user(now=NIGHT_BEFORE)
    make_portrait("2026-11-20-daily", status="failed", reason="no_selfie")
    assert planned(MORNING - timedelta(minutes=45)).due == 0
    assert person().next_due_at == MORNING + timedelta(days=3)


def test_the_engine_that_works_in_batch_begins_at_the_hour_by_an_execution_for_each(
    make_user: Make, planned: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTIV8_ENGINE", "diffusion")
    settings.cache_clear()
    make_user(now=NIGHT_BEFORE)
    assert planned(MORNING - timedelta(minutes=1)).due == 0
    plan = planned(MORNING)
    assert (plan.pictures, [line["portrait_id"] for line in plan.alone]) == ({}, ["2026-11-20-daily"])


def test_many_people_are_planned_shard_by_shard_in_parts_and_batches(
    make_user: Make, planned: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_day_module, "_FEW", 3)
    monkeypatch.setattr(plan_part_module, "MOST", 4)
    monkeypatch.setattr(plan_part_module, "_PAGE", 2)
    monkeypatch.setattr(plan_part_module, "BATCH", 3)
    monkeypatch.setenv("MOTIV8_MAKING_CONCURRENCY", "20")
    settings.cache_clear()
    for number in range(60):
        make_user(f"user-{number}", now=NIGHT_BEFORE)
    plan = planned(MORNING)
    assert plan.pictures.keys() == {f"user-{number}" for number in range(60)}
    assert sum(len(batch["orders"]) for batch in plan.batches) == 60
    assert max(len(batch["orders"]) for batch in plan.batches) == 3
    assert len({part["batches"] for part in plan.parts}) == len(plan.parts) > 10
    # Each part works on as many batches at once as it has of all.
    assert 10 <= sum(part["concurrency"] for part in plan.parts) <= 30


def test_a_plan_goes_on_after_whoever_was_planned_last_though_they_are_rescheduled(
    make_user: Make, make_portrait: Make, planned: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_part_module, "_PAGE", 2)
    monkeypatch.setattr(plan_part_module, "MOST", 2)
    for number in range(9):
        user_id = f"user-{number}"
        make_user(user_id, now=NIGHT_BEFORE, due_shard=5)
        if number % 2:
            make_portrait("2026-11-20-daily", user_id=user_id, status="failed", reason="no_selfie")
    assert planned(MORNING).pictures.keys() == {f"user-{number}" for number in range(0, 9, 2)}


def test_who_was_due_half_an_hour_ago_and_has_no_picture_is_counted(
    make_user: Make, planned: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    make_user(now=NIGHT_BEFORE)
    planned(MORNING + timedelta(minutes=29))
    assert "DeliveriesOverdue" not in capsys.readouterr().out
    planned(MORNING + timedelta(minutes=30))
    assert '"DeliveriesOverdue":[1.0]' in capsys.readouterr().out.replace(" ", "")
