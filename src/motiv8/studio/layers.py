"""What lies over a picture's scene, from back to front, drawn a band of rows at a time.

A band's planes, `float32[3, n, 1080]`, stay in the processor's cache from the first layer to the last, and a colour's
pixels lie side by side: on whole interleaved pictures the same arithmetic takes three times as long.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from motiv8.studio import cutout as canvas_of
from motiv8.studio import foreground as shapes
from motiv8.studio.lighting import blurred, brightness, exposure, lit, rim, softly
from motiv8.studio.noise import generator, smooth
from motiv8.studio.placement import WIDTH

if TYPE_CHECKING:
    from datetime import date

    from motiv8.studio.design import Design
    from motiv8.studio.placement import Placement

Layer = Callable[[np.ndarray, int], None]
"""Draws itself onto a band, `float32[3, n, 1080]`, in place; the number is that of the band's first row."""

_BAND = 45
_GROUND_CLOSED = 80
"""Pixels below the ground's row from which on nothing shines through it any more."""
_HALO_REACH = 200
_MARGIN = 3
"""Pixels of the cut-out that scaling looks at beyond what it shows."""
_STRIP = 150
_BEHIND = 4
"""What the scene's light around the person is taken from is this many times smaller."""


def drawn(scene: np.ndarray, layers: list[Layer]) -> np.ndarray:
    """A scene with layers over it: `uint8[H, 1080, 3]`, both."""
    picture = np.empty_like(scene)
    for top in range(0, scene.shape[0], _BAND):
        rows = slice(top, top + _BAND)
        band = np.stack([scene[rows, :, channel] for channel in range(3)]).astype(np.float32)
        for lay in layers:
            lay(band, top)
        np.clip(band, 0, 255, out=band)
        for channel in range(3):
            picture[rows, :, channel] = band[channel]
    return picture


def closed_from(ground: float, height: int, design: Design) -> int:
    """The row below which a hundredth of what is behind the ground is left, which grain hides; in a frame, none."""
    return height if design.tone == "tease" else min(height, int(ground) + _GROUND_CLOSED)


def person(
    cutout: np.ndarray, scene: np.ndarray, where: Placement, until: int, design: Design, light_x: float
) -> Layer:
    """The person in the scene's light down to the row `until`, a halo of haze behind."""
    placed = placed_on(cutout, where, until)
    covered = np.flatnonzero(placed[..., 3].any(axis=1))
    if not covered.size:
        return _nothing
    first, last = max(0, covered[0] - _HALO_REACH), covered[-1] + 1
    placed = placed[first:last]
    alpha = np.ascontiguousarray(placed[..., 3])
    light = np.asarray(design.look.light, np.float32)[:, None, None]
    haze = light * np.float32(0.75) + 30
    far, near, edge = blurred(alpha, 60), blurred(alpha, 14), rim(alpha, light_x)
    around = _light_around(scene[first:last], alpha, far, haze)
    gain = brightness(exposure(cutout), design.look, light_x)

    def lay(band: np.ndarray, top: int) -> None:
        shown, rows = _overlap(band, top, first, last)
        if rows.stop <= rows.start:
            return
        behind = band[:, shown]
        cover = alpha[rows] * np.float32(1 / 255)
        behind += (haze - behind) * (_share(far[rows]) * (1 - cover) * np.float32(0.22))
        inked = np.flatnonzero(alpha[rows].any(axis=0))
        if not inked.size:
            return
        columns = slice(inked[0], inked[-1] + 1)
        cover, behind = cover[:, columns], behind[:, :, columns]
        colour = np.stack([placed[rows, columns, channel] for channel in range(3)]).astype(np.float32)
        lit(colour, gain[:, :, columns])
        colour += light * (_share(edge[rows, columns]) * cover * np.float32(0.62))
        # Light of the scene creeps around the edge, as it does through a lens.
        wrap = (1 - _share(near[rows, columns])) * cover * np.float32(0.30)
        scattered = np.stack([around[rows, columns, channel] for channel in range(3)])
        colour += (scattered - colour) * wrap
        behind += (colour - behind) * cover

    return lay


