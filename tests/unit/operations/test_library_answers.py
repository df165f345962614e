"""What a search prints."""

from __future__ import annotations

from typing import Any

from motiv8_tooling.operations.library_answers import as_text


def _passage(**changes: Any) -> dict[str, Any]:
    return {
        "passage_id": "doc-1#1",
        "score": 0.03279,
        "text": "Bend your knees.\nLift with your legs.",
        "highlights": [{"start": 17, "end": 21}],
        "heading": "The lift",
        "page": 2,
        "last_page": 3,
        "document": {"title": "Lifting", "url": "https://example.com/lifting"},
    } | changes


def test_a_passage_comes_with_its_place() -> None:
    assert as_text([_passage()], highlighted=False).splitlines() == [
        "1. Lifting · pages 2 to 3 · The lift · https://example.com/lifting (0.0328)",
        "   Bend your knees.",
        "   Lift with your legs.",
    ]
    bare = _passage(page=None, last_page=None, heading="", document={"title": "Lifting", "url": None})
    assert as_text([bare], highlighted=False).splitlines()[0] == "1. Lifting (0.0328)"


def test_the_querys_words_are_bold_on_a_terminal() -> None:
    assert "\x1b[1mLift\x1b[0m with" in as_text([_passage()], highlighted=True)


def test_what_documents_say_does_nothing_to_a_terminal() -> None:
    document = {"title": "\x1b[2J", "url": None}
    text = as_text([_passage(text="\x1b]0;owned\x07", highlights=[], document=document)], highlighted=True)
    assert "\x1b" not in text
