"""The rules of a picture: who may ask for one, how often, and what becomes of it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from motiv8.accounts import repository as accounts
from motiv8.accounts.schedule import PHOTO_CHECK_AFTER, local_date
from motiv8.aws import keys, machines, storage
from motiv8.errors import EngineNotEntitled, FaceMissing, NotFound, Unavailable
from motiv8.portraits import repository
from motiv8.portraits.picture import LEASE, new_picture
from motiv8.settings import settings
from motiv8.telemetry import count
from motiv8.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime, timedelta

    from motiv8.accounts.person import Person
    from motiv8.portraits.picture import Picture
    from motiv8.quota import Quota

PORTRAIT_ID = re.compile(r"\d{4}-\d{2}-\d{2}-(daily|[0-9a-hjkmnp-tv-z]{26})")


class PortraitOptions(NamedTuple):
    """What was asked for; None stands for the preference, the layout whose turn it is, or the usual engine."""

    mode: str | None = None
    tone: str | None = None
    theme: str | None = None
    format: str | None = None
    layout: str | None = None
    engine: str | None = None


def daily_id(day: date) -> str:
    """The id of the daily picture of a local date: there can be only one."""
    return f"{day.isoformat()}-daily"


def ask(
    user_id: str, options: PortraitOptions, groups: frozenset[str], now: datetime, new_id: str, correlation_id: str
) -> tuple[Picture, Quota]:
    """Have a picture made now; `groups` are the person's in Cognito.

    Raises EngineNotEntitled, FaceMissing, QuotaUsedUp, and Unavailable when the machine could not be started.
    """
    engine = _entitled(options.engine, groups)
    person, portrait_id, left = _count(user_id, new_id, now)
    usual = new_picture(person, portrait_id, "asked", now)
    picture = replace(
        usual,
        mode=options.mode or usual.mode,
        tone=options.tone or usual.tone,
        theme=options.theme or usual.theme,
        format=options.format or usual.format,
        layout=options.layout,
        engine=engine,
    )
    repository.create(picture)
    try:
        machines.start_portrait(user_id, portrait_id, correlation_id)
    except machines.NotStarted as error:
        repository.delete(user_id, portrait_id)
        _uncount(user_id, portrait_id)
        raise Unavailable("We could not start making the picture. Please try again.") from error
    return picture, left


def begin_daily(
    person: Person,
    portrait_id: str,
    run: str,
    now: datetime,
    lease: timedelta = LEASE,
    check: Callable[[Picture], object] = lambda _: None,
) -> Picture | None:
    """Have a run make a daily picture, whose row is made where there is none; None where it was removed meanwhile.

    One that is ready, failed for good or is another run's comes back as it is. Raises what `check` raises for one that
    there is, with nothing changed.
    """

    def begin(picture: Picture) -> Picture:
        check(picture)
        return picture.begun(now, run, lease)

    changed = repository.change(person.user_id, portrait_id, begin)
    if changed is None:
        picture = new_picture(person, portrait_id, "daily", now).begun(now, run, lease)
        if repository.create(picture):
            count("DailyDue")
            return picture
        changed = repository.change(person.user_id, portrait_id, begin)
    return None if changed is None else changed.after


def get(user_id: str, portrait_id: str) -> Picture:
    """One picture of this person's. Raises NotFound, the same for what is not theirs, not there, or no id at all."""
    picture = repository.get(user_id, portrait_id) if PORTRAIT_ID.fullmatch(portrait_id) else None
    if picture is None:
        raise NotFound("You have no picture with this id.")
    return picture


def image_ending(user_id: str, portrait_id: str, name: str) -> str:
    """Which of a picture's files the last part of an address names, by its ending. Raises NotFound."""
    version = get(user_id, portrait_id).version
    for ending in keys.PICTURE_ENDINGS:
        if version is not None and name == f"{version}{ending}":
            return ending
    raise NotFound("You have no image at this address.")


def today(person: Person, now: datetime) -> Picture:
    """The daily picture of the person's local date, else the newest one asked for on it; a failed one comes last.

    Raises NotFound.
    """
    day = local_date(person.schedule.time_zone, now)
    pictures = repository.between(person.user_id, day, day, None, None)
    if not pictures:
        raise NotFound("There is no picture for today yet.")
    return of_one_day(pictures)


def of_one_day(pictures: list[Picture]) -> Picture:
    """The one of a day's pictures that is shown: the daily one, else the newest; a failed one comes last."""
    # Newest first, but the daily one before all, as its id sorts.
    return next((each for each in pictures if each.status != "failed"), pictures[0])


def delete(user_id: str, portrait_id: str) -> None:
    """Remove a picture with all versions of its files. Raises NotFound."""
    get(user_id, portrait_id)
    repository.delete(user_id, portrait_id)
    remove_files(user_id, portrait_id)
    # A sheet may show it; the others are made anew when somebody asks for them.
    storage.delete(settings().media_bucket, keys.week(user_id))


def remove_files(user_id: str, portrait_id: str) -> None:
    """Remove all versions of a picture's files."""
    # No id begins with another one.
    storage.delete(settings().media_bucket, keys.picture(user_id, portrait_id))


def _entitled(engine: str | None, groups: frozenset[str]) -> str | None:
    """The engine, where this environment has it and it is the usual one or the person is in its group."""
    if engine is None or engine == settings().engine:
        return None
    if engine not in settings().engines or f"engine-{engine}" not in groups:
        raise EngineNotEntitled(engine)
    return engine


def _count(user_id: str, new_id: str, now: datetime) -> tuple[Person, str, Quota]:
    """Note that a picture is asked for; returns the person, the picture's id and what is left of the quota."""
    limit = settings().daily_quota
    refusal = Words("You can ask for {limit} pictures in 24 hours. Please try again later.", limit=limit)

    def ask_for_one(person: Person) -> Person:
        if not person.photo.has_face:
            raise FaceMissing
        asked = person.asked.with_use(_asked_id(person, new_id, now), limit, now, refusal)
        # The daily run looks whether the picture got stuck.
        return replace(person, asked=asked, schedule=person.schedule.due_by(now + PHOTO_CHECK_AFTER))

    changed = accounts.change(user_id, ask_for_one)
    if changed is None:
        raise FaceMissing
    person = changed.after
    return person, _asked_id(person, new_id, now), person.asked.left(limit, now)


def _asked_id(person: Person, new_id: str, now: datetime) -> str:
    return f"{local_date(person.schedule.time_zone, now).isoformat()}-{new_id}"


def _uncount(user_id: str, portrait_id: str) -> None:
    accounts.change(user_id, lambda person: replace(person, asked=person.asked.without(portrait_id)))
