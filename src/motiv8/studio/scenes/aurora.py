"""Northern lights over a forest."""

from __future__ import annotations

import numpy as np

from motiv8.studio.noise import add, below, mix, smooth
from motiv8.studio.scenes.sky import WIDTH, palette, sky


def paint(rng: np.random.Generator, height: int, light_x: float) -> np.ndarray:
    """`float32[height, 540, 3]`, 0-255."""
    stops = palette(
        rng,
        [(0, (6, 10, 30)), (0.5, (10, 34, 58)), (0.8, (24, 70, 84)), (1, (10, 26, 36))],
        [(0, (12, 6, 34)), (0.5, (28, 22, 70)), (0.8, (40, 66, 98)), (1, (14, 22, 40))],
    )
    picture = sky(height, stops)
    stars = rng.random((height, WIDTH))
    add(picture, (1, 1, 1), np.where(stars > 0.9985, 210, np.where(stars > 0.996, 90, 0)).astype(np.float32))
    rows = np.arange(height, dtype=np.float32)[:, None]
    hues = [(70, 255, 160), (90, 230, 220), (176, 96, 255), (60, 220, 120), (255, 90, 170)]
    for curtain in range(4):
        foot = height * float(rng.uniform(0.34, 0.6)) + smooth(rng, WIDTH, 5) * height * 0.13
        rays = 0.35 + 0.65 * np.clip(smooth(rng, WIDTH, 46) * 0.7 + smooth(rng, WIDTH, 9) * 0.6 + 0.45, 0, 1)
        reach = height * (0.22 + 0.16 * (smooth(rng, WIDTH, 7) + 1))
        up = (foot - rows) / reach
        body = np.where(up >= 0, np.exp(-up * 2.2) * np.clip(1.1 - up * 0.35, 0, 1), np.exp(np.minimum(up, 0) * 26))
        nearness = np.exp(-(((np.arange(WIDTH, dtype=np.float32) - light_x) / (WIDTH * 0.52)) ** 2)) * 0.7 + 0.35
        low, high = hues[(curtain + int(rng.integers(2))) % 2], hues[2 + int(rng.integers(3))]
        amount = (body * rays * nearness).astype(np.float32)
        add(picture, low, amount * 0.62)
        add(picture, high, amount * np.clip(up, 0, 1) * 0.6)
    for layer in range(3):
        line = height * (0.66 + 0.09 * layer) - smooth(rng, WIDTH, 6) * 20
        trees = np.zeros(WIDTH, np.float32)
        columns = np.arange(WIDTH, dtype=np.float32)
        for x in rng.uniform(0, WIDTH, 60 - 12 * layer):
            tall, width = rng.uniform(24, 62) * (0.7 + 0.5 * layer), rng.uniform(5, 11) * (0.8 + 0.5 * layer)
            steps = np.floor(np.clip(1 - np.abs(columns - x) / width, 0, 1) * 7) / 7
            jag = np.clip(1 - np.abs(columns - x) / width, 0, 1)
            trees = np.maximum(trees, tall * (0.65 * jag + 0.35 * steps))
        tone = np.array([18, 46, 58], np.float32) * (1 - layer / 2) * 0.9 + np.array([4, 12, 18], np.float32)
        mix(picture, tone, below((line - trees).astype(np.float32), height))
    return picture
