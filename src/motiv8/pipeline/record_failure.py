"""What failed is written down with its reason, and the next hour takes it up where that can help."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from motiv8.pipeline.delivered import MOST_ATTEMPTS, wind_clock
from motiv8.portraits import repository
from motiv8.selfies import service as selfies
from motiv8.telemetry import count, logger

if TYPE_CHECKING:
    from datetime import datetime

    from motiv8.aws.tables import PortraitRow


def record_portrait_failure(user_id: str, portrait_id: str, reason: str, now: datetime) -> dict[str, Any]:
    """Mark the picture as failed, unless it is ready.

    For `internal_error` the clock of a daily one stays, so that the next hourly run tries again, up to MOST_ATTEMPTS;
    for any other reason trying again would not help.
    """

    def apply(row: PortraitRow) -> bool:
        if row.status == "ready":
            return False
        row.status = "failed"
        row.reason = reason
        return True

    row = repository.change(user_id, portrait_id, apply)
    if row is None:
        return {"outcome": "gone"}
    give_up = reason != "internal_error" or row.attempts >= MOST_ATTEMPTS
    if row.trigger == "daily" and give_up:
        wind_clock(user_id, now)
    logger.warning("portrait failed", portrait_id=portrait_id, reason=reason, attempts=row.attempts)
    count("PortraitsFailed")
    return {"outcome": "recorded"}


def record_selfie_failure(user_id: str, selfie_id: str, run: str, now: datetime) -> dict[str, Any]:
    """End a photo whose extraction broke in this run, so that nobody waits for it for ever."""
    recorded = selfies.give_up(user_id, selfie_id, run, now)
    return {"outcome": "recorded" if recorded else "stale"}
