"""What can be measured on a finished sheet: how well its type can be read, and whether the person's edge is light."""

from __future__ import annotations

import numpy as np
from PIL import Image

from motiv8.studio import layers
from motiv8.studio.layouts import Sheet, layout

_WORST = 1
"""Of the pixels under the type, the percentile that counts: a speck of grain hides no letter."""
_INSIDE, _OUTSIDE = 250, 5
_WIDE = 12
"""Pixels around the edge that it is compared with."""


def least_contrast(sheet: Sheet, ground: np.ndarray) -> float:
    """The WCAG ratio of date and line against the pixels that they lie on, where it is least; raises CannotBeSet.

    `ground` is the sheet's picture without them.
    """
    chosen = layout(sheet.design.layout or "")
    written = []
    for paper in (0, 255):
        image = Image.new("RGB", ground.shape[1::-1], (paper,) * 3)
        chosen.letter(image, sheet)
        written.append(np.asarray(image))
    # What is the same on white and on black is ink alone, not the edge of a letter. A mark may be fainter.
    inked = (written[0] == written[1]).all(axis=2)
    inked[sheet.design.sheet.signature - 30 :] = False
    inks, which = np.unique(written[0][inked], axis=0, return_inverse=True)
    behind = ground[inked]
    return float(min(np.percentile(_ratios(ink, behind[which == number]), _WORST) for number, ink in enumerate(inks)))


def _ratios(ink: np.ndarray, behind: np.ndarray) -> np.ndarray:
    one, others = _luminance(ink[None]), _luminance(behind)
    found: np.ndarray = (np.maximum(one, others) + 0.05) / (np.minimum(one, others) + 0.05)
    return found


def _luminance(colours: np.ndarray) -> np.ndarray:
    """WCAG's relative luminance of `uint8[n, 3]`."""
    channels = colours.astype(np.float64) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    found: np.ndarray = linear @ np.array([0.2126, 0.7152, 0.0722])
    return found


def halo(sheet: Sheet) -> float:
    """By how many levels of luma the person's edge is lighter than both its sides, in a tenth of it at least."""
    arranged = sheet.arranged
    placed = layers.placed_on(sheet.cutout, arranged.placement, min(sheet.height, round(arranged.window.bottom)))
    picture = layout(sheet.design.layout or "").picture(sheet)[: placed.shape[0]]
    rows, columns = np.arange(placed.shape[0], dtype=np.float32)[:, None], np.arange(placed.shape[1])
    left, right = arranged.window.sides(rows)
    shown = arranged.window.is_open(rows) & (columns > left + _WIDE) & (columns < right - _WIDE)
    return _fringe(np.asarray(Image.fromarray(picture).convert("L"), np.float32), placed[..., 3], shown)


def halo_of_cutout(cutout: np.ndarray) -> float:
    """The same of the cut-out before a grey that is darker than most photos' walls."""
    alpha = cutout[..., 3].astype(np.float32) / 255
    luma = np.asarray(Image.fromarray(cutout[..., :3]).convert("L"), np.float32)
    return _fringe(luma * alpha + 60 * (1 - alpha), cutout[..., 3], np.ones(alpha.shape, bool))


def _fringe(luma: np.ndarray, alpha: np.ndarray, shown: np.ndarray) -> float:
    sides = [alpha >= _INSIDE, alpha <= _OUTSIDE]
    shares = [_boxed(side.astype(np.float64)) for side in sides]
    # Where the photo's border fades there is no edge to be light.
    edge = (alpha > 60) & (alpha < 195) & shown & (np.minimum(*shares) > 2 * _WIDE)
    if not edge.any():
        return 0.0
    beside = [_boxed(luma * side)[edge] / share[edge] for side, share in zip(sides, shares, strict=True)]
    return float(max(0.0, np.percentile(luma[edge] - np.maximum(*beside), 90)))


def _boxed(plane: np.ndarray) -> np.ndarray:
    """The sum of the square around each pixel."""
    summed = plane
    for axis in (0, 1):
        padding = [(0, 0), (0, 0)]
        padding[axis] = (_WIDE + 1, _WIDE)
        running = np.cumsum(np.pad(summed, padding), axis=axis)
        summed = np.take(running, range(2 * _WIDE + 1, running.shape[axis]), axis) - np.take(
            running, range(running.shape[axis] - 2 * _WIDE - 1), axis
        )
    return summed
