"""The person in a medal; a disc on its rim counts the streak."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

from motiv8.studio import layers
from motiv8.studio.lettering import centred
from motiv8.studio.placement import WIDTH, Arrangement, Placement, Window, arrange
from motiv8.studio.scene import light_of
from motiv8.studio.typefaces import cap_height
from motiv8.studio.typography import write

if TYPE_CHECKING:
    from motiv8.catalogue.modes import Colour
    from motiv8.studio.affordances import Affordances
    from motiv8.studio.design import Design
    from motiv8.studio.layouts import Sheet

_RADIUS = 400.0
_RIM = 16
_DISC = 92.0
_LARGEST = 3.0
_MOUTH = 0.8
_SMOOTH = 2
"""Circles are drawn so many times larger, and brought down."""


def arranged(afforded: Affordances, design: Design) -> Arrangement:
    """The face in the medal's middle, as large as it takes for the shoulders to leave it."""
    x, y, radius = _circle(design)
    wanted = Placement(1.25 * radius / _RADIUS, x, y - 0.06 * radius)
    window = Window(x - radius, y - radius, x + radius, y + radius, is_round=True)
    return arrange(afforded, window, wanted, _LARGEST, _MOUTH)


def picture(sheet: Sheet) -> np.ndarray:
    """The medal on the ground: `uint8[H, 1080, 3]`."""
    design, height = sheet.design, sheet.height
    x, y, radius = _circle(design)
    last = int(y + radius) + 1
    light_x = light_of(design.mode, design.day).x
    over = [layers.person(sheet.cutout, sheet.scene, sheet.arranged.placement, last, design, light_x)]
    inside = layers.drawn(sheet.scene[:last], over)
    field = design.field
    made = Image.new("RGB", (WIDTH, height), field.ground)
    _round(made, (x, y), radius + _RIM + 14, field.accent)
    _round(made, (x, y), radius + _RIM + 10, field.ground)
    _round(made, (x, y), radius + _RIM, field.accent)
    _round(made, (x, y), radius, Image.fromarray(inside))
    _round(made, (x, y + radius), _DISC + 10, field.ground)
    _round(made, (x, y + radius), _DISC, field.accent)
    return layers.drawn(np.asarray(made), [layers.finish(design, height)])


def letter(image: Image.Image, sheet: Sheet) -> None:
    """The streak in its disc, the line centred below. Raises CannotBeSet."""
    design = sheet.design
    x, y, radius = _circle(design)
    count = str(max(1, design.streak))
    size = {1: 116, 2: 98, 3: 74}.get(len(count), 56)
    place = (x, y + radius + cap_height("plain", size) / 2)
    write(ImageDraw.Draw(image), place, count, "plain", size, design.field.ground, centred=True)
    centred(image, design, sheet.line, round(y + radius + _DISC), design.field)


def _circle(design: Design) -> tuple[float, float, float]:
    """The medal's middle and radius, in pixels."""
    sheet = design.sheet
    radius = _RADIUS * min(1.0, sheet.ground / 1010)
    return WIDTH / 2, sheet.ground - _DISC - radius - 40, radius


# A medal has six circles, and all of a format have the same.
@lru_cache(maxsize=18)
def _disc(radius: int) -> Image.Image:
    """A smooth disc: `L`, twice the radius wide and high."""
    side = 2 * radius * _SMOOTH
    large = Image.new("L", (side, side))
    ImageDraw.Draw(large).ellipse((0, 0, side - 1, side - 1), fill=255)
    return large.reduce(_SMOOTH)


def _round(image: Image.Image, middle: tuple[float, float], radius: float, filled: Colour | Image.Image) -> None:
    """Fill a circle with a colour, or with what another image of the sheet has there."""
    whole = round(radius)
    left, top = round(middle[0]) - whole, round(middle[1]) - whole
    box = (left, top, left + 2 * whole, top + 2 * whole)
    image.paste(filled if isinstance(filled, tuple) else filled.crop(box), box, _disc(whole))
