"""Lines out of runs of characters, and the cells of a line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from motiv8.reading.geometry import Box, Run
from motiv8.reading.text import is_right_to_left, is_turned

if TYPE_CHECKING:
    from collections.abc import Iterable

MARKER = re.compile(
    r"(?:[-*\u2022\u2023\u2043\u25aa\u25ab\u25cf\u25cb\u25e6\u2013\u00b7\uf0b7]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)])(?:\s+|$)"
)
"""What stands before an item of a list."""
LARGER = 1.12
"""Type of a heading, of the size of the text's."""


@dataclass(slots=True)
class Line:
    """Cells of one line: at first each a run, once `joined` all that stands close together.

    `heads` is said of a page's heading that stands where headers do.
    """

    cells: list[Run]
    heads: bool = False

    @property
    def box(self) -> Box:
        """The box around all of it."""
        box = self.cells[0].box
        for cell in self.cells[1:]:
            box = box.with_(cell.box)
        return box

    @property
    def text(self) -> str:
        """What it says, from the left."""
        return " ".join(cell.text.strip() for cell in self.cells)

    @property
    def size(self) -> float:
        """The size of the cell that says most."""
        return max(self.cells, key=lambda cell: len(cell.text)).size

    @property
    def bold(self) -> bool:
        """Whether all of it is."""
        return all(cell.bold for cell in self.cells)


def lines_of(runs: Iterable[Run]) -> list[Line]:
    """The runs of one column in lines, from the top, each from the left."""
    lines: list[Line] = []
    boxes: list[Box] = []
    for run in sorted(runs, key=lambda run: run.box.middle):
        # Raised and lowered characters stand on a line of larger ones.
        for index in range(len(lines) - 1, max(-1, len(lines) - 4), -1):
            if boxes[index].same_line(run.box):
                lines[index].cells.append(run)
                boxes[index] = boxes[index].with_(run.box) if run.size >= lines[index].cells[0].size else boxes[index]
                break
        else:
            lines.append(Line([run]))
            boxes.append(run.box)
    for line in lines:
        line.cells.sort(key=lambda run: run.box.left)
    return lines


def joined(line: Line) -> Line:
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
    return _without_marker_gap(Line(cells))


def _in_order(line: Line) -> list[Run]:
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


def _without_marker_gap(line: Line) -> Line:
    """An item's mark and its text are one."""
    if len(line.cells) == 2 and MARKER.fullmatch(line.cells[0].text.strip()):
        mark, text = line.cells
        return Line([Run(f"{mark.text.strip()} {text.text}", mark.box.with_(text.box), text.size, text.bold)])
    return line
