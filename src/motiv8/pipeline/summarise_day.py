"""How a run of the daily machine went: what was due in it, how much is made, how much failed."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from motiv8.aws import storage
from motiv8.pipeline.isolation import isolated
from motiv8.portraits import repository
from motiv8.settings import settings
from motiv8.telemetry import logger

if TYPE_CHECKING:
    from motiv8.daily_payloads import DaySummary, Part, ServedPart


def summarise_part(part: Part) -> DaySummary:
    """Count what a part asked for and what the table has: right however many steps were killed in between."""
    wanted: set[tuple[str, str]] = set()
    for text in _lines(part["batches"]) + _lines(part["alone"]):
        with isolated("line of the plan", run=part["run"]):
            line = json.loads(text)
            wanted |= {
                (each["user_id"], each["portrait_id"]) for each in line.get("orders", [line]) if "portrait_id" in each
            }
    found = Counter(picture.status for picture in repository.several(sorted(wanted)))
    return {"due": len(wanted), "made": found["ready"], "failed": found["failed"]}


def summarise_day(parts: list[ServedPart]) -> DaySummary:
    """All parts together. What is neither made nor failed is left to the next run."""
    found = [each["summary"]["value"] for each in parts]
    summary: DaySummary = {
        "due": sum(each["due"] for each in found),
        "made": sum(each["made"] for each in found),
        "failed": sum(each["failed"] for each in found),
    }
    logger.info("daily run done", extra=dict(summary))
    return summary


def _lines(plan_key: str) -> list[bytes]:
    return (storage.get(settings().media_bucket, plan_key) or b"").splitlines()
