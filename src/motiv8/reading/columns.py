"""The columns of a page, in the order in which they are read."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from motiv8.reading.geometry import Run

_BIN = 2.0
_WIDEST = 20_000.0


def regions(runs: list[Run], to_left: bool, depth: int = 0) -> Iterator[list[Run]]:
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
            yield from regions(side, to_left, depth + 1)


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
