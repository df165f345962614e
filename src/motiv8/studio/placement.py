"""Where the person goes on a sheet, so that whatever the photo cut off ends at the sheet's edge or behind something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from motiv8.studio import cutout as canvas_of

if TYPE_CHECKING:
    from motiv8.studio.affordances import Affordances

WIDTH = 1080
MARGIN = 84
"""Pixels from the sheet's sides to its type."""
MOST_FLOATING = 0.02
"""The share of the ends that may show: measuring them takes a little soft hair for the photo's border."""
_SCALES = 28
_SHIFTS = 25
_SHIFT, _ASIDE = 360.0, 210.0
"""Pixels by which the person may move up or down from where a layout wants them, and to a side."""
_WEAK = 110.0
"""Pixels to a side from which on each more is twice as bad: somebody far from the middle looks left over."""
_LOWERING = 1.6
"""How much worse moving down is than up, where type waits below."""
_GROWING = 500.0
"""Pixels of moving that are as bad as becoming e times as large."""


_MIDDLE = np.array(canvas_of.FACE_CENTRE, np.float32)
_CHIN = 1.15
"""From the face's middle, in halves of its width."""


@dataclass(frozen=True, slots=True)
class Placement:
    """How the cut-out goes onto the sheet: its scale, and where the face's middle lies."""

    scale: float
    x: float
    y: float

    def face_box(self) -> tuple[float, float, float, float]:
        """The face on the sheet: left, top, right, bottom in pixels, hairline to chin."""
        half = canvas_of.FACE_WIDTH * self.scale / 2
        return self.x - half, self.y - 1.45 * half, self.x + half, self.y + _CHIN * half

    def on_sheet(self, points: np.ndarray) -> np.ndarray:
        """Points of the canvas, `float32[n, 2]`, in pixels of the sheet."""
        moved: np.ndarray = (points - _MIDDLE) * np.float32(self.scale) + np.array([self.x, self.y], np.float32)
        return moved


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a sheet in which the person shows, in its pixels: a rectangle, or the ellipse in it."""

    left: float
    top: float
    right: float
    bottom: float
    is_round: bool = False

    def sides(self, y: np.ndarray) -> tuple[np.ndarray | float, np.ndarray | float]:
        """Where it begins and ends on the sheet in its rows: two numbers, if these are the same in each row."""
        left: np.ndarray | float = self.left
        right: np.ndarray | float = self.right
        if self.is_round:
            away = (y - (self.top + self.bottom) / 2) / ((self.bottom - self.top) / 2)
            half = (self.right - self.left) / 2 * np.sqrt(np.clip(1 - away**2, 0, 1))
            middle = (self.left + self.right) / 2
            left, right = middle - half, middle + half
        return np.maximum(left, 0), np.minimum(right, WIDTH)

    def is_open(self, y: np.ndarray) -> np.ndarray:
        """Which rows of the sheet show something of it."""
        shown: np.ndarray = (y >= self.top) & (y < self.bottom)
        return shown

    def shows(self, points: np.ndarray) -> np.ndarray:
        """Which points of the sheet, `float32[n, 2]`, lie in it and on the sheet: `bool[n]`."""
        x, y = points.T
        left, right = self.sides(y)
        seen: np.ndarray = (x > left) & (x < right) & (y >= 0) & self.is_open(y)
        return seen


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Where the person goes, and the part of the sheet in which they show."""

    placement: Placement
    window: Window


def hidden(arranged: Arrangement) -> float:
    """The share of eyes, nose and mouth that lies outside of the part of the sheet in which the person shows."""
    at = arranged.placement
    half = canvas_of.FACE_WIDTH * at.scale / 2
    x, y = np.meshgrid(at.x + half * np.linspace(-0.8, 0.8, 12), at.y + half * np.linspace(-0.6, 0.8, 12))
    points = np.stack([x.ravel(), y.ravel()], axis=1).astype(np.float32)
    return float(1 - arranged.window.shows(points).mean())


def floating(afforded: Affordances, arranged: Arrangement) -> float:
    """The share of the points at which the photo cut the person off that can be seen on the sheet."""
    if not len(afforded.ends):
        return 0.0
    return float(arranged.window.shows(arranged.placement.on_sheet(afforded.ends)).mean())


def arrange(
    afforded: Affordances,
    window: Window,
    wanted: Placement,
    largest: float,
    lowest_part: float = _CHIN,
    lowering: float = _LOWERING,
) -> Arrangement:
    """The person as near to the placement that is wanted as they can be without floating, at most `largest`.

    What lies `lowest_part` halves of the face's width below its middle, usually the chin, stays within the window.
    `lowering` is how much worse moving down is than up. Where no placement keeps all ends out of the window, it is the
    one that is wanted.
    """
    if floating(afforded, Arrangement(wanted, window)) <= MOST_FLOATING:
        return Arrangement(wanted, window)
    best, least = wanted, np.inf
    ends = (afforded.ends - _MIDDLE).T
    allowed = max(1, round(MOST_FLOATING * ends.shape[1]))
    lefts, rights = ends[:, ends[0] < 0], ends[:, ends[0] >= 0]
    downs = wanted.y + np.linspace(-_SHIFT, _SHIFT, _SHIFTS, dtype=np.float32)
    lower = downs - wanted.y
    moving = np.maximum(-lower, lowering * lower)
    for scale in np.geomspace(wanted.scale, max(largest, wanted.scale), _SCALES):
        growing = _GROWING * np.log(scale / wanted.scale)
        chin = downs + lowest_part * canvas_of.FACE_WIDTH / 2 * scale
        # What costs as much as the best one before the person moves to a side is not looked at.
        tried = (moving + growing < least) & (chin <= window.bottom)
        if not tried.any():
            continue
        rows = downs[tried]
        # Left of the face a point leaves the window on the left, and the whole person moves with it.
        y = rows[:, None] + lefts[1] * scale
        highest = _least_but(allowed - 1, window.sides(y)[0] - lefts[0] * scale, window.is_open(y))
        y = rows[:, None] + rights[1] * scale
        lowest = -_least_but(allowed - 1, rights[0] * scale - window.sides(y)[1], window.is_open(y))
        across = np.minimum(np.maximum(wanted.x, lowest), highest)
        moved = np.abs(across - wanted.x)
        cost = moved * np.maximum(1, moved / _WEAK) + moving[tried] + growing
        cost[(lowest > highest) | (moved > _ASIDE)] = np.inf
        each = int(np.argmin(cost))
        if cost[each] < least:
            best, least = Placement(float(scale), float(across[each]), float(rows[each])), float(cost[each])
    return Arrangement(best, window)


def _least_but(number: int, values: np.ndarray, counted: np.ndarray) -> np.ndarray:
    """Of each row's values that count, the least but so many, infinite where there are no more: `float[m]`.

    `counted` is `bool[m, n]`, `values` is as large, or `float[n]` where they are the same in each row.
    """
    if number >= counted.shape[1]:
        return np.full(len(counted), np.inf)
    found: np.ndarray = np.partition(np.where(counted, values, np.inf), number, axis=1)[:, number]
    return found
