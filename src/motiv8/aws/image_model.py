"""Amazon Bedrock's image models: one call, one answer, and a number of images a day."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from motiv8 import clock
from motiv8.aws import clients
from motiv8.settings import settings

_COUNTS_KEPT = timedelta(days=7)


class Failed(Exception):
    """The model gave no picture; the text says why."""


class PromptRefused(Failed):
    """The model's content filter said no."""


def invoke(model: str, body: dict[str, Any]) -> dict[str, Any]:
    """InvokeModel with a JSON body and a JSON answer. Raises PromptRefused, Failed."""
    try:
        answer = clients.bedrock().invoke_model(
            modelId=model, body=json.dumps(body), contentType="application/json", accept="application/json"
        )
        read: dict[str, Any] = json.loads(answer["body"].read())
    except (ClientError, BotoCoreError, ValueError) as error:
        raise _failure(error) from error
    return read


def _failure(error: Exception) -> Failed:
    if isinstance(error, ClientError):
        said = error.response["Error"]
        text = f"{said['Code']}: {said.get('Message', '')}"[:200]
        filtered = said["Code"] == "ValidationException" and "content filter" in text
        return PromptRefused(text) if filtered else Failed(text)
    return Failed(type(error).__name__)


def take_from_budget(day: str, limit: int) -> bool:
    """Count one image of a date (UTC), unless `limit` of them were made; kept beside the idempotency keys."""
    try:
        clients.dynamodb().update_item(
            TableName=settings().idempotency_table,
            Key={"id": {"S": f"bedrock-images#{day}"}},
            UpdateExpression="ADD images :one SET expiration = :end",
            ConditionExpression="attribute_not_exists(images) OR images < :limit",
            ExpressionAttributeValues={
                ":one": {"N": "1"},
                ":limit": {"N": str(limit)},
                ":end": {"N": str(int((clock.now() + _COUNTS_KEPT).timestamp()))},
            },
        )
    except ClientError as error:
        if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
            return False
        raise
    return True
