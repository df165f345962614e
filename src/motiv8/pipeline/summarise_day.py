"""How a run of the daily machine went: due, served, failed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from motiv8.aws import storage
from motiv8.pipeline.isolation import isolated
from motiv8.portraits import repository
from motiv8.settings import settings
from motiv8.telemetry import count, logger

if TYPE_CHECKING:
    from motiv8.payloads import DaySummary


def summarise_day(plan_key: str) -> DaySummary:
    """Count what the plan asked for and what the table has: right however many steps were killed in between."""
    body = storage.get(settings().media_bucket, plan_key) or b""
    wanted: set[tuple[str, str]] = set()
    for text in body.splitlines():
        with isolated("line of the plan", plan_key=plan_key):
            line = json.loads(text)
            if line["task"] == "portrait":
                wanted.add((line["user_id"], line["portrait_id"]))
    served = sum(picture.status == "ready" for picture in repository.several(wanted))
    summary: DaySummary = {"due": len(wanted), "served": served, "failed": len(wanted) - served}
    count("DailyDue", len(wanted))
    count("DailyServed", served)
    count("DailyServedPercent", 100 * served / len(wanted) if wanted else 100, "Percent")
    logger.info("daily run done", extra=dict(summary))
    return summary
