"""What the library knows, as lines for a person: passages that a search found, and an answer of the coach."""

from __future__ import annotations

import textwrap
from typing import Any

from motiv8_tooling.command_line import printable

_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"
_WIDTH = 100


def as_text(passages: list[dict[str, Any]], *, highlighted: bool) -> str:
    """Each passage with its score and source; the query's words are bold where that can be seen."""
    return "\n\n".join(_passage(number, each, highlighted) for number, each in enumerate(passages, 1))


def answer_as_text(answer: dict[str, Any]) -> str:
    """An answer of the coach, and below it the sources that it cites."""
    lines = [
        textwrap.fill(_clean(line), _WIDTH, initial_indent="   ", subsequent_indent="   ")
        for line in answer["text"].splitlines()
    ]
    sources = [f"   [{cited['number']}] {_place(cited, cited['title'], cited['url'])}" for cited in answer["citations"]]
    return "\n".join([*(line for line in lines if line), *sources])


def source_of(passage: dict[str, Any]) -> str:
    """Where a passage stands: title, page, heading and address, as far as there are such."""
    return _place(passage, passage["document"]["title"], passage["document"]["url"])


def _place(within: dict[str, Any], title: str, url: str | None) -> str:
    parts = [title, _pages(within["page"], within["last_page"]), within["heading"], url or ""]
    return printable(" · ".join(part for part in parts if part))


def _pages(first: int | None, last: int | None) -> str:
    if first is None:
        return ""
    return f"page {first}" if last in {None, first} else f"pages {first} to {last}"


def _passage(number: int, passage: dict[str, Any], highlighted: bool) -> str:
    head = f"{number}. {source_of(passage)} ({passage['score']:.4f})"
    paragraphs = _marked(passage, highlighted).splitlines()
    lines = [
        textwrap.fill(paragraph, _WIDTH, initial_indent="   ", subsequent_indent="   ") for paragraph in paragraphs
    ]
    return "\n".join([head, *(line for line in lines if line)])


def _marked(passage: dict[str, Any], highlighted: bool) -> str:
    text, pieces, end = passage["text"], [], 0
    for each in sorted(passage["highlights"], key=lambda part: part["start"]) if highlighted else ():
        pieces += [_clean(text[end : each["start"]]), _BOLD, _clean(text[each["start"] : each["end"]]), _PLAIN]
        end = each["end"]
    return "".join([*pieces, _clean(text[end:])])


def _clean(text: str) -> str:
    return "\n".join(printable(line) for line in text.replace("\t", " ").split("\n"))