def ground(design: Design, row: float, height: int, solid: float, until: int | None = None) -> Layer:
    """What the person fades into: haze that rises at the sides and closes below the chest; to the row `until`."""
    first, depth = _ground_depth(design.mode, design.day, row + 60 * (design.tone == "tease"), height)
    colour = np.asarray(design.palette.ground, np.float32)[:, None, None]

    def lay(band: np.ndarray, top: int) -> None:
        shown, rows = _overlap(band, top, first, height if until is None else until)
        if rows.stop > rows.start:
            part = band[:, shown]
            part += (colour - part) * (depth[rows] * np.float32(solid))

    return lay


# A batch has people of all modes, and formats.
@lru_cache(maxsize=16)
def _ground_depth(mode: str, day: date, row: float, height: int) -> tuple[int, np.ndarray]:
    """The first row of the ground, and how deep it is from there on: `float32[height - first, 1080]`, 0 to 1."""
    rng = generator("ground", mode, day.isoformat())
    columns = np.linspace(-1, 1, WIDTH, dtype=np.float32)
    edge = row - 26 - 70 * columns**2 + smooth(rng, WIDTH, 7) * 16
    first = max(0, int(edge.min()) - 190)
    rows = np.arange(first, height, dtype=np.float32)[:, None]
    depth = np.clip((rows - edge + 190) / 230, 0, 1)
    return first, depth * depth * (3 - 2 * depth)


def foreground(design: Design, where: Placement, row: float, height: int, light_x: float) -> Layer:
    """Shapes before the person above the ground's row, between two layers of haze, with the scene's light on them."""
    rng = generator("foreground", design.mode, design.day.isoformat())
    chin = where.face_box()[3]
    foot = max(row - 100, chin + 190)
    # Whatever the shape, the face stays free; and below, the ground closes over it.
    first, last = int(chin) + 20, closed_from(foot + 100, height, design)
    cover = shapes.draw(design.look.foreground, rng, height, foot, (first, last))
    edge = rim(cover, light_x)
    near = np.asarray(design.palette.ground, np.float32)[:, None, None] * (0.7 if design.theme == "dark" else 0.86)
    light = np.asarray(design.look.light, np.float32)[:, None, None]

    def lay(band: np.ndarray, top: int) -> None:
        shown, rows = _overlap(band, top, first, last)
        if rows.stop <= rows.start or not cover[rows].any():
            return
        part, share = band[:, shown], _share(cover[rows])
        if design.look.foreground == "lamps":
            part += light * (share * np.float32(0.55))
            return
        part += (near - part) * (share * np.float32(0.92))
        part += (light - part) * (_share(edge[rows]) * share * np.float32(0.3))

    return lay


def shade(design: Design, first: int, full: int, most: float) -> Layer:
    """The ground's colour over what is below a row, for type: from row `first` more and more, `most` from `full` on."""
    height = design.sheet.height
    colour = np.asarray(design.palette.ground, np.float32)[:, None, None]
    share = (np.arange(height - first, dtype=np.float32) / (full - first))[:, None]
    np.clip(share, 0, 1, out=share)
    depth = share * share * (3 - 2 * share) * np.float32(most)

    def lay(band: np.ndarray, top: int) -> None:
        shown, rows = _overlap(band, top, first, height)
        if rows.stop > rows.start:
            part = band[:, shown]
            part += (colour - part) * depth[rows]

    return lay


