"""Asking for a picture, following it, listing and deleting."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from pynamodb.exceptions import PutError

from motiv8 import clock
from motiv8.aws import clients, storage
from motiv8.aws.tables import PortraitRow, UserRow
from motiv8.catalogue.formats import FORMATS
from motiv8.catalogue.modes import MODES
from motiv8.catalogue.themes import THEMES
from motiv8.catalogue.tones import TONES
from motiv8.portraits import repository
from motiv8.settings import settings

Call = Callable[..., Any]
Make = Callable[..., Any]


def _executions() -> list[dict[str, Any]]:
    machine = settings().portrait_state_machine_arn
    found = clients.step_functions().list_executions(stateMachineArn=machine)["executions"]
    return [
        json.loads(clients.step_functions().describe_execution(executionArn=each["executionArn"])["input"])
        for each in found
    ]


def test_asking_starts_the_machine_and_says_where_to_look(call: Call, make_user: Make) -> None:
    make_user(tone="tease")
    answer = call(
        "POST", "/v1/portraits", {"mode": "track"}, user="user-1", headers={"X-Correlation-Id": "from-the-phone"}
    )
    assert answer.status == 202
    assert answer.headers["Location"] == f"/v1/portraits/{answer.json['portrait_id']}"
    assert (answer.json["status"], answer.json["mode"], answer.json["tone"]) == ("queued", "track", "tease")
    [order] = _executions()
    assert order == {
        "user_id": "user-1",
        "portrait_id": answer.json["portrait_id"],
        "trigger": "asked",
        "task": "portrait",
        "correlation_id": "from-the-phone",
    }
    followed = call("GET", answer.headers["Location"], user="user-1")
    assert followed.json == answer.json


@pytest.mark.parametrize("status", ["queued", "making", "ready", "failed"])
def test_an_unfinished_picture_says_when_to_ask_again(call: Call, make_portrait: Make, status: str) -> None:
    make_portrait(status=status)
    for method in ("GET", "HEAD"):
        headers = call(method, "/v1/portraits/2026-11-20-daily", user="user-1").headers
        assert ("Retry-After" in headers) == (status in {"queued", "making"})
    known = {"If-None-Match": headers["ETag"]}
    again = call("GET", "/v1/portraits/2026-11-20-daily", user="user-1", headers=known)
    assert again.headers.get("Retry-After") == headers.get("Retry-After")


def test_the_date_is_the_persons_local_one(call: Call, make_user: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    make_user(time_zone="Pacific/Kiritimati")
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 20, 11, 0, tzinfo=UTC))
    assert call("POST", "/v1/portraits", {}, user="user-1").json["date"] == "2026-11-21"


def test_without_a_face_it_is_409(call: Call, make_user: Make) -> None:
    make_user(face_selfie_id=None, embedding_key=None, selfie_status="processing")
    answer = call("POST", "/v1/portraits", {}, user="user-1")
    assert answer.status == 409
    assert "selfie" in answer.json["detail"]
    assert _executions() == []


def test_a_rejected_new_photo_does_not_take_the_working_face_away(call: Call, make_user: Make) -> None:
    make_user(selfie_id="selfie-2", selfie_status="rejected", selfie_reason="blurred")
    assert call("POST", "/v1/portraits", {}, user="user-1").status == 202


def test_over_the_quota_it_is_429_until_the_first_ask_is_24_hours_old(
    call: Call, make_user: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_user(time_zone="Europe/Berlin")
    start = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)

    def ask(after: timedelta) -> Any:
        monkeypatch.setattr(clock, "now", lambda: start + after)
        return call("POST", "/v1/portraits", {}, user="user-1")

    left = [ask(timedelta(minutes=minutes)).headers["RateLimit-Remaining"] for minutes in (0, 10, 20)]
    assert left == ["2", "1", "0"]
    refused = ask(timedelta(minutes=30))
    assert refused.status == 429
    assert refused.headers["Retry-After"] == refused.headers["RateLimit-Reset"] == str(23 * 3600 + 1800)
    assert len(_executions()) == 3
    assert ask(timedelta(hours=23, minutes=59)).status == 429
    assert [ask(timedelta(hours=24, minutes=minutes)).status for minutes in (0, 1)] == [202, 429]


def test_travelling_between_time_zones_brings_no_more_pictures(call: Call, make_user: Make) -> None:
    make_user()
    statuses = []
    for zone in (
        "Pacific/Kiritimati",
        "Pacific/Niue",
        "UTC",
        "Asia/Tokyo",
        "America/Los_Angeles",
        "Pacific/Kiritimati",
    ):
        assert call("PATCH", "/v1/me", {"time_zone": zone}, user="user-1").status == 200
        statuses.append(call("POST", "/v1/portraits", {}, user="user-1").status)
    assert statuses == [202] * 3 + [429] * 3


@pytest.mark.parametrize("stored", ["x", 7, {"a": 1}, [1, "x", ["id"], ["id", "never"], ["id", None], None]])
def test_asks_that_are_stored_malformed_do_not_count(call: Call, make_user: Make, stored: object) -> None:
    make_user(asked=stored)
    assert call("POST", "/v1/portraits", {}, user="user-1").headers["RateLimit-Remaining"] == "2"


def test_changes_that_others_win_every_time_are_503_with_a_time_to_wait(
    call: Call, make_user: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_user()
    monkeypatch.setattr("time.sleep", lambda _: None)
    conflict = ClientError({"Error": {"Code": "ConditionalCheckFailedException"}}, "PutItem")

    def lose(*_: object, **__: object) -> None:
        raise PutError("lost", conflict)

    monkeypatch.setattr(UserRow, "save", lose)
    answer = call("POST", "/v1/portraits", {}, user="user-1")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
    assert _executions() == []


def test_a_picture_that_cannot_be_started_costs_nothing(call: Call, make_user: Make, person: Make) -> None:
    make_user()
    clients.step_functions().delete_state_machine(stateMachineArn=settings().portrait_state_machine_arn)
    assert call("POST", "/v1/portraits", {}, user="user-1").status == 503
    assert person().asked is None
    assert list(PortraitRow.query("user-1")) == []


def test_the_same_idempotency_key_makes_one_picture(call: Call, make_user: Make) -> None:
    make_user()
    headers = {"Idempotency-Key": "once"}
    first = call("POST", "/v1/portraits", {"mode": "desert"}, user="user-1", headers=headers)
    again = call("POST", "/v1/portraits", {"mode": "desert"}, user="user-1", headers=headers)
    assert again.status == 202
    assert again.json == first.json
    assert len(_executions()) == 1


def test_the_same_idempotency_key_with_another_body_is_409(call: Call, make_user: Make) -> None:
    make_user()
    headers = {"Idempotency-Key": "once"}
    call("POST", "/v1/portraits", {"mode": "desert"}, user="user-1", headers=headers)
    assert call("POST", "/v1/portraits", {"mode": "track"}, user="user-1", headers=headers).status == 409


def test_a_refusal_is_not_remembered_under_the_idempotency_key(call: Call, make_user: Make) -> None:
    make_user(face_selfie_id=None, embedding_key=None)
    headers = {"Idempotency-Key": "once"}
    assert call("POST", "/v1/portraits", {}, user="user-1", headers=headers).status == 409
    make_user()
    assert call("POST", "/v1/portraits", {}, user="user-1", headers=headers).status == 202


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"mode": "moonwalk"}, "body.mode"),
        ({"tone": "angry"}, "body.tone"),
        ({"mode": None}, "body.mode"),
        ({"mode": 7}, "body.mode"),
        ({"size": "big"}, "body.size"),
        ({"theme": "sepia"}, "body.theme"),
        ({"format": "A4"}, "body.format"),
        ({"layout": "collage"}, "body.layout"),
        ({"engine": "oil"}, "body.engine"),
    ],
)
def test_a_bad_request_names_the_field(call: Call, make_user: Make, body: dict[str, Any], field: str) -> None:
    make_user()
    answer = call("POST", "/v1/portraits", body, user="user-1")
    assert answer.status == 422
    assert [each["field"] for each in answer.json["errors"]] == [field]


def test_a_ready_picture_has_signed_urls_and_others_have_none(call: Call, make_portrait: Make) -> None:
    make_portrait()
    make_portrait("2026-11-19-daily", status="making", ready_at=None)
    ready = call("GET", "/v1/portraits/2026-11-20-daily", user="user-1").json
    for name, ending in (("image_url", ".jpg?"), ("thumbnail_url", "-thumbnail.webp?")):
        assert f"pictures/user-1/2026-11-20-daily{ending}" in ready[name]
        assert "X-Amz-Signature" in ready[name]
    assert ready["alt_text"] == "You, on a mountain."
    assert call("GET", "/v1/portraits/2026-11-19-daily", user="user-1").json["image_url"] is None


@pytest.mark.parametrize("reason", ["no_selfie", "selfie_rejected", "internal_error"])
def test_a_failed_picture_says_why(call: Call, make_portrait: Make, reason: str) -> None:
    make_portrait(status="failed", reason=reason, line=None, ready_at=None)
    answer = call("GET", "/v1/portraits/2026-11-20-daily", user="user-1").json
    assert (answer["status"], answer["reason"]) == ("failed", reason)
    assert len(answer["message"]) > 20


@pytest.mark.parametrize("portrait_id", ["2026-11-20-daily", "nonsense", "2026-11-20-", "..", "2026-11-20-" + "z" * 26])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_what_is_not_ones_own_is_404(call: Call, make_portrait: Make, method: str, portrait_id: str) -> None:
    make_portrait(user_id="user-2")
    assert call(method, f"/v1/portraits/{portrait_id}", user="user-1").status == 404


def test_all_pages_together_are_all_pictures_newest_first(call: Call, make_portrait: Make) -> None:
    days = [f"2026-{month:02}-{day:02}" for month in (10, 11) for day in range(1, 16)]
    for day in days:
        make_portrait(f"{day}-daily")
    make_portrait("2026-11-15-daily", user_id="user-2")
    seen: list[str] = []
    query = {"limit": "7"}
    for _ in range(10):
        page = call("GET", "/v1/portraits", user="user-1", query=query).json
        assert len(page["portraits"]) <= 7
        seen += [each["date"] for each in page["portraits"]]
        if page["next_cursor"] is None:
            break
        query = {"limit": "7", "cursor": page["next_cursor"]}
    assert seen == sorted(days, reverse=True)


def test_dates_limit_a_list_and_both_count_in(call: Call, make_portrait: Make) -> None:
    for day in range(10, 20):
        make_portrait(f"2026-11-{day}-daily")
    query = {"from": "2026-11-12", "to": "2026-11-14", "limit": "2"}
    page = call("GET", "/v1/portraits", user="user-1", query=query).json
    assert [each["date"] for each in page["portraits"]] == ["2026-11-14", "2026-11-13"]
    rest = call("GET", "/v1/portraits", user="user-1", query=query | {"cursor": page["next_cursor"]}).json
    assert [each["date"] for each in rest["portraits"]] == ["2026-11-12"]
    assert rest["next_cursor"] is None


def test_no_pictures_is_an_empty_list(call: Call) -> None:
    assert call("GET", "/v1/portraits", user="user-1").json == {"portraits": [], "next_cursor": None}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from": "2026-11-20", "to": "2026-11-19"}, "query.from"),
        ({"from": "yesterday"}, "query.from"),
        ({"to": "2026-02-30"}, "query.to"),
        ({"limit": "0"}, "query.limit"),
        ({"limit": "101"}, "query.limit"),
        ({"limit": "many"}, "query.limit"),
        ({"cursor": "tampered"}, "query.cursor"),
        ({"cursor": ""}, "query.cursor"),
        ({"cursor": "MjAyNi0xMS0yMC1kYWlseQ!!"}, "query.cursor"),
    ],
)
def test_a_bad_query_names_the_field(call: Call, query: dict[str, str], field: str) -> None:
    answer = call("GET", "/v1/portraits", user="user-1", query=query)
    assert answer.status == 422
    assert answer.json["errors"][0]["field"] == field


def test_today_is_the_daily_picture_else_the_newest_that_was_made(
    call: Call, make_user: Make, make_portrait: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_user()
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 20, 11, 0, tzinfo=UTC))
    assert call("GET", "/v1/portraits/today", user="user-1").status == 404
    make_portrait("2026-11-19-daily")
    assert call("GET", "/v1/portraits/today", user="user-1").status == 404
    asked = "2026-11-20-01k0000000000000000000000a"
    make_portrait(asked)
    assert call("GET", "/v1/portraits/today", user="user-1").json["portrait_id"] == asked
    daily = make_portrait("2026-11-20-daily", status="failed", reason="internal_error")
    assert call("GET", "/v1/portraits/today", user="user-1").json["portrait_id"] == asked
    daily.status = "ready"
    daily.reason = None
    daily.save()
    assert call("GET", "/v1/portraits/today", user="user-1").json["portrait_id"] == "2026-11-20-daily"


def test_deleting_a_picture_removes_its_files_and_nobody_elses(call: Call, make_portrait: Make, objects: Make) -> None:
    make_portrait()
    media = settings().media_bucket
    for name in (
        "2026-11-20-daily.jpg",
        "2026-11-20-daily.jpg",
        "2026-11-20-daily-thumbnail.webp",
        "2026-11-19-daily.jpg",
    ):
        storage.put(media, f"pictures/user-1/{name}", b"picture", "image/jpeg")
    assert call("DELETE", "/v1/portraits/2026-11-20-daily", user="user-1").status == 204
    assert objects(media) == ["pictures/user-1/2026-11-19-daily.jpg"]
    assert call("DELETE", "/v1/portraits/2026-11-20-daily", user="user-1").status == 404


def test_modes_and_tones_are_listed_for_anybody(call: Call) -> None:
    answer = call("GET", "/v1/modes").json
    assert [each["name"] for each in answer["modes"]] == list(MODES)
    assert [each["name"] for each in answer["tones"]] == list(TONES)
    assert [each["name"] for each in answer["themes"]] == list(THEMES)
    assert [each["name"] for each in answer["formats"]] == list(FORMATS)


def test_a_theme_a_format_and_a_layout_can_be_asked_for(call: Call, make_user: Make) -> None:
    make_user(theme="light")
    usual = call("POST", "/v1/portraits", {}, user="user-1").json
    assert (usual["theme"], usual["format"]) == ("light", "portrait")
    wish = {"theme": "dark", "format": "story", "layout": "medal"}
    assert wish.items() <= call("POST", "/v1/portraits", wish, user="user-1").json.items()


def test_an_engine_needs_its_group_and_an_environment_that_has_it(
    call: Call, make_user: Make, sign: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_user()
    monkeypatch.setenv("MOTIV8_ENGINES", "poster,bedrock")
    settings.cache_clear()
    entitled = sign(**{"cognito:groups": ["engine-bedrock", "engine-diffusion"]})
    assert call("POST", "/v1/portraits", {"engine": "poster"}, user="user-1").status == 202
    portrait_id = call("POST", "/v1/portraits", {"engine": "bedrock"}, token=entitled).json["portrait_id"]
    row = repository.get("user-1", portrait_id)
    assert row is not None
    assert row.engine == "bedrock"
    for engine, token in (("bedrock", sign()), ("diffusion", entitled)):
        refused = call("POST", "/v1/portraits", {"engine": engine}, token=token)
        assert (refused.status, refused.json["type"]) == (403, "urn:motiv8:problem:engine-not-entitled")
    monkeypatch.undo()
    settings.cache_clear()


def test_a_week_has_the_picture_of_each_day_and_the_streak(
    call: Call, make_user: Make, make_portrait: Make, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: noon)
    make_user("ann", streak=[2, "2026-11-20"])
    asked = "2026-11-18-01hasked000000000000000000"
    shown = {"2026-11-16-daily": "ready", asked: "ready", "2026-11-20-daily": "ready"}
    hidden = {"2026-11-15-daily": "ready", "2026-11-18-daily": "failed", "2026-11-23-daily": "ready"}
    for portrait_id, status in (shown | hidden).items():
        make_portrait(portrait_id, "ann", status=status, date=portrait_id[:10])
    week = call("GET", "/v1/portraits/week", user="ann")
    assert [each["portrait_id"] for each in week.json["portraits"]] == list(shown)
    assert {name: week.json[name] for name in ("week", "first", "last", "streak")} == {
        "week": "2026-W47",
        "first": "2026-11-16",
        "last": "2026-11-22",
        "streak": 2,
    }
    again = call("GET", "/v1/portraits/week", user="ann", headers={"If-None-Match": week.headers["ETag"]})
    assert again.status == 304
    earlier = call("GET", "/v1/portraits/week", user="ann", query={"week": "2026-W46"}).json
    assert [each["portrait_id"] for each in earlier["portraits"]] == ["2026-11-15-daily"]
    assert call("GET", "/v1/portraits/week", user="ann", query={"week": "2026-W01"}).json["first"] == "2025-12-29"


@pytest.mark.parametrize("week", ["2026-W54", "2026-W00", "2026W48", "9999-W52", "0000-W01", "2026-W48-1", "x", ""])
def test_what_is_no_week_is_refused(call: Call, make_user: Make, week: str) -> None:
    make_user("ann")
    answer = call("GET", "/v1/portraits/week", user="ann", query={"week": week})
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, "query.week")
