"""What a tool is going to change, in words for the person who is asked first. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from motiv8.catalogue.dates import weekday
from motiv8.catalogue.formats import FORMATS
from motiv8.catalogue.modes import MODES
from motiv8.catalogue.themes import THEMES
from motiv8.catalogue.tones import TONES
from motiv8.catalogue.translation import translated
from motiv8.catalogue.weekdays import WEEK
from motiv8.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from motiv8.catalogue.locales import Language

NAMES = {
    "mode": "mode",
    "tone": "tone",
    "theme": "theme",
    "format": "format",
    "locale": "language",
    "time_zone": "time zone",
    "delivery_hour": "delivery hour",
    "workout_days": "workout days",
    "mail_enabled": "emails",
    "own_lines": "own lines",
}
"""Setting → what people call it."""
_CHOICES: Mapping[str, Mapping[str, Any]] = {"mode": MODES, "tone": TONES, "theme": THEMES, "format": FORMATS}
_MONDAY = date(2024, 1, 1)


def settings_summary(changes: Mapping[str, Any], language: Language) -> str:
    """That these settings change."""
    return translated(Words("Change your settings: {changes}.", changes=_listed(changes, language)), language)


def picture_summary(options: Mapping[str, Any], language: Language) -> str:
    """That a picture is made with these options, of which None is left to the settings."""
    chosen = {name: value for name, value in options.items() if value is not None}
    how = _listed(chosen, language) if chosen else "as your settings say"
    words = Words("Make a new picture now ({how}). It counts as one of today's pictures.", how=how)
    return translated(words, language)


def _listed(values: Mapping[str, Any], language: Language) -> str:
    return "; ".join(
        f"{translated(NAMES[name], language)}: {_word(name, value, language)}" for name, value in values.items()
    )


def _word(name: str, value: Any, language: Language) -> str:
    if isinstance(value, bool):
        return translated("on" if value else "off", language)
    if name == "workout_days":
        return ", ".join(_day(day, language) for day in value)
    if name == "own_lines":
        return ", ".join(f"{_day(day, language)}: {line}" for day, line in value.items()) or "\N{EN DASH}"
    return translated(_CHOICES[name][value].title, language) if name in _CHOICES else str(value)


def _day(day: Any, language: Language) -> str:
    return weekday(_MONDAY + timedelta(WEEK.index(day)), language)
