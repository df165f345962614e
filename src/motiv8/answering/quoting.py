"""The engine without a model: the best sentences of the best passages, word for word, each with its citation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motiv8.answering.fixed_texts import nothing_found
from motiv8.answering.model import End, TextDelta, ToolResult, Usage
from motiv8.answering.passages import RELEVANT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from motiv8.answering.model import ModelEvent, Prompt
    from motiv8.answering.passages import Passage, Sentence

MOST_PASSAGES = 2
_PASSAGE_MARGIN = 0.12
"""How much less relevant than the best one a second passage may be."""
MOST_SENTENCES = 3
_SENTENCE_MARGIN = 0.15


class QuotingModel:
    """Quotes, and says so when there is nothing to quote. It invents nothing, uses no tools and costs no tokens."""

    def stream(self, prompt: Prompt) -> Iterator[ModelEvent]:
        """Sentences of the prompt's passages, each passage followed by its citation."""
        answers_a_tool = any(isinstance(block, ToolResult) for block in prompt.messages[-1].content)
        chosen = [] if answers_a_tool else _chosen(prompt.passages)
        for place, (number, passage) in enumerate(chosen):
            if place:
                yield TextDelta("\n\n")
            for index, sentence in enumerate(_sentences(passage)):
                if index:
                    yield TextDelta(" ")
                yield TextDelta(passage.text[sentence.start : sentence.end], verbatim=True)
            yield TextDelta(f" [{number}]")
        if not chosen and not answers_a_tool:
            yield TextDelta(nothing_found(prompt.language))
        yield Usage(0, 0)
        yield End("finished")


def _chosen(passages: tuple[Passage, ...]) -> list[tuple[int, Passage]]:
    """The passages that answer, the best first, with their numbers from 1."""
    scored = [(passage.relevance(rank), rank + 1, passage) for rank, passage in enumerate(passages)]
    scored.sort(key=lambda each: -each[0])
    if not scored or scored[0][0] < RELEVANT:
        return []
    least = max(RELEVANT, scored[0][0] - _PASSAGE_MARGIN)
    return [(number, passage) for score, number, passage in scored[:MOST_PASSAGES] if score >= least]


def _sentences(passage: Passage) -> list[Sentence]:
    """The nearest sentences of a passage, in the order in which they stand there."""
    nearest = sorted(passage.sentences, key=lambda each: -each.similarity)[:MOST_SENTENCES]
    least = nearest[0].similarity - _SENTENCE_MARGIN
    return sorted((sentence for sentence in nearest if sentence.similarity >= least), key=lambda each: each.start)
