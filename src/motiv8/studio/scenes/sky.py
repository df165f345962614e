"""What every scene begins with."""

from __future__ import annotations

import numpy as np

from motiv8.studio.noise import Colour, gradient

WIDTH = 540
"""Pixels of a scene while it is painted: half of the poster's."""

Stops = list[tuple[float, Colour]]
"""Places from top (0) to bottom (1), and the colour (0-255) at each."""


def sky(height: int, stops: Stops) -> np.ndarray:
    """A run of colours from top to bottom, `float32[height, 540, 3]`; in memory one colour follows the other."""
    planes = np.repeat(gradient(height, stops).transpose(2, 0, 1), WIDTH, axis=2)
    return planes.transpose(1, 2, 0)


def palette(rng: np.random.Generator, *choices: Stops) -> Stops:
    """One of several, a little warmer or colder each day."""
    shift = rng.uniform(-14, 14, 3)
    chosen = choices[rng.integers(len(choices))]
    return [(place, (r + shift[0], g + shift[1], b + shift[2])) for place, (r, g, b) in chosen]
