"""The weekday in large letters behind the head."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

from motiv8.studio import layers
from motiv8.studio.layouts import bust
from motiv8.studio.lettering import behind, standing_out
from motiv8.studio.placement import WIDTH, Arrangement, Placement, Window
from motiv8.studio.scene import light_of
from motiv8.studio.typefaces import cap_height, ink_height
from motiv8.studio.typography import write

if TYPE_CHECKING:
    from motiv8.studio.affordances import Affordances
    from motiv8.studio.design import Design
    from motiv8.studio.layouts import Sheet

_LOWER = 70
"""Pixels by which the person stands lower than in `bust`, so that the word has room above."""
_EDGE = 36
_COVERED = 0.62
"""The share of the word's height that the head covers."""


def arranged(afforded: Affordances, design: Design) -> Arrangement:
    """As in `bust`, and a little lower."""
    found = bust.arranged(afforded, design)
    at = found.placement
    lower = _LOWER * design.sheet.closeness
    return Arrangement(Placement(at.scale * 0.96, at.x, at.y + lower), Window(0, 0, WIDTH, found.window.bottom))


def picture(sheet: Sheet) -> np.ndarray:
    """The scene, the word, and the person before it: `uint8[H, 1080, 3]`."""
    design, where = sheet.design, sheet.arranged.placement
    image = Image.fromarray(sheet.scene)
    _, hairline, _, chin = where.face_box()
    head, word = hairline - 0.28 * (chin - hairline), design.weekday.upper()
    typeface, size = behind(word, WIDTH - 2 * _EDGE, design)
    baseline = max(head + _COVERED * cap_height(typeface, size), _EDGE + ink_height(word, typeface, size))
    write(
        ImageDraw.Draw(image),
        (WIDTH / 2, baseline),
        word,
        typeface,
        size,
        standing_out(sheet.scene, design),
        centred=True,
    )
    row, height = bust.ground_row(sheet.arranged), sheet.height
    light_x = light_of(design.mode, design.day).x
    closed = layers.closed_from(row, height, design)
    over = [
        layers.person(sheet.cutout, np.asarray(image), where, closed, design, light_x),
        *bust.grounded(design, row, height),
    ]
    return layers.drawn(np.asarray(image), over)


letter = bust.letter
