"""Who is due now, and which scenes they share."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from motiv8 import quota
from motiv8.accounts import repository
from motiv8.accounts.delivery_clock import PHOTO_CHECK_AFTER, WEEK, latest_delivery, local_date
from motiv8.accounts.due import PENDING, schedule
from motiv8.aws import keys, storage
from motiv8.catalogue.formats import FormatName
from motiv8.catalogue.modes import ModeName
from motiv8.catalogue.themes import ThemeName
from motiv8.pipeline.delivered import MOST_ATTEMPTS, wind_clock
from motiv8.pipeline.isolation import isolated
from motiv8.portraits import repository as portraits
from motiv8.portraits.service import daily_id
from motiv8.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from motiv8.aws.tables import UserRow

Line = dict[str, Any]

_LOOK = TypeAdapter(tuple[ModeName, ThemeName, FormatName])
_UNFINISHED = frozenset({"queued", "making"})


def plan_day(now: datetime, run: str, day: str | None = None, user_id: str | None = None) -> dict[str, Any]:
    """Write one JSON line for each picture to make and each stuck photo to take up.

    Without `day` and `user_id` that is what is due at `now`. A run by the team names a local date (everybody whose
    workout day it is), one person (whatever the day), or both.
    """
    lines: list[Line] = []
    scenes: set[tuple[str, str, str, str]] = set()
    for row in _people(now, day, user_id):
        with isolated("person", user_id=row.user_id):
            planned = day is None and user_id is None
            wanted = list(_due_lines(row, now)) if planned else _ordered_lines(row, now, day, everybody=user_id is None)
            if not wanted and day is None:
                wind_clock(row.user_id, now)
            days = {line["portrait_id"][:10] for line in wanted if line["task"] == "portrait"}
            look = _LOOK.validate_python((row.mode, row.theme, row.format))
            scenes |= {(each, *look) for each in days}
            lines += wanted
    key = keys.plan(run)
    body = "".join(f"{json.dumps(line | {'correlation_id': run})}\n" for line in lines)
    storage.put(settings().media_bucket, key, body.encode(), "application/jsonl")
    return {
        "due": len(lines),
        "plan_bucket": settings().media_bucket,
        "plan_key": key,
        "scenes": [
            {"date": each, "mode": mode, "theme": theme, "format": form, "engine": settings().engine}
            for each, mode, theme, form in sorted(scenes)
        ],
    }


def _people(now: datetime, day: str | None, user_id: str | None) -> Iterator[UserRow]:
    if user_id is not None:
        row = repository.get(user_id)
        return iter([row] if row else [])
    return repository.due(now if day is None else None)


def _due_lines(row: UserRow, now: datetime) -> Iterator[Line]:
    photo_pending = row.selfie_status in PENDING
    latest = latest_delivery(schedule(row), now)
    delivery_due = latest is not None and row.next_due_at is not None and latest >= row.next_due_at
    if latest is not None and delivery_due and (row.embedding_key is not None or photo_pending):
        yield _portrait(row, local_date(row.time_zone, latest))
        if row.embedding_key is None:
            return
    if photo_pending:
        yield {"user_id": row.user_id, "selfie_id": row.selfie_id, "trigger": "daily", "task": "selfie"}
    yield from _stuck_lines(row, now)


def _stuck_lines(row: UserRow, now: datetime) -> Iterator[Line]:
    """Pictures that were asked for and whose execution was lost."""
    for portrait in portraits.several((row.user_id, use.subject) for use in quota.parse(row.asked)):
        stuck = portrait.status in _UNFINISHED and portrait.created_at <= now - PHOTO_CHECK_AFTER
        if stuck and portrait.trigger == "asked" and portrait.attempts < MOST_ATTEMPTS:
            yield {
                "user_id": row.user_id,
                "portrait_id": portrait.portrait_id,
                "trigger": "asked",
                "task": "portrait",
            }


def _ordered_lines(row: UserRow, now: datetime, day: str | None, *, everybody: bool) -> list[Line]:
    local = date.fromisoformat(day) if day else local_date(row.time_zone, now)
    if everybody and (row.embedding_key is None or WEEK[local.weekday()] not in row.workout_days):
        return []
    return [_portrait(row, local)]


def _portrait(row: UserRow, local: date) -> Line:
    return {"user_id": row.user_id, "portrait_id": daily_id(local), "trigger": "daily", "task": "portrait"}
