"""What the users table keeps of a person, read into values and written back. The one place that knows its attributes.

Any row that DynamoDB gives can be read, also one that an older version wrote or that holds garbage.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from motiv8.accounts.consent import Consents
from motiv8.accounts.devices import Devices
from motiv8.accounts.own_lines import parse as parse_own_lines
from motiv8.accounts.pending_email import PendingEmail
from motiv8.accounts.person import Origin, Person, Visits
from motiv8.accounts.photo import Photo
from motiv8.accounts.preferences import Preferences
from motiv8.accounts.schedule import DEFAULT_HOUR, Schedule, due_shard
from motiv8.accounts.streak import Streak
from motiv8.quota import Uses

if TYPE_CHECKING:
    from motiv8.aws.tables import UserRow


def read(row: UserRow) -> Person:
    """The person whose row it is; what is not a use, device or record in it is left out."""
    return Person(
        user_id=row.user_id,
        email=row.email,
        created_at=row.created_at,
        schedule=Schedule(
            row.time_zone,
            DEFAULT_HOUR if row.delivery_hour is None else int(row.delivery_hour),
            frozenset(row.workout_days or ()),
            row.next_due_at,
        ),
        preferences=Preferences(
            row.mode,
            row.tone,
            row.theme,
            row.format,
            row.locale,
            row.mail_enabled,
            row.mail_off_reason,
            parse_own_lines(row.own_lines),
        ),
        streak=Streak.parse(row.streak),
        photo=Photo(
            row.selfie_id,
            row.selfie_status,
            row.selfie_reason,
            row.selfie_content_type,
            row.selfie_updated_at,
            row.selfie_run,
            row.face_selfie_id,
            row.embedding_key,
        ),
        consents=Consents(row.consents, row.consent_at),
        asked=Uses.parse(row.asked),
        uploads=Uses.parse(row.uploads),
        devices=Devices.parse(row.devices),
        pending_email=PendingEmail.parse(row.email_change),
        visits=Visits(row.seen_on, row.inactivity_notice_at),
        origin=Origin(row.legacy_id, row.invited_at),
        signed_out_at=row.signed_out_at,
        deletion_id=row.deletion_id,
    )


def write(row: UserRow, before: Person | None, after: Person) -> None:
    """Set in a row what changed; the rest stays as it is stored, whatever it is. All is set with None before."""
    if before is None or before.schedule != after.schedule:
        schedule = after.schedule
        row.time_zone = schedule.time_zone
        row.delivery_hour = schedule.delivery_hour
        row.workout_days = set(schedule.workout_days)
        row.next_due_at = schedule.next_due_at
        row.due_shard = None if schedule.next_due_at is None else due_shard(row.user_id)
    if before is None or before.preferences != after.preferences:
        _write_preferences(row, after.preferences)
    if before is None or before.streak != after.streak:
        row.streak = after.streak.stored()
    if before is None or before.photo != after.photo:
        _write_photo(row, after.photo)
    if before is None or before.consents != after.consents:
        row.consents, row.consent_at = after.consents.stored, after.consents.since
    if before is None or before.asked != after.asked:
        row.asked = after.asked.stored()
    if before is None or before.uploads != after.uploads:
        row.uploads = after.uploads.stored()
    if before is None or before.devices != after.devices:
        row.devices = after.devices.stored()
    if before is None or before.pending_email != after.pending_email:
        row.email_change = after.pending_email and after.pending_email.stored()
    row.email, row.created_at = after.email, after.created_at
    row.seen_on, row.inactivity_notice_at = after.visits.seen_on, after.visits.notice_at
    row.legacy_id, row.invited_at = after.origin.legacy_id, after.origin.invited_at
    row.signed_out_at, row.deletion_id = after.signed_out_at, after.deletion_id


def _write_preferences(row: UserRow, preferences: Preferences) -> None:
    row.mode, row.tone = preferences.mode, preferences.tone
    row.theme, row.format = preferences.theme, preferences.format
    row.locale = preferences.locale
    row.mail_enabled, row.mail_off_reason = preferences.mail_enabled, preferences.mail_off_reason
    row.own_lines = dict(preferences.own_lines) or None


def _write_photo(row: UserRow, photo: Photo) -> None:
    row.selfie_id = photo.selfie_id
    row.selfie_status, row.selfie_reason = photo.status, photo.reason
    row.selfie_content_type = photo.content_type
    row.selfie_updated_at = photo.updated_at
    row.selfie_run = photo.run
    row.face_selfie_id = photo.face_selfie_id
    row.embedding_key = photo.embedding_key
