"""The front page of a magazine: the name behind the head, the words beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

from motiv8.studio import layers
from motiv8.studio.lettering import behind, column, standing_out
from motiv8.studio.placement import WIDTH, Arrangement, Placement, Window, arrange
from motiv8.studio.scene import light_of
from motiv8.studio.typefaces import cap_height
from motiv8.studio.typography import write

if TYPE_CHECKING:
    from motiv8.studio.affordances import Affordances
    from motiv8.studio.design import Design
    from motiv8.studio.layouts import Sheet

NAME = "MOTIV8"
_EDGE = 40
_TOP = {"portrait": 0, "story": 150, "square": 0}
_LARGEST = 1.75
_DEEP = 0.93
_ABOVE_GROUND = 50
"""Pixels above the ground's row from which on there is type."""


def arranged(afforded: Affordances, design: Design) -> Arrangement:
    """The head over the name's lower half, the person down to where the words begin to close over them."""
    sheet = design.sheet
    wanted = Placement(1.42 * sheet.closeness, WIDTH / 2 + 60, 0.63 * sheet.ground + 0.3 * _TOP[design.form])
    return arrange(afforded, Window(0, 0, WIDTH, sheet.ground - 30), wanted, _LARGEST * sheet.closeness)


def picture(sheet: Sheet) -> np.ndarray:
    """Scene, name and person: `uint8[H, 1080, 3]`."""
    design, height, type_top = sheet.design, sheet.height, sheet.design.sheet.ground - _ABOVE_GROUND
    image = Image.fromarray(sheet.scene)
    typeface, size = behind(NAME, WIDTH - 2 * _EDGE, design)
    place = (WIDTH / 2, _TOP[design.form] + _EDGE + cap_height(typeface, size))
    write(ImageDraw.Draw(image), place, NAME, typeface, size, standing_out(sheet.scene, design), centred=True)
    scene = np.asarray(image)
    over = [
        layers.person(
            sheet.cutout, scene, sheet.arranged.placement, height, design, light_of(design.mode, design.day).x
        ),
        layers.shade(design, type_top - 150, type_top + 10, _DEEP),
        layers.finish(design, height),
    ]
    return layers.drawn(scene, over)


def letter(image: Image.Image, sheet: Sheet) -> None:
    """Date, line and signature at the lower left, the line in a column. Raises CannotBeSet."""
    design, form = sheet.design, sheet.design.sheet
    room = (64, form.ground - _ABOVE_GROUND, 760, form.text_bottom)
    column(ImageDraw.Draw(image), sheet.line, design, room, 102, design.palette)
