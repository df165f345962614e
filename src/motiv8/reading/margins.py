"""Text without what stands above and below it on the pages: numbers, headers, footers."""

from __future__ import annotations

import re
from collections import Counter
from statistics import median
from typing import TYPE_CHECKING

from motiv8.reading.text_lines import LARGER, Line, lines_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from motiv8.reading.geometry import Run, Sheet

# Where headers and footers stand, of the height of a page.
_MARGIN = 0.15
_PAGE_NUMBER = re.compile(
    r"\W*(?:page|seite|p\.?|\u0635\u0641\u062d\u0629)?\s*(?:\d{1,4}|[ivxlc]{1,7})(?:\s*(?:of|/|von|de|sur)\s*\d{1,4})?\W*",
    re.IGNORECASE,
)


def without_margins(sheets: Sequence[Sheet]) -> list[list[Run]]:
    """The runs of each page but its number and what pages repeat above and below the text."""
    margins: list[list[tuple[str, Line]]] = []
    dropped: list[set[int]] = []
    for sheet in sheets:
        upper, lower = sheet.height * _MARGIN, sheet.height * (1 - _MARGIN)
        lines = lines_of(run for run in sheet.runs if not run.turned)
        number = [
            line for line in {id(line): line for line in (*lines[:1], *lines[-1:])}.values() if _is_number(line, sheet)
        ]
        outside = [line for line in lines if line.box.middle < upper or line.box.middle > lower]
        dropped.append({id(run) for line in number for run in line.cells})
        usual = median(line.size for line in lines) if lines else 0.0
        for line in outside:
            # "Week 1", "Week 2": a page's heading, and no header.
            line.heads = any(map(str.isdigit, line.text)) and (line.bold or line.size > usual * LARGER)
        margins.append([(_repeated(line, upper), line) for line in outside])
    counts = Counter(key for page in margins for key in {key for key, _ in page})
    often = max(3, len(sheets) // 5)
    kept = []
    for sheet, page, gone in zip(sheets, margins, dropped, strict=True):
        gone |= {id(run) for key, line in page if counts[key] >= often and not line.heads for run in line.cells}
        kept.append([run for run in sheet.runs if id(run) not in gone])
    return kept


def _is_number(line: Line, sheet: Sheet) -> bool:
    outside = abs(line.box.middle / sheet.height - 0.5) > 0.5 - 2 * _MARGIN if sheet.height else False
    return outside and bool(_PAGE_NUMBER.fullmatch(line.text.strip()))


def _repeated(line: Line, upper: float) -> str:
    return f"{line.box.middle < upper} {re.sub(r'[0-9]+', '#', line.text.casefold())}"
