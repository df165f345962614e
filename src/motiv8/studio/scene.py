"""The place behind the person: drawn for a mode and a date, the same for everybody on that date.

Scenes are painted at half size, where light and haze cost a quarter, and brought to full size: what lies behind a
portrait is out of focus anyway, and the grain that the poster lays over everything gives the sharpness back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from motiv8.studio import noise
from motiv8.studio.noise import add, add_glow, below, cloud, generator, glow, gradient, mix, ridge, smooth

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

WIDTH, HEIGHT = 1080, 1350
_W, _H = WIDTH // 2, HEIGHT // 2


@dataclass(frozen=True, slots=True)
class Light:
    """Where the scene's light stands: `x` from -1 (left edge) to 1, never right behind the head."""

    x: float


def light_of(mode: str, day: date) -> Light:
    """The light of a scene, so that the person can be lit from the same side."""
    rng = generator("light", mode, day.isoformat())
    side = 1 if rng.random() < 0.5 else -1
    return Light(side * float(rng.uniform(0.35, 0.85)))


def make(mode: str, day: date) -> np.ndarray:
    """The scene of a mode on a date: `uint8[1350, 1080, 3]` RGB. Raises KeyError for an unknown mode."""
    rng = generator("scene", mode, day.isoformat())
    light_x = (light_of(mode, day).x + 1) / 2 * _W
    painted = _PAINTERS[mode](rng, light_x)
    small = Image.fromarray(np.clip(painted, 0, 255).astype(np.uint8))
    return np.asarray(small.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC))


def _sky(stops: list[tuple[float, noise.Colour]]) -> np.ndarray:
    return np.repeat(gradient(_H, stops), _W, axis=1)


def _pick(rng: np.random.Generator, *choices: list[tuple[float, noise.Colour]]) -> list[tuple[float, noise.Colour]]:
    """One of several palettes, a little warmer or colder each day."""
    shift = rng.uniform(-14, 14, 3)
    chosen = choices[rng.integers(len(choices))]
    return [(place, (r + shift[0], g + shift[1], b + shift[2])) for place, (r, g, b) in chosen]


def _summit(rng: np.random.Generator, light_x: float) -> np.ndarray:
    stops = _pick(
        rng,
        [(0, (58, 96, 152)), (0.35, (136, 172, 208)), (0.62, (250, 214, 180)), (1, (255, 232, 206))],
        [(0, (38, 60, 116)), (0.3, (120, 130, 182)), (0.55, (246, 176, 150)), (1, (255, 214, 178))],
        [(0, (84, 132, 176)), (0.4, (176, 206, 222)), (0.65, (240, 236, 220)), (1, (250, 240, 226))],
    )
    picture = _sky(stops)
    haze = stops[2][1]
    sun_y = _H * float(rng.uniform(0.3, 0.42))
    add(picture, (120, 96, 60), glow(_H, _W, light_x, sun_y, 190))
    add(picture, (150, 130, 96), glow(_H, _W, light_x, sun_y, 46))
    veil = np.clip(cloud(rng, _H, _W, 3, 9) * 2.2 - 1.15, 0, 1) * np.linspace(0.8, 0.0, _H, dtype=np.float32)[:, None]
    mix(picture, (255, 244, 232), veil * 0.75)
    layers = 6
    for layer in range(layers):
        near = layer / (layers - 1)
        base = _H * (0.44 + 0.42 * near**1.1)
        line = base - ridge(rng, _W, 3 + layer, 0.52) * _H * (0.13 - 0.045 * near)
        shape = below(line, _H)
        deep = np.array([30, 46, 78], np.float32) * (1.25 - 0.55 * near)
        tone = np.asarray(haze, np.float32) * (1 - near) ** 1.1 * 0.86 + deep * (1 - (1 - near) ** 1.1 * 0.86)
        away = np.sign(_W / 2 - light_x)
        slope = np.gradient(line).astype(np.float32) * away
        depth = np.maximum(np.arange(_H, dtype=np.float32)[:, None] - line, 0)
        # Faces of rock run down aslant, away from the light.
        columns = np.arange(_W) + (depth * 0.62 * away).astype(np.intp)
        lit = np.clip(slope[np.clip(columns, 0, _W - 1)] * 0.8 + 0.12, 0, 1) * np.exp(-depth / (44 + 24 * near))
        mix(picture, tone, shape)
        mix(picture, (255, 240, 224), shape * lit * (0.66 - 0.46 * near))
        fog = np.clip((np.arange(_H, dtype=np.float32)[:, None] - line) / (90 + 60 * near), 0, 1) * shape
        mix(picture, haze, fog * (0.5 * (1 - near) + 0.06))
    return picture


