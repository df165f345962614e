"""What a row may hold that nobody ever wrote there, and how it gets there past the repositories."""

from __future__ import annotations

from collections.abc import Iterable
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


def keys(kind: str) -> list[dict[str, Any]]:
    """What of it the key of an index may be: a value of its kind, neither empty nor longer than 1,024 bytes."""
    return [each for each in GARBAGE if 0 < len(str(each.get(kind, "")).encode()) <= 1024]


def stored(table: str, key: dict[str, Any]) -> dict[str, Any]:
    """A row as DynamoDB has it."""
    item: dict[str, Any] = clients.dynamodb().get_item(TableName=table, Key=key)["Item"]
    return item


def store(table: str, items: Iterable[dict[str, Any]]) -> None:
    """Put rows as they are, which takes a call for 25 of them."""
    left = [{"PutRequest": {"Item": each}} for each in items]
    while left:
        clients.dynamodb().batch_write_item(RequestItems={table: left[:25]})
        left = left[25:]


def spoil(table: str, key: dict[str, Any], attribute: str, value: dict[str, Any] | None) -> None:
    """Have an attribute of a row hold this; without a value the row loses it."""
    changes: dict[str, Any] = {"UpdateExpression": "REMOVE #attribute"}
    if value is not None:
        changes = {"UpdateExpression": "SET #attribute = :value", "ExpressionAttributeValues": {":value": value}}
    clients.dynamodb().update_item(
        TableName=table, Key=key, ExpressionAttributeNames={"#attribute": attribute}, **changes
    )
