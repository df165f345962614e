"""Whether the engine `quote` cites the right passage of the sample library, and says so where there is none.

The questions are in benchmarks/coach_questions.json. Everything runs in this process: reading, index, search, answer.
"""

from __future__ import annotations

import json
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from motiv8.answering.fixed_texts import nothing_found
from motiv8.answering.grounding import Cited
from motiv8.answering.passages import RELATED, RELEVANT, Passage, Sentence, related
from motiv8.answering.prompt import build
from motiv8.answering.quoting import QuotingModel
from motiv8.answering.turn import Text, answer
from motiv8.catalogue.document_formats import DOCUMENT_FORMATS
from motiv8.reading.parser import parse
from motiv8.reading.passages import split
from motiv8.retrieval.embedding import embedding_model
from motiv8.retrieval.models import Hit, IndexedDocument
from motiv8.retrieval.nearness import coverage, near_sentences
from motiv8.retrieval.passage_rows import searchable
from motiv8.retrieval.repository import PassageIndex

SAMPLES = Path(__file__).parents[1] / "samples" / "library"
QUESTIONS = json.loads(Path(__file__).with_name("coach_questions.json").read_text(encoding="utf-8"))
FORMATS = {ending: each.media_type for each in DOCUMENT_FORMATS.values() for ending in each.endings}
RETRIEVED = 5


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question."""

    question: str
    text: str
    cited: list[Passage]
    retrieved: tuple[Passage, ...]

    @property
    def knows_nothing(self) -> bool:
        return self.text == nothing_found("en")


def sample_index(folder: str) -> PassageIndex:
    """The sample library, as `motiv8 library import` brings it in."""
    index = PassageIndex(folder, embedding_model())
    for each in json.loads((SAMPLES / "metadata.json").read_text(encoding="utf-8")):
        file = SAMPLES / each["file"]
        passages = split(parse(file.read_bytes(), FORMATS[file.suffix]))
        vectors = embedding_model().embed([searchable(each["title"], one.heading, one.text) for one in passages])
        index.replace_document(IndexedDocument(file.stem, "samples", each["title"]), passages, vectors)
    return index


def ask(index: PassageIndex, question: str) -> Outcome:
    """The answer, as the coach makes it."""
    vector = embedding_model().embed([question])[0]
    hits = index.search(question, vector, ["samples"], limit=RETRIEVED)
    retrieved = tuple(_passage(hit, question, vector) for hit in hits)
    prompt = build(question, [], related(retrieved), {}, "en")
    events = list(answer(QuotingModel(), prompt, {}, lambda: False))
    text = "".join(each.text for each in events if isinstance(each, Text))
    return Outcome(question, text, [each.passage for each in events if isinstance(each, Cited)], retrieved)


def _passage(hit: Hit, question: str, vector: Any) -> Passage:
    return Passage(
        passage_id=hit.passage_id,
        document_id=hit.document_id,
        title=hit.title,
        heading=hit.heading,
        page=hit.page_from,
        last_page=hit.page_to,
        url=hit.url,
        text=hit.text,
        coverage=coverage(question, searchable(hit.title, hit.heading, hit.text)),
        sentences=tuple(Sentence(*each) for each in near_sentences(vector, hit.text, embedding_model())),
    )


def is_right(passage: Passage, asked: dict[str, str]) -> bool:
    """Whether a passage is of the document that answers, and holds the answer."""
    same = f"{passage.document_id}." == asked["document"][: len(passage.document_id) + 1]
    return same and re.search(asked["answer"], " ".join(passage.text.split())) is not None


def measure() -> dict[str, Any]:
    """The table, and every question that went wrong."""
    with tempfile.TemporaryDirectory() as folder:
        index = sample_index(folder)
        answered = [(each, ask(index, each["question"])) for each in QUESTIONS["answerable"]]
        unanswerable = [ask(index, each) for each in QUESTIONS["unanswerable"]]
    cited = [(each, passage) for each, outcome in answered for passage in outcome.cited]
    right = [outcome for each, outcome in answered if any(is_right(one, each) for one in outcome.cited)]
    # What a model would be given: whether the right passage is among it.
    given = [1 for each, outcome in answered if any(is_right(one, each) for one in related(outcome.retrieved))]
    return {
        "answerable": len(answered),
        "right passage cited": len(right),
        "right passage given to a model": len(given),
        "citations": len(cited),
        "of these right": sum(is_right(passage, each) for each, passage in cited),
        "said to know nothing, wrongly": sum(outcome.knows_nothing for _, outcome in answered),
        "unanswerable": len(unanswerable),
        "said to know nothing": sum(outcome.knows_nothing for outcome in unanswerable),
        "citations outside the retrieved passages": sum(
            one not in outcome.retrieved
            for outcome in [*unanswerable, *(each for _, each in answered)]
            for one in outcome.cited
        ),
        "thresholds": {"quoted from": RELEVANT, "given to a model from": RELATED},
        "wrong": [
            *(each["question"] for each, outcome in answered if outcome not in right),
            *(outcome.question for outcome in unanswerable if not outcome.knows_nothing),
        ],
    }


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
