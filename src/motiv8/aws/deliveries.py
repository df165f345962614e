"""The queue of pictures that are to be delivered now."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from motiv8.aws.clients import sqs
from motiv8.settings import settings
from motiv8.telemetry import logger

if TYPE_CHECKING:
    from collections.abc import Sequence

_BATCH = 10
"""Messages that SQS takes in one call."""


class Delivery(NamedTuple):
    """A picture to deliver; those of a `group` share their place in the queue, so that one hour does not delay another.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
    """

    user_id: str
    portrait_id: str
    group: str


def send(deliveries: Sequence[Delivery]) -> list[Delivery]:
    """Queue deliveries; returns those that SQS did not take. Raises its errors when a whole call failed."""
    refused = []
    for start in range(0, len(deliveries), _BATCH):
        batch = deliveries[start : start + _BATCH]
        answer = sqs().send_message_batch(
            QueueUrl=settings().delivery_queue_url,
            Entries=[
                {"Id": str(number), "MessageBody": _body(each), "MessageGroupId": each.group}
                for number, each in enumerate(batch)
            ],
        )
        refused += [batch[int(each["Id"])] for each in answer.get("Failed", ())]
    return refused


def _body(delivery: Delivery) -> str:
    correlation_id = logger.get_correlation_id() or ""
    given = {"user_id": delivery.user_id, "portrait_id": delivery.portrait_id, "correlation_id": correlation_id}
    return json.dumps(given)
