"""Large flat shapes in a few strong colours, as on a printed poster."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from motiv8.studio.noise import cloud
from motiv8.studio.scenes.sky import WIDTH

_PALETTES = (
    ((250, 200, 40), (242, 92, 60), (28, 132, 132), (250, 240, 220)),
    ((24, 120, 190), (250, 176, 60), (236, 80, 96), (244, 238, 226)),
    ((238, 96, 110), (40, 62, 140), (252, 200, 90), (250, 236, 226)),
    ((30, 150, 120), (246, 212, 80), (232, 96, 56), (238, 244, 230)),
    ((122, 84, 200), (255, 150, 90), (60, 200, 190), (246, 238, 250)),
    ((240, 130, 40), (60, 40, 110), (246, 90, 120), (255, 240, 214)),
)
_OVERSAMPLED = 2


def paint(rng: np.random.Generator, height: int, light_x: float) -> np.ndarray:
    """`float32[height, 540, 3]`, 0-255."""
    chosen = _PALETTES[rng.integers(len(_PALETTES))]
    ground, *others = (chosen[each] for each in rng.permutation(len(chosen)))
    # Another hue each day, so that few palettes make many posters.
    shift = rng.uniform(-16, 16, 3)
    drawn = Image.new("RGB", (WIDTH * _OVERSAMPLED, height * _OVERSAMPLED), _moved(ground, shift))
    draw = ImageDraw.Draw(drawn)
    scale = WIDTH * _OVERSAMPLED
    if rng.random() < 0.5:
        _sunburst(draw, rng, light_x * _OVERSAMPLED, height, _moved(ground, shift - 14))
    for shape in rng.permutation(4)[: int(rng.integers(2, 5))]:
        colour = _moved(others[int(rng.integers(len(others)))], shift)
        x, y = rng.uniform(0.0, 1.0) * scale, rng.uniform(0.08, 0.62) * height * _OVERSAMPLED
        size = rng.uniform(0.16, 0.46) * scale
        _SHAPES[shape](draw, rng, x, y, size, colour)
    picture = np.asarray(drawn.resize((WIDTH, height), Image.Resampling.BOX), np.float32).copy()
    # Ink does not lie quite evenly.
    picture *= (0.95 + 0.08 * cloud(rng, height, WIDTH, 40, 60, 2))[..., None]
    return picture


def _moved(colour: tuple[int, int, int], shift: np.ndarray) -> tuple[int, int, int]:
    red, green, blue = (int(np.clip(each + change, 0, 255)) for each, change in zip(colour, shift, strict=True))
    return red, green, blue


def _sunburst(
    draw: ImageDraw.ImageDraw, rng: np.random.Generator, x: float, height: int, colour: tuple[int, int, int]
) -> None:
    y, far, count = height * _OVERSAMPLED * rng.uniform(0.3, 0.55), 4000, int(rng.integers(9, 18))
    start = rng.uniform(0, np.pi)
    for ray in range(count):
        one, other = (start + (ray + half) * 2 * np.pi / count for half in (0.0, 0.5))
        corners = [(x + far * np.cos(angle), y + far * np.sin(angle)) for angle in (one, other)]
        draw.polygon([(x, y), *corners], fill=colour)


def _disc(
    draw: ImageDraw.ImageDraw, _: np.random.Generator, x: float, y: float, size: float, colour: tuple[int, int, int]
) -> None:
    draw.ellipse((x - size, y - size, x + size, y + size), fill=colour)


def _ring(
    draw: ImageDraw.ImageDraw, rng: np.random.Generator, x: float, y: float, size: float, colour: tuple[int, int, int]
) -> None:
    width = int(size * rng.uniform(0.12, 0.4))
    draw.ellipse((x - size, y - size, x + size, y + size), outline=colour, width=width)


def _slab(
    draw: ImageDraw.ImageDraw, rng: np.random.Generator, x: float, y: float, size: float, colour: tuple[int, int, int]
) -> None:
    angle, thick = rng.uniform(-1.2, 1.2), size * rng.uniform(0.3, 0.8)
    along, across = np.array([np.cos(angle), np.sin(angle)]) * 3000, np.array([-np.sin(angle), np.cos(angle)]) * thick
    middle = np.array([x, y])
    corners = [middle + along + across, middle + along - across, middle - along - across, middle - along + across]
    draw.polygon([(float(a), float(b)) for a, b in corners], fill=colour)


def _dots(
    draw: ImageDraw.ImageDraw, rng: np.random.Generator, x: float, y: float, size: float, colour: tuple[int, int, int]
) -> None:
    step = size * rng.uniform(0.14, 0.22)
    for row in range(12):
        for column in range(12):
            radius = step * 0.36 * (1 - row / 14)
            middle_x, middle_y = x + (column - 6) * step, y + (row - 6) * step
            draw.ellipse((middle_x - radius, middle_y - radius, middle_x + radius, middle_y + radius), fill=colour)


_SHAPES = (_disc, _ring, _slab, _dots)
