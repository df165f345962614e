"""Where the person stands on the sheet, by what the cut-out shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from motiv8.catalogue.formats import DEFAULT_FORMAT, FORMATS
from motiv8.studio import cutout as canvas_of

if TYPE_CHECKING:
    from motiv8.studio.design import Design

WIDTH = 1080
MARGIN = 84
"""Pixels from the sheet's sides to its type."""
_CLOSEST = 1.75


@dataclass(frozen=True, slots=True)
class Layout:
    """How the cut-out goes onto the poster: its scale, and the row of the poster at which the face's middle lies.

    `ground` is the row by which the person has faded into the ground.
    """

    scale: float
    face_y: float
    ground: float

    def face_box(self) -> tuple[float, float, float, float]:
        """The face on the poster: left, top, right, bottom in pixels, hairline to chin."""
        half = canvas_of.FACE_WIDTH * self.scale / 2
        return WIDTH / 2 - half, self.face_y - 1.45 * half, WIDTH / 2 + half, self.face_y + 1.15 * half


def layout(cutout: np.ndarray, form: str = DEFAULT_FORMAT) -> Layout:
    """Large, and standing on the ground: a photo that ends at the collar is brought lower and closer.

    Where the photo itself cuts the head off, the head goes up to the poster's edge, as in a close portrait.
    """
    sheet = FORMATS[form]
    covered = (cutout[::2, ::4, 3] > 128).sum(axis=1)
    rows = np.flatnonzero(covered > 0.35 * max(1, int(np.max(covered))))
    bottom = 2.0 * rows[-1] if rows.size else float(canvas_of.HEIGHT)
    top = _cut_off_at(covered)
    if top is not None:
        scale = float(np.clip(sheet.ground / max(1.0, bottom - top), 1.2 * sheet.closeness, _CLOSEST))
        ground = float(np.clip((bottom - top) * scale, 0.8 * sheet.ground, sheet.ground))
        return Layout(scale, float(canvas_of.FACE_CENTRE[1] - top) * scale, ground)
    closeness = np.clip((1150 - bottom) / 350, 0, 1)
    scale = float(1.2 + 0.18 * closeness) * sheet.closeness
    face_y = sheet.ground + 10 - (bottom - canvas_of.FACE_CENTRE[1]) * scale
    return Layout(scale, float(np.clip(face_y, sheet.face_from, sheet.face_to)), sheet.ground)


def _cut_off_at(covered: np.ndarray) -> float | None:
    """The row of the canvas at which the photo cuts the head off, or None: hair begins narrow, a cut begins wide."""
    first = np.flatnonzero(covered > 0)
    if not first.size or 4 * covered[min(first[0] + 2, covered.size - 1)] < 0.55 * canvas_of.FACE_WIDTH:
        return None
    # Below the fade at the photo's border.
    return 2.0 * float(first[0]) + canvas_of.BORDER


def text_top(design: Design) -> int:
    """The row, in pixels from the top, below which no face may reach: the ground that carries the type begins there."""
    return design.sheet.ground - 110
