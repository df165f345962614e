"""Messages of the delivery queue, one after another."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from motiv8.pipeline.deliver import deliver
from motiv8.pipeline.isolation import error_name
from motiv8.telemetry import logger

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from motiv8.pipeline.pace import Pace

RESERVE_SECONDS = 20.0
"""What one delivery may take: a mail, and a word to each device."""


def deliver_queued(
    records: Sequence[dict[str, Any]], pace: Pace, clock: Callable[[], datetime], seconds_left: Callable[[], float]
) -> list[str]:
    """Deliver each picture, and return the ids of the messages that go back to the queue.

    Those are what broke, what SES would take at another time, and what there is no time left for. Whatever breaks
    costs the other messages nothing.
    """
    back = []
    for record in records:
        is_late = seconds_left() < RESERVE_SECONDS + pace.seconds
        if is_late or not _is_delivered(record, pace, clock()):
            back.append(str(record["messageId"]))
    return back


def _is_delivered(record: dict[str, Any], pace: Pace, now: datetime) -> bool:
    try:
        message = json.loads(record["body"])
        logger.set_correlation_id(message["correlation_id"])
        outcome = deliver(message["user_id"], message["portrait_id"], now, before_mail=pace.wait)
    except Exception as error:  # noqa: BLE001 - the message is tried again, whatever it was
        logger.error("picture not delivered", error=error_name(error))
        return False
    logger.info("picture delivered", portrait_id=message["portrait_id"], outcome=outcome)
    return outcome["mail"] != "throttled"
