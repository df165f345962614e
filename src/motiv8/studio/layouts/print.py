"""Dots of ink on coloured paper, like a concert poster: light, half-tone and solid, a sun behind the head."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

from motiv8.catalogue.formats import FORMATS
from motiv8.studio import layers
from motiv8.studio.lettering import set_type
from motiv8.studio.lighting import exposure
from motiv8.studio.noise import generator
from motiv8.studio.placement import WIDTH, Arrangement, Placement, Window, arrange
from motiv8.studio.typography import mixed

if TYPE_CHECKING:
    from motiv8.catalogue.modes import Colour
    from motiv8.studio.affordances import Affordances
    from motiv8.studio.design import Design
    from motiv8.studio.layouts import Sheet

_HIGHEST = max(form.height for form in FORMATS.values())
_PITCH = 11.0
"""Pixels between the dots' rows."""
_BAND = 86
"""Pixels of the solid band above the type's first line: the person ends behind it."""
_FRAMED = 170
_LARGEST = 2.6
_CREAM = (255, 252, 244)


def arranged(afforded: Affordances, design: Design) -> Arrangement:
    """Head and shoulders above the band; a frame, which has type of its own, shows no band."""
    sheet = design.sheet
    band = sheet.ground + (_FRAMED if design.tone == "tease" else -_BAND)
    wanted = Placement(1.32 * sheet.closeness, WIDTH / 2, 0.58 * sheet.ground)
    return arrange(afforded, Window(0, 0, WIDTH, band), wanted, _LARGEST * sheet.closeness)


def picture(sheet: Sheet) -> np.ndarray:
    """The person in dots of ink, a band below them: `uint8[H, 1080, 3]`."""
    design, height, where = sheet.design, sheet.height, sheet.arranged.placement
    band = round(sheet.arranged.window.bottom)
    ink, paper = (design.palette.ground, design.palette.accent)
    if design.theme == "light":
        ink, paper = paper, ink
    light = mixed(paper, _CREAM, 0.72)
    disc, ray = mixed(paper, _CREAM, 0.38), mixed(paper, ink, 0.16)
    if generator("paper", design.mode, design.day.isoformat()).random() < 0.5:
        # The sun is of the strong colour, and the paper pale.
        strong = paper if design.theme == "dark" else mixed(paper, ink, 0.42)
        paper = mixed(paper, _CREAM, 0.78 if design.theme == "dark" else 0.2)
        disc, ray = strong, mixed(paper, strong, 0.3)
    printed = Image.new("RGB", (WIDTH, height), paper)
    draw = ImageDraw.Draw(printed)
    _sun(draw, where, disc, ray, design)
    person = layers.placed_on(sheet.cutout, where, band)
    cover = Image.fromarray(np.ascontiguousarray(person[..., 3]))
    printed.paste(light, (0, 0, WIDTH, band), cover)
    printed.paste(ink, (0, 0, WIDTH, band), Image.fromarray(_dots(person, exposure(sheet.cutout))))
    draw.rectangle((0, band, WIDTH, height), fill=design.palette.ground)
    draw.rectangle((0, band, WIDTH, band + 9), fill=design.palette.accent)
    return layers.drawn(np.asarray(printed), [layers.finish(design, height)])


def letter(image: Image.Image, sheet: Sheet) -> None:
    """Date, line and signature on the band. Raises CannotBeSet."""
    set_type(image, sheet.design, sheet.line)


def _dots(person: np.ndarray, brighter: float) -> np.ndarray:
    """Where there is ink, `uint8[H, 1080]`: dots whose size follows how dark the person is."""
    alpha = person[..., 3]
    luma = np.asarray(Image.fromarray(person[..., :3]).convert("L"), np.float32) * np.float32(brighter / 255)
    # Some contrast, so that a flat photo has lights and darks as well.
    dark = np.clip((np.float32(0.94) - luma) * np.float32(1.18), 0, 1)
    ink = (dark - _screen()[: len(luma)]) * np.float32(_PITCH * 0.62) + np.float32(0.5)
    np.clip(ink, 0, 1, out=ink)
    made: np.ndarray = (ink * alpha).astype(np.uint8)
    return made


@lru_cache(maxsize=1)
def _screen() -> np.ndarray:
    """The darkness from which on each pixel has ink, `float32[_HIGHEST, 1080]`, 0 to 1: round dots at 45°."""
    turn = np.float32(math.pi * math.sqrt(2) / _PITCH)
    x, y = np.arange(WIDTH, dtype=np.float32) * turn, np.arange(_HIGHEST, dtype=np.float32)[:, None] * turn
    wave = np.float32(0.5) + np.float32(0.25) * (np.cos(x + y) + np.cos(x - y))
    # By how much of the sheet lies below a level, so that half dark is half ink.
    levels = np.quantile(wave[:64, :64], np.linspace(0, 1, 33))
    screen: np.ndarray = np.interp(wave, levels, np.linspace(0, 1, 33)).astype(np.float32)
    return screen


def _sun(draw: ImageDraw.ImageDraw, where: Placement, disc: Colour, ray: Colour, design: Design) -> None:
    """Rays from behind the head, and a disc around it."""
    rng = generator("rays", design.mode, design.day.isoformat())
    turn, count = float(rng.uniform(0, 2 * math.pi)), int(rng.integers(9, 17))
    for number in range(count):
        start = turn + number * math.tau / count
        edges = [
            (where.x + 2400 * math.cos(each), where.y + 2400 * math.sin(each)) for each in (start, start + 2.8 / count)
        ]
        draw.polygon([(where.x, where.y), *edges], fill=ray)
    radius = float(rng.uniform(350, 440)) * design.sheet.closeness
    draw.ellipse((where.x - radius, where.y - radius, where.x + radius, where.y + radius), fill=disc)
