"""Person, scene and type become one picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from motiv8.catalogue.layouts import DEFAULT_LAYOUT
from motiv8.studio import cutout as canvas_of
from motiv8.studio import layers
from motiv8.studio.affordances import affordances
from motiv8.studio.layouts import Sheet, bust, layout
from motiv8.studio.lettering import framed, set_type
from motiv8.studio.placement import WIDTH, Placement

if TYPE_CHECKING:
    from motiv8.studio.design import Design
    from motiv8.studio.face import Face


def compose(cutout: np.ndarray, scene: np.ndarray, line: str, design: Design) -> np.ndarray:
    """The finished picture, `uint8[H, 1080, 3]` RGB.

    `cutout` is `uint8[1350, 1080, 4]` as `cutout.cut_out` gives it, `scene` is `uint8[H, 1080, 3]`. The same input
    gives the same bytes. A teasing picture is framed, and the frame carries the type. Raises CannotBeSet for a line
    that does not fit or cannot be set, KeyError for an unknown layout.
    """
    chosen = layout(design.layout or DEFAULT_LAYOUT)
    sheet = Sheet(cutout, scene, line, design, chosen.arranged(affordances(cutout), design))
    image = Image.fromarray(chosen.picture(sheet))
    if design.tone == "tease":
        return np.asarray(framed(image, design, line, sheet.arranged.placement))
    chosen.letter(image, sheet)
    return np.asarray(image)


def complete_painting(picture: np.ndarray, found: Face, line: str, design: Design) -> np.ndarray:
    """A picture that an engine painted whole, `uint8[H, 1080, 3]`, with ground, grain and type; `found` is its face.

    Raises CannotBeSet for a line that does not fit or cannot be set.
    """
    _, top, width, height = found.box
    finished = layers.drawn(picture, bust.grounded(design, design.sheet.ground, picture.shape[0]))
    image = Image.fromarray(finished)
    if design.tone == "tease":
        where = Placement(width / canvas_of.FACE_WIDTH, WIDTH / 2, top + height / 2)
        return np.asarray(framed(image, design, line, where))
    set_type(image, design, line)
    return np.asarray(image)
