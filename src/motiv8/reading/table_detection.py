"""Tables: rows whose cells stand below each other."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from motiv8.reading.text import without_leaders

if TYPE_CHECKING:
    from motiv8.reading.text_lines import Line


def table_at(lines: list[Line], start: int) -> tuple[int, list[tuple[float, float]]]:
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


def _columns(columns: list[tuple[float, float]], line: Line) -> list[tuple[float, float]]:
    """The columns with the cells of one more line."""
    wider: list[tuple[float, float]] = []
    for left, right in sorted([*columns, *((cell.box.left, cell.box.right) for cell in line.cells)]):
        if wider and left < wider[-1][1]:
            wider[-1] = wider[-1][0], max(wider[-1][1], right)
        else:
            wider.append((left, right))
    return wider


def table_text(lines: list[Line], columns: list[tuple[float, float]], to_left: bool) -> str:
    """A line for each row, its cells in the order in which they are read."""
    rows = []
    for line in lines:
        row = [""] * len(columns)
        for cell in line.cells:
            at = next(i for i, (left, right) in enumerate(columns) if left <= cell.box.left <= right)
            row[at] = without_leaders(f"{row[at]} {cell.text}")
        rows.append(" | ".join(reversed(row) if to_left else row).strip())
    return "\n".join(rows)
