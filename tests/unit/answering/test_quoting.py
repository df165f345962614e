"""The engine without a model says what stands in a passage, or that nothing does."""

from __future__ import annotations

import pytest

from motiv8.answering.grounding import Cited
from motiv8.answering.model import Prompt, TextDelta
from motiv8.answering.passages import Passage
from motiv8.answering.prompt import build
from motiv8.answering.quoting import QuotingModel
from motiv8.answering.turn import AnswerEvent, Done, Spent, Text, answer
from stand_in.chat_model import passage


def ask(*passages: Passage, language: str = "en") -> list[AnswerEvent]:
    prompt = build("How long should I sleep?", [], passages, {}, language)
    return list(answer(QuotingModel(), prompt, {}, lambda: False))


def text_of(events: list[AnswerEvent]) -> str:
    return "".join(each.text for each in events if isinstance(each, Text))


def test_an_answer_is_the_passages_sentences_with_its_citation() -> None:
    slept = passage(1, "Adults sleep seven to nine hours. Wake at the same time.")
    events = ask(slept)
    assert text_of(events) == "Adults sleep seven to nine hours. Wake at the same time. [1]"
    assert [each.passage for each in events if isinstance(each, Cited)] == [slept]
    assert events[-2:] == [Spent(0, 0), Done("ready")]


def test_the_nearest_passage_comes_first_whatever_its_rank() -> None:
    events = ask(passage(1, "Shoes matter.", similarity=0.55), passage(2, "Sleep eight hours.", similarity=0.9))
    assert text_of(events) == "Sleep eight hours. [1]"
    assert [each.passage.document_id for each in events if isinstance(each, Cited)] == ["doc-2"]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "The library says nothing about this."),
        ("de", "Die Bibliothek sagt dazu nichts."),
        ("es", "La biblioteca no dice nada sobre esto."),
        ("fr", "La bibliothèque ne dit rien à ce sujet."),
    ],
)
def test_where_nothing_answers_it_says_so_and_cites_nothing(language: str, sentence: str) -> None:
    for passages in ((), (passage(1, "Shoes matter.", similarity=0.2, coverage=0.3),)):
        events = ask(*passages, language=language)
        assert text_of(events) == sentence
        assert not any(isinstance(each, Cited) for each in events)


def test_marks_within_a_passage_are_no_citations() -> None:
    events = ask(passage(1, "It was shown in [2] and [1] that sleep helps."), passage(2, "Other.", similarity=0.1))
    assert text_of(events) == "It was shown in [2] and [1] that sleep helps. [1]"
    assert len([each for each in events if isinstance(each, Cited)]) == 1


def test_every_sentence_stands_in_a_passage() -> None:
    prompt: Prompt = build("?", [], (passage(1, "A b c. D e f. G h i. J k l."),), {}, "en")
    said = [each for each in QuotingModel().stream(prompt) if isinstance(each, TextDelta) and each.verbatim]
    assert len(said) == 3
    assert all(each.text in prompt.passages[0].text for each in said)
