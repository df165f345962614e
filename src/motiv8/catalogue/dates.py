"""Dates as people of a locale write them (CLDR)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_interval

from motiv8.catalogue.locales import DEFAULT_LOCALE, language_of

if TYPE_CHECKING:
    from datetime import date

_YEAR = re.compile(r"[, ]*('de' )?y+$")
"""The end of the pattern of a whole date in each of our languages."""


def long_date(day: date, locale: str) -> str:
    """The whole date; of a locale that CLDR does not have, as in English."""
    return format_date(day, "full", _known(locale, "en"))


def day_and_month(day: date, locale: str) -> str:
    """Weekday, day and month, in one of our languages: in English for a locale of another."""
    ours = _ours(locale)
    known = _known(ours, language_of(ours))
    written = format_date(day, _YEAR.sub("", known.date_formats["full"].pattern), known)
    # CLDR has no pattern for the one ordinal of French dates.
    return written.replace(" 1 ", " 1er ") if language_of(ours) == "fr" else written


def day_range(first: date, last: date, locale: str) -> str:
    """From day to day with the months, in one of our languages: in English for a locale of another."""
    ours = _ours(locale)
    # CLDR sets thin spaces around the dash, which no type of ours has.
    return " ".join(format_interval(first, last, "MMMMd", locale=_known(ours, language_of(ours))).split())


def weekday(day: date, locale: str) -> str:
    """The day of the week, in one of our languages."""
    return format_date(day, "cccc", _known(_ours(locale), language_of(locale)))


def _ours(locale: str) -> str:
    return locale if language_of(locale) == locale.partition("-")[0].lower() else DEFAULT_LOCALE


def _known(locale: str, other: str) -> Locale:
    try:
        return Locale.parse(locale, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale(other)
