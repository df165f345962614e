"""Mountain ridges, one behind the other, in cold light."""

from __future__ import annotations

import numpy as np

from motiv8.studio.noise import add, below, cloud, glow, mix, ridge
from motiv8.studio.scenes.sky import WIDTH, palette, sky


def paint(rng: np.random.Generator, height: int, light_x: float) -> np.ndarray:
    """`float32[height, 540, 3]`, 0-255."""
    stops = palette(
        rng,
        [(0, (58, 96, 152)), (0.35, (136, 172, 208)), (0.62, (250, 214, 180)), (1, (255, 232, 206))],
        [(0, (38, 60, 116)), (0.3, (120, 130, 182)), (0.55, (246, 176, 150)), (1, (255, 214, 178))],
        [(0, (84, 132, 176)), (0.4, (176, 206, 222)), (0.65, (240, 236, 220)), (1, (250, 240, 226))],
    )
    picture = sky(height, stops)
    haze = stops[2][1]
    sun_y = height * float(rng.uniform(0.3, 0.42))
    add(picture, (120, 96, 60), glow(height, WIDTH, light_x, sun_y, 190))
    add(picture, (150, 130, 96), glow(height, WIDTH, light_x, sun_y, 46))
    veil = (
        np.clip(cloud(rng, height, WIDTH, 3, 9) * 2.2 - 1.15, 0, 1)
        * np.linspace(0.8, 0.0, height, dtype=np.float32)[:, None]
    )
    mix(picture, (255, 244, 232), veil * 0.75)
    layers = 6
    for layer in range(layers):
        near = layer / (layers - 1)
        base = height * (0.44 + 0.42 * near**1.1)
        line = base - ridge(rng, WIDTH, 3 + layer, 0.52) * height * (0.13 - 0.045 * near)
        # Above the ridge there is nothing to draw.
        first = max(0, int(line.min()) - 1)
        part, shape = picture[first:], below(line, height)[first:]
        beneath = np.arange(first, height, dtype=np.float32)[:, None] - line
        deep = np.array([30, 46, 78], np.float32) * (1.25 - 0.55 * near)
        tone = np.asarray(haze, np.float32) * (1 - near) ** 1.1 * 0.86 + deep * (1 - (1 - near) ** 1.1 * 0.86)
        away = float(np.sign(WIDTH / 2 - light_x))
        slope = np.gradient(line).astype(np.float32) * away
        depth = np.maximum(beneath, 0)
        # Faces of rock run down aslant, away from the light.
        columns = np.arange(WIDTH) + (depth * 0.62 * away).astype(np.intp)
        lit = np.clip(slope[np.clip(columns, 0, WIDTH - 1)] * 0.8 + 0.12, 0, 1) * np.exp(-depth / (44 + 24 * near))
        mix(part, tone, shape)
        mix(part, (255, 240, 224), shape * lit * (0.66 - 0.46 * near))
        fog = np.clip(beneath / (90 + 60 * near), 0, 1) * shape
        mix(part, haze, fog * (0.5 * (1 - near) + 0.06))
    return picture
