"""The face fills the sheet; the type lies over it, on the ground's colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motiv8.studio import layers
from motiv8.studio.lettering import set_type
from motiv8.studio.placement import WIDTH, Arrangement, Placement, Window, arrange
from motiv8.studio.scene import light_of

if TYPE_CHECKING:
    import numpy as np
    from PIL import Image

    from motiv8.studio.affordances import Affordances
    from motiv8.studio.design import Design
    from motiv8.studio.layouts import Sheet

_SCALE, _LARGEST = 1.85, 4.2
_MOUTH = 0.85
_DEEP = 0.95


def arranged(afforded: Affordances, design: Design) -> Arrangement:
    """Large, and larger where the photo ends early; the chin above the type."""
    sheet = design.sheet
    wanted = Placement(_SCALE * sheet.closeness, WIDTH / 2, 0.6 * sheet.ground)
    return arrange(afforded, Window(0, 0, WIDTH, sheet.ground + 20), wanted, _LARGEST, _MOUTH)


def picture(sheet: Sheet) -> np.ndarray:
    """The person from edge to edge: `uint8[H, 1080, 3]`."""
    design, height = sheet.design, sheet.height
    where, light_x = sheet.arranged.placement, light_of(design.mode, design.day).x
    ground = design.sheet.ground
    over = [
        layers.person(sheet.cutout, sheet.scene, where, height, design, light_x),
        layers.shade(design, ground - 180, ground - 24, 0.5 if design.tone == "tease" else _DEEP),
        layers.finish(design, height),
    ]
    return layers.drawn(sheet.scene, over)


def letter(image: Image.Image, sheet: Sheet) -> None:
    """Date, line and signature at the lower left, larger than elsewhere. Raises CannotBeSet."""
    set_type(image, sheet.design, sheet.line, largest=112)
