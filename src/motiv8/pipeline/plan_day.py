"""Who is due now, and which scenes they share."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from motiv8.accounts import repository
from motiv8.accounts.schedule import PHOTO_CHECK_AFTER, WEEK, latest_delivery, local_date
from motiv8.accounts.service import reschedule
from motiv8.aws import keys, storage
from motiv8.catalogue.formats import FormatName
from motiv8.catalogue.modes import ModeName
from motiv8.catalogue.themes import ThemeName
from motiv8.pipeline.isolation import isolated
from motiv8.portraits import repository as portraits
from motiv8.portraits.service import daily_id
from motiv8.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from motiv8.accounts.person import Person
    from motiv8.payloads import Plan

Line = dict[str, str]
"""A `PortraitOrder` that has no correlation id yet."""

_LOOK = TypeAdapter(tuple[ModeName, ThemeName, FormatName])


def plan_day(now: datetime, run: str, day: str | None = None, user_id: str | None = None) -> Plan:
    """Write one JSON line for each picture to make and each stuck photo to take up, and say where they are.

    Returns how many lines there are (`due`), their object (`plan_bucket`, `plan_key`), and each scene that their
    pictures share once (`scenes`). Who turns out to have nothing due is rescheduled.

    Without `day` and `user_id` that is what is due at `now`. A run by the team names a local date (everybody whose
    workout day it is), one person (whatever the day), or both.
    """
    lines: list[Line] = []
    scenes: set[tuple[str, str, str, str]] = set()
    for person in _people(now, day, user_id):
        with isolated("person", user_id=person.user_id):
            if day is None and user_id is None:
                wanted = list(_due_lines(person, now))
            else:
                wanted = _ordered_lines(person, now, day, everybody=user_id is None)
            if not wanted and day is None:
                reschedule(person.user_id, now)
            days = {line["portrait_id"][:10] for line in wanted if line["task"] == "portrait"}
            look = person.preferences
            chosen = _LOOK.validate_python((look.mode, look.theme, look.format))
            scenes |= {(each, *chosen) for each in days}
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


def _people(now: datetime, day: str | None, user_id: str | None) -> Iterator[Person]:
    if user_id is not None:
        person = repository.get(user_id)
        return iter([person] if person else [])
    return repository.due(now if day is None else None)


def _due_lines(person: Person, now: datetime) -> Iterator[Line]:
    photo, due_at = person.photo, person.schedule.next_due_at
    latest = latest_delivery(person.schedule, now)
    if latest is not None and due_at is not None and latest >= due_at and (photo.has_face or photo.is_pending):
        yield _portrait(person, local_date(person.schedule.time_zone, latest))
        if not photo.has_face:
            return
    if photo.is_pending and photo.selfie_id is not None:
        yield {"user_id": person.user_id, "selfie_id": photo.selfie_id, "trigger": "daily", "task": "selfie"}
    yield from _stuck_lines(person, now)


def _stuck_lines(person: Person, now: datetime) -> Iterator[Line]:
    """Pictures that were asked for and whose execution was lost."""
    for picture in portraits.several((person.user_id, use.subject) for use in person.asked.all):
        stuck = picture.is_unfinished and picture.created_at <= now - PHOTO_CHECK_AFTER
        if stuck and picture.trigger == "asked" and not picture.is_given_up:
            yield {
                "user_id": person.user_id,
                "portrait_id": picture.portrait_id,
                "trigger": "asked",
                "task": "portrait",
            }


def _ordered_lines(person: Person, now: datetime, day: str | None, *, everybody: bool) -> list[Line]:
    local = date.fromisoformat(day) if day else local_date(person.schedule.time_zone, now)
    if everybody and (not person.photo.has_face or WEEK[local.weekday()] not in person.schedule.workout_days):
        return []
    return [_portrait(person, local)]


def _portrait(person: Person, local: date) -> Line:
    return {"user_id": person.user_id, "portrait_id": daily_id(local), "trigger": "daily", "task": "portrait"}
