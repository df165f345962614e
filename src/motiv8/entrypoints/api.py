"""The one API Lambda: `motiv8.entrypoints.api.handler` answers every event of API Gateway and of a function URL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from motiv8.api.router import dispatch
from motiv8.telemetry import logger

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one HTTP event (REST v1, HTTP v2 or function URL)."""
    return dispatch(event, context)
