"""When the face of somebody who does not come any more goes, and when they are told before. Pure.

US law (BIPA) lets nobody keep face data for more than three years after the last dealings with its owner.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from motiv8.aws.tables import UserRow

NOTICE = timedelta(days=30)
"""How long before the face goes its owner is told."""

Step = Literal["none", "notice", "removal"]


def last_visit(row: UserRow) -> date:
    """The last day on which somebody came. Raises ValueError for a row that holds no day."""
    if row.seen_on is not None:
        return date.fromisoformat(row.seen_on)
    # Not since visits are noted: the last thing that they certainly did.
    moments = (row.created_at, row.consent_at, row.selfie_updated_at)
    return max(moment.date() for moment in moments if moment is not None)


def removal_day(row: UserRow, today: date, limit: timedelta) -> date:
    """When the face goes, if its owner is told today and does not come."""
    return max(last_visit(row) + limit, today + NOTICE)


def next_step(row: UserRow, today: date, limit: timedelta) -> Step:
    """What is to be done now for somebody who may be away for so long; a visit after the notice undoes it."""
    told = row.inactivity_notice_at.date() if row.inactivity_notice_at is not None else None
    if row.selfie_id is None and row.face_selfie_id is None:
        # A removal that was cut off has files to remove yet.
        return "none" if told is None else "removal"
    last = last_visit(row)
    if told is None or told <= last:
        return "notice" if today >= last + limit - NOTICE else "none"
    return "removal" if today >= max(last + limit, told + NOTICE) else "none"
