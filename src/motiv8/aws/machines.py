"""Starting and stopping the state machines of portraits, exports, deletions and documents."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from motiv8.aws.clients import step_functions
from motiv8.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from motiv8.library_payloads import DocumentOrder, DocumentTask
    from motiv8.payloads import DeletionOrder, ExportOrder, PortraitOrder

# Longer than any step may take (120 s): what was being written when the account went is there by then.
_SETTLE_SECONDS = 150


class NotStarted(Exception):
    """Step Functions did not take the order."""


def start_portrait(user_id: str, portrait_id: str, correlation_id: str) -> None:
    """Have a picture made. Starting the same one twice starts it once. Raises NotStarted."""
    _start_asked(user_id, portrait_id, portrait_id, correlation_id)


def start_week(user_id: str, sheet_id: str, attempt: str, correlation_id: str) -> None:
    """Have a week's sheet and film made, by the machine of pictures. Starting an attempt twice starts it once.

    Raises NotStarted.
    """
    _start_asked(user_id, sheet_id, f"{sheet_id}-{attempt}", correlation_id)


def _start_asked(user_id: str, picture_id: str, run: str, correlation_id: str) -> None:
    order: PortraitOrder = {
        "user_id": user_id,
        "portrait_id": picture_id,
        "trigger": "asked",
        "task": "portrait",
        "correlation_id": correlation_id,
    }
    with _once():
        step_functions().start_execution(
            stateMachineArn=settings().portrait_state_machine_arn, name=f"{run}-{user_id}", input=json.dumps(order)
        )


def start_export(user_id: str, export_id: str, correlation_id: str) -> bool:
    """Have an archive made. Starting the same one twice starts it once. Raises NotStarted.

    False where it was started before and has ended, so that nothing more comes of it.
    """
    order: ExportOrder = {"user_id": user_id, "export_id": export_id, "correlation_id": correlation_id}
    with _once():
        step_functions().start_execution(
            stateMachineArn=settings().export_state_machine_arn, name=f"{export_id}-{user_id}", input=json.dumps(order)
        )
        return True
    return is_export_running(user_id, export_id)


def is_export_running(user_id: str, export_id: str) -> bool:
    """Whether an archive is being made."""
    return _is_running(_run(settings().export_state_machine_arn, f"{export_id}-{user_id}"))


def start_deletion(user_id: str, deletion_id: str, attempt: str, correlation_id: str) -> None:
    """Have an account erased. Starting the same attempt twice starts it once. Raises NotStarted."""
    order: DeletionOrder = {
        "user_id": user_id,
        "deletion_id": deletion_id,
        "settle_seconds": _SETTLE_SECONDS,
        "correlation_id": correlation_id,
    }
    with _once():
        step_functions().start_execution(
            stateMachineArn=settings().delete_state_machine_arn,
            name=f"{attempt}-{deletion_id}",
            input=json.dumps(order),
        )


def start_document(task: DocumentTask, document_id: str, name: str, correlation_id: str) -> None:
    """Have the machine `document` do a task for a document. Starting the same name twice starts it once.

    Raises NotStarted.
    """
    order: DocumentOrder = {"task": task, "document_id": document_id, "correlation_id": correlation_id}
    with _once():
        step_functions().start_execution(
            stateMachineArn=settings().document_state_machine_arn, name=name, input=json.dumps(order)
        )


def stop_portrait(user_id: str, portrait_id: str) -> None:
    """End the making of a picture that was asked for, with its Batch job; harmless where none runs."""
    _stop(settings().portrait_state_machine_arn, f"{portrait_id}-{user_id}")


def stop_export(user_id: str, export_id: str) -> None:
    """End the making of an archive; harmless where none runs."""
    _stop(settings().export_state_machine_arn, f"{export_id}-{user_id}")


def _stop(machine_arn: str, name: str) -> None:
    run = _run(machine_arn, name)
    try:
        step_functions().stop_execution(executionArn=run)
    except ClientError:
        # AWS documents no error for a run that has ended already, so its status decides and not the error's name.
        if _is_running(run):
            raise


def _run(machine_arn: str, name: str) -> str:
    return f"{machine_arn.replace(':stateMachine:', ':execution:')}:{name}"


def _is_running(run: str) -> bool:
    try:
        return step_functions().describe_execution(executionArn=run)["status"] == "RUNNING"
    except ClientError as error:
        if error.response["Error"]["Code"] != "ExecutionDoesNotExist":
            raise
        return False


@contextmanager
def _once() -> Iterator[None]:
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        if isinstance(error, ClientError) and error.response["Error"]["Code"] == "ExecutionAlreadyExists":
            return
        raise NotStarted from error
