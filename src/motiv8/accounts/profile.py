"""A person as the API shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motiv8 import clock
from motiv8.accounts.models import Profile
from motiv8.accounts.schedule import local_date, next_delivery
from motiv8.catalogue.weekdays import WEEK

if TYPE_CHECKING:
    from motiv8.accounts.person import Person


def profile(person: Person) -> Profile:
    """The profile, with the next delivery as of now."""
    preferences, schedule, since = person.preferences, person.schedule, person.consents.since
    now = clock.now()
    due = next_delivery(schedule, now) if person.photo.has_face else None
    return Profile(
        user_id=person.user_id,
        email=person.email,
        created_at=clock.rfc3339(person.created_at),
        time_zone=schedule.time_zone,
        delivery_hour=schedule.delivery_hour,
        workout_days=[day for day in WEEK if day in schedule.workout_days],
        mode=preferences.mode,
        tone=preferences.tone,
        theme=preferences.theme,
        format=preferences.format,
        mail_enabled=preferences.mail_enabled,
        mail_off_reason=preferences.mail_off_reason,
        locale=preferences.locale,
        own_lines={day: preferences.own_lines[day] for day in WEEK if day in preferences.own_lines},
        streak=person.streak_on(local_date(schedule.time_zone, now)),
        biometric_consent=since is not None,
        consent_at=clock.rfc3339(since) if since else None,
        next_delivery_at=clock.rfc3339(due) if due else None,
    )
