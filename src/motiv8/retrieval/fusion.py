"""One ranking out of several, by reciprocal rank fusion.

Cormack, Clarke and Büttcher, "Reciprocal rank fusion outperforms Condorcet and individual rank learning methods",
SIGIR 2009: scores of different kinds are never compared, ranks are; k = 60 is theirs.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    import numpy.typing as npt

    Item = TypeVar("Item", bound=Hashable)

K = 60
FEEDBACK = 3
"""The best passages that say more of what is meant."""
FEEDBACK_WEIGHT = 0.5


def fuse(rankings: Iterable[Sequence[Item]], k: int = K) -> list[tuple[Item, float]]:
    """The items of all rankings with their scores, the best first; of equal ones the one that was met first."""
    scores: defaultdict[Item, float] = defaultdict(float)
    for ranking in rankings:
        for rank, item in enumerate(ranking, start=1):
            scores[item] += 1 / (k + rank)
    return sorted(scores.items(), key=lambda each: -each[1])


def by_feedback(
    query: npt.NDArray[np.float32], vectors: Mapping[Item, npt.NDArray[np.float32]], best: Sequence[Item]
) -> list[Item]:
    """The items by how near they are to the query once it is moved towards the best ones (Rocchio).

    Pseudo-relevance feedback with vectors: Li et al., "Pseudo Relevance Feedback with Deep Language Models and Dense
    Retrievers", ACM TOIS 2023. What words alone found takes part, so that passages far from the query count, too.
    """
    near = [vectors[item] for item in best[:FEEDBACK] if item in vectors]
    moved = query + FEEDBACK_WEIGHT * np.mean(near, axis=0) if near else query
    return sorted(vectors, key=lambda item: -float(vectors[item] @ moved))
