"""Seeded noise and light for the scenes, `float32` throughout."""

from __future__ import annotations

import hashlib

import numpy as np
from PIL import Image

Colour = tuple[float, float, float]


def generator(*parts: object) -> np.random.Generator:
    """A generator that is the same for the same parts, on every machine and in every process."""
    text = "/".join(str(part) for part in parts)
    return np.random.Generator(np.random.PCG64(int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])))


def ridge(rng: np.random.Generator, width: int, knots: int, roughness: float, octaves: int = 5) -> np.ndarray:
    """A mountain line: `float32[width]`, about -1 to 1; each octave has twice the knots and `roughness` the height."""
    line = np.zeros(width, np.float32)
    height, total = 1.0, 0.0
    across = np.linspace(0, 1, width, dtype=np.float32)
    for octave in range(octaves):
        points = knots * 2**octave + 1
        line += height * np.interp(across, np.linspace(0, 1, points), rng.uniform(-1, 1, points)).astype(np.float32)
        total += height
        height *= roughness
    return line / np.float32(total * 0.6)


def smooth(rng: np.random.Generator, width: int, knots: int) -> np.ndarray:
    """A soft line: `float32[width]`, -1 to 1."""
    line: np.ndarray = _resized(rng.uniform(-1, 1, (1, knots)).astype(np.float32), width, 1)[0]
    return line


def cloud(rng: np.random.Generator, height: int, width: int, across: int, down: int, octaves: int = 4) -> np.ndarray:
    """Fractal noise: `float32[height, width]`, 0 to 1, with about `across` by `down` blots in the largest octave."""
    field = np.zeros((height, width), np.float32)
    strength, total = 1.0, 0.0
    for octave in range(octaves):
        grid = rng.uniform(0, 1, (down * 2**octave + 1, across * 2**octave + 1)).astype(np.float32)
        field += strength * _resized(grid, width, height)
        total += strength
        strength *= 0.5
    clipped: np.ndarray = np.clip(field / np.float32(total), 0, 1)
    return clipped


def gradient(height: int, stops: list[tuple[float, Colour]]) -> np.ndarray:
    """A vertical run of colours: `float32[height, 1, 3]`, 0-255; stops are place (0 top, 1 bottom) and colour."""
    places = np.linspace(0, 1, height)
    xs = [place for place, _ in stops]
    channels = [np.interp(places, xs, [colour[channel] for _, colour in stops]) for channel in range(3)]
    return np.stack(channels, axis=-1).astype(np.float32)[:, None]


def glow(height: int, width: int, x: float, y: float, radius: float) -> np.ndarray:
    """Light around a point: `float32[height, width]`, 1 in the middle, half at about 0.8 radius; pixels."""
    columns = ((np.arange(width, dtype=np.float32) - x) / radius) ** 2
    rows = ((np.arange(height, dtype=np.float32)[:, None] - y) / radius) ** 2
    return np.exp(-(rows + columns))


def below(line: np.ndarray, height: int, softness: float = 1.0) -> np.ndarray:
    """1 below a line of row numbers, 0 above, with an edge of `softness` pixels: `float32[height, width]`."""
    rows = np.arange(height, dtype=np.float32)[:, None]
    edge: np.ndarray = np.clip((rows - line) / softness + 0.5, 0, 1)
    return edge


def mix(base: np.ndarray, colour: np.ndarray | Colour, amount: np.ndarray) -> None:
    """Lay a colour over `base` (`float32[H, W, 3]`) in place, as strongly as `amount` (`float32[H, W]`) says."""
    rows = np.flatnonzero(amount.any(axis=1))
    if not rows.size:
        return
    part = slice(rows[0], rows[-1] + 1)
    tones, share = np.broadcast_to(np.asarray(colour, np.float32), base.shape)[part], amount[part]
    # One colour after the other: a last axis of three is the slowest there is.
    for channel in range(3):
        plane = base[part, :, channel]
        plane += (tones[..., channel] - plane) * share


def add(base: np.ndarray, colour: Colour, amount: np.ndarray) -> None:
    """Add light to `base` (`float32[H, W, 3]`) in place."""
    for channel in range(3):
        base[..., channel] += np.float32(colour[channel]) * amount


def add_glow(base: np.ndarray, colour: Colour, x: float, y: float, radius: float) -> None:
    """Add the light around a point to `base` in place, where it is more than nothing."""
    height, width = base.shape[:2]
    reach = 2.6 * radius
    left, right = max(0, int(x - reach)), min(width, int(x + reach) + 1)
    top, bottom = max(0, int(y - reach)), min(height, int(y + reach) + 1)
    if left < right and top < bottom:
        add(base[top:bottom, left:right], colour, glow(bottom - top, right - left, x - left, y - top, radius))


def _resized(grid: np.ndarray, width: int, height: int) -> np.ndarray:
    return np.asarray(Image.fromarray(grid).resize((width, height), Image.Resampling.BICUBIC))
