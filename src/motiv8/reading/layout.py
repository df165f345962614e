"""Text of a page out of pieces of text and where they stand: columns, lines, tables, paragraphs, headings."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from motiv8.reading.document import Block
from motiv8.reading.text import clean, is_right_to_left, is_turned, join

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

# Where headers and footers stand, of the height of a page.
_MARGIN = 0.15
_PAGE_NUMBER = re.compile(
    r"\W*(?:page|seite|p\.?|\u0635\u0641\u062d\u0629)?\s*(?:\d{1,4}|[ivxlc]{1,7})(?:\s*(?:of|/|von|de|sur)\s*\d{1,4})?\W*",
    re.IGNORECASE,
)
_MARKER = re.compile(
    r"(?:[-*\u2022\u2023\u2043\u25aa\u25ab\u25cf\u25cb\u25e6\u2013\u00b7\uf0b7]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)])(?:\s+|$)"
)
_SENTENCE_END = re.compile(r"[.!?:\u2026\u3002\uff01\uff1f\u061f\u06d4\u0964][\"'\u201d\u2019\u00bb)\]]*$")
_LEADERS = re.compile(r"(?:\s*\.){4,}\s*")
_LARGER = 1.12
_LONGEST_HEADING = 200
_LONGEST_BOLD_HEADING = 100
_BIN = 2.0
_WIDEST = 20_000.0


class Box(NamedTuple):
    """A place on a page, in points from its upper left corner."""

    left: float
    right: float
    top: float
    bottom: float

    @property
    def height(self) -> float:
        """Its height."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """Half way down."""
        return (self.top + self.bottom) / 2

    def with_(self, other: Box) -> Box:
        """The box around both."""
        return Box(
            min(self.left, other.left),
            max(self.right, other.right),
            min(self.top, other.top),
            max(self.bottom, other.bottom),
        )

    def beside(self, other: Box, gap: float) -> bool:
        """Whether the other stands on the same line, no farther than `gap` times the height."""
        apart = max(other.left - self.right, self.left - other.right)
        return self.same_line(other) and apart <= gap * max(self.height, other.height)

    def same_line(self, other: Box) -> bool:
        """Whether the middle of one is within the other's height."""
        return self.top <= other.middle <= self.bottom or other.top <= self.middle <= other.bottom


@dataclass(frozen=True, slots=True)
class Run:
    """Characters side by side. `turned` is text that does not run along the page's lines."""

    text: str
    box: Box
    size: float
    bold: bool
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as it is found."""

    height: float
    runs: list[Run]


class Entry(NamedTuple):
    """A line of the outline: which page from 0, what it says, how deep it lies from 0."""

    page: int
    title: str
    level: int


@dataclass(slots=True)
class _Line:
    cells: list[Run]
    heads: bool = False

    @property
    def box(self) -> Box:
        box = self.cells[0].box
        for cell in self.cells[1:]:
            box = box.with_(cell.box)
        return box

    @property
    def text(self) -> str:
        return " ".join(cell.text.strip() for cell in self.cells)

    @property
    def size(self) -> float:
        return max(self.cells, key=lambda cell: len(cell.text)).size

    @property
    def bold(self) -> bool:
        return all(cell.bold for cell in self.cells)


@dataclass(slots=True)
class _Text:
    """Lines that belong together, before it is known what they are."""

    kind: str
    text: str
    size: float = 0.0
    bold: bool = False
    lines: int = 1


def plain(text: str) -> str:
    """A heading's words for comparing: without its number, case, and punctuation."""
    return re.sub(r"\W+", " ", re.sub(r"^[\d.\s]+", "", clean(text))).strip().casefold()


