"""The function that writes the coach's answers, called without waiting for it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from motiv8.aws.clients import coach_function
from motiv8.settings import settings
from motiv8.telemetry import logger

if TYPE_CHECKING:
    from motiv8.payloads import AnswerOrder


class NotAsked(Exception):
    """The function could not be called."""


def answer(order: AnswerOrder) -> None:
    """Have an answer written. Raises NotAsked."""
    try:
        coach_function().invoke(
            FunctionName=settings().coach_function, InvocationType="Event", Payload=json.dumps(order).encode()
        )
    except (ClientError, BotoCoreError) as error:
        logger.warning("coach was not called", exception_type=type(error).__qualname__)
        raise NotAsked from error


def check_callable() -> None:
    """Whether the function is there and may be called, without calling it. Raises ClientError, BotoCoreError."""
    coach_function().invoke(FunctionName=settings().coach_function, InvocationType="DryRun")
