"""Who waits for an answer at the moment: one request of a person, and no more of all than the API can spare.

Kept beside the idempotency keys, without anybody's id; what a broken request leaves behind ends by itself.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from motiv8.aws import request_counts
from motiv8.aws.clients import dynamodb_at_once
from motiv8.settings import settings
from motiv8.telemetry import logger

if TYPE_CHECKING:
    from datetime import datetime

LONGEST_SECONDS = 20
_SPARE_SECONDS = 10
"""A claim holds for so much longer than its wait, and is removed at its end."""


def begin(user_id: str, now: datetime) -> bool:
    """Take this person's one wait, and one of all; False where there is none left, and where that cannot be said."""
    until = int(now.timestamp()) + LONGEST_SECONDS + _SPARE_SECONDS
    try:
        dynamodb_at_once().put_item(
            TableName=settings().idempotency_table,
            Item={"id": {"S": _name(user_id)}, "expiration": {"N": str(until)}},
            ConditionExpression="attribute_not_exists(id) OR expiration < :now",
            ExpressionAttributeValues={":now": {"N": str(int(now.timestamp()))}},
        )
        # Those that began in one window and wait into the next one are at most as many again.
        if request_counts.of_waits(_end_of_window(now)) <= settings().waits_at_once // 2:
            return True
        end(user_id)
    except (ClientError, BotoCoreError, request_counts.NotCounted) as error:
        logger.info("not waited", exception_type=type(error).__qualname__)
    return False


def end(user_id: str) -> None:
    """Give this person's wait back."""
    try:
        dynamodb_at_once().delete_item(TableName=settings().idempotency_table, Key={"id": {"S": _name(user_id)}})
    except (ClientError, BotoCoreError) as error:
        logger.warning("wait not given back", exception_type=type(error).__qualname__)


def _end_of_window(now: datetime) -> int:
    return (int(now.timestamp()) // LONGEST_SECONDS + 1) * LONGEST_SECONDS


def _name(user_id: str) -> str:
    return f"waiting#{hashlib.sha256(user_id.encode()).hexdigest()}"
