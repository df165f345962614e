"""Dunes in low sun."""

from __future__ import annotations

import numpy as np

from motiv8.studio.noise import add, below, glow, mix, smooth
from motiv8.studio.scenes.sky import WIDTH, palette, sky


def paint(rng: np.random.Generator, height: int, light_x: float) -> np.ndarray:
    """`float32[height, 540, 3]`, 0-255."""
    stops = palette(
        rng,
        [(0, (64, 132, 160)), (0.3, (166, 190, 180)), (0.5, (250, 206, 150)), (1, (250, 206, 150))],
        [(0, (110, 84, 140)), (0.3, (214, 136, 140)), (0.5, (255, 190, 130)), (1, (255, 190, 130))],
        [(0, (52, 96, 150)), (0.28, (140, 170, 196)), (0.5, (246, 224, 190)), (1, (246, 224, 190))],
    )
    picture = sky(height, stops)
    sun_y = height * float(rng.uniform(0.2, 0.4))
    add(picture, (110, 76, 40), glow(height, WIDTH, light_x, sun_y, 210))
    add(picture, (255, 236, 190), np.clip(glow(height, WIDTH, light_x, sun_y, 40) * 1.8 - 0.6, 0, 1))
    sand = np.array([222, 142, 84], np.float32) + rng.uniform(-18, 18, 3).astype(np.float32)
    toward = float(np.sign(light_x - WIDTH / 2))
    for layer in range(5):
        near = layer / 4
        base = height * (0.5 + 0.36 * near)
        crest = base - smooth(rng, WIDTH, 4 + layer % 3) * height * (0.05 + 0.035 * near) - smooth(rng, WIDTH, 11) * 5
        # Above the dune there is nothing to draw.
        first = max(0, int(crest.min()) - 1)
        rows = np.arange(first, height, dtype=np.float32)[:, None]
        shape = below(crest, height)[first:]
        slope = np.gradient(crest).astype(np.float32) * -toward
        # The knife edge of a dune: one side in the sun, the other in shadow, divided by a line that wanders down.
        divide = crest + (40 + 90 * near) * (0.5 + 0.5 * smooth(rng, WIDTH, 6))
        lit = np.clip(0.52 + slope * 0.9 + (divide - rows) / (160 + 120 * near), 0.0, 1)
        haze = np.asarray(stops[2][1], np.float32)
        bright, dark = sand * (1.12 - 0.1 * near), sand * np.array([0.5, 0.4, 0.46], np.float32) * (1 - 0.3 * near)
        tone = dark[:, None, None] + (bright - dark)[:, None, None] * lit
        tone += (haze[:, None, None] - tone) * ((1 - near) ** 1.4 * 0.62)
        ripple = np.sin((rows - crest) * (0.95 - 0.5 * near) + smooth(rng, WIDTH, 8) * 7) * (0.008 + 0.026 * near)
        tone *= 1 + ripple
        mix(picture[first:], tone.transpose(1, 2, 0), shape)
    return picture
