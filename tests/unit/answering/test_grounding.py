"""Marks become citations of what was retrieved; all else that is not plain text is taken out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motiv8.answering.grounding import Cited, Grounding
from stand_in.chat_model import passage

PASSAGES = (passage(1, "One."), passage(2, "Two.", url="https://example.com/two"), passage(3, "Three."))


def shown(text: str, size: int = 1) -> tuple[str, list[tuple[int, str]]]:
    """The text as shown, and the citations, of a stream that comes in pieces of this size."""
    grounding = Grounding(PASSAGES)
    pieces = [each for start in range(0, len(text), size) for each in grounding.add(text[start : start + size])]
    pieces += grounding.finish()
    said = "".join(each for each in pieces if isinstance(each, str))
    return said, [(each.number, each.passage.document_id) for each in pieces if isinstance(each, Cited)]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1_000])
@pytest.mark.parametrize(
    ("text", "said", "cited"),
    [
        ("Sleep well [2]. Run slowly [1].", "Sleep well [1]. Run slowly [2].", [(1, "doc-2"), (2, "doc-1")]),
        ("A [2] and again [2].", "A [1] and again [1].", [(1, "doc-2")]),
        ("Both [1, 3].", "Both [1][2].", [(1, "doc-1"), (2, "doc-3")]),
        ("Made up [4]. And [0]. And [99].", "Made up. And. And.", []),
        ("One right [1, 9].", "One right [1].", [(1, "doc-1")]),
        ("Foot [^1] and wide 【2†source】.", "Foot [1] and wide [2].", [(1, "doc-1"), (2, "doc-2")]),
        ("Sets [of three] stay.", "Sets [of three] stay.", []),
        ("3 < 5 and 7 > 2", "3 < 5 and 7 > 2", []),
        ("A <b>bold</b> <img src=x onerror=alert(1)>claim.", "A bold claim.", []),
        ("A <<b>script>nested</script> tag.", "A nested tag.", []),
        ("See ![x](https://evil.example/?q=secret) here.", "See x here.", []),
        ("See [this page](https://evil.example/a_(b)) now.", "See this page now.", []),
        ("Go to https://evil.example/?q=1. Then rest.", "Go to. Then rest.", []),
        ("Read https://example.com/two. Then rest.", "Read https://example.com/two. Then rest.", []),
        ("Ends open [1", "Ends open [1", []),
    ],
)
def test_what_is_shown_does_not_depend_on_how_it_was_cut(
    text: str, said: str, cited: list[tuple[int, str]], size: int
) -> None:
    assert shown(text, size) == (said, cited)


@given(
    st.lists(
        st.sampled_from(["[1]", "[9]", "[", "]", "<a", ">", "(", ")", "![", "](", " ", "x", "\n", "12", "https://e.x/"])
    )
)
def test_no_stream_shows_a_mark_without_its_citation(parts: list[str]) -> None:
    said, cited = shown("".join(parts), 2)
    numbers = {number for number, _ in cited}
    assert numbers == set(range(1, len(numbers) + 1))
    assert "[9]" not in said
    assert "<a>" not in said


def test_what_a_passage_says_is_shown_word_for_word() -> None:
    grounding = Grounding(PASSAGES)
    text = "As shown in [2], <b> means https://old.example."
    assert grounding.add(text, verbatim=True) == [text]


def test_plain_words_do_not_wait_for_the_end() -> None:
    grounding = Grounding(PASSAGES)
    assert "".join(map(str, grounding.add("Run slowly and rest a "))) == "Run slowly and rest a"
