"""What people read, in their language: the English words are the source, `translations/` has the others by them."""

from __future__ import annotations

import tomllib
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from motiv8.catalogue.locales import LANGUAGES
from motiv8.words import Words

if TYPE_CHECKING:
    from motiv8.catalogue.locales import Language

spoken: ContextVar[Language] = ContextVar("spoken", default="en")
"""The language of the answer to a request; it holds for one request."""


@cache
def translations(language: Language) -> dict[str, str]:
    """English words → the same in this language; none of English."""
    if language == "en":
        return {}
    file = Path(__file__).parent / "translations" / f"{language}.toml"
    return {english: str(words) for english, words in tomllib.loads(file.read_text(encoding="utf-8")).items()}


def translated(words: str, language: Language) -> str:
    """The words in a language; in English where there is no translation."""
    if not isinstance(words, Words):
        return translations(language).get(words, words)
    values = {
        name: translated(value, language) if isinstance(value, str) else value for name, value in words.values.items()
    }
    return translations(language).get(words.source, words.source).format(**values)


def said(words: str) -> str:
    """The words in the language of the request."""
    return translated(words, spoken.get())


def preferred(accept_language: str) -> Language:
    """The one of our languages that somebody likes best (RFC 9110, 12.5.4); English where they like none."""
    liked: list[tuple[float, Language]] = []
    for each in accept_language.split(","):
        tag, _, weight = each.partition(";")
        quality = _quality(weight)
        first = tag.strip().partition("-")[0].lower()
        liked += [(quality, language) for language in LANGUAGES if language == first and quality > 0]
    # The first of those that are liked equally.
    return max(liked, key=lambda each: each[0], default=(0.0, LANGUAGES[0]))[1]


def _quality(weight: str) -> float:
    name, _, value = weight.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
