"""Where the words of a query stand in a text."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from Stemmer import Stemmer

_WORD = re.compile(r"\w+")
_STOP_WORDS = frozenset(
    """
    a about above after again all also am an and any are as at be because been before being below between both but by
    can could did do does doing down during each few for from further had has have having he her here him his how i if
    in into is it its just me more most my no nor not of off on once only or other our out over own same she should so
    some such than that the their them then there these they this those through to too under until up very was we were
    what when where which while who whom why will with would you your
    """.split()  # noqa: SIM905 - a list of strings would be three times as long
)


def highlights(query: str, text: str) -> tuple[tuple[int, int], ...]:
    """The places of the query's words in the text, in any English form: from `start` to before `end`."""
    wanted = {stem(word) for word in words(query)}
    if not wanted:
        return ()
    places = ((found.start(), found.end(), found[0].casefold()) for found in _WORD.finditer(text))
    return tuple((start, end) for start, end, word in places if word not in _STOP_WORDS and stem(word) in wanted)


def words(query: str) -> list[str]:
    """The query's words that say something, without case."""
    return [word for found in _WORD.findall(query) if (word := found.casefold()) not in _STOP_WORDS]


@lru_cache(10_000)
def stem(word: str) -> str:
    """The part of an English word that all its forms share."""
    shared: str = _stemmer().stemWord(word)
    return shared


@cache
def _stemmer() -> Stemmer:
    return Stemmer("english")