def _track(rng: np.random.Generator, light_x: float) -> np.ndarray:
    stops = _pick(
        rng,
        [(0, (8, 12, 30)), (0.3, (22, 34, 74)), (0.5, (72, 84, 128)), (1, (72, 84, 128))],
        [(0, (14, 8, 30)), (0.3, (48, 28, 78)), (0.5, (138, 78, 108)), (1, (138, 78, 108))],
        [(0, (4, 18, 28)), (0.3, (12, 52, 70)), (0.5, (70, 120, 124)), (1, (70, 120, 124))],
    )
    picture = _sky(stops)
    horizon = int(_H * float(rng.uniform(0.47, 0.53)))
    stand = np.zeros((_H, _W), np.float32)
    top = horizon - 70 + 26 * np.abs(np.linspace(-1, 1, _W, dtype=np.float32)) ** 2 * -1
    stand = below(top, _H) * (1 - below(np.full(_W, horizon, np.float32), _H))
    mix(picture, (16, 18, 34), stand * 0.92)
    crowd = (rng.random((_H, _W)) > 0.955).astype(np.float32) * stand
    crowd = np.asarray(
        Image.fromarray((crowd * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.9)), np.float32
    )
    add(picture, (1.3, 1.15, 1.0), crowd * (0.6 + cloud(rng, _H, _W, 12, 16, 2)))
    vanish_x = _W / 2 - (light_x - _W / 2) * 0.5
    rows = np.arange(_H, dtype=np.float32)[:, None]
    depth = np.maximum(rows - horizon, 0.01) / (_H - horizon)
    surface = below(np.full(_W, horizon, np.float32), _H)
    red = np.array([178, 62, 44], np.float32) + rng.uniform(-16, 16, 3).astype(np.float32)
    mix(picture, red, surface)
    grain = cloud(rng, _H, _W, 60, 40, 2)
    picture *= 1 - surface[..., None] * (0.22 - 0.24 * grain[..., None]) * np.clip(depth * 2, 0, 1)[..., None]
    lanes = (np.arange(_W, dtype=np.float32) - vanish_x) / (depth * _W * 0.36) + float(rng.uniform(-0.4, 0.4))
    off = np.abs(lanes - np.round(lanes)) * depth * _W * 0.36
    stripe = np.clip(1.4 - off / (0.6 + 2.6 * depth), 0, 1) * surface * np.clip(depth * 6, 0, 1)
    mix(picture, (250, 240, 230), stripe * 0.85)
    mix(picture, np.asarray(stops[2][1], np.float32), surface * np.exp(-depth * 9) * 0.75)
    for side in (-1, 1):
        for step in range(3):
            x = _W / 2 + side * _W * (0.24 + 0.14 * step) + float(rng.uniform(-8, 8))
            y = horizon - 150 - 44 * step + float(rng.uniform(-10, 10))
            mast = np.clip(1.2 - np.abs(np.arange(_W, dtype=np.float32) - x) / 1.5, 0, 1)
            mast = mast * ((rows > y) & (rows < horizon - 40))
            mix(picture, (18, 20, 34), mast * 0.8)
            strength = 1.0 if side * (light_x - _W / 2) > 0 else 0.6
            for row in range(2):
                for lamp in range(4):
                    lamp_x, lamp_y = x + (lamp - 1.5) * 8, y + row * 8
                    add_glow(picture, (235 * strength, 240 * strength, 255 * strength), lamp_x, lamp_y, 3.4)
            add_glow(picture, (90 * strength, 99 * strength, 120 * strength), x, y, 70)
            if step == 1:
                add(picture, (80 * strength, 94 * strength, 134 * strength), glow(_H, _W, x, y, 200))
    return picture


