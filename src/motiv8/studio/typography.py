"""Setting type: one family, real weights (Source Sans Pro, SIL Open Font Licence), fitted and measured."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import font_source_sans_pro
import numpy as np
from PIL import ImageDraw, ImageFont

Colour = tuple[int, int, int]

_FILES = Path(font_source_sans_pro.__file__).parent / "files"
LEAST_CONTRAST = 4.5
"""WCAG 2.2, 1.4.3: normal text against what is behind it."""


@cache
def font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    """Source Sans Pro in a weight (`Light`, `Regular`, `Semibold`, `Bold`, `Black`) and size in pixels."""
    return ImageFont.truetype(_FILES / f"SourceSansPro-{weight}.ttf", size, layout_engine=ImageFont.Layout.BASIC)


def fit(text: str, weight: str, width: int, largest: int, smallest: int) -> tuple[list[str], int]:
    """The text on one or two balanced lines and the largest size, in steps of 2, at which they fit the width.

    Raises ValueError for a text that does not fit at the smallest size.
    """
    for size in range(largest, smallest - 1, -2):
        for lines in _breaks(text):
            if all(font(weight, size).getlength(line) <= width for line in lines):
                return lines, size
    raise ValueError(f"does not fit on two lines: {text!r}")


def _breaks(text: str) -> list[list[str]]:
    words = text.split()
    halves = [[" ".join(words[:cut]), " ".join(words[cut:])] for cut in range(1, len(words))]
    halves.sort(key=lambda lines: abs(len(lines[0]) - len(lines[1])))
    # A short line stays whole; a long one is broken where both halves are alike.
    return [[text], *halves] if len(text) <= 18 else [*halves[:3], [text]]


def spaced(
    draw: ImageDraw.ImageDraw,
    place: tuple[float, float],
    text: str,
    weight: str,
    size: int,
    gap: float,
    ink: Colour,
    *,
    centred: bool = False,
) -> float:
    """Draw letter-spaced text with its baseline's left end (or middle) at `place`; returns its width in pixels."""
    face = font(weight, size)
    width = sum(face.getlength(letter) + gap for letter in text) - gap
    x = place[0] - width / 2 if centred else place[0]
    for letter in text:
        draw.text((x, place[1]), letter, font=face, fill=ink, anchor="ls")
        x += face.getlength(letter) + gap
    return width


def contrast(one: Colour, other: Colour) -> float:
    """Contrast ratio of two sRGB colours, 1 to 21 (WCAG 2.2)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    channels = np.asarray(colour, np.float64) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))
