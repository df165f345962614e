"""Plain text and Markdown become blocks in their order."""

from __future__ import annotations

import pytest

from motiv8.catalogue.document_failures import SENTENCES, Reason
from motiv8.catalogue.document_formats import MAX_BYTES, MAX_CHARACTERS, of_file
from motiv8.reading.document import Block, Document, Unreadable
from motiv8.reading.parser import parse
from motiv8.reading.reader import read


def _blocks(document: Document) -> list[tuple[str, str, int]]:
    return [(block.kind, block.text, block.level) for page in document.pages for block in page.blocks]


def _plain(text: str | bytes, media_type: str = "text/plain") -> list[tuple[str, str, int]]:
    return _blocks(parse(text if isinstance(text, bytes) else text.encode(), media_type))


def _markdown(text: str) -> list[tuple[str, str, int]]:
    return _blocks(parse(text.encode(), "text/markdown"))


def test_a_paragraph_of_plain_text_ends_at_an_empty_line() -> None:
    assert _plain("One line\r\nand another.\r\n\r\nA second one.") == [
        ("paragraph", "One line and another.", 0),
        ("paragraph", "A second one.", 0),
    ]


def test_an_underlined_line_is_a_heading_and_the_first_one_the_title() -> None:
    document = parse(b"Strength\n========\n\nWarm up\n-------\nEasy first.", "text/plain")
    assert _blocks(document) == [("heading", "Strength", 1), ("heading", "Warm up", 2), ("paragraph", "Easy first.", 0)]
    assert document.title == "Strength"


def test_items_of_a_list_stay_apart() -> None:
    assert _plain("- squat,\n  deep\n- press") == [("list", "- squat, deep", 1), ("list", "- press", 1)]


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("a train-\ning plan", "a training plan"),
        ("Jean-\nPaul", "Jean-Paul"),
        ("pages 3-\n5", "pages 3- 5"),
        ("well\u00adbeing", "wellbeing"),
    ],
)
def test_a_word_broken_at_the_end_of_a_line_is_put_together(broken: str, whole: str) -> None:
    assert _plain(broken) == [("paragraph", whole, 0)]


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("e\u0301nergie", "\u00e9nergie"),
        ("\ufb01t and e\ufb00ort", "fit and effort"),
        ("\ufe8e\ufedf\ufee0\ufe90", "\u0627\u0644\u0644\u0628"),
        ("a\x00b\x07c\u200bd\u202ee\ufefff\ue000g", "abcdefg"),
        ("rest\u00a0 \tday", "rest day"),
    ],
)
def test_text_is_composed_and_holds_nothing_unseen(raw: str, stored: str) -> None:
    assert _plain(f"\ufeff{raw}") == [("paragraph", stored, 0)]


@pytest.mark.parametrize(
    ("encoded", "media_type"),
    [
        ("Größe".encode("utf-16"), "text/plain"),
        ("Größe".encode("utf-32"), "text/plain"),
        ("Größe".encode("utf-8-sig"), "text/plain"),
        ("Größe".encode("latin-1"), "text/plain; charset=iso-8859-1"),
        ("Größe".encode(), "text/plain; charset=no-such-charset"),
    ],
)
def test_text_is_decoded_by_its_mark_its_charset_or_as_utf8(encoded: bytes, media_type: str) -> None:
    assert _plain(encoded, media_type) == [("paragraph", "Größe", 0)]


def test_markdown_gives_its_structure_without_its_marks() -> None:
    text = """---
title: "The plan"
lang: en
---
# Plan *A*

Run **easy**, see [the table](https://example.com)
and `rest`.

- first
  - inner
1. step

| Day | Run |
|-----|-----|
| Mon | 5 km |

```
code stays
```

<div>shown <script>evil()</script></div>
"""
    document = parse(text.encode(), "text/markdown")
    assert (document.title, document.language) == ("The plan", "en")
    assert _blocks(document) == [
        ("heading", "Plan A", 1),
        ("paragraph", "Run easy, see the table and rest.", 0),
        ("list", "first", 1),
        ("list", "inner", 2),
        ("list", "step", 1),
        ("table", "Day | Run\nMon | 5 km", 0),
        ("paragraph", "code stays", 0),
        ("paragraph", "shown", 0),
    ]


def test_the_first_heading_is_the_title_of_markdown() -> None:
    assert parse(b"intro\n\n# Rowing\n", "text/markdown").title == "Rowing"
    assert _markdown("## Only a part\n\nx")[0] == ("heading", "Only a part", 2)


@pytest.mark.parametrize("media_type", ["text/plain", "text/markdown"])
@pytest.mark.parametrize("empty", [b"", b" \n\n\x00", b"---\n\n***"])
def test_a_document_without_a_word_has_no_text(media_type: str, empty: bytes) -> None:
    with pytest.raises(Unreadable) as unreadable:
        parse(empty, media_type)
    assert unreadable.value.reason == Reason.NO_TEXT
    assert unreadable.value.sentence == SENTENCES[Reason.NO_TEXT]


def test_more_than_50_mb_are_too_long() -> None:
    with pytest.raises(Unreadable) as unreadable:
        read(b"a" * (MAX_BYTES + 1), "text/plain")
    assert unreadable.value.reason == Reason.TOO_LONG


@pytest.mark.parametrize("media_type", ["text/plain", "text/markdown"])
def test_a_text_longer_than_2000_pages_is_too_long(media_type: str) -> None:
    with pytest.raises(Unreadable) as unreadable:
        parse(b"a b " * (MAX_CHARACTERS // 4 + 1), media_type)
    assert unreadable.value.reason == Reason.TOO_LONG


@pytest.mark.parametrize("media_type", ["image/png", "", "nonsense", "application/msword"])
def test_another_type_is_unsupported(media_type: str) -> None:
    with pytest.raises(Unreadable) as unreadable:
        parse(b"text", media_type)
    assert unreadable.value.reason == Reason.UNSUPPORTED


def test_every_reason_has_a_sentence() -> None:
    assert set(SENTENCES) == set(Reason)


def test_the_format_is_told_by_the_ending_of_a_file() -> None:
    formats = [of_file(name) for name in ("a.PDF", "b.markdown", "c.exe", "d")]
    assert [each and each.media_type for each in formats] == ["application/pdf", "text/markdown", None, None]


def test_the_characters_of_a_document_are_counted() -> None:
    assert parse(b"one\n\ntwo", "text/plain").characters == 6
    assert Block("paragraph", "x").level == 0
