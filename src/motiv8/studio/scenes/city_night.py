"""A street between towers, wet and lit."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from motiv8.studio.noise import add, cloud, glow, mix
from motiv8.studio.scenes.sky import WIDTH, palette, sky


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
    rows, columns = np.arange(height)[:, None], np.arange(WIDTH)
    haze = np.asarray(stops[2][1], np.float32)
    for layer in range(3):
        near = layer / 2
        heights = np.zeros(WIDTH, np.float32)
        x = -int(rng.integers(0, 30))
        while x < WIDTH:
            width = int(rng.integers(22 + 14 * layer, 52 + 26 * layer))
            # Towers at the sides, an open middle: the head needs air around it.
            side = abs((x + width / 2) / WIDTH - 0.5) * 2
            heights[max(x, 0) : x + width - 2] = (
                rng.uniform(0.35, 1.0) * (0.24 + 0.5 * side) * height * (0.72 + 0.16 * near)
            )
            x += width
        building = (rows > street - heights).astype(np.float32) * (rows <= street)
        tone = haze * (0.42 - 0.3 * near) + np.array([12, 12, 30], np.float32)
        mix(picture, tone, building)
        cell_x, cell_y = 5 + 2 * layer, 7 + 3 * layer
        on = rng.random((height // cell_y + 1, WIDTH // cell_x + 1)) < 0.34 + 0.1 * near
        warm = rng.random(on.shape)
        panes = on[rows // cell_y, columns // cell_x] & (rows % cell_y > 2 + layer) & (columns % cell_x > 1 + layer)
        warmth = warm[rows // cell_y, columns // cell_x].astype(np.float32)
        strength = building * panes * (0.45 + 0.4 * near) * (0.4 + 0.6 * warmth)
        add(picture, (235, 180, 110), strength * (warmth > 0.3))
        add(picture, (110, 180, 235), strength * (warmth <= 0.3))
        mix(picture, haze, building * (0.3 * (1 - near)))
    picture = np.asarray(
        Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(1.1)), np.float32
    ).copy()
    mirror = picture[np.clip(2 * street - np.arange(height), 0, street - 1)]
    wet = (
        Image.fromarray(np.clip(mirror, 0, 255).astype(np.uint8))
        .resize((WIDTH // 3, height // 12))
        .resize((WIDTH, height))
    )
    asphalt = np.asarray(wet, np.float32) * 0.62 + np.array([6, 7, 18], np.float32)
    asphalt *= 0.7 + 0.6 * cloud(rng, height, WIDTH, 8, 60, 2)[..., None]
    road = np.clip(rows - street, 0, 1).astype(np.float32) * np.ones((1, WIDTH), np.float32)
    picture += (asphalt - picture) * road[..., None]
    lamps = Image.new("RGB", (WIDTH, height))
    draw = ImageDraw.Draw(lamps)
    colours = [(255, 150, 80), (255, 90, 160), (90, 200, 255), (255, 210, 140), (160, 120, 255)]
    for _ in range(34):
        lamp_x, lamp_y = rng.uniform(0, WIDTH), street + rng.normal(-30, 62)
        radius = rng.uniform(5, 19)
        red, green, blue = colours[rng.integers(len(colours))]
        fade = rng.uniform(0.18, 0.5)
        draw.ellipse(
            (lamp_x - radius, lamp_y - radius, lamp_x + radius, lamp_y + radius),
            fill=(int(red * fade), int(green * fade), int(blue * fade)),
        )
    picture += np.asarray(lamps.filter(ImageFilter.GaussianBlur(1.2)), np.float32)
    return picture
