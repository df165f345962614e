"""When somebody's pictures are due: workout days and an hour in their own time zone, as UTC moments. Pure.

Nothing else sets when the daily run looks at somebody next (`next_due_at`).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from motiv8.catalogue.weekdays import WEEK

if TYPE_CHECKING:
    from collections.abc import Iterable

DEFAULT_HOUR = 6
DEFAULT_WORKOUT_DAYS = frozenset({"mon", "tue", "wed", "thu", "fri"})

SHARDS = 16
PHOTO_CHECK_AFTER = timedelta(hours=1)
"""After this long, work that is not done is taken for lost and taken up by the daily run."""
MAKE_AHEAD = timedelta(hours=1)
"""How long before its delivery a picture is made."""

# A week, one more because local and UTC dates differ, and a week for a workout day that a zone's change left out.
_DAYS_AHEAD = 15


@dataclass(frozen=True, slots=True)
class Schedule:
    """When somebody wants their pictures, and when the daily run must look at them next.

    IANA time zone, hour of the day 0-23, and a non-empty set of `mon` … `sun`. `next_due_at` is None while there is
    nothing that the run could do for them.
    """

    time_zone: str
    delivery_hour: int
    workout_days: frozenset[str]
    next_due_at: datetime | None = None

    def moved_to(
        self,
        *,
        time_zone: str | None = None,
        delivery_hour: int | None = None,
        workout_days: Iterable[str] | None = None,
    ) -> Schedule:
        """With another time zone, hour or days, of which None stays as it is; not rescheduled yet."""
        return replace(
            self,
            time_zone=self.time_zone if time_zone is None else time_zone,
            delivery_hour=self.delivery_hour if delivery_hour is None else delivery_hour,
            workout_days=self.workout_days if workout_days is None else frozenset(workout_days),
        )

    def rescheduled(self, now: datetime, *, has_face: bool, photo_pending_since: datetime | None) -> Schedule:
        """Due next as `next_look` says: what was due up to now is done or given up."""
        look = next_look(self, now, has_face=has_face, photo_pending_since=photo_pending_since)
        return replace(self, next_due_at=look)

    def rescheduled_unless_due(
        self, now: datetime, *, has_face: bool, photo_pending_since: datetime | None
    ) -> Schedule:
        """Like `rescheduled`, for a change that the person made: what is due already stays due, so none is lost."""
        if has_face and self.next_due_at is not None and self.next_due_at <= now:
            return self
        return self.rescheduled(now, has_face=has_face, photo_pending_since=photo_pending_since)

    def due_by(self, moment: datetime) -> Schedule:
        """Due at this moment at the latest."""
        return replace(self, next_due_at=min(self.next_due_at or moment, moment))

    def is_last_of_week(self, day: date) -> bool:
        """Whether no workout day comes after this date before the next Monday."""
        return self.workout_days.isdisjoint(WEEK[day.weekday() + 1 :])

    def ended(self) -> Schedule:
        """Never due again."""
        return replace(self, next_due_at=None)


def delivery_on(schedule: Schedule, day: date) -> datetime | None:
    """The moment (UTC) of the delivery on this local date; None when it is not a workout day or does not exist there.

    An hour that occurs twice means its first time. An hour that a clock change skips means the time that the clocks
    show when it would have come (PEP 495), or an hour before it where that would be the next date already.
    """
    if WEEK[day.weekday()] not in schedule.workout_days:
        return None
    zone = ZoneInfo(schedule.time_zone)
    # fold=1 reads a skipped hour with the offset after the change: earlier, where fold=0 would leave the date.
    for fold in (0, 1):
        moment = datetime.combine(day, time(schedule.delivery_hour, fold=fold), tzinfo=zone).astimezone(UTC)
        if moment.astimezone(zone).date() == day:
            return moment
    return None


def next_delivery(schedule: Schedule, after: datetime) -> datetime:
    """The first delivery strictly after a moment, in UTC."""
    start = local_date(schedule.time_zone, after) - timedelta(days=1)
    for ahead in range(_DAYS_AHEAD + 1):
        moment = delivery_on(schedule, start + timedelta(days=ahead))
        if moment is not None and moment > after:
            return moment
    raise ValueError("a schedule needs at least one workout day")


def latest_delivery(schedule: Schedule, at: datetime) -> datetime | None:
    """The last delivery at or before a moment, in UTC: after an outage of days only this one is still worth making."""
    start = local_date(schedule.time_zone, at) + timedelta(days=1)
    for back in range(_DAYS_AHEAD + 1):
        moment = delivery_on(schedule, start - timedelta(days=back))
        if moment is not None and moment <= at:
            return moment
    return None


def next_look(
    schedule: Schedule, now: datetime, *, has_face: bool, photo_pending_since: datetime | None
) -> datetime | None:
    """When the daily run must look at a person next; None when there is nothing that it could do for them.

    With a face in use that is the next delivery. A photo that is still waiting or in work is looked at after an hour,
    so that a lost event or a killed run is taken up.
    """
    looks = []
    if has_face:
        looks.append(next_delivery(schedule, now))
    if photo_pending_since is not None:
        looks.append(max(photo_pending_since, now - PHOTO_CHECK_AFTER) + PHOTO_CHECK_AFTER)
    return min(looks, default=None)


def is_time_zone(name: str) -> bool:
    """Whether a name is a place's zone in the IANA database."""
    # Two names that some machines have and that mean no place.
    return name in available_timezones() - {"Factory", "localtime"}


def local_date(time_zone: str, moment: datetime) -> date:
    """The date in a time zone at a moment."""
    return moment.astimezone(ZoneInfo(time_zone)).date()


def due_shard(user_id: str) -> int:
    """A person's place, 0-15, in the `due` index: stable, and spread evenly so that no partition is hot."""
    return hashlib.sha256(user_id.encode()).digest()[0] % SHARDS