def _sunrise(rng: np.random.Generator, light_x: float) -> np.ndarray:
    stops = _pick(
        rng,
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
        [
            (0, (86, 48, 110)),
            (0.24, (200, 84, 116)),
            (0.44, (255, 128, 84)),
            (0.56, (255, 190, 104)),
            (1, (255, 190, 104)),
        ],
    )
    picture = _sky(stops)
    horizon = int(_H * float(rng.uniform(0.53, 0.6)))
    radius = float(rng.uniform(54, 84))
    sun_y = horizon - radius * float(rng.uniform(0.1, 1.2))
    add(picture, (70, 40, 16), glow(_H, _W, light_x, sun_y, 230))
    add(picture, (46, 36, 20), glow(_H, _W, light_x, sun_y, 110))
    np.clip(picture, 0, 246, out=picture)
    rows, columns = np.arange(_H, dtype=np.float32)[:, None], np.arange(_W, dtype=np.float32)
    disc = np.clip(radius - np.hypot(columns - light_x, rows - sun_y) + 0.5, 0, 1)
    mix(picture, (255, 252, 232), disc)
    streaks = np.clip(cloud(rng, _H, _W, 2, 22) * 2.4 - 1.2, 0, 1) * (rows < horizon)
    mix(picture, np.asarray(stops[1][1], np.float32) * 0.8, streaks * 0.55)
    add(picture, (60, 34, 10), streaks * glow(_H, _W, light_x, sun_y, 220))
    water = np.clip(rows - horizon + 0.5, 0, 1) * np.ones((1, _W), np.float32)
    depth = np.clip((rows - horizon) / (_H - horizon), 0, 1)
    mirror = picture[np.clip(2 * horizon - np.arange(_H), 0, horizon - 1)]
    deep = np.asarray(stops[0][1], np.float32) * 0.55
    sea = mirror * (0.62 - 0.3 * depth[..., None]) + deep * (0.38 + 0.3 * depth[..., None])
    picture += (sea - picture) * water[..., None]
    waves = cloud(rng, _H, _W, 14, 90, 3)
    crests = np.clip((waves - 0.5) * 3, -1, 1) * water * (0.3 + 0.7 * depth)
    picture *= 1 + crests[..., None] * 0.28
    path = np.exp(-(((columns - light_x) / (radius * (0.7 + 2.4 * depth))) ** 2)) * water
    add(picture, (255, 200, 120), path * np.clip((waves - 0.46) * 7, 0, 1) * (0.85 - 0.5 * depth))
    headland = (
        horizon + 2 - np.maximum(ridge(rng, _W, 3, 0.5) * 34 + np.linspace(-30, 26, _W) * np.sign(_W / 2 - light_x), 0)
    )
    land = below(headland.astype(np.float32), _H) * (rows < horizon + 2)
    mix(picture, np.asarray(stops[0][1], np.float32) * 0.7 + np.asarray(stops[2][1], np.float32) * 0.2, land)
    return picture


