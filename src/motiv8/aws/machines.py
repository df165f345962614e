"""Starting the state machines of portraits and exports."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from motiv8.aws.clients import step_functions
from motiv8.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterator


class NotStarted(Exception):
    """Step Functions did not take the order."""


def start_portrait(user_id: str, portrait_id: str, correlation_id: str) -> None:
    """Have a picture made. Starting the same one twice starts it once. Raises NotStarted."""
    order = {
        "user_id": user_id,
        "portrait_id": portrait_id,
        "trigger": "asked",
        "task": "portrait",
        "correlation_id": correlation_id,
    }
    with _once():
        step_functions().start_execution(
            stateMachineArn=settings().portrait_state_machine_arn,
            name=f"{portrait_id}-{user_id}",
            input=json.dumps(order),
        )


def start_export(user_id: str, export_id: str, correlation_id: str) -> None:
    """Have an archive made. Starting the same one twice starts it once. Raises NotStarted."""
    order = {"user_id": user_id, "export_id": export_id, "correlation_id": correlation_id}
    with _once():
        step_functions().start_execution(
            stateMachineArn=settings().export_state_machine_arn, name=f"{export_id}-{user_id}", input=json.dumps(order)
        )


@contextmanager
def _once() -> Iterator[None]:
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        if isinstance(error, ClientError) and error.response["Error"]["Code"] == "ExecutionAlreadyExists":
            return
        raise NotStarted from error
