"""What people read, in their language: the English words are the source, `translations/` has the others by them."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from motiv8.catalogue.locales import Language


class Words(str):
    """English words with values in them, which can be said in another language, too."""

    __slots__ = ("source", "values")

    source: str
    values: dict[str, Any]

    def __new__(cls, source: str, **values: Any) -> Self:
        """Words such as `Try again in {seconds} seconds.`, and their values."""
        words = super().__new__(cls, source.format(**values))
        words.source, words.values = source, values
        return words


@cache
def translations(language: Language) -> dict[str, str]:
    """English words → the same in this language; none of English."""
    file = Path(__file__).parent / "translations" / f"{language}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def translated(words: str, language: Language) -> str:
    """The words in a language; in English where there is no translation."""
    if not isinstance(words, Words):
        return translations(language).get(words, words)
    values = {
        name: translated(value, language) if isinstance(value, str) else value for name, value in words.values.items()
    }
    return translations(language).get(words.source, words.source).format(**values)
