"""A person as the users table keeps them: a small value for each concern, and changes that touch several. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from motiv8.accounts.consent import Consents
from motiv8.accounts.devices import Devices
from motiv8.accounts.photo import Photo
from motiv8.accounts.preferences import Preferences
from motiv8.accounts.streak import Streak
from motiv8.quota import Uses

if TYPE_CHECKING:
    from datetime import date, datetime

    from motiv8.accounts.pending_email import PendingEmail
    from motiv8.accounts.schedule import Schedule


class Visits(NamedTuple):
    """The last day (UTC) on which somebody came, as noted, and when they were told that their face goes."""

    seen_on: str | None = None
    notice_at: datetime | None = None


class Origin(NamedTuple):
    """For those who came from another system: their id there, and when they were invited."""

    legacy_id: str | None = None
    invited_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with an account. Access tokens issued before `signed_out_at` are refused.

    With a `deletion_id` the person is gone for everything but the deletion.
    """

    user_id: str
    email: str
    created_at: datetime
    schedule: Schedule
    preferences: Preferences = field(default_factory=Preferences)
    streak: Streak = field(default_factory=Streak)
    photo: Photo = field(default_factory=Photo)
    consents: Consents = field(default_factory=Consents)
    asked: Uses = field(default_factory=Uses)
    uploads: Uses = field(default_factory=Uses)
    devices: Devices = field(default_factory=Devices)
    pending_email: PendingEmail | None = None
    visits: Visits = field(default_factory=Visits)
    origin: Origin = field(default_factory=Origin)
    signed_out_at: datetime | None = None
    deletion_id: str | None = None

    def rescheduled(self, now: datetime) -> Person:
        """Looked at next when their schedule and photo say: what was due up to now is done or given up."""
        schedule = self.schedule.rescheduled(
            now, has_face=self.photo.has_face, photo_pending_since=self.photo.pending_since
        )
        return replace(self, schedule=schedule)

    def with_schedule(self, schedule: Schedule, now: datetime) -> Person:
        """With another schedule, by which they are looked at next; what is due already stays due."""
        followed = schedule.rescheduled_unless_due(
            now, has_face=self.photo.has_face, photo_pending_since=self.photo.pending_since
        )
        return replace(self, schedule=followed)

    def with_picture_on(self, day: date) -> Person:
        """With the daily picture of a local date, which counts once."""
        return replace(self, streak=self.streak.with_picture_on(day, self.schedule.workout_days))

    def streak_on(self, day: date) -> int:
        """How long the streak is on a local date."""
        return self.streak.as_of(day, self.schedule.workout_days)

    def with_photo(self, photo: Photo, now: datetime) -> Person:
        """With another photo or state of it, which the schedule follows; what is due already stays due."""
        return replace(self, photo=photo).with_schedule(self.schedule, now)

    def with_email(self, email: str) -> Person:
        """With another address, which mails go to again where the old one bounced."""
        return replace(self, email=email, preferences=self.preferences.with_new_address())

    def signed_out(self, at: datetime) -> Person:
        """With every token issued before refused, and no device told any more."""
        return replace(self, devices=Devices(), signed_out_at=at)

    def under_deletion(self, deletion_id: str) -> Person:
        """Gone for everything but their deletion, so that no run comes upon them; an earlier deletion goes on."""
        if self.deletion_id is not None:
            return self
        return replace(self, deletion_id=deletion_id, schedule=self.schedule.ended())
