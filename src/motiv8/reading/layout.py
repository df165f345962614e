"""Text of a page out of runs of characters and where they stand: what is a heading, a list, a table, a paragraph."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from motiv8.reading.columns import regions
from motiv8.reading.document import Block
from motiv8.reading.margins import without_margins
from motiv8.reading.paragraphs import Part, goes_on, paragraphs
from motiv8.reading.table_detection import table_at, table_text
from motiv8.reading.text import clean, is_right_to_left, join
from motiv8.reading.text_lines import LARGER, joined, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from motiv8.reading.geometry import Run, Sheet

_LONGEST_HEADING = 200
_LONGEST_BOLD_HEADING = 100


class Entry(NamedTuple):
    """A line of the outline: which page from 0, what it says, how deep it lies from 0."""

    page: int
    title: str
    level: int


def plain(text: str) -> str:
    """A heading's words for comparing: without its number, case, and punctuation."""
    return re.sub(r"\W+", " ", re.sub(r"^[\d.\s]+", "", clean(text))).strip().casefold()


def blocks(sheets: Sequence[Sheet], outline: Mapping[tuple[int, str], int]) -> list[tuple[Block, ...]]:
    """The blocks of each page; `outline` names the levels of headings by page (from 0) and `plain` words."""
    texts = [list(_texts(runs)) for runs in without_margins(sheets)]
    sizes: Counter[float] = Counter()
    weights: Counter[bool] = Counter()
    for text in (text for page in texts for text in page if text.size):
        sizes[round(text.size, 1)] += len(text.text)
        weights[text.bold] += len(text.text)
    body = max(sizes, key=lambda size: sizes[size]) if sizes else 0.0
    bold_body = weights[True] > weights[False]
    heads = {
        id(text): round(text.size / body, 1) if text.size >= body * LARGER else 1.0
        for page in texts
        for text in page
        if _is_heading(text, body, bold_body)
    }
    levels = {size: min(level, 6) for level, size in enumerate(sorted(set(heads.values()), reverse=True), start=1)}
    found = []
    for number, page in enumerate(texts):
        made = []
        for text in page:
            level = outline.get((number, plain(text.text)), 0) if text.kind != "table" and text.lines <= 3 else 0
            level = level or (levels[heads[id(text)]] if id(text) in heads else 0)
            if level:
                made.append(Block("heading", text.text, level))
            elif text.kind == "list":
                made.append(Block("list", text.text, 1))
            else:
                made.append(Block("table" if text.kind == "table" else "paragraph", text.text))
        found.append(tuple(made))
    return found


def _is_heading(text: Part, body: float, bold_body: bool) -> bool:
    if text.kind == "table" or not any(map(str.isalpha, text.text)):
        return False
    if text.size >= body * LARGER:
        return len(text.text) <= _LONGEST_HEADING and text.lines <= 4
    return (
        text.bold
        and not bold_body
        and text.kind == "paragraph"
        and text.size >= body * 0.97
        and text.lines <= 2
        and len(text.text) <= _LONGEST_BOLD_HEADING
        and text.text[-1] not in ".,;"
    )


def _texts(runs: list[Run]) -> Iterator[Part]:
    level = [run for run in runs if not run.turned]
    to_left = is_right_to_left("".join(run.text for run in level))
    previous: Part | None = None
    for text in (text for region in regions(level, to_left) for text in _of_region(region, to_left) if text.text):
        if previous and goes_on(previous, text):
            previous.text = join([previous.text, text.text])
            previous.lines += text.lines
            continue
        if previous:
            yield previous
        previous = text
    if previous:
        yield previous
    yield from (Part("paragraph", remark) for run in runs if run.turned and (remark := clean(run.text)))


def _of_region(runs: list[Run], to_left: bool) -> Iterator[Part]:
    lines = [joined(line) for line in lines_of(runs)]
    start = 0
    while start < len(lines):
        end, columns = table_at(lines, start)
        if columns:
            yield Part("table", table_text(lines[start:end], columns, to_left), lines=end - start)
            start = end
            continue
        while end < len(lines) and not table_at(lines, end)[1]:
            end += 1
        yield from paragraphs(lines[start:end], to_left)
        start = end
