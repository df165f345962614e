"""Garbage in one picture's row leaves the person's other pictures in the list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from motiv8.aws import clients
from motiv8.aws.tables import PortraitRow
from motiv8.settings import settings

Call = Callable[..., Any]
GARBAGE: list[dict[str, Any]] = [
    {"S": ""},
    {"S": "Mars/Olympus"},
    {"N": "-1"},
    {"BOOL": True},
    {"NULL": True},
    {"L": [{"S": "x"}]},
    {"B": b"\xff"},
]


@pytest.mark.parametrize("attribute", sorted(set(PortraitRow.get_attributes()) - {"user_id", "portrait_id"}))
def test_the_others_are_listed(call: Call, make_user: Callable[..., Any], attribute: str) -> None:
    make_user()
    for number in range(len(GARBAGE) + 2):
        _store(f"2026-11-{number + 1:02}-daily")
    for number, value in enumerate(GARBAGE):
        _change(f"2026-11-{number + 2:02}-daily", f"SET #{attribute} = :value", attribute, {":value": value})
    _change(f"2026-11-{len(GARBAGE) + 2:02}-daily", f"REMOVE #{attribute}", attribute)
    answer = call("GET", "/v1/portraits", user="user-1", query={"limit": "100"})
    assert answer.status == 200
    assert "2026-11-01-daily" in [each["portrait_id"] for each in answer.json["portraits"]]


def _store(portrait_id: str) -> None:
    PortraitRow(
        "user-1",
        portrait_id,
        date=portrait_id[:10],
        trigger="daily",
        status="queued",
        mode="summit",
        tone="motivate",
        mail_status="waiting",
        created_at=datetime(2026, 11, 20, tzinfo=UTC),
    ).save()


def _change(portrait_id: str, expression: str, attribute: str, values: dict[str, Any] | None = None) -> None:
    clients.dynamodb().update_item(
        TableName=settings().portraits_table,
        Key={"user_id": {"S": "user-1"}, "portrait_id": {"S": portrait_id}},
        UpdateExpression=expression,
        ExpressionAttributeNames={f"#{attribute}": attribute},
        **({"ExpressionAttributeValues": values} if values else {}),
    )