def _city_night(rng: np.random.Generator, light_x: float) -> np.ndarray:
    stops = _pick(
        rng,
        [(0, (10, 10, 36)), (0.35, (44, 26, 86)), (0.6, (150, 54, 120)), (1, (150, 54, 120))],
        [(0, (6, 14, 34)), (0.35, (16, 50, 92)), (0.6, (40, 120, 150)), (1, (40, 120, 150))],
        [(0, (16, 10, 26)), (0.35, (66, 34, 60)), (0.6, (196, 100, 70)), (1, (196, 100, 70))],
    )
    picture = _sky(stops)
    street = int(_H * 0.68)
    add(picture, (70, 40, 70), glow(_H, _W, light_x, street - 60, 210))
    rows, columns = np.arange(_H)[:, None], np.arange(_W)
    haze = np.asarray(stops[2][1], np.float32)
    for layer in range(3):
        near = layer / 2
        heights = np.zeros(_W, np.float32)
        x = -int(rng.integers(0, 30))
        while x < _W:
            width = int(rng.integers(22 + 14 * layer, 52 + 26 * layer))
            # Towers at the sides, an open middle: the head needs air around it.
            side = abs((x + width / 2) / _W - 0.5) * 2
            heights[max(x, 0) : x + width - 2] = (
                rng.uniform(0.35, 1.0) * (0.24 + 0.5 * side) * _H * (0.72 + 0.16 * near)
            )
            x += width
        building = (rows > street - heights).astype(np.float32) * (rows <= street)
        tone = haze * (0.42 - 0.3 * near) + np.array([12, 12, 30], np.float32)
        mix(picture, tone, building)
        cell_x, cell_y = 5 + 2 * layer, 7 + 3 * layer
        on = rng.random((_H // cell_y + 1, _W // cell_x + 1)) < 0.34 + 0.1 * near
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
    mirror = picture[np.clip(2 * street - np.arange(_H), 0, street - 1)]
    wet = Image.fromarray(np.clip(mirror, 0, 255).astype(np.uint8)).resize((_W // 3, _H // 12)).resize((_W, _H))
    asphalt = np.asarray(wet, np.float32) * 0.62 + np.array([6, 7, 18], np.float32)
    asphalt *= 0.7 + 0.6 * cloud(rng, _H, _W, 8, 60, 2)[..., None]
    road = np.clip(rows - street, 0, 1).astype(np.float32) * np.ones((1, _W), np.float32)
    picture += (asphalt - picture) * road[..., None]
    lamps = Image.new("RGB", (_W, _H))
    draw = ImageDraw.Draw(lamps)
    colours = [(255, 150, 80), (255, 90, 160), (90, 200, 255), (255, 210, 140), (160, 120, 255)]
    for _ in range(34):
        lamp_x, lamp_y = rng.uniform(0, _W), street + rng.normal(-30, 62)
        radius = rng.uniform(5, 19)
        red, green, blue = colours[rng.integers(len(colours))]
        fade = rng.uniform(0.18, 0.5)
        draw.ellipse(
            (lamp_x - radius, lamp_y - radius, lamp_x + radius, lamp_y + radius),
            fill=(int(red * fade), int(green * fade), int(blue * fade)),
        )
    picture += np.asarray(lamps.filter(ImageFilter.GaussianBlur(1.2)), np.float32)
    return picture


def _aurora(rng: np.random.Generator, light_x: float) -> np.ndarray:
    stops = _pick(
        rng,
        [(0, (6, 10, 30)), (0.5, (10, 34, 58)), (0.8, (24, 70, 84)), (1, (10, 26, 36))],
        [(0, (12, 6, 34)), (0.5, (28, 22, 70)), (0.8, (40, 66, 98)), (1, (14, 22, 40))],
    )
    picture = _sky(stops)
    stars = rng.random((_H, _W))
    add(picture, (1, 1, 1), np.where(stars > 0.9985, 210, np.where(stars > 0.996, 90, 0)).astype(np.float32))
    rows = np.arange(_H, dtype=np.float32)[:, None]
    hues = [(70, 255, 160), (90, 230, 220), (176, 96, 255), (60, 220, 120), (255, 90, 170)]
    for curtain in range(4):
        foot = _H * float(rng.uniform(0.34, 0.6)) + smooth(rng, _W, 5) * _H * 0.13
        rays = 0.35 + 0.65 * np.clip(smooth(rng, _W, 46) * 0.7 + smooth(rng, _W, 9) * 0.6 + 0.45, 0, 1)
        reach = _H * (0.22 + 0.16 * (smooth(rng, _W, 7) + 1))
        up = (foot - rows) / reach
        body = np.where(up >= 0, np.exp(-up * 2.2) * np.clip(1.1 - up * 0.35, 0, 1), np.exp(up * 26))
        nearness = np.exp(-(((np.arange(_W, dtype=np.float32) - light_x) / (_W * 0.52)) ** 2)) * 0.7 + 0.35
        low, high = hues[(curtain + int(rng.integers(2))) % 2], hues[2 + int(rng.integers(3))]
        amount = (body * rays * nearness).astype(np.float32)
        add(picture, low, amount * 0.62)
        add(picture, high, amount * np.clip(up, 0, 1) * 0.6)
    for layer in range(3):
        line = _H * (0.66 + 0.09 * layer) - smooth(rng, _W, 6) * 20
        trees = np.zeros(_W, np.float32)
        columns = np.arange(_W, dtype=np.float32)
        for x in rng.uniform(0, _W, 60 - 12 * layer):
            height, width = rng.uniform(24, 62) * (0.7 + 0.5 * layer), rng.uniform(5, 11) * (0.8 + 0.5 * layer)
            steps = np.floor(np.clip(1 - np.abs(columns - x) / width, 0, 1) * 7) / 7
            jag = np.clip(1 - np.abs(columns - x) / width, 0, 1)
            trees = np.maximum(trees, height * (0.65 * jag + 0.35 * steps))
        tone = np.array([18, 46, 58], np.float32) * (1 - layer / 2) * 0.9 + np.array([4, 12, 18], np.float32)
        mix(picture, tone, below((line - trees).astype(np.float32), _H))
    return picture


def _desert(rng: np.random.Generator, light_x: float) -> np.ndarray:
    stops = _pick(
        rng,
        [(0, (64, 132, 160)), (0.3, (166, 190, 180)), (0.5, (250, 206, 150)), (1, (250, 206, 150))],
        [(0, (110, 84, 140)), (0.3, (214, 136, 140)), (0.5, (255, 190, 130)), (1, (255, 190, 130))],
        [(0, (52, 96, 150)), (0.28, (140, 170, 196)), (0.5, (246, 224, 190)), (1, (246, 224, 190))],
    )
    picture = _sky(stops)
    sun_y = _H * float(rng.uniform(0.2, 0.4))
    add(picture, (110, 76, 40), glow(_H, _W, light_x, sun_y, 210))
    add(picture, (255, 236, 190), np.clip(glow(_H, _W, light_x, sun_y, 40) * 1.8 - 0.6, 0, 1))
    sand = np.array([222, 142, 84], np.float32) + rng.uniform(-18, 18, 3).astype(np.float32)
    rows = np.arange(_H, dtype=np.float32)[:, None]
    toward = np.sign(light_x - _W / 2)
    for layer in range(5):
        near = layer / 4
        base = _H * (0.5 + 0.36 * near)
        crest = base - smooth(rng, _W, 4 + layer % 3) * _H * (0.05 + 0.035 * near) - smooth(rng, _W, 11) * 5
        shape = below(crest, _H)
        slope = np.gradient(crest).astype(np.float32) * -toward
        # The knife edge of a dune: one side in the sun, the other in shadow, divided by a line that wanders down.
        divide = crest + (40 + 90 * near) * (0.5 + 0.5 * smooth(rng, _W, 6))
        lit = np.clip(0.52 + slope * 0.9 + (divide - rows) / (160 + 120 * near), 0.0, 1)
        haze = np.asarray(stops[2][1], np.float32)
        bright, dark = sand * (1.12 - 0.1 * near), sand * np.array([0.5, 0.4, 0.46], np.float32) * (1 - 0.3 * near)
        tone = dark + (bright - dark) * lit[..., None]
        tone += (haze - tone) * ((1 - near) ** 1.4 * 0.62)
        ripple = np.sin((rows - crest) * (0.95 - 0.5 * near) + smooth(rng, _W, 8) * 7) * (0.008 + 0.026 * near)
        picture += (tone * (1 + ripple[..., None]) - picture) * shape[..., None]
    return picture


_PAINTERS: dict[str, Callable[[np.random.Generator, float], np.ndarray]] = {
    "summit": _summit,
    "track": _track,
    "sunrise": _sunrise,
    "city-night": _city_night,
    "aurora": _aurora,
    "desert": _desert,
}
