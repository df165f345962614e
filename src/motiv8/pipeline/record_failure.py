"""What failed is written down with its reason, and a run an hour later takes it up where that can help."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from motiv8.accounts.service import reschedule
from motiv8.portraits import repository
from motiv8.selfies import service as selfies
from motiv8.telemetry import count, logger

if TYPE_CHECKING:
    from datetime import datetime

    from motiv8.payloads import Recorded


def record_portrait_failure(user_id: str, portrait_id: str, reason: str, now: datetime) -> Recorded:
    """Mark the picture as failed, unless it is ready.

    For `internal_error` a daily one stays due, so that a run an hour later tries again, up to MOST_ATTEMPTS;
    for any other reason trying again would not help.
    """
    changed = repository.change(user_id, portrait_id, lambda picture: picture.failed(reason, now))
    if changed is None:
        return {"outcome": "gone"}
    picture = changed.after
    if picture.trigger == "daily" and (reason != "internal_error" or picture.is_given_up):
        reschedule(user_id, now, date.fromisoformat(picture.date))
    logger.warning("portrait failed", portrait_id=portrait_id, reason=reason, attempts=picture.attempts)
    count("PortraitsFailed")
    return {"outcome": "recorded"}


def record_selfie_failure(user_id: str, selfie_id: str, run: str, now: datetime) -> Recorded:
    """End a photo whose extraction broke in this run, so that nobody waits for it for ever."""
    recorded = selfies.give_up(user_id, selfie_id, run, now)
    return {"outcome": "recorded" if recorded else "stale"}
