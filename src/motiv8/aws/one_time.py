"""What may be used once: a claim on an id, kept beside the idempotency keys until it expires by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from motiv8.aws.clients import dynamodb
from motiv8.settings import settings

if TYPE_CHECKING:
    from datetime import datetime

MOST_TRIES = 5


def claim(name: str, until: datetime) -> bool:
    """Take it for one try; False when it is taken, was used, or was tried MOST_TRIES times."""
    try:
        dynamodb().update_item(
            TableName=settings().idempotency_table,
            Key={"id": {"S": name}},
            UpdateExpression="SET taken = :yes, expiration = :until ADD tries :one",
            ConditionExpression="attribute_not_exists(id) OR (taken = :no AND tries < :most)",
            ExpressionAttributeValues={
                ":yes": {"BOOL": True},
                ":no": {"BOOL": False},
                ":one": {"N": "1"},
                ":most": {"N": str(MOST_TRIES)},
                ":until": {"N": str(int(until.timestamp()))},
            },
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        return False
    return True


def keep(name: str, until: datetime) -> None:
    """Take it, whoever had it."""
    dynamodb().put_item(
        TableName=settings().idempotency_table,
        Item={"id": {"S": name}, "taken": {"BOOL": True}, "expiration": {"N": str(int(until.timestamp()))}},
    )


def is_claimed(name: str, now: datetime) -> bool:
    """Whether it is taken, and has not expired."""
    found = dynamodb().get_item(TableName=settings().idempotency_table, Key={"id": {"S": name}}, ConsistentRead=True)
    item = found.get("Item")
    return item is not None and item["taken"]["BOOL"] and float(item["expiration"]["N"]) > now.timestamp()


def remove(name: str) -> None:
    """Have nothing of it any more."""
    dynamodb().delete_item(TableName=settings().idempotency_table, Key={"id": {"S": name}})


def release(name: str) -> None:
    """Give it back after a try that did not succeed."""
    dynamodb().update_item(
        TableName=settings().idempotency_table,
        Key={"id": {"S": name}},
        UpdateExpression="SET taken = :no",
        ExpressionAttributeValues={":no": {"BOOL": False}},
    )
