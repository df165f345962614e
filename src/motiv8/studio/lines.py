"""Our own lines: short enough for two lines of type, kind, and none twice within 120 days for one person.

`phrases/` has those of each language, in pools: for any day, a weekday, a season, an hour of the day, days in a row. A
line is in one pool alone, and the date alone says which line of a pool has its turn, so that two days with the same
line are at least 120 days apart whichever pools a person's days draw from.
"""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from motiv8.catalogue.weekdays import WEEK
from motiv8.studio.noise import generator

if TYPE_CHECKING:
    from datetime import date

GAP = 120
"""Days after which a line may come again."""
SEASONS = ("winter", "spring", "summer", "autumn")
HOURS = ("morning", "midday", "evening")
_MILESTONES = frozenset({3, 7, 14, 21, 30, 50, 75})
_STREAK_DAYS = 4
"""Two milestones are at least so many days apart."""
_WEEKS, _DAYS = 4, 12
"""How often a weekday's pool has its turn, and how often a season's and an hour's."""
_NEAREST = 80
"""Days between a line that was asked for and the day on which it is the daily one, before or after."""
_TROPIC = 23.5
"""Degrees: nearer to the equator there are no four seasons."""


class Occasion(NamedTuple):
    """What a line may fit: the length of the streak that day, the hour of the delivery, and where it is."""

    language: str = "en"
    streak: int = 0
    hour: int | None = None
    time_zone: str | None = None


ANY = Occasion()


@cache
def lines(language: str) -> dict[str, dict[str, tuple[str, ...]]]:
    """Tone → pool → its lines; those of a streak have `{streak}` for its length."""
    text = (Path(__file__).parent / "phrases" / f"{language}.toml").read_text(encoding="utf-8").replace("'", "\u2019")
    return {
        tone: {name: tuple(pool.split("\n")[:-1]) for name, pool in pools.items()}
        for tone, pools in tomllib.loads(text).items()
    }


def pick(tone: str, day: date, seed: int, occasion: Occasion = ANY, asked: int | None = None) -> str:
    """The line for a person (`seed`) on a date: one that fits the day where such a line has its turn.

    With a number `asked` it is for a picture beside the daily one, and another line than this one's. The same input
    gives the same line.
    """
    tone_of = tone, occasion.language, seed
    number = day.toordinal()
    if asked is not None:
        free = len(lines(occasion.language)[tone]["any"]) - 2 * _NEAREST
        return _turn(*tone_of, "any", number + _NEAREST + asked % free)
    streak = occasion.streak
    if streak in _MILESTONES or (streak and streak % 50 == 0):
        return _turn(*tone_of, "streak", number // _STREAK_DAYS).format(streak=streak)
    weekday = day.weekday()
    week = number // 7 + (seed >> weekday)
    if week % _WEEKS == 0:
        return _turn(*tone_of, WEEK[weekday], week // _WEEKS)
    shifted = number + seed
    if shifted % _DAYS == 0 and (season := season_on(day, occasion.time_zone)):
        return _turn(*tone_of, season, shifted // _DAYS)
    if shifted % _DAYS == _DAYS // 2 and (part := part_of_day(occasion.hour)):
        return _turn(*tone_of, part, shifted // _DAYS)
    return _turn(*tone_of, "any", number)


def _turn(tone: str, language: str, seed: int, pool: str, turn: int) -> str:
    order = _order(tone, language, seed, pool)
    return order[turn % len(order)]


@lru_cache(maxsize=256)
def _order(tone: str, language: str, seed: int, pool: str) -> list[str]:
    """A pool as one person sees it."""
    order = list(lines(language)[tone][pool])
    generator("lines", tone, pool, seed).shuffle(order)
    return order


def part_of_day(hour: int | None) -> str | None:
    """The part of the day that an hour is in; None for the night, or where no hour is known."""
    if hour is None or hour < 4:
        return None
    return HOURS[(hour >= 11) + (hour >= 17)]


def season_on(day: date, time_zone: str | None) -> str | None:
    """The season (by months, as meteorologists count) where a time zone lies; None where that has no four seasons."""
    latitude = _latitudes().get(time_zone or "")
    if latitude is None or abs(latitude) < _TROPIC:
        return None
    turned = 2 if latitude < 0 else 0
    return SEASONS[(day.month % 12 // 3 + turned) % 4]


@cache
def _latitudes() -> dict[str, float]:
    """Time zone → how far north its main place lies, in degrees (the time zone database's `zone.tab`)."""
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    rows = (row.split("\t") for row in table.splitlines() if not row.startswith("#"))
    # ISO 6709: ±DDMM and ±DDDMM, or with seconds.
    return {row[2]: int(row[1][:3]) + int(row[1][0] + row[1][3:5]) / 60 for row in rows}
