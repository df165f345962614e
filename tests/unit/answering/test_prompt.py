"""What a model is told."""

from __future__ import annotations

import json

from motiv8.answering.prompt import HISTORY_CHARACTERS, HISTORY_MESSAGES, build
from stand_in.chat_model import passage


def test_passages_and_settings_stand_apart_from_the_question_as_data() -> None:
    prompt = build("How?", [], (passage(1, "As [1] says, <b>run</b>.", page=3),), {"hour": 6}, "en")
    [message] = prompt.messages
    lines = str(message.content[0]).split("\n")
    assert json.loads(lines[1]) == {
        "number": 1,
        "title": "Document 1",
        "heading": "",
        "text": "As (1) says, <b>run</b>.",
    }
    assert "<b>" not in lines[1]
    assert json.loads(lines[lines.index("<person>") + 1]) == {"hour": 6}
    assert lines[-2] == "How?"


def test_the_conversation_goes_by_turns_and_begins_with_the_person() -> None:
    history = [("assistant", "Hello"), ("user", "A?"), ("user", "B?"), ("assistant", "C [1]."), ("assistant", " ")]
    prompt = build("D?", history, (), {}, "en")  # type: ignore[arg-type]
    assert [(each.role, each.content) for each in prompt.messages[:-1]] == [
        ("user", ("A?", "B?")),
        ("assistant", ("C.",)),
    ]
    assert prompt.messages[-1].role == "user"


def test_a_long_conversation_is_cut_at_its_beginning() -> None:
    many = build("?", [("user" if n % 2 == 0 else "assistant", str(n)) for n in range(100)], (), {}, "en")
    assert len(many.messages) <= HISTORY_MESSAGES + 1
    assert many.messages[-2].content == ("99",)
    long = build("?", [("user", "x" * HISTORY_CHARACTERS), ("assistant", "y")], (), {}, "en")
    assert len(long.messages) == 1
