"""The person on one side, the words in large type on the other and a strip of the same colour below."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

from motiv8.studio import layers
from motiv8.studio.lettering import column
from motiv8.studio.placement import WIDTH, Arrangement, Placement, Window, arrange
from motiv8.studio.scene import light_of

if TYPE_CHECKING:
    from motiv8.studio.affordances import Affordances
    from motiv8.studio.design import Design
    from motiv8.studio.layouts import Sheet

_PANEL = 512
"""Pixels of the side that carries the words."""
_INSET = 56
_LARGEST = 2.2
_LARGEST_TYPE = 144
_TOP = {"portrait": 72, "story": 262, "square": 64}
"""The first row with type: apps lay their controls over a story's head."""


def arranged(afforded: Affordances, design: Design) -> Arrangement:
    """In the middle of the right side, down to the strip."""
    sheet = design.sheet
    wanted = Placement(1.3 * sheet.closeness, (_PANEL + WIDTH) / 2 + 10, 0.5 * sheet.ground)
    return arrange(afforded, Window(_PANEL, 0, WIDTH, sheet.ground + 30), wanted, _LARGEST, lowering=1.0)


def picture(sheet: Sheet) -> np.ndarray:
    """The person before the scene, the panel over it: `uint8[H, 1080, 3]`."""
    design, height = sheet.design, sheet.height
    light_x = light_of(design.mode, design.day).x
    # What the panel covers of the scene is moved to where it shows.
    scene = np.roll(sheet.scene, _PANEL // 2, axis=1)
    over = [
        layers.person(sheet.cutout, scene, sheet.arranged.placement, height, design, light_x),
        layers.finish(design, height),
    ]
    made = layers.drawn(scene, over)
    field = design.field
    made[:, :_PANEL] = field.ground
    strip = round(sheet.arranged.window.bottom)
    made[strip:] = field.ground
    made[:strip, _PANEL - 8 : _PANEL] = field.accent
    made[strip : strip + 8, _PANEL - 8 :] = field.accent
    return made


def letter(image: Image.Image, sheet: Sheet) -> None:
    """Date, line and signature in the panel. Raises CannotBeSet."""
    design = sheet.design
    room = (_INSET, _TOP[design.form], _PANEL - 34, design.sheet.text_bottom)
    column(ImageDraw.Draw(image), sheet.line, design, room, _LARGEST_TYPE, design.field, apart=True)