def blocks(sheets: Sequence[Sheet], outline: Mapping[tuple[int, str], int]) -> list[tuple[Block, ...]]:
    """The blocks of each page; `outline` names the levels of headings by page (from 0) and `plain` words."""
    texts = [list(_texts(runs)) for runs in _without_margins(sheets)]
    sizes: Counter[float] = Counter()
    weights: Counter[bool] = Counter()
    for text in (text for page in texts for text in page if text.size):
        sizes[round(text.size, 1)] += len(text.text)
        weights[text.bold] += len(text.text)
    body = max(sizes, key=lambda size: sizes[size]) if sizes else 0.0
    bold_body = weights[True] > weights[False]
    heads = {
        id(text): round(text.size / body, 1) if text.size >= body * _LARGER else 1.0
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


def _is_heading(text: _Text, body: float, bold_body: bool) -> bool:
    if text.kind == "table" or not any(map(str.isalpha, text.text)):
        return False
    if text.size >= body * _LARGER:
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


def _without_margins(sheets: Sequence[Sheet]) -> list[list[Run]]:
    """The runs of each page but its number and what pages repeat above and below the text."""
    margins: list[list[tuple[str, _Line]]] = []
    dropped: list[set[int]] = []
    for sheet in sheets:
        upper, lower = sheet.height * _MARGIN, sheet.height * (1 - _MARGIN)
        lines = _lines(run for run in sheet.runs if not run.turned)
        number = [
            line for line in {id(line): line for line in (*lines[:1], *lines[-1:])}.values() if _is_number(line, sheet)
        ]
        outside = [line for line in lines if line.box.middle < upper or line.box.middle > lower]
        dropped.append({id(run) for line in number for run in line.cells})
        usual = median(line.size for line in lines) if lines else 0.0
        for line in outside:
            # "Week 1", "Week 2": a page's heading, and no header.
            line.heads = any(map(str.isdigit, line.text)) and (line.bold or line.size > usual * _LARGER)
        margins.append([(_repeated(line, upper), line) for line in outside])
    counts = Counter(key for page in margins for key in {key for key, _ in page})
    often = max(3, len(sheets) // 5)
    kept = []
    for sheet, page, gone in zip(sheets, margins, dropped, strict=True):
        gone |= {id(run) for key, line in page if counts[key] >= often and not line.heads for run in line.cells}
        kept.append([run for run in sheet.runs if id(run) not in gone])
    return kept


def _is_number(line: _Line, sheet: Sheet) -> bool:
    outside = abs(line.box.middle / sheet.height - 0.5) > 0.5 - 2 * _MARGIN if sheet.height else False
    return outside and bool(_PAGE_NUMBER.fullmatch(line.text.strip()))


def _repeated(line: _Line, upper: float) -> str:
    return f"{line.box.middle < upper} {re.sub(r'[0-9]+', '#', line.text.casefold())}"


def _texts(runs: list[Run]) -> Iterator[_Text]:
    level = [run for run in runs if not run.turned]
    to_left = is_right_to_left("".join(run.text for run in level))
    previous: _Text | None = None
    for text in (text for region in _regions(level, to_left) for text in _of_region(region, to_left) if text.text):
        if previous and _goes_on(previous, text):
            previous.text = join([previous.text, text.text])
            previous.lines += text.lines
            continue
        if previous:
            yield previous
        previous = text
    if previous:
        yield previous
    yield from (_Text("paragraph", remark) for run in runs if run.turned and (remark := clean(run.text)))


def _goes_on(before: _Text, after: _Text) -> bool:
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


def _regions(runs: list[Run], to_left: bool, depth: int = 0) -> Iterator[list[Run]]:
    """The runs in parts of one column each, in the order in which they are read."""
    gutter = _gutter(runs) if depth < 5 else None
    if gutter is None:
        if runs:
            yield runs
        return
    across = sorted((run for run in runs if run.box.left < gutter < run.box.right), key=lambda run: run.box.top)
    inside = sorted((run for run in runs if not run.box.left < gutter < run.box.right), key=lambda run: run.box.top)
    # What reaches across both columns parts what is above from what is below.
    bands: list[tuple[list[Run], list[Run]]] = [([], [])]
    waiting = iter([*across, None])
    bar = next(waiting)
    for run in [*inside, None]:
        while bar and (run is None or bar.box.middle < run.box.middle):
            if bands[-1][1]:
                bands.append(([], []))
            bands[-1][0].append(bar)
            bar = next(waiting)
        if run:
            bands[-1][1].append(run)
    for bars, between in bands:
        if bars:
            yield bars
        left = [run for run in between if run.box.right <= gutter]
        right = [run for run in between if run.box.right > gutter]
        for side in (right, left) if to_left else (left, right):
            yield from _regions(side, to_left, depth + 1)


def _gutter(runs: list[Run]) -> float | None:
    """Where the white between two columns of text is; None where there are no two."""
    if len(runs) < 8:
        return None
    start = min(run.box.left for run in runs)
    width = min(max(run.box.right for run in runs) - start, _WIDEST)
    bins = int(width / _BIN) + 2
    edges = [0] * (bins + 1)
    lefts, rights = [0] * (bins + 1), [0] * (bins + 1)
    for run in runs:
        first = max(0, min(bins, int((run.box.left - start) / _BIN)))
        last = max(first, min(bins - 1, int((run.box.right - start) / _BIN)))
        edges[first] += 1
        edges[last + 1] -= 1
        rights[first] += 1
        lefts[last] += 1
    size = median(run.size for run in runs)
    best: tuple[int, float, float] | None = None
    crossing = before = 0
    after = len(runs)
    since = 0
    crossings: list[int] = []
    enough = len(runs) * 0.2
    for bin_ in range(bins):
        crossing += edges[bin_]
        after -= rights[bin_]
        crossings.append(crossing)
        if bin_ and crossing != crossings[bin_ - 1]:
            since = bin_
        if before >= enough and after >= enough and crossing <= len(runs) * 0.25:
            wide = (bin_ - since + 1) * _BIN
            if wide >= size * 0.5 and (best is None or (crossing, -wide) < best[:2]):
                best = crossing, -wide, start + (since + bin_ + 1) / 2 * _BIN
        before += lefts[bin_]
    if best is None:
        return None
    gutter = best[2]
    sides = [run for run in runs if run.box.right <= gutter], [run for run in runs if run.box.left >= gutter]
    if any(len(side) < 4 or median(len(run.text) for run in side) < 15 for side in sides):
        return None
    tops = [min(run.box.top for run in side) for side in sides]
    bottoms = [max(run.box.bottom for run in side) for side in sides]
    shared = min(bottoms) - max(tops)
    least = min(bottom - top for top, bottom in zip(tops, bottoms, strict=True))
    return gutter if shared > least / 2 else None


def _lines(runs: Iterable[Run]) -> list[_Line]:
    """The runs of one column in lines, from the top, each from the left."""
    lines: list[_Line] = []
    boxes: list[Box] = []
    for run in sorted(runs, key=lambda run: run.box.middle):
        # Raised and lowered characters stand on a line of larger ones.
        for index in range(len(lines) - 1, max(-1, len(lines) - 4), -1):
            if boxes[index].same_line(run.box):
                lines[index].cells.append(run)
                boxes[index] = boxes[index].with_(run.box) if run.size >= lines[index].cells[0].size else boxes[index]
                break
        else:
            lines.append(_Line([run]))
            boxes.append(run.box)
    for line in lines:
        line.cells.sort(key=lambda run: run.box.left)
    return lines


def _in_order(line: _Line) -> list[Run]:
    """The line's pieces in the order in which they are read."""
    if not is_right_to_left(line.text):
        return line.cells
    ordered: list[Run] = []
    # Words and numbers that run the other way keep their own order.
    otherwise: list[Run] = []
    for run in sorted(line.cells, key=lambda run: -run.box.right):
        if any(map(is_turned, run.text)) or not any(map(str.isalnum, run.text)):
            ordered += [*reversed(otherwise), run]
            otherwise = []
        else:
            otherwise.append(run)
    return [*ordered, *reversed(otherwise)]


def _joined(line: _Line) -> _Line:
    """The line with what stands close together as one cell, in the order in which it is read."""
    cells: list[Run] = []
    for run in _in_order(line):
        last = cells[-1] if cells else None
        if last and last.box.beside(run.box, 0.9):
            apart = max(run.box.left - last.box.right, last.box.left - run.box.right)
            space = "" if apart < 0.12 * last.size else " "
            larger = max(last, run, key=lambda each: len(each.text))
            # Letters of Arabic are of different heights.
            size = max(last.size, run.size) if any(map(is_turned, run.text)) else larger.size
            cells[-1] = Run(f"{last.text}{space}{run.text}", last.box.with_(run.box), size, last.bold and run.bold)
        else:
            cells.append(run)
    return _Line(cells)


def _of_region(runs: list[Run], to_left: bool) -> Iterator[_Text]:
    lines = [_without_marker_gap(_joined(line)) for line in _lines(runs)]
    start = 0
    while start < len(lines):
        end, columns = _rows(lines, start)
        if columns:
            yield _Text("table", _table(lines[start:end], columns, to_left), lines=end - start)
            start = end
            continue
        while end < len(lines) and not _rows(lines, end)[1]:
            end += 1
        yield from _paragraphs(lines[start:end], to_left)
        start = end


def _without_marker_gap(line: _Line) -> _Line:
    """An item's mark and its text are one."""
    if len(line.cells) == 2 and _MARKER.fullmatch(line.cells[0].text.strip()):
        mark, text = line.cells
        return _Line([Run(f"{mark.text.strip()} {text.text}", mark.box.with_(text.box), text.size, text.bold)])
    return line


def _rows(lines: list[_Line], start: int) -> tuple[int, list[tuple[float, float]]]:
    """Where the rows of a table that starts with a line end, and its columns; no columns where there is no table."""
    columns = _columns([], lines[start])
    end = start + 1
    while end < len(lines) and len(lines[end].cells) > 1 and len(lines[end - 1].cells) > 1:
        if lines[end].box.top - lines[end - 1].box.bottom > 2.5 * lines[end].size:
            break
        wider = _columns(columns, lines[end])
        if len(wider) < 2:
            break
        columns = wider
        end += 1
    rows = end - start
    if rows < 2 or len(columns) < 2:
        return start + 1, []
    # Wide spaces of two lines of justified text may lie below each other by chance.
    white = max(after[0] - before[1] for before, after in pairwise(columns))
    enough = rows + len(columns) > 4 or white > 2 * lines[start].size
    return (end, columns) if enough else (start + 1, [])


def _columns(columns: list[tuple[float, float]], line: _Line) -> list[tuple[float, float]]:
    """The columns with the cells of one more line."""
    wider: list[tuple[float, float]] = []
    for left, right in sorted([*columns, *((cell.box.left, cell.box.right) for cell in line.cells)]):
        if wider and left < wider[-1][1]:
            wider[-1] = wider[-1][0], max(wider[-1][1], right)
        else:
            wider.append((left, right))
    return wider


def _table(lines: list[_Line], columns: list[tuple[float, float]], to_left: bool) -> str:
    rows = []
    for line in lines:
        row = [""] * len(columns)
        for cell in line.cells:
            at = next(i for i, (left, right) in enumerate(columns) if left <= cell.box.left <= right)
            row[at] = clean(_LEADERS.sub(" ", f"{row[at]} {cell.text}"))
        rows.append(" | ".join(reversed(row) if to_left else row).strip())
    return "\n".join(rows)


def _paragraphs(lines: list[_Line], to_left: bool) -> Iterator[_Text]:
    if not lines:
        return
    # Where most lines start: the first of a paragraph may stand out to either side.
    left = Counter(round(line.box.left) for line in lines).most_common(1)[0][0]
    right = max(line.box.right for line in lines)
    steps = [after.box.middle - before.box.middle for before, after in pairwise(lines)]
    step = median(steps) if steps else 0.0
    group: list[_Line] = []
    for line in lines:
        if group and _starts(group, line, left, right, step, to_left):
            yield _text(group)
            group = []
        group.append(line)
    yield _text(group)


def _starts(group: list[_Line], line: _Line, left: float, right: float, step: float, to_left: bool) -> bool:
    """Whether the line starts a new paragraph."""
    last = group[-1]
    size = last.size
    if abs(line.size - size) > 0.08 * max(size, line.size) or line.bold != last.bold:
        return True
    if line.box.middle - last.box.middle > min(1.35 * step, 2.5 * size) or _MARKER.match(line.text):
        return True
    if to_left:
        short = last.box.left - left > (right - left) * 0.15
        return short and bool(_SENTENCE_END.search(last.text))
    short = right - last.box.right > (right - left) * 0.15
    if short and _SENTENCE_END.search(last.text):
        return True
    centred = abs(line.box.left + line.box.right - last.box.left - last.box.right) < size
    if centred or _MARKER.match(group[0].text):
        return False
    indented = line.box.left - max(left, last.box.left) > 0.6 * size
    return indented or left - line.box.left > 0.6 * size < last.box.left - line.box.left


def _text(group: list[_Line]) -> _Text:
    text = clean(_LEADERS.sub(" ", join([line.text for line in group])))
    if is_right_to_left(text):
        text = _brackets(text)
    kind = "paragraph"
    if mark := _MARKER.match(text):
        kind = "list"
        text = text if text[0].isalnum() or text[0] == "(" else text[mark.end() :]
    return _Text(kind, text, median(line.size for line in group), all(line.bold for line in group), len(group))


_MIRRORED = str.maketrans("()[]{}<>\u00ab\u00bb", ")(][}{><\u00bb\u00ab")


def _brackets(text: str) -> str:
    """Right-to-left text with brackets that open before they close: some files name them as they are drawn."""
    first = re.search(r"[()\[\]{}]", text)
    if first and first[0] in ")]}":
        text = re.sub(r"(?<=[(\[{])\s+|\s+(?=[)\]}])", "", text.translate(_MIRRORED))
    return text
