"""The function behind the delivery queue (`motiv8-delivery-ENV`): mails daily pictures and tells the devices."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from motiv8 import clock
from motiv8.pipeline.deliver_queued import deliver_queued
from motiv8.pipeline.pace import Pace, pace_of
from motiv8.settings import settings
from motiv8.telemetry import logger

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@cache
def _pace() -> Pace:
    """This process's own: the next call goes on where the last one ended."""
    return pace_of(settings().mails_per_second, settings().delivery_concurrency)


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Deliver what the messages name; what SQS is to keep is named in the answer."""
    back = deliver_queued(event["Records"], _pace(), clock.now, lambda: context.get_remaining_time_in_millis() / 1000)
    return {"batchItemFailures": [{"itemIdentifier": each} for each in back]}
