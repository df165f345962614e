"""One ranking out of several, by reciprocal rank fusion.

Cormack, Clarke and Büttcher, "Reciprocal rank fusion outperforms Condorcet and individual rank learning methods",
SIGIR 2009: scores of different kinds are never compared, ranks are; k = 60 is theirs.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    Item = TypeVar("Item", bound=Hashable)

K = 60


def fuse(rankings: Iterable[Sequence[Item]], k: int = K) -> list[tuple[Item, float]]:
    """The items of all rankings with their scores, the best first; of equal ones the one that was met first."""
    scores: defaultdict[Item, float] = defaultdict(float)
    for ranking in rankings:
        for rank, item in enumerate(ranking, start=1):
            scores[item] += 1 / (k + rank)
    return sorted(scores.items(), key=lambda each: -each[1])
