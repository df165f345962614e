"""When the face of somebody who does not come any more goes, and when they are told before. Pure.

US law (BIPA) lets nobody keep face data for more than three years after the last dealings with its owner.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from motiv8.accounts.person import Person

NOTICE = timedelta(days=30)
"""How long before the face goes its owner is told."""

Step = Literal["none", "notice", "removal"]


def last_visit(person: Person) -> date:
    """The last day on which somebody came. Raises ValueError for a person whose row holds no day."""
    if person.visits.seen_on is not None:
        return date.fromisoformat(person.visits.seen_on)
    # Not since visits are noted: the last thing that they certainly did.
    moments = (person.created_at, person.consents.since, person.photo.updated_at)
    return max(moment.date() for moment in moments if moment is not None)


def removal_day(person: Person, today: date, limit: timedelta) -> date:
    """When the face goes, if its owner is told today and does not come."""
    return max(last_visit(person) + limit, today + NOTICE)


def next_step(person: Person, today: date, limit: timedelta) -> Step:
    """What is to be done now for somebody who may be away for so long; a visit after the notice undoes it."""
    told = person.visits.notice_at.date() if person.visits.notice_at is not None else None
    if person.photo.selfie_id is None and person.photo.face_selfie_id is None:
        # A removal that was cut off has files to remove yet.
        return "none" if told is None else "removal"
    last = last_visit(person)
    if told is None or told <= last:
        return "notice" if today >= last + limit - NOTICE else "none"
    return "removal" if today >= max(last + limit, told + NOTICE) else "none"
