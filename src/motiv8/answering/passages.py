"""A passage that an answer may rest on, and how much it has to do with the question."""

from __future__ import annotations

from dataclasses import dataclass

COVERAGE_WEIGHT = 0.4
RANK_WEIGHT = 0.1
RELEVANT = 0.68
"""From here on a passage answers the question. All three were measured on benchmarks/coach_questions.json."""
RELATED = 0.45
"""From here on it may help a model, which reads it and judges for itself."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence's place in its passage's text, and how near it is to the question: cosine similarity, at most 1."""

    start: int
    end: int
    similarity: float


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage that was retrieved. `coverage` is the share of the question's words that it holds, in any form."""

    passage_id: str
    document_id: str
    title: str
    heading: str
    page: int | None
    last_page: int | None
    url: str | None
    text: str
    coverage: float
    sentences: tuple[Sentence, ...]

    def relevance(self, rank: int) -> float:
        """How well it answers, as the `rank`-th passage (from 0) that was retrieved.

        A rank alone says nothing of whether there is an answer at all: something is always the nearest.
        """
        nearest = max((sentence.similarity for sentence in self.sentences), default=0.0)
        return nearest + COVERAGE_WEIGHT * self.coverage + RANK_WEIGHT / (rank + 1)


def related(passages: tuple[Passage, ...], least: float = RELATED) -> tuple[Passage, ...]:
    """Those that have enough to do with the question, in their order."""
    return tuple(each for rank, each in enumerate(passages) if each.relevance(rank) >= least)
