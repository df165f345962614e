"""Comparing pictures."""

from __future__ import annotations

import numpy as np


def differing(one: np.ndarray, other: np.ndarray, more_than: int) -> np.ndarray:
    """Where any channel of two pictures (`uint8[H, W, 3]`) differs by more than so many levels: `bool[H, W]`."""
    # Much faster than the largest over the last axis.
    red, green, blue = np.moveaxis(np.maximum(one, other) - np.minimum(one, other) > more_than, -1, 0)
    changed: np.ndarray = red | green | blue
    return changed
