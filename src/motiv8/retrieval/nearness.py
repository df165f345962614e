"""How much a passage has to do with a query: which of its words it holds, and how near each of its sentences is.

The score of a fused ranking says which passage is nearest, and nothing of whether one answers at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from motiv8.reading.passages import sentences
from motiv8.retrieval.highlights import stem, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import numpy.typing as npt

    from motiv8.retrieval.models import Model

MOST_SENTENCES = 24
"""Of one passage; each takes the embedding model about 15 ms."""
_SAYS_LITTLE = frozenset(
    """
    anything best better come example feel find get give go going good got help hour kind know like look lot make many
    may maybe might much must need ok okay please really say see someone something sort start still take tell thing
    think use want way well
    """.split()  # noqa: SIM905 - a list of strings would be three times as long
)


def coverage(query: str, text: str) -> float:
    """The share of the query's words that the text holds in any English form; 0.5 where the query has none that count.

    Words that stand in any question count for nothing.
    """
    asked = {stem(word) for word in words(query) if word not in _SAYS_LITTLE}
    return len(asked & {stem(word) for word in words(text)}) / len(asked) if asked else 0.5


def near_sentences(vector: npt.NDArray[np.float32], text: str, model: Model) -> Iterator[tuple[int, int, float]]:
    """The places of the text's sentences, with the cosine of the angle between each and the query's vector."""
    places = list(_places(text))[:MOST_SENTENCES]
    vectors = model.embed([text[start:end] for start, end in places])
    for (start, end), similarity in zip(places, vectors @ vector, strict=True):
        yield start, end, float(similarity)


def _places(text: str) -> Iterator[tuple[int, int]]:
    """Where sentences, items and rows stand, without the space around."""
    start = 0
    for line in text.splitlines(keepends=True):
        for sentence in sentences(line):
            bare = sentence.strip()
            if bare:
                begin = start + sentence.index(bare)
                yield begin, begin + len(bare)
            start += len(sentence)
