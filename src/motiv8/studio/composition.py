"""Person, scene and type become one picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from motiv8.studio import cutout as canvas_of
from motiv8.studio import foreground
from motiv8.studio.layout import WIDTH, Layout, layout
from motiv8.studio.lettering import framed, set_type
from motiv8.studio.lighting import blurred, blurred_rgb, exposure, halo, lit, rim
from motiv8.studio.noise import generator, smooth
from motiv8.studio.scene import light_of

if TYPE_CHECKING:
    from motiv8.studio.design import Design
    from motiv8.studio.face import Face

_GROUND_CLOSED = 80
"""Pixels below the ground's row from which on nothing shines through it any more."""


def compose(cutout: np.ndarray, scene: np.ndarray, line: str, design: Design) -> np.ndarray:
    """The finished picture, `uint8[H, 1080, 3]` RGB.

    `cutout` is `uint8[1350, 1080, 4]` as `cutout.cut_out` gives it, `scene` is `uint8[H, 1080, 3]`. The same input
    gives the same bytes. Raises ValueError for a line that does not fit or cannot be set.
    """
    plan = layout(cutout, design.form)
    picture = scene.astype(np.float32)
    light_x = light_of(design.mode, design.day).x
    _place_person(picture, cutout, plan, design, light_x)
    _lay_ground(picture[: _closed_from(plan.ground, picture, design)], design, plan.ground, 0.55)
    _lay_foreground(picture, design, plan, light_x)
    return _completed(picture, line, design, plan)


def complete_painting(picture: np.ndarray, found: Face, line: str, design: Design) -> np.ndarray:
    """A picture that an engine painted whole, `uint8[H, 1080, 3]`, with ground, grain and type; `found` is its face.

    Raises ValueError for a line that does not fit or cannot be set.
    """
    painted = picture.astype(np.float32)
    _, top, width, height = found.box
    plan = Layout(width / canvas_of.FACE_WIDTH, top + height / 2, design.sheet.ground)
    return _completed(painted, line, design, plan)


def _completed(picture: np.ndarray, line: str, design: Design, plan: Layout) -> np.ndarray:
    """Ground, grain, and the type or the frame, as the tone asks, on a `float32[H, 1080, 3]`. Raises ValueError."""
    teasing = design.tone == "tease"
    _lay_ground(picture, design, plan.ground, 0.9 if teasing else 0.97)
    _finish(picture, design)
    finished = Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))
    if teasing:
        return np.asarray(framed(finished, design, line, plan))
    set_type(finished, design, line)
    return np.asarray(finished)


def _place_person(picture: np.ndarray, cutout: np.ndarray, plan: Layout, design: Design, light_x: float) -> None:
    look = design.look
    height = _closed_from(plan.ground, picture, design)
    person = _scaled(cutout, plan, height)
    alpha = np.asarray(person.getchannel("A"))
    rows = np.flatnonzero(alpha.any(axis=1))
    if not rows.size:
        return
    top, bottom = max(0, rows[0] - 200), min(height, rows[-1] + 1)
    part = np.asarray(person)[top:bottom]
    cover = part[..., 3].astype(np.float32) / 255
    colour = lit(part[..., :3], exposure(cutout), look, light_x)
    behind = picture[top:bottom]
    halo(behind, cover, look)
    edge = rim(cover, light_x)
    colour += np.asarray(look.light, np.float32) * (edge * 0.62)[..., None]
    # Light of the scene creeps around the edge, as it does through a lens.
    soft = blurred(cover, 14)
    wrap = np.clip((1 - soft) * cover, 0, 1) * 0.30
    around = blurred_rgb(behind, 18)
    around -= colour
    around *= wrap[..., None]
    colour += around
    colour -= behind
    colour *= cover[..., None]
    behind += colour


def _closed_from(ground: float, picture: np.ndarray, design: Design) -> int:
    """The row below which a hundredth of what is behind the ground is left, which grain hides; in a frame, none."""
    height: int = picture.shape[0]
    return height if design.tone == "tease" else min(height, int(ground) + _GROUND_CLOSED)


