"""A person's row and the delivery clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motiv8.accounts.delivery_clock import Schedule, due_shard, next_look

if TYPE_CHECKING:
    from datetime import datetime

    from motiv8.aws.tables import UserRow

PENDING = frozenset({"waiting", "processing"})
"""The states of a photo that something must still happen to."""


def schedule(row: UserRow) -> Schedule:
    """When this person wants pictures."""
    return Schedule(row.time_zone, int(row.delivery_hour), frozenset(row.workout_days))


def wind(row: UserRow, now: datetime) -> None:
    """Set the moment at which the hourly run must look at this person next; the caller saves the row."""
    pending = row.selfie_updated_at if row.selfie_status in PENDING else None
    has_face = row.embedding_key is not None
    row.next_due_at = next_look(schedule(row), now, has_face=has_face, photo_pending_since=pending)
    row.due_shard = None if row.next_due_at is None else due_shard(row.user_id)


def rewind(row: UserRow, now: datetime) -> None:
    """Like `wind`, for a change that a person made: what is due already stays due, so that it is not lost."""
    overdue = row.next_due_at is not None and row.next_due_at <= now and row.embedding_key is not None
    if not overdue:
        wind(row, now)