def finish(design: Design, height: int) -> Layer:
    """Vignette, and grain over everything, so that photo and drawing meet."""
    columns = np.linspace(-1, 1, WIDTH, dtype=np.float32) ** 2 * np.float32(0.7) - np.float32(0.25)
    rows = np.linspace(-1, 1, height, dtype=np.float32)[:, None] ** 2 * np.float32(0.5)
    depth = np.float32(0.2 if design.theme == "dark" else 0.08)
    grain = _grain(design.mode, design.day, height)

    def lay(band: np.ndarray, top: int) -> None:
        part = slice(top, top + band.shape[1])
        band *= 1 - depth * np.clip(columns + rows[part], 0, 1)
        band += grain[part]

    return lay


@lru_cache(maxsize=16)
def _grain(mode: str, day: date, height: int) -> np.ndarray:
    """`float32[height, 1080]`, the same for everybody on a date; the lower half is the upper one turned around."""
    rng = generator("grain", mode, day.isoformat())
    upper = rng.normal(0, 5.0, (height // 2, WIDTH)).astype(np.float32)
    return np.concatenate([upper, upper[::-1, ::-1]])


def forget_shared() -> None:
    """Forget what pictures of one design share, as if the next one were the first."""
    _grain.cache_clear()
    _ground_depth.cache_clear()


def _nothing(*_: object) -> None:
    """No layer."""


def _overlap(band: np.ndarray, top: int, first: int, last: int) -> tuple[slice, slice]:
    """The rows that a band has in common with a layer's, `first` to `last`: as the band counts them, and the layer."""
    begin, end = max(top, first), min(top + band.shape[1], last)
    return slice(begin - top, end - top), slice(begin - first, end - first)


def _share(levels: np.ndarray) -> np.ndarray:
    """`uint8` as `float32`, 0 to 1."""
    shares: np.ndarray = levels * np.float32(1 / 255)
    return shares


def _light_around(scene: np.ndarray, alpha: np.ndarray, far: np.ndarray, haze: np.ndarray) -> np.ndarray:
    """The scene behind the person, halo and all, and soft: `uint8[n, 1080, 3]`."""
    small = (slice(None, None, _BEHIND), slice(None, None, _BEHIND))
    behind = scene[small].astype(np.float32)
    glow = _share(far[small]) * (1 - _share(alpha[small])) * np.float32(0.22)
    behind += (haze.ravel() - behind) * glow[..., None]
    return softly(behind.astype(np.uint8), 18 / _BEHIND, (scene.shape[1], scene.shape[0]))


def placed_on(cutout: np.ndarray, where: Placement, until: int) -> np.ndarray:
    """The cut-out as large as it is to be and where it is to be, down to a row: `uint8[until, 1080, 4]` RGBA.

    Scaled in strips, each as wide as the person is there: beside a head there is little to scale.
    """
    scale = where.scale
    left, top = canvas_of.FACE_CENTRE[0] - where.x / scale, canvas_of.FACE_CENTRE[1] - where.y / scale
    whole = Image.new("RGBA", (WIDTH, until))
    last = min(until, round((cutout.shape[0] - top) * scale))
    for first in range(max(0, math.ceil(-top * scale)), last, _STRIP):
        end = min(first + _STRIP, last)
        above, below = top + first / scale, min(top + end / scale, float(cutout.shape[0]))
        y = max(0, int(above) - _MARGIN)
        rows = cutout[y : int(below) + _MARGIN]
        inked = np.flatnonzero(rows[..., 3].any(axis=0))
        if not inked.size:
            continue
        start = max(0, math.ceil(-left * scale), math.floor((inked[0] - _MARGIN - left) * scale))
        stop = min(WIDTH, math.floor((rows.shape[1] - left) * scale), math.ceil((inked[-1] + _MARGIN - left) * scale))
        if stop <= start:
            continue
        x = max(0, int(left + start / scale) - _MARGIN)
        part = Image.fromarray(rows[:, x : int(left + stop / scale) + _MARGIN])
        box = (left + start / scale - x, above - y, left + stop / scale - x, below - y)
        whole.paste(part.resize((stop - start, end - first), Image.Resampling.BICUBIC, box=box), (start, first))
    return np.asarray(whole)
