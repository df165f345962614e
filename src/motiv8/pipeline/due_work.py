"""What a run of the daily machine is to do for one person: the rules, without any call of AWS."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from motiv8.accounts.schedule import MAKE_AHEAD, PHOTO_CHECK_AFTER, latest_delivery, local_date
from motiv8.catalogue.weekdays import WEEK
from motiv8.portraits.service import daily_id

if TYPE_CHECKING:
    from datetime import datetime

    from motiv8.accounts.person import Person
    from motiv8.portraits.picture import Picture

OVERDUE_AFTER = timedelta(minutes=30)
"""What was not delivered by then is counted for the alarm `deliveries-overdue`."""


@dataclass(frozen=True, slots=True)
class Work:
    """What there is to do: nothing, one daily picture, and a photo that may be stuck.

    The daily picture is made or queued for its delivery in a batch, or has an execution of its own (`alone`).
    """

    portrait_id: str | None = None
    how: Literal["batch", "alone"] = "batch"
    stuck_selfie_id: str | None = None
    # Nothing is left to do for the picture of this date, or for anything that was due before now.
    done_on: date | None = None
    is_idle: bool = False
    is_overdue: bool = False


def is_due_by(person: Person, moment: datetime) -> bool:
    """Whether a run at this moment must look at somebody."""
    return person.schedule.next_due_at is not None and person.schedule.next_due_at <= moment


def next_daily(person: Person, now: datetime) -> tuple[str, datetime] | None:
    """The id of the daily picture that is due by the end of the time in which pictures are made ahead, and its hour."""
    due_at = person.schedule.next_due_at
    latest = latest_delivery(person.schedule, now + MAKE_AHEAD)
    if latest is None or due_at is None or latest < due_at:
        return None
    return daily_id(local_date(person.schedule.time_zone, latest)), latest


def due_work(person: Person, picture: Picture | None, now: datetime, engine: str) -> Work:
    """What is to be done for somebody who is due within the next hour; `picture` is their `next_daily`, if begun.

    A photo that must be looked at first, and the engine that works in Batch, need an execution of their own, which
    starts at the hour and not ahead of it.
    """
    is_now = is_due_by(person, now)
    photo = person.photo
    stuck = photo.selfie_id if is_now and photo.is_pending else None
    daily = next_daily(person, now)
    if daily is None or not (photo.has_face or photo.is_pending):
        return Work(stuck_selfie_id=stuck, is_idle=is_now and stuck is None)
    portrait_id, delivery = daily
    is_ready = picture is not None and picture.status == "ready"
    needs_execution = not is_ready and (not photo.has_face or engine == "diffusion")
    if picture is not None and picture.is_over:
        return Work(stuck_selfie_id=stuck, done_on=date.fromisoformat(portrait_id[:10]))
    overdue = delivery <= now - OVERDUE_AFTER
    if (picture is not None and not picture.is_free(now)) or (delivery > now and (is_ready or needs_execution)):
        return Work(stuck_selfie_id=stuck, is_overdue=overdue)
    if needs_execution:
        # It looks at the photo first, so that this is not looked at twice.
        return Work(portrait_id, "alone", stuck if photo.has_face else None, is_overdue=overdue)
    return Work(portrait_id, stuck_selfie_id=stuck, is_overdue=overdue)


def ordered_work(person: Person, now: datetime, day: str | None, engine: str, *, everybody: bool) -> Work:
    """What is to be done at once for somebody named by the team, or for `everybody` whose workout day it is."""
    local = date.fromisoformat(day) if day else local_date(person.schedule.time_zone, now)
    if everybody and (not person.photo.has_face or WEEK[local.weekday()] not in person.schedule.workout_days):
        return Work()
    return Work(daily_id(local), "batch" if person.photo.has_face and engine != "diffusion" else "alone")


def is_stuck(picture: Picture, now: datetime) -> bool:
    """Whether a picture was asked for and its execution was lost."""
    is_late = picture.is_unfinished and picture.created_at <= now - PHOTO_CHECK_AFTER
    return is_late and picture.trigger == "asked" and not picture.is_given_up
