"""English words with values in them, which can be said in another language, too."""

from __future__ import annotations

from typing import Any, Self


class Words(str):
    """What it says in English, the words without their values, and the values."""

    __slots__ = ("source", "values")

    source: str
    values: dict[str, Any]

    def __new__(cls, source: str, **values: Any) -> Self:
        """Words such as `Try again in {seconds} seconds.`, and their values."""
        words = super().__new__(cls, source.format(**values))
        words.source, words.values = source, values
        return words
