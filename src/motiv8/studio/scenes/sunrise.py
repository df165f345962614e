"""The sea, with the sun on its rim."""

from __future__ import annotations

import numpy as np

from motiv8.studio.noise import add, below, cloud, glow, mix, ridge
from motiv8.studio.scenes.sky import WIDTH, palette, sky

_DAWNS: tuple[list[tuple[float, tuple[float, float, float]]], ...] = (
    [
        (0, (70, 74, 140)),
        (0.22, (176, 104, 150)),
        (0.42, (250, 146, 108)),
        (0.56, (255, 208, 130)),
        (1, (255, 208, 130)),
    ],
    [
        (0, (44, 92, 150)),
        (0.25, (126, 158, 190)),
        (0.44, (252, 186, 130)),
        (0.56, (255, 226, 160)),
        (1, (255, 226, 160)),
    ],
    [(0, (86, 48, 110)), (0.24, (200, 84, 116)), (0.44, (255, 128, 84)), (0.56, (255, 190, 104)), (1, (255, 190, 104))],
)
"""Skies from the zenith (0) down, each a list of stops."""


def paint(rng: np.random.Generator, height: int, light_x: float) -> np.ndarray:
    """`float32[height, 540, 3]`, 0-255."""
    stops = palette(rng, *_DAWNS)
    picture = sky(height, stops)
    horizon = int(height * float(rng.uniform(0.5, 0.62)))
    radius = float(rng.uniform(54, 84))
    sun_y = horizon - radius * float(rng.uniform(0.1, 1.2))
    add(picture, (70, 40, 16), glow(height, WIDTH, light_x, sun_y, 230))
    add(picture, (46, 36, 20), glow(height, WIDTH, light_x, sun_y, 110))
    np.clip(picture, 0, 246, out=picture)
    rows, columns = np.arange(height, dtype=np.float32)[:, None], np.arange(WIDTH, dtype=np.float32)
    disc = np.clip(radius - np.hypot(columns - light_x, rows - sun_y) + 0.5, 0, 1)
    mix(picture, (255, 252, 232), disc)
    banks, thick = int(rng.integers(8, 26)), float(rng.uniform(0.9, 1.4))
    streaks = np.clip(cloud(rng, height, WIDTH, int(rng.integers(1, 4)), banks) * 2.4 - thick, 0, 1) * (rows < horizon)
    mix(picture, np.asarray(stops[1][1], np.float32) * 0.8, streaks * 0.55)
    add(picture, (60, 34, 10), streaks * glow(height, WIDTH, light_x, sun_y, 220))
    _sea(rng, picture, horizon, (light_x, radius), np.asarray(stops[0][1], np.float32) * 0.55)
    _headland(
        rng,
        picture,
        horizon,
        light_x,
        np.asarray(stops[0][1], np.float32) * 0.7 + np.asarray(stops[2][1], np.float32) * 0.2,
    )
    return picture


def _sea(
    rng: np.random.Generator, picture: np.ndarray, horizon: int, sun: tuple[float, float], deep: np.ndarray
) -> None:
    """Water below the horizon with the sky in it, waves, and the path of the sun (its column and radius)."""
    height, below_sky = picture.shape[0], picture[horizon:]
    sun_x, radius = sun
    rows, columns = np.arange(horizon, height, dtype=np.float32)[:, None], np.arange(WIDTH, dtype=np.float32)
    water = np.clip(rows - horizon + 0.5, 0, 1) * np.ones((1, WIDTH), np.float32)
    depth = np.clip((rows - horizon) / (height - horizon), 0, 1)
    mirror = picture[np.clip(2 * horizon - np.arange(horizon, height), 0, horizon - 1)]
    sea = mirror * (0.62 - 0.3 * depth[..., None]) + deep * (0.38 + 0.3 * depth[..., None])
    below_sky += (sea - below_sky) * water[..., None]
    waves = cloud(rng, height, WIDTH, 14, 90, 3)[horizon:]
    crests = np.clip((waves - 0.5) * 3, -1, 1) * water * (0.3 + 0.7 * depth)
    below_sky *= 1 + crests[..., None] * 0.28
    path = np.exp(-(((columns - sun_x) / (radius * (0.7 + 2.4 * depth))) ** 2)) * water
    add(below_sky, (255, 200, 120), path * np.clip((waves - 0.46) * 7, 0, 1) * (0.85 - 0.5 * depth))


def _headland(rng: np.random.Generator, picture: np.ndarray, horizon: int, light_x: float, colour: np.ndarray) -> None:
    """Land on the horizon, on the side that the sun leaves free."""
    height = picture.shape[0]
    rise = ridge(rng, WIDTH, 3, 0.5) * float(rng.uniform(16, 60))
    slope = np.linspace(-30, 26, WIDTH) * np.sign(WIDTH / 2 - light_x)
    top = horizon + 2 - np.maximum(rise + slope, 0)
    rows = np.arange(height, dtype=np.float32)[:, None]
    mix(picture, colour, below(top.astype(np.float32), height) * (rows < horizon + 2))
