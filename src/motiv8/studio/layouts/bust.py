"""Head and shoulders before the place; the person fades into the ground, on which the type stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from motiv8.studio import cutout as canvas_of
from motiv8.studio import layers
from motiv8.studio.lettering import set_type
from motiv8.studio.placement import WIDTH, Arrangement, Placement, Window, arrange
from motiv8.studio.scene import light_of

if TYPE_CHECKING:
    from PIL import Image

    from motiv8.studio.affordances import Affordances
    from motiv8.studio.design import Design
    from motiv8.studio.layouts import Sheet

_CLOSEST = 1.75
_FADED = 120
"""Pixels above the ground's row from which on the person is faded enough that a photo's lower edge does not show."""


def arranged(afforded: Affordances, design: Design) -> Arrangement:
    """Large, and standing on the ground: a photo that ends at the collar is brought lower and closer.

    Where the photo itself cuts the head off, the head goes up to the poster's edge, as in a close portrait.
    """
    sheet, bottom, top = design.sheet, afforded.bottom, afforded.cut_top
    if top is not None:
        scale = float(np.clip(sheet.ground / max(1.0, bottom - top), 1.2 * sheet.closeness, _CLOSEST))
        placement = Placement(scale, WIDTH / 2, float(canvas_of.FACE_CENTRE[1] - top) * scale)
    else:
        closeness = np.clip((1150 - bottom) / 350, 0, 1)
        scale = float(1.2 + 0.18 * closeness) * sheet.closeness
        face_y = sheet.ground + 10 - (bottom - canvas_of.FACE_CENTRE[1]) * scale
        placement = Placement(scale, WIDTH / 2, float(np.clip(face_y, sheet.face_from, sheet.face_to)))
    ground = _ground(afforded, design, placement)
    return arrange(afforded, Window(0, 0, WIDTH, ground - _FADED), placement, _CLOSEST * sheet.closeness)


def picture(sheet: Sheet) -> np.ndarray:
    """The person before the scene, faded into the ground: `uint8[H, 1080, 3]`."""
    design, height, where = sheet.design, sheet.height, sheet.arranged.placement
    row, light_x = ground_row(sheet.arranged), light_of(design.mode, design.day).x
    closed = layers.closed_from(row, height, design)
    over = [
        layers.person(sheet.cutout, sheet.scene, where, closed, design, light_x),
        layers.ground(design, row, height, 0.55, closed),
        layers.foreground(design, where, row, height, light_x),
        *grounded(design, row, height),
    ]
    return layers.drawn(sheet.scene, over)


def letter(image: Image.Image, sheet: Sheet) -> None:
    """Date, line and signature at the lower left. Raises CannotBeSet."""
    set_type(image, sheet.design, sheet.line)


def grounded(design: Design, row: float, height: int) -> list[layers.Layer]:
    """The ground that carries the type, and what lies over every picture."""
    return [
        layers.ground(design, row, height, 0.9 if design.tone == "tease" else 0.97),
        layers.finish(design, height),
    ]


def ground_row(arranged: Arrangement) -> float:
    """The row by which the person has faded into the ground."""
    return arranged.window.bottom + _FADED


def text_top(design: Design) -> int:
    """The row, in pixels from the top, below which no face may reach: the ground that carries the type begins there."""
    return design.sheet.ground - 110


def _ground(afforded: Affordances, design: Design, placement: Placement) -> float:
    """The row by which the person has faded: that of the format, or higher where the photo ends above it."""
    ground = float(design.sheet.ground)
    if afforded.cut_top is None:
        return ground
    return float(np.clip((afforded.bottom - afforded.cut_top) * placement.scale, 0.8 * ground, ground))
