"""The function that writes the coach's answers, called without waiting for it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from motiv8.aws.clients import coach_function
from motiv8.settings import settings
from motiv8.telemetry import logger

if TYPE_CHECKING:
    from collections.abc import Iterable

    from motiv8.payloads import AnswerOrder


class NotAsked(Exception):
    """The function could not be called."""


class Answer(Protocol):
    """The message that is going to be written."""

    @property
    def user_id(self) -> str:
        """Whose it is."""

    @property
    def conversation_id(self) -> str:
        """Where it stands."""

    @property
    def message_id(self) -> str:
        """Which one it is."""

    @property
    def confirms(self) -> str | None:
        """The message whose confirmation was accepted, where it does what was confirmed."""


def answer(written: Answer, groups: Iterable[str], correlation_id: str) -> None:
    """Have this answer written. Raises NotAsked."""
    order: AnswerOrder = {
        "step": "answer",
        "user_id": written.user_id,
        "conversation_id": written.conversation_id,
        "message_id": written.message_id,
        "groups": sorted(groups),
        "correlation_id": correlation_id,
    }
    if written.confirms is not None:
        order["confirmed"] = written.confirms
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
