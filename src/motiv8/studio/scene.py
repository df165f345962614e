"""The place behind the person: drawn for a mode and a date, the same for everybody on that date.

Scenes are painted at half size, where light and haze cost a quarter, and brought to full size: what lies behind a
portrait is out of focus anyway, and the grain that the poster lays over everything gives the sharpness back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from motiv8.catalogue.formats import DEFAULT_FORMAT, FORMATS
from motiv8.catalogue.modes import MODES
from motiv8.studio.noise import generator
from motiv8.studio.scenes.sky import WIDTH

if TYPE_CHECKING:
    from datetime import date

Painter = Callable[[np.random.Generator, int, float], np.ndarray]


@dataclass(frozen=True, slots=True)
class Light:
    """Where the scene's light stands: `x` from -1 (left edge) to 1, never right behind the head."""

    x: float


def light_of(mode: str, day: date) -> Light:
    """The light of a scene, so that the person can be lit from the same side."""
    rng = generator("light", mode, day.isoformat())
    side = 1 if rng.random() < 0.5 else -1
    return Light(side * float(rng.uniform(0.35, 0.85)))


def painter(mode: str) -> Painter:
    """What draws a mode, from the file of its name in `scenes`. Raises KeyError for a mode that the catalogue lacks."""
    if mode not in MODES:
        raise KeyError(mode)
    found: Painter = import_module(f"motiv8.studio.scenes.{mode.replace('-', '_')}").paint
    return found


def make(mode: str, day: date, theme: str = "dark", form: str = DEFAULT_FORMAT) -> np.ndarray:
    """The scene of a mode on a date: `uint8[H, 1080, 3]` RGB, as high as the format. Raises KeyError."""
    small = Image.fromarray(paint(mode, day, theme, form))
    return np.asarray(small.resize((FORMATS[form].width, FORMATS[form].height), Image.Resampling.BICUBIC))


def paint(mode: str, day: date, theme: str = "dark", form: str = DEFAULT_FORMAT) -> np.ndarray:
    """The same at half size, `uint8[H / 2, 540, 3]`."""
    rng = generator("scene", mode, day.isoformat())
    light_x = (light_of(mode, day).x + 1) / 2 * WIDTH
    painted = painter(mode)(rng, FORMATS[form].height // 2, light_x)
    if theme == "light":
        painted = _lightened(painted, MODES[mode].day.ground)
    return np.ascontiguousarray(np.clip(painted, 0, 255).astype(np.uint8))


def _lightened(painted: np.ndarray, ground: tuple[int, int, int]) -> np.ndarray:
    """The same place in a light haze that thickens towards the ground: dark shapes lift, light ones stay."""
    rows = np.linspace(0.0, 1.0, painted.shape[0], dtype=np.float32)[:, None, None]
    unit = np.clip(painted / 255, 0, 1)
    lifted = 1 - (1 - unit) ** (1.9 + 0.5 * rows)
    mist = np.asarray(ground, np.float32) / 255
    mixed: np.ndarray = (lifted + (mist - lifted) * (0.1 + 0.3 * rows)) * 255
    return mixed
