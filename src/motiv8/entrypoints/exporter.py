"""The export function: the step that may take longer than the worker's limit, in the API image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motiv8 import payloads
from motiv8.entrypoints.steps import Event, Outcome, Steps, run
from motiv8.pipeline.export_account import export_account
from motiv8.telemetry import logger

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


def _export_account(given: payloads.ExportStep) -> payloads.Exported:
    return export_account(given["user_id"], given["export_id"])


STEPS: Steps = {"export_account": _export_account}


@logger.inject_lambda_context(correlation_id_path="correlation_id", clear_state=True)
def handler(event: Event, context: LambdaContext) -> Outcome:  # noqa: ARG001 - Lambda's signature
    """Run the step that the event names."""
    return run(STEPS, event)