def _scaled(cutout: np.ndarray, plan: Layout, sheet_height: int) -> Image.Image:
    left = canvas_of.FACE_CENTRE[0] - WIDTH / 2 / plan.scale
    top = canvas_of.FACE_CENTRE[1] - plan.face_y / plan.scale
    box = (left, top, left + WIDTH / plan.scale, top + sheet_height / plan.scale)
    source = Image.fromarray(cutout)
    shift = max(0, -int(np.floor(box[1])))
    if shift:
        taller = Image.new("RGBA", (source.width, source.height + shift))
        taller.paste(source, (0, shift))
        source, box = taller, (box[0], box[1] + shift, box[2], box[3] + shift)
    box = (box[0], box[1], box[2], min(box[3], source.height))
    height = round((box[3] - box[1]) * plan.scale)
    placed = source.resize((WIDTH, height), Image.Resampling.BICUBIC, box=box)
    whole = Image.new("RGBA", (WIDTH, sheet_height))
    whole.paste(placed, (0, 0))
    return whole


def _lay_ground(picture: np.ndarray, design: Design, ground: float, solid: float) -> None:
    """What the person fades into: haze that rises at the sides and closes below the chest."""
    rng = generator("ground", design.mode, design.day.isoformat())
    columns = np.linspace(-1, 1, WIDTH, dtype=np.float32)
    edge = ground - 26 - 70 * columns**2 + smooth(rng, WIDTH, 7) * 16
    if design.tone == "tease":
        edge += 60
    top = max(0, int(edge.min()) - 190)
    rows = np.arange(top, picture.shape[0], dtype=np.float32)[:, None]
    depth = np.clip((rows - edge + 190) / 230, 0, 1)
    depth = depth * depth * (3 - 2 * depth)
    picture[top:] += (np.asarray(design.palette.ground, np.float32) - picture[top:]) * (depth * solid)[..., None]


def _lay_foreground(picture: np.ndarray, design: Design, plan: Layout, light_x: float) -> None:
    """Shapes before the person, between two layers of haze, with the scene's light on their edges."""
    rng = generator("foreground", design.mode, design.day.isoformat())
    chin = plan.face_box()[3]
    foot = max(plan.ground - 100, chin + 190)
    # Whatever the shape, the face stays free; and below, the ground closes over it.
    top, bottom = int(chin) + 20, _closed_from(foot + 100, picture, design)
    cover = foreground.draw(design.look.foreground, rng, picture.shape[0], foot, (top, bottom))
    picture = picture[top:bottom]
    edge = rim(cover, light_x)
    near = np.asarray(design.palette.ground, np.float32) * (0.7 if design.theme == "dark" else 0.86)
    light = np.asarray(design.look.light, np.float32)
    if design.look.foreground == "lamps":
        picture += light * (cover * 0.55)[..., None]
        return
    picture += (near - picture) * (cover * 0.92)[..., None]
    picture += (light - picture) * (edge * 0.3)[..., None]


def _finish(picture: np.ndarray, design: Design) -> None:
    """Vignette, and grain over everything, so that photo and drawing meet."""
    height = picture.shape[0]
    columns = np.linspace(-1, 1, WIDTH, dtype=np.float32) ** 2
    rows = np.linspace(-1, 1, height, dtype=np.float32)[:, None] ** 2
    depth = 0.2 if design.theme == "dark" else 0.08
    picture *= (1 - depth * np.clip(columns * 0.7 + rows * 0.5 - 0.25, 0, 1))[..., None]
    rng = generator("grain", design.mode, design.day.isoformat())
    grain = rng.normal(0, 5.0, (height // 2, WIDTH)).astype(np.float32)
    picture[: height // 2] += grain[..., None]
    picture[height // 2 :] += grain[::-1, ::-1, None]
