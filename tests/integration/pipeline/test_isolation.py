"""Garbage in one person's row, line or device costs nobody else anything, and is counted."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from motiv8.aws import clients, storage
from motiv8.aws.tables import PortraitRow, UserRow
from motiv8.pipeline.summarise_day import summarise_part
from motiv8.settings import settings
from stand_in.garbage import GARBAGE, keys, spoil, store, stored

Make = Callable[..., Any]
MORNING = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
NIGHT_BEFORE = MORNING - timedelta(hours=12)
# What a row is found by: DynamoDB itself refuses another type there, and another value is another row.
KEYS = {"user_id", "portrait_id"}
INDEX_KEYS = {"due_shard": "N", "next_due_at": "S"}


def _possible(attribute: str) -> list[dict[str, Any]]:
    return keys(INDEX_KEYS[attribute]) if attribute in INDEX_KEYS else GARBAGE


def test_rows_with_garbage_in_each_attribute_cost_nobody_else_their_picture(make_user: Make, planned: Make) -> None:
    for number in range(20):
        make_user(f"good-{number}", now=NIGHT_BEFORE)
    table = settings().users_table
    good = stored(table, {"user_id": {"S": "good-0"}})
    store(
        table,
        (
            good | {"user_id": {"S": f"bad-{attribute}-{number}"}, attribute: value}
            for attribute in sorted(set(UserRow.get_attributes()) - KEYS)
            for number, value in enumerate(_possible(attribute))
        ),
    )
    assert {f"good-{number}" for number in range(20)} <= planned(MORNING).pictures.keys()


def test_pictures_with_garbage_in_any_attribute_leave_the_summary_of_the_others(
    make_user: Make, make_portrait: Make, planned: Make
) -> None:
    attributes = sorted(set(PortraitRow.get_attributes()) - KEYS)
    good, bad = {"good-1", "good-2"}, {f"bad-{each}" for each in attributes}
    for user_id in good | bad:
        make_user(user_id, now=NIGHT_BEFORE)
        make_portrait(user_id=user_id)
    [part] = planned(MORNING).parts
    table = settings().portraits_table
    row = stored(table, {"user_id": {"S": "good-1"}, "portrait_id": {"S": "2026-11-20-daily"}})
    for number in range(len(GARBAGE)):
        possible = {each: _possible(each) for each in attributes}
        store(
            table,
            (
                row | {"user_id": {"S": f"bad-{each}"}, each: possible[each][number % len(possible[each])]}
                for each in attributes
            ),
        )
        summary = summarise_part(part)
        assert summary["due"] == len(good | bad)
        assert len(good) <= summary["made"] <= len(good | bad)
        assert good <= planned(MORNING).pictures.keys()


def test_a_row_that_is_skipped_is_logged_by_its_id_and_counted(
    make_user: Make, planned: Make, logged: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    make_user("bad", now=NIGHT_BEFORE)
    spoil(settings().users_table, {"user_id": {"S": "bad"}}, "time_zone", {"S": "Mars/Olympus"})
    assert planned(MORNING).due == 0
    [line] = [json.loads(each) for each in logged.getvalue().splitlines()]
    assert (line["level"], line["message"], line["user_id"]) == ("ERROR", "person skipped", "bad")
    assert "Mars" not in logged.getvalue()
    assert '"RowsSkipped":[1.0]' in capsys.readouterr().out.replace(" ", "")


def test_a_row_that_is_malformed_is_logged_and_counted(
    make_user: Make, planned: Make, logged: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    make_user("bad", now=NIGHT_BEFORE)
    make_user("good", now=NIGHT_BEFORE)
    spoil(settings().users_table, {"user_id": {"S": "bad"}}, "created_at", {"S": "long ago"})
    assert planned(MORNING).due == 1
    [line] = [json.loads(each) for each in logged.getvalue().splitlines()]
    assert (line["message"], line["row"]) == ("malformed row skipped", "bad")
    assert "long ago" not in logged.getvalue()
    assert '"RowsSkipped":[1.0]' in capsys.readouterr().out.replace(" ", "")


def test_an_error_of_aws_is_not_taken_for_a_bad_row(
    make_user: Make, planned: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_user("somebody", asked=[["x", "2026-11-20T06:00:00Z"]], next_due_at=MORNING, due_shard=1)
    error = clients.dynamodb().exceptions.ProvisionedThroughputExceededException({"Error": {}}, "Query")

    def throttled(*_: object) -> None:
        raise error

    monkeypatch.setattr("motiv8.portraits.repository.several", throttled)
    with pytest.raises(type(error)):
        planned(MORNING)


@pytest.mark.parametrize("line", ["", "{", "[]", "null", '{"task": "portrait"}', '{"task": "portrait", "user_id": 1}'])
def test_a_line_of_the_plan_that_cannot_be_read_leaves_the_others(
    make_user: Make, make_portrait: Make, planned: Make, line: str
) -> None:
    make_user(now=NIGHT_BEFORE)
    make_portrait()
    [part] = planned(MORNING).parts
    bucket, key = settings().media_bucket, part["batches"]
    good = storage.get(bucket, key) or b""
    storage.put(bucket, key, f"{line}\n".encode() + good, "application/jsonl")
    assert summarise_part(part) == {"due": 1, "made": 1, "failed": 0}


def test_a_time_zone_that_somebody_gave_cognito_directly_is_not_taken(call: Make) -> None:
    client = settings().user_pool_client_id
    clients.cognito().sign_up(
        ClientId=client,
        Username="mars@example.com",
        Password="a long enough password",
        UserAttributes=[{"Name": "email", "Value": "mars@example.com"}, {"Name": "zoneinfo", "Value": "Mars/Olympus"}],
    )
    clients.cognito().admin_confirm_sign_up(UserPoolId=settings().user_pool_id, Username="mars@example.com")
    grant = {"grant_type": "password", "email": "mars@example.com", "password": "a long enough password"}
    token = call("POST", "/v1/auth/token", grant).json["access_token"]
    assert call("GET", "/v1/me", token=token).json["time_zone"] == "UTC"
