"""A running track under floodlights."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter

from motiv8.studio.noise import add, add_glow, below, cloud, glow, mix
from motiv8.studio.scenes.sky import WIDTH, palette, sky


def paint(rng: np.random.Generator, height: int, light_x: float) -> np.ndarray:
    """`float32[height, 540, 3]`, 0-255."""
    stops = palette(
        rng,
        [(0, (8, 12, 30)), (0.3, (22, 34, 74)), (0.5, (72, 84, 128)), (1, (72, 84, 128))],
        [(0, (14, 8, 30)), (0.3, (48, 28, 78)), (0.5, (138, 78, 108)), (1, (138, 78, 108))],
        [(0, (4, 18, 28)), (0.3, (12, 52, 70)), (0.5, (70, 120, 124)), (1, (70, 120, 124))],
    )
    picture = sky(height, stops)
    horizon = int(height * float(rng.uniform(0.47, 0.53)))
    veil = np.clip(cloud(rng, height, WIDTH, 4, 6) * 2.4 - 1.0, 0, 1) * float(rng.uniform(0.15, 0.6))
    mix(picture, np.asarray(stops[2][1], np.float32), veil)
    tribune, curve = float(rng.uniform(44, 120)), float(rng.uniform(6, 60))
    _stand(rng, picture, horizon, horizon - tribune - curve * np.linspace(-1, 1, WIDTH, dtype=np.float32) ** 2)
    _lanes(rng, picture, horizon, WIDTH / 2 - (light_x - WIDTH / 2) * 0.5, np.asarray(stops[2][1], np.float32))
    _floodlights(rng, picture, horizon, tribune, light_x)
    return picture


def _stand(rng: np.random.Generator, picture: np.ndarray, horizon: int, top: np.ndarray) -> None:
    """The stand between the rows `top` (`float32[540]`) and the horizon, with people in it."""
    height = picture.shape[0]
    stand = below(top, height) * (1 - below(np.full(WIDTH, horizon, np.float32), height))
    mix(picture, (16, 18, 34), stand * 0.92)
    crowd = (rng.random((height, WIDTH)) > 0.955).astype(np.float32) * stand
    soft = Image.fromarray((crowd * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.9))
    add(picture, (1.3, 1.15, 1.0), np.asarray(soft, np.float32) * (0.6 + cloud(rng, height, WIDTH, 12, 16, 2)))


def _lanes(rng: np.random.Generator, picture: np.ndarray, horizon: int, vanish_x: float, haze: np.ndarray) -> None:
    """The track, its lanes running to the column `vanish_x` on the horizon."""
    height, below_sky = picture.shape[0], picture[horizon:]
    rows = np.arange(horizon, height, dtype=np.float32)[:, None]
    depth = np.maximum(rows - horizon, 0.01) / (height - horizon)
    surface = below(np.full(WIDTH, horizon, np.float32), height)[horizon:]
    red = np.array([178, 62, 44], np.float32) + rng.uniform(-16, 16, 3).astype(np.float32)
    mix(below_sky, red, surface)
    grain = cloud(rng, height, WIDTH, 60, 40, 2)[horizon:]
    below_sky *= 1 - surface[..., None] * (0.22 - 0.24 * grain[..., None]) * np.clip(depth * 2, 0, 1)[..., None]
    lanes = (np.arange(WIDTH, dtype=np.float32) - vanish_x) / (depth * WIDTH * 0.36) + float(rng.uniform(-0.4, 0.4))
    off = np.abs(lanes - np.round(lanes)) * depth * WIDTH * 0.36
    stripe = np.clip(1.4 - off / (0.6 + 2.6 * depth), 0, 1) * surface * np.clip(depth * 6, 0, 1)
    mix(below_sky, (250, 240, 230), stripe * 0.85)
    mix(below_sky, haze, surface * np.exp(-depth * 9) * 0.75)


def _floodlights(rng: np.random.Generator, picture: np.ndarray, horizon: int, tribune: float, light_x: float) -> None:
    """Masts behind the stand on both sides; those on the light's side shine at full strength."""
    masts = int(rng.integers(2, 5))
    for side in (-1, 1):
        strength = 1.0 if side * (light_x - WIDTH / 2) > 0 else 0.6
        for step in range(masts):
            x = WIDTH / 2 + side * WIDTH * (0.22 + 0.42 / masts * step) + float(rng.uniform(-22, 22))
            y = horizon - tribune - 70 - 44 * step + float(rng.uniform(-26, 26))
            _mast(picture, x, y, horizon - 40, strength)
            if step == 1:
                add(picture, (80 * strength, 94 * strength, 134 * strength), glow(picture.shape[0], WIDTH, x, y, 200))


def _mast(picture: np.ndarray, x: float, y: float, foot: int, strength: float) -> None:
    """A mast from the row `foot` up to `y`, with two rows of four lamps."""
    rows = np.arange(picture.shape[0], dtype=np.float32)[:, None]
    mast = np.clip(1.2 - np.abs(np.arange(WIDTH, dtype=np.float32) - x) / 1.5, 0, 1)
    mix(picture, (18, 20, 34), mast * ((rows > y) & (rows < foot)) * 0.8)
    for row in range(2):
        for lamp in range(4):
            place = (x + (lamp - 1.5) * 8, y + row * 8)
            add_glow(picture, (235 * strength, 240 * strength, 255 * strength), *place, 3.4)
    add_glow(picture, (90 * strength, 99 * strength, 120 * strength), x, y, 70)
