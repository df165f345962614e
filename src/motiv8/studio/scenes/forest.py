"""Sun between the trunks of a forest."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from motiv8.studio.noise import add, below, cloud, glow, mix, smooth
from motiv8.studio.scenes.sky import WIDTH, palette, sky

_LAYERS = 5


def paint(rng: np.random.Generator, height: int, light_x: float) -> np.ndarray:
    """`float32[height, 540, 3]`, 0-255."""
    stops = palette(
        rng,
        [(0, (92, 122, 66)), (0.4, (188, 200, 116)), (0.62, (244, 232, 168)), (1, (120, 132, 72))],
        [(0, (46, 92, 86)), (0.4, (120, 172, 140)), (0.62, (214, 236, 200)), (1, (60, 98, 74))],
        [(0, (122, 72, 36)), (0.4, (214, 142, 66)), (0.62, (252, 214, 138)), (1, (118, 70, 36))],
    )
    picture = sky(height, stops)
    haze = np.asarray(stops[2][1], np.float32)
    dark = np.asarray(stops[0][1], np.float32) * 0.34
    sun_y = height * float(rng.uniform(0.16, 0.34))
    add(picture, (96, 84, 44), glow(height, WIDTH, light_x, sun_y, 220))
    floor_at = height * float(rng.uniform(0.6, 0.68))
    # Trunks stand further apart the nearer they are, and lose themselves in the haze the further.
    for layer in range(_LAYERS):
        near = layer / (_LAYERS - 1)
        tone = haze * (0.86 * (1 - near) ** 0.8) + dark * (1 - 0.86 * (1 - near) ** 0.8)
        trunks = _trunks(rng, height, near)
        mix(picture, tone, trunks * (0.55 + 0.42 * near))
        floor = floor_at + height * 0.09 * near - smooth(rng, WIDTH, 5) * 12 * (0.4 + near)
        mix(picture, tone * (0.9 - 0.2 * near), below(floor.astype(np.float32), height) * 0.85)
        canopy = cloud(rng, height, WIDTH, 16 + 4 * layer, 20 + 5 * layer, 3)
        rows = np.linspace(1, 0, height, dtype=np.float32)[:, None]
        leaves = np.clip((canopy + rows * 1.0 - 1.16) * 6, 0, 1)
        mix(picture, tone * 0.9, leaves * (0.25 + 0.5 * near))
    add(picture, (1.0, 0.9, 0.58), _rays(rng, height, light_x, sun_y) * 86)
    add(picture, (255, 240, 190), np.clip(glow(height, WIDTH, light_x, sun_y, 62) * 1.4 - 0.3, 0, 1) * 0.8)
    return picture


def _trunks(rng: np.random.Generator, height: int, near: float) -> np.ndarray:
    drawn = Image.new("L", (WIDTH, height))
    draw = ImageDraw.Draw(drawn)
    for _ in range(int(22 - 15 * near)):
        x, lean = rng.uniform(-20, WIDTH + 20), rng.uniform(-16, 16)
        wide = rng.uniform(3, 6) + near * rng.uniform(9, 24)
        # The nearest leave the middle to the person.
        if near > 0.7 and abs(x - WIDTH / 2) < 130:
            x += 190 * (1 if x > WIDTH / 2 else -1)
        draw.polygon(
            [(x + lean, 0), (x + lean + wide * 0.7, 0), (x + wide, height), (x - wide * 0.1, height)], fill=255
        )
    return np.asarray(drawn.filter(ImageFilter.GaussianBlur(0.8)), np.float32) / 255


def _rays(rng: np.random.Generator, height: int, x: float, y: float) -> np.ndarray:
    """Shafts of light that fan out from the sun: `float32[height, WIDTH]`, 0 to 1."""
    rows, columns = np.arange(height, dtype=np.float32)[:, None] - y, np.arange(WIDTH, dtype=np.float32) - x
    angle = np.arctan2(rows, columns)
    knots = rng.uniform(0, 1, 48)
    shafts = np.interp(angle, np.linspace(-np.pi, np.pi, 48), knots).astype(np.float32)
    far = np.hypot(rows, columns) / height
    strength: np.ndarray = np.clip(shafts * 2.6 - 1.3, 0, 1) * np.exp(-far * 1.7)
    return strength
