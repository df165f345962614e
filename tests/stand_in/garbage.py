"""What a row may hold that nobody ever wrote there, and how it gets there past the repositories."""

from __future__ import annotations

from typing import Any

from motiv8.aws import clients

GARBAGE: list[dict[str, Any]] = [
    {"S": ""},
    {"S": "Mars/Olympus"},
    {"S": "../../etc/passwd"},
    {"S": "America"},
    {"S": "\x00 ☃" * 300},
    {"N": "-1"},
    {"N": "99999999999999999999.5"},
    {"BOOL": True},
    {"NULL": True},
    {"L": [{"S": "x"}]},
    {"M": {"x": {"N": "1"}}},
    {"SS": ["mon", "someday"]},
    {"NS": ["1"]},
    {"B": b"\xff"},
]


def spoil(table: str, key: dict[str, Any], attribute: str, value: dict[str, Any] | None) -> None:
    """Have an attribute of a row hold this; without a value the row loses it."""
    changes: dict[str, Any] = {"UpdateExpression": "REMOVE #attribute"}
    if value is not None:
        changes = {"UpdateExpression": "SET #attribute = :value", "ExpressionAttributeValues": {":value": value}}
    clients.dynamodb().update_item(
        TableName=table, Key=key, ExpressionAttributeNames={"#attribute": attribute}, **changes
    )
