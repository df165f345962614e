"""Paragraphs and items of lists out of lines."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from motiv8.reading.text import is_right_to_left, join, without_leaders
from motiv8.reading.text_lines import MARKER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from motiv8.reading.text_lines import Line

_SENTENCE_END = re.compile(r"[.!?:\u2026\u3002\uff01\uff1f\u061f\u06d4\u0964][\"'\u201d\u2019\u00bb)\]]*$")
_MIRRORED = str.maketrans("()[]{}<>\u00ab\u00bb", ")(][}{><\u00bb\u00ab")


@dataclass(slots=True)
class Part:
    """Lines that belong together, before it is known which are headings."""

    kind: str
    text: str
    size: float = 0.0
    bold: bool = False
    lines: int = 1


def paragraphs(lines: list[Line], to_left: bool) -> Iterator[Part]:
    """The paragraphs and items of one column's lines."""
    if not lines:
        return
    # Where most lines start: the first of a paragraph may stand out to either side.
    left = Counter(round(line.box.left) for line in lines).most_common(1)[0][0]
    right = max(line.box.right for line in lines)
    steps = [after.box.middle - before.box.middle for before, after in pairwise(lines)]
    step = median(steps) if steps else 0.0
    group: list[Line] = []
    for line in lines:
        if group and _starts(group, line, left, right, step, to_left):
            yield _part(group)
            group = []
        group.append(line)
    yield _part(group)


def _starts(group: list[Line], line: Line, left: float, right: float, step: float, to_left: bool) -> bool:
    """Whether the line starts a new paragraph."""
    last = group[-1]
    size = last.size
    if abs(line.size - size) > 0.08 * max(size, line.size) or line.bold != last.bold:
        return True
    if line.box.middle - last.box.middle > min(1.35 * step, 2.5 * size) or MARKER.match(line.text):
        return True
    if to_left:
        short = last.box.left - left > (right - left) * 0.15
        return short and bool(_SENTENCE_END.search(last.text))
    short = right - last.box.right > (right - left) * 0.15
    if short and _SENTENCE_END.search(last.text):
        return True
    centred = abs(line.box.left + line.box.right - last.box.left - last.box.right) < size
    if centred or MARKER.match(group[0].text):
        return False
    indented = line.box.left - max(left, last.box.left) > 0.6 * size
    return indented or left - line.box.left > 0.6 * size < last.box.left - line.box.left


def goes_on(before: Part, after: Part) -> bool:
    """Whether a paragraph goes on in the next column."""
    return (
        before.kind in {"paragraph", "list"}
        and after.kind == "paragraph"
        and abs(before.size - after.size) < 0.05 * before.size
        and before.bold == after.bold
        and before.lines > 2
        and not _SENTENCE_END.search(before.text)
        and after.text[0].islower()
    )


def _part(group: list[Line]) -> Part:
    text = without_leaders(join([line.text for line in group]))
    if is_right_to_left(text):
        text = _brackets(text)
    kind = "paragraph"
    if mark := MARKER.match(text):
        kind = "list"
        text = text if text[0].isalnum() or text[0] == "(" else text[mark.end() :]
    return Part(kind, text, median(line.size for line in group), all(line.bold for line in group), len(group))


def _brackets(text: str) -> str:
    """Right-to-left text with brackets that open before they close: some files name them as they are drawn."""
    first = re.search(r"[()\[\]{}]", text)
    if first and first[0] in ")]}":
        text = re.sub(r"(?<=[(\[{])\s+|\s+(?=[)\]}])", "", text.translate(_MIRRORED))
    return text
