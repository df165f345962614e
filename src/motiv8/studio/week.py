"""The pictures of a week on one sheet, and as a short film of cross-fades that anybody can share."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PIL import Image, ImageDraw

from motiv8.studio.provenance import MADE_WITH
from motiv8.studio.typography import Colour, contrast, mixed, write

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT = 1080, 1350
_TOP, _BOTTOM, _MARGIN, _GAP = 214, 1276, 60, 14
_BLACK, _CREAM, _GOLD = (10, 10, 14), (255, 252, 244), (255, 226, 160)
_LIGHT = 0.3
"""The relative luminance from which on a ground is light, and type on it dark."""
FILM = (540, 675)
"""Width and height of the film."""
_HOLD, _STEP, _STEPS = 1500, 70, 5
"""Milliseconds that a picture stands, and that a step of a cross-fade takes; steps of a cross-fade."""
MOST_BYTES = 2_000_000
_ROWS = {1: (1,), 2: (2,), 4: (2, 2), 5: (2, 3)}
"""Numbers of pictures that lie in even rows; of others the newest is large, with two beside it and the rest below."""


class _Tile(NamedTuple):
    x: float
    y: float
    width: float

    @property
    def height(self) -> float:
        return self.width * HEIGHT / WIDTH


def sheet(pictures: Sequence[np.ndarray], heading: str, dated: str) -> np.ndarray:
    """One to seven pictures (`uint8[H, W, 3]`, oldest first) on one sheet, `uint8[1350, 1080, 3]`."""
    ground, ink, accent = _colours(pictures[-1])
    canvas = Image.new("RGB", (WIDTH, HEIGHT), ground)
    draw = ImageDraw.Draw(canvas)
    in_order = pictures if len(pictures) in _ROWS else [pictures[-1], *pictures[:-1]]
    tiles = _tiles(len(pictures))
    for picture, tile in zip(in_order, tiles, strict=True):
        size = round(tile.width), round(tile.height)
        canvas.paste(_portrait(picture).resize(size, Image.Resampling.LANCZOS), (round(tile.x), round(tile.y)))
    left, top = min(round(tile.x) for tile in tiles), min(tile.y for tile in tiles)
    write(draw, (left, top - 120), dated.upper(), "label", 25, accent)
    write(draw, (left, top - 32), heading, "elegant", 91, ink)
    write(draw, (left, 1318), MADE_WITH, "mark", 20, mixed(ground, ink, 0.65))
    return np.asarray(canvas)


def _colours(newest: np.ndarray) -> tuple[Colour, Colour, Colour]:
    """Ground, ink and accent, of the colour that the newest picture has at its foot."""
    red, green, blue = (round(float(each)) for each in newest[-40:].mean(axis=(0, 1)))
    foot = red, green, blue
    if contrast(foot, (0, 0, 0)) > (_LIGHT + 0.05) / 0.05:
        return mixed(foot, _CREAM, 0.4), mixed(foot, _BLACK, 0.86), mixed(foot, _BLACK, 0.64)
    return mixed(foot, _BLACK, 0.45), mixed(foot, _CREAM, 0.95), mixed(foot, _GOLD, 0.8)


def film(pictures: Sequence[np.ndarray], last: np.ndarray, xmp: bytes = b"") -> bytes:
    """Animated WebP, at most 2 MB: the pictures one after the other, then `last`, each fading into the next."""
    stills = [_portrait(each).resize(FILM, Image.Resampling.LANCZOS) for each in (*pictures, last)]
    frames, durations = [], []
    for still, following in zip(stills, [*stills[1:], stills[0]], strict=True):
        frames.append(still)
        durations.append(_HOLD)
        frames += [Image.blend(still, following, step / _STEPS) for step in range(1, _STEPS)]
        durations += [_STEP] * (_STEPS - 1)
    for quality in (70, 45, 20):
        body = io.BytesIO()
        frames[0].save(
            body,
            "WEBP",
            save_all=True,
            append_images=frames[1:],
            duration=durations,
            loop=0,
            quality=quality,
            method=1,
            xmp=xmp,
        )
        if body.tell() <= MOST_BYTES:
            break
    return body.getvalue()


def _tiles(count: int) -> list[_Tile]:
    """Where the pictures lie: as large as the sheet has room for, in the middle of it."""
    width = WIDTH - 2 * _MARGIN
    if count in _ROWS:
        rows = [_row(each, width) for each in _ROWS[count]]
    else:
        rows = [_large_and_two(width), *([_row(count - 3, width)] if count > 3 else [])]
    tiles: list[_Tile] = []
    y = 0.0
    for row in rows:
        tiles += [_Tile(each.x, each.y + y, each.width) for each in row]
        y = max(each.y + each.height for each in tiles) + _GAP
    high = y - _GAP
    scale = min(1.0, (_BOTTOM - _TOP) / high)
    left, top = (WIDTH - width * scale) / 2, (_TOP + _BOTTOM - high * scale) / 2
    return [_Tile(left + each.x * scale, top + each.y * scale, each.width * scale) for each in tiles]


def _row(count: int, width: float) -> list[_Tile]:
    each = (width - (count - 1) * _GAP) / count
    return [_Tile(index * (each + _GAP), 0, each) for index in range(count)]


def _large_and_two(width: float) -> list[_Tile]:
    # The large one is as high as the two beside it.
    ratio = WIDTH / HEIGHT
    small = ratio * (width - (1 + ratio) * _GAP) / (3 * ratio)
    large = 2 * small + ratio * _GAP
    beside = [_Tile(large + _GAP, index * (small / ratio + _GAP), small) for index in range(2)]
    return [_Tile(0, 0, large), *beside]


def _portrait(picture: np.ndarray) -> Image.Image:
    """The picture as high as the sheet's: a story without its head and foot, a square on more of its own ground."""
    height, width = picture.shape[:2]
    wanted = round(width * HEIGHT / WIDTH)
    if height > wanted:
        # Apps lay their controls over the foot more than over the head.
        top = round((height - wanted) * 0.45)
        return Image.fromarray(picture[top : top + wanted])
    return Image.fromarray(np.pad(picture, ((0, wanted - height), (0, 0), (0, 0)), mode="edge"))
