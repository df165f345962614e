"""Where a query's words stand in a passage."""

from __future__ import annotations

import pytest

from motiv8.retrieval.highlights import highlights


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("How do I train?", "Training for a run: trained people train.", ["Training", "trained", "train"]),
        ("the runs of it", "The run of the year", ["run"]),
        ("LANGSAM", "Laufe langsam.", ["langsam"]),
        ("ببطء", "تجري ببطء كل يوم", ["ببطء"]),
        ("<b>", "a <b> c", ["b"]),
        ("the of and", "the of and", []),
        ("", "anything", []),
    ],
)
def test_a_word_is_marked_in_all_its_forms(query: str, text: str, marked: list[str]) -> None:
    assert [text[start:end] for start, end in highlights(query, text)] == marked
