"""What stands between the lens and the person: a few dark shapes, out of focus, over the person's lower edge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from motiv8.studio.noise import ridge

if TYPE_CHECKING:
    from collections.abc import Callable

_WIDTH = 540
"""Drawn at half size, as scenes are."""
_BLUR_REACH = 12


def draw(shape: str, rng: np.random.Generator, height: int, foot: float, rows: tuple[int, int]) -> np.ndarray:
    """How much of it covers each pixel of some rows of a picture: `uint8[last - first, 1080]`.

    It stands on row `foot` and below; only at the sides does it rise higher, so that it frames the person.
    Raises KeyError for an unknown shape.
    """
    image = Image.new("L", (_WIDTH, height // 2))
    blur = _SHAPES[shape](ImageDraw.Draw(image), rng, foot / 2)
    first, last = rows
    # The rows that are seen, and as many more as the blur looks at.
    top = max(0, first // 2 - _BLUR_REACH)
    part = image.crop((0, top, _WIDTH, min(height // 2, last // 2 + _BLUR_REACH)))
    soft = part.filter(ImageFilter.GaussianBlur(blur)) if blur else part
    box = (0, first / 2 - top, _WIDTH, last / 2 - top)
    band = soft.resize((2 * _WIDTH, last - first), Image.Resampling.BILINEAR, box=box)
    return np.asarray(band)


def _rise(x: float) -> float:
    """0 in the middle, 1 at both sides."""
    return abs(x / _WIDTH - 0.5) * 2


def _none(*_: object) -> float:
    return 0.0


def _grass(draw: ImageDraw.ImageDraw, rng: np.random.Generator, foot: float) -> float:
    wind = rng.uniform(-0.5, 0.5)
    for _ in range(150):
        x = rng.uniform(-10, _WIDTH + 10)
        tall = rng.uniform(20, 58) * (0.5 + 1.3 * _rise(x) ** 2)
        lean = tall * (wind + rng.uniform(-0.35, 0.35))
        thick = rng.uniform(1.0, 2.6)
        top, bend = foot - tall, foot - tall * 0.5
        draw.polygon(
            [(x - thick, foot + 60), (x + lean * 0.3 - thick, bend), (x + lean, top), (x + lean * 0.3 + thick, bend),
             (x + thick, foot + 60)],
            fill=255,
        )  # fmt: skip
    return 1.2


def _rocks(draw: ImageDraw.ImageDraw, rng: np.random.Generator, foot: float) -> float:
    columns = np.arange(_WIDTH)
    sides = (np.abs(columns / _WIDTH - 0.5) * 2) ** 1.8
    line = foot + 26 - sides * rng.uniform(56, 92) - ridge(rng, _WIDTH, 7, 0.5) * (6 + 16 * sides)
    draw.polygon([(0, 2000), *zip(columns.tolist(), line.tolist(), strict=True), (_WIDTH, 2000)], fill=255)
    return 1.4


def _firs(draw: ImageDraw.ImageDraw, rng: np.random.Generator, foot: float) -> float:
    for side in (0, 1):
        for _ in range(int(rng.integers(3, 6))):
            x = side * _WIDTH + (1 - 2 * side) * rng.uniform(-14, 150)
            tall = rng.uniform(60, 130) * (0.35 + 0.75 * _rise(x))
            for step in range(9):
                share = step / 9
                y, half = foot + 20 - tall * (1 - share), (4 + tall * 0.26) * (share + 0.12)
                draw.polygon([(x, y - tall * 0.13), (x - half, y + tall * 0.1), (x + half, y + tall * 0.1)], fill=255)
            draw.rectangle((x - 2, foot, x + 2, foot + 200), fill=255)
    return 1.6


def _leaves(draw: ImageDraw.ImageDraw, rng: np.random.Generator, foot: float) -> float:
    for side in (0, 1):
        for _ in range(int(rng.integers(7, 11))):
            x, y = side * _WIDTH + (1 - 2 * side) * rng.uniform(-24, 120), foot + rng.uniform(-30, 60)
            turn = -np.pi / 2 + rng.uniform(-0.9, 0.9)
            long, wide = rng.uniform(50, 96), rng.uniform(9, 17)
            along = np.linspace(0, 1, 14)
            half = wide * np.sin(np.pi * along) ** 0.8
            cos, sin = np.cos(turn), np.sin(turn)
            spine_x, spine_y = x + long * along * cos, y + long * along * sin
            one = zip(spine_x - half * sin, spine_y + half * cos, strict=True)
            other = zip((spine_x + half * sin)[::-1], (spine_y - half * cos)[::-1], strict=True)
            draw.polygon([(float(a), float(b)) for a, b in [*one, *other]], fill=255)
    return 2.2


def _hurdle(draw: ImageDraw.ImageDraw, rng: np.random.Generator, foot: float) -> float:
    left = bool(rng.integers(2))
    edge = rng.uniform(96, 150)
    near, far = (-30.0, edge) if left else (_WIDTH + 30.0, _WIDTH - edge)
    top = foot - rng.uniform(30, 46)
    draw.polygon([(near, top - 10), (far, top), (far, top + 15), (near, top + 10)], fill=255)
    post = far - 7 if left else far + 7
    draw.line((post, top + 6, post, foot + 120), fill=255, width=6)
    return 2.0


def _lamps(draw: ImageDraw.ImageDraw, rng: np.random.Generator, foot: float) -> float:
    for _ in range(16):
        x = rng.uniform(0, _WIDTH)
        if _rise(x) < 0.35:
            continue
        y, radius = foot + rng.uniform(-60, 20) * _rise(x), rng.uniform(7, 22)
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=int(rng.uniform(40, 110)))
    return 1.0


_SHAPES: dict[str, Callable[[ImageDraw.ImageDraw, np.random.Generator, float], float]] = {
    "none": _none,
    "grass": _grass,
    "rocks": _rocks,
    "firs": _firs,
    "leaves": _leaves,
    "hurdle": _hurdle,
    "lamps": _lamps,
}
