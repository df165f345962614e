"""A week's pictures together: on one sheet, for the mail of the last of them or on demand, and as a short film."""

from __future__ import annotations

import hashlib
import re
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Literal, NamedTuple

from motiv8.accounts.schedule import local_date
from motiv8.accounts.service import hour_of
from motiv8.aws import keys, machines, storage
from motiv8.errors import FieldError, Invalid, Unavailable
from motiv8.portraits import repository
from motiv8.portraits.service import of_one_day
from motiv8.settings import settings

if TYPE_CHECKING:
    from datetime import datetime

    from motiv8.accounts.person import Person
    from motiv8.portraits.picture import Picture

ENDINGS = (".jpg", ".webp")
FEWEST = 2
"""Pictures of a week that make a sheet worth a mail."""
SHEET_ID = re.compile(r"(\d{4}-W\d{2})-[0-9a-f]{12}")
_WEEK = re.compile(r"\d{4}-W\d{2}")


class Sheet(NamedTuple):
    """How far the sheet and the film of a week are, and where they are once they are `ready`."""

    status: Literal["none", "making", "ready"]
    sheet_url: str | None = None
    film_url: str | None = None


def first_day_of(week: str | None, person: Person, now: datetime) -> date:
    """The Monday of an ISO week such as `2026-W48`, or of the one that it is where the person is. Raises Invalid."""
    if week is None:
        return monday_of(local_date(person.schedule.time_zone, now))
    try:
        if not _WEEK.fullmatch(week):
            raise ValueError(week)
        monday = date.fromisoformat(f"{week}-1")
        # The last week of all has no Sunday.
        monday + timedelta(days=6)
    except (ValueError, OverflowError) as error:
        message = "must be a week of ISO 8601, such as 2026-W48"
        raise Invalid(FieldError("query.week", "week_unknown", message)) from error
    return monday


def name_of(monday: date) -> str:
    """The ISO week that begins on this day."""
    year, number, _ = monday.isocalendar()
    return f"{year:04}-W{number:02}"


def of_week(user_id: str, monday: date) -> list[Picture]:
    """The picture of each day of a week that has one, the daily one first, oldest first."""
    pictures = repository.between(user_id, monday, monday + timedelta(days=6), None, None)
    days = [list(same) for _, same in groupby(pictures, key=lambda each: each.date)]
    return [of_one_day(same) for same in reversed(days)]


def sheet_id(monday: date, pictures: list[Picture]) -> str | None:
    """What a sheet of these pictures is called: other pictures, another name. None where none of them is ready."""
    shown = [f"{each.portrait_id} {each.ready_at}" for each in pictures if each.status == "ready"]
    if not shown:
        return None
    return f"{name_of(monday)}-{hashlib.sha256(chr(10).join(shown).encode()).hexdigest()[:12]}"


def mailed_with(picture: Picture, person: Person) -> list[Picture]:
    """The pictures on the sheet that goes with the mail of this one; none where no sheet does.

    It goes with the daily picture of a week's last workout day, where the week has FEWEST pictures at least.
    """
    day = date.fromisoformat(picture.date)
    if picture.trigger != "daily" or not person.schedule.is_last_of_week(day):
        return []
    ready = [each for each in of_week(person.user_id, monday_of(day)) if each.status == "ready"]
    return ready if len(ready) >= FEWEST else []


def monday_of(day: date) -> date:
    """The first day of the week that a date is in."""
    return day - timedelta(days=day.weekday())


def request_sheet(user_id: str, monday: date, pictures: list[Picture], now: datetime, correlation_id: str) -> Sheet:
    """Have sheet and film of these pictures made, unless they are there or being made. Raises Unavailable.

    What failed is tried again an hour later.
    """
    wanted = sheet_id(monday, pictures)
    if wanted is None:
        return Sheet("none")
    media = settings().media_bucket
    # The film is stored last.
    if storage.exists(media, keys.week(user_id, wanted, ".webp")):
        return Sheet("ready", *(storage.presigned_get(media, keys.week(user_id, wanted, ending)) for ending in ENDINGS))
    try:
        machines.start_week(user_id, wanted, hour_of(now), correlation_id)
    except machines.NotStarted as error:
        raise Unavailable("We could not start making the picture. Please try again.") from error
    return Sheet("making")
