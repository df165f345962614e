"""A street between towers, wet and lit."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from motiv8.studio.noise import add, cloud, glow, mix
from motiv8.studio.scenes.sky import WIDTH, palette, sky

_NEON = ((255, 150, 80), (255, 90, 160), (90, 200, 255), (255, 210, 140), (160, 120, 255))
_LAMPS = 34
_ROWS_OF_TOWERS = 3


def paint(rng: np.random.Generator, height: int, light_x: float) -> np.ndarray:
    """`float32[height, 540, 3]`, 0-255."""
    stops = palette(
        rng,
        [(0, (10, 10, 36)), (0.35, (44, 26, 86)), (0.6, (150, 54, 120)), (1, (150, 54, 120))],
        [(0, (6, 14, 34)), (0.35, (16, 50, 92)), (0.6, (40, 120, 150)), (1, (40, 120, 150))],
        [(0, (16, 10, 26)), (0.35, (66, 34, 60)), (0.6, (196, 100, 70)), (1, (196, 100, 70))],
    )
    picture = sky(height, stops)
    street = int(height * 0.68)
    add(picture, (70, 40, 70), glow(height, WIDTH, light_x, street - 60, 210))
    for layer in range(_ROWS_OF_TOWERS):
        _towers(rng, picture, street, layer, np.asarray(stops[2][1], np.float32))
    picture = np.asarray(_image(picture).filter(ImageFilter.GaussianBlur(1.1)), np.float32).copy()
    _wet_street(rng, picture, street)
    picture += _lamps(rng, height, street)
    return picture


def _towers(rng: np.random.Generator, picture: np.ndarray, street: int, layer: int, haze: np.ndarray) -> None:
    """A row of towers with lit windows; `layer` 0 is the farthest."""
    height = picture.shape[0]
    near = layer / (_ROWS_OF_TOWERS - 1)
    tops = street - _skyline(rng, height, layer)
    first = max(0, int(tops.min()))
    rows, columns = np.arange(first, street + 1)[:, None], np.arange(WIDTH)
    part, building = picture[first : street + 1], (rows > tops).astype(np.float32)
    mix(part, haze * (0.42 - 0.3 * near) + np.array([12, 12, 30], np.float32), building)
    cell_x, cell_y = 5 + 2 * layer, 7 + 3 * layer
    on = rng.random((height // cell_y + 1, WIDTH // cell_x + 1)) < 0.34 + 0.1 * near
    warm = rng.random(on.shape)
    panes = on[rows // cell_y, columns // cell_x] & (rows % cell_y > 2 + layer) & (columns % cell_x > 1 + layer)
    warmth = warm[rows // cell_y, columns // cell_x].astype(np.float32)
    strength = building * panes * (0.45 + 0.4 * near) * (0.4 + 0.6 * warmth)
    add(part, (235, 180, 110), strength * (warmth > 0.3))
    add(part, (110, 180, 235), strength * (warmth <= 0.3))
    mix(part, haze, building * (0.3 * (1 - near)))


def _skyline(rng: np.random.Generator, height: int, layer: int) -> np.ndarray:
    """Each column's tower in pixels, `float32[540]`: high at the sides, since the head needs air around it."""
    heights = np.zeros(WIDTH, np.float32)
    share = 0.72 + 0.16 * layer / (_ROWS_OF_TOWERS - 1)
    x = -int(rng.integers(0, 30))
    while x < WIDTH:
        width = int(rng.integers(22 + 14 * layer, 52 + 26 * layer))
        side = abs((x + width / 2) / WIDTH - 0.5) * 2
        heights[max(x, 0) : x + width - 2] = rng.uniform(0.35, 1.0) * (0.24 + 0.5 * side) * height * share
        x += width
    return heights


def _wet_street(rng: np.random.Generator, picture: np.ndarray, street: int) -> None:
    """The asphalt below the row `street`, with the town in it upside down and out of focus."""
    height = picture.shape[0]
    mirror = picture[np.clip(2 * street - np.arange(height), 0, street - 1)]
    wet = _image(mirror).resize((WIDTH // 3, height // 12)).resize((WIDTH, height))
    road = slice(street + 1, height)
    asphalt = np.asarray(wet)[road] * np.float32(0.62) + np.array([6, 7, 18], np.float32)
    asphalt *= 0.7 + 0.6 * cloud(rng, height, WIDTH, 8, 60, 2)[road, :, None]
    picture[road] = asphalt


def _lamps(rng: np.random.Generator, height: int, street: int) -> np.ndarray:
    """Lights out of focus around the row `street`, `float32[height, 540, 3]`."""
    lamps = Image.new("RGB", (WIDTH, height))
    draw = ImageDraw.Draw(lamps)
    for _ in range(_LAMPS):
        x, y = rng.uniform(0, WIDTH), street + rng.normal(-30, 62)
        radius = rng.uniform(5, 19)
        red, green, blue = _NEON[rng.integers(len(_NEON))]
        fade = rng.uniform(0.18, 0.5)
        lit = (int(red * fade), int(green * fade), int(blue * fade))
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=lit)
    return np.asarray(lamps.filter(ImageFilter.GaussianBlur(1.2)), np.float32)


def _image(picture: np.ndarray) -> Image.Image:
    return Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))
