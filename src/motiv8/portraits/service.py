"""The rules of a picture: who may ask for one, how often, and what becomes of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from motiv8 import quota
from motiv8.accounts import repository as accounts
from motiv8.accounts.delivery_clock import PHOTO_CHECK_AFTER, due_shard, local_date
from motiv8.aws import keys, machines, storage
from motiv8.aws.tables import PortraitRow
from motiv8.errors import Conflict, EngineNotEntitled, NotFound, Unavailable
from motiv8.portraits import repository
from motiv8.settings import settings

if TYPE_CHECKING:
    from datetime import date, datetime

    from motiv8.aws.tables import UserRow
    from motiv8.quota import Quota

PORTRAIT_ID = re.compile(r"\d{4}-\d{2}-\d{2}-(daily|[0-9a-hjkmnp-tv-z]{26})")


@dataclass(frozen=True, slots=True)
class PortraitOptions:
    """What was asked for; None stands for the preference, or the environment's usual engine."""

    mode: str | None = None
    tone: str | None = None
    theme: str | None = None
    format: str | None = None
    engine: str | None = None


def daily_id(day: date) -> str:
    """The id of the daily picture of a local date: there can be only one."""
    return f"{day.isoformat()}-daily"


def ask(
    user_id: str, options: PortraitOptions, groups: frozenset[str], now: datetime, new_id: str, correlation_id: str
) -> tuple[PortraitRow, Quota]:
    """Have a picture made now; `groups` are the person's in Cognito.

    Raises EngineNotEntitled, Conflict without a face, TooManyRequests over the quota,
    Unavailable.
    """
    engine = _entitled(options.engine, groups)
    user, portrait_id, left = _count(user_id, new_id, now)
    row = new_row(user, portrait_id, "asked", now)
    row.mode = options.mode or user.mode
    row.tone = options.tone or user.tone
    row.theme = options.theme or user.theme
    row.format = options.format or user.format
    row.engine = engine
    repository.create(row)
    try:
        machines.start_portrait(user_id, row.portrait_id, correlation_id)
    except machines.NotStarted as error:
        repository.delete(user_id, portrait_id)
        _uncount(user_id, portrait_id)
        raise Unavailable("The picture could not be started. Please try again.") from error
    return row, left


def new_row(user: UserRow, portrait_id: str, trigger: Literal["daily", "asked"], now: datetime) -> PortraitRow:
    """A picture that is not made yet, with the person's preferences as they are now."""
    return PortraitRow(
        user.user_id,
        portrait_id,
        date=portrait_id[:10],
        trigger=trigger,
        status="queued",
        mode=user.mode,
        tone=user.tone,
        theme=user.theme,
        format=user.format,
        attempts=0,
        mail_status="waiting" if user.mail_enabled else "off",
        created_at=now,
    )


def get(user_id: str, portrait_id: str) -> PortraitRow:
    """One picture of this person's. Raises NotFound, the same for what is not theirs, not there, or no id at all."""
    row = repository.get(user_id, portrait_id) if PORTRAIT_ID.fullmatch(portrait_id) else None
    if row is None:
        raise NotFound("You have no picture with this id.")
    return row


def today(user: UserRow, now: datetime) -> PortraitRow:
    """The daily picture of the person's local date, else the newest one asked for on it; a failed one comes last.

    Raises NotFound.
    """
    day = local_date(user.time_zone, now)
    # Newest first, but the daily one before all, as its id sorts.
    rows = repository.between(user.user_id, day, day, None, None)
    if not rows:
        raise NotFound("There is no picture of today yet.")
    return next((row for row in rows if row.status != "failed"), rows[0])


def delete(user_id: str, portrait_id: str) -> None:
    """Remove a picture with all versions of its files. Raises NotFound."""
    get(user_id, portrait_id)
    repository.delete(user_id, portrait_id)
    remove_files(user_id, portrait_id)


def remove_files(user_id: str, portrait_id: str) -> None:
    """Remove all versions of a picture's files."""
    for ending in keys.PICTURE_ENDINGS:
        storage.delete(settings().media_bucket, keys.picture(user_id, portrait_id, ending))


def _entitled(engine: str | None, groups: frozenset[str]) -> str | None:
    """The engine, where this environment has it and it is the usual one or the person is in its group."""
    if engine is None or engine == settings().engine:
        return None
    if engine not in settings().engines or f"engine-{engine}" not in groups:
        raise EngineNotEntitled(engine)
    return engine


def _count(user_id: str, new_id: str, now: datetime) -> tuple[UserRow, str, Quota]:
    """Note that a picture is asked for; returns the person, the picture's id and what is left of the quota."""
    limit = settings().daily_quota
    counted: list[tuple[str, Quota]] = []

    def apply(row: UserRow) -> bool:
        if row.embedding_key is None:
            raise Conflict("There is no face to work with yet. Upload a selfie and wait until it is `ready`.")
        portrait_id = f"{local_date(row.time_zone, now).isoformat()}-{new_id}"
        refusal = f"You can ask for {limit} pictures in 24 hours. Please try again later."
        row.asked, left = quota.take(row.asked, limit, portrait_id, now, refusal)
        counted[:] = [(portrait_id, left)]
        # The hourly run looks whether the picture got stuck.
        look = now + PHOTO_CHECK_AFTER
        row.next_due_at = min(row.next_due_at or look, look)
        row.due_shard = due_shard(user_id)
        return True

    user = accounts.change(user_id, apply)
    if user is None:
        raise Conflict("There is no face to work with yet. Upload a selfie and wait until it is `ready`.")
    [(portrait_id, left)] = counted
    return user, portrait_id, left


def _uncount(user_id: str, portrait_id: str) -> None:
    def apply(row: UserRow) -> bool:
        row.asked = quota.give_back(row.asked, portrait_id)
        return True

    accounts.change(user_id, apply)
