"""Person, scene and type become one picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from motiv8.studio import cutout as canvas_of
from motiv8.studio import layers
from motiv8.studio.layout import Layout, layout
from motiv8.studio.lettering import framed, set_type
from motiv8.studio.scene import light_of

if TYPE_CHECKING:
    from motiv8.studio.design import Design
    from motiv8.studio.face import Face


def compose(cutout: np.ndarray, scene: np.ndarray, line: str, design: Design) -> np.ndarray:
    """The finished picture, `uint8[H, 1080, 3]` RGB.

    `cutout` is `uint8[1350, 1080, 4]` as `cutout.cut_out` gives it, `scene` is `uint8[H, 1080, 3]`. The same input
    gives the same bytes. Raises ValueError for a line that does not fit or cannot be set.
    """
    plan, height = layout(cutout, design.form), scene.shape[0]
    light_x = light_of(design.mode, design.day).x
    closed = layers.closed_from(plan.ground, height, design)
    over = [
        layers.person(cutout, scene, plan, design, light_x),
        layers.ground(design, plan.ground, height, 0.55, closed),
        layers.foreground(design, plan, height, light_x),
    ]
    return _completed(scene, over, line, design, plan)


def complete_painting(picture: np.ndarray, found: Face, line: str, design: Design) -> np.ndarray:
    """A picture that an engine painted whole, `uint8[H, 1080, 3]`, with ground, grain and type; `found` is its face.

    Raises ValueError for a line that does not fit or cannot be set.
    """
    _, top, width, height = found.box
    plan = Layout(width / canvas_of.FACE_WIDTH, top + height / 2, design.sheet.ground)
    return _completed(picture, [], line, design, plan)


def _completed(picture: np.ndarray, over: list[layers.Layer], line: str, design: Design, plan: Layout) -> np.ndarray:
    """With layers over it, ground, grain, and the type or the frame, as the tone asks. Raises ValueError."""
    teasing, height = design.tone == "tease", picture.shape[0]
    last = [
        layers.ground(design, plan.ground, height, 0.9 if teasing else 0.97),
        layers.finish(design, height),
    ]
    finished = Image.fromarray(layers.drawn(picture, [*over, *last]))
    if teasing:
        return np.asarray(framed(finished, design, line, plan))
    set_type(finished, design, line)
    return np.asarray(finished)
