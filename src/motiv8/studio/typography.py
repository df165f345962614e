"""Setting type: three families with real weights (all SIL Open Font Licence), fitted, measured, never hyphenated."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

import font_manrope
import font_source_sans_pro
import font_source_serif_pro
import numpy as np
from PIL import ImageDraw, ImageFont

Colour = tuple[int, int, int]
Typeface = tuple[str, str]
"""A family (`sans`, `serif`, `geometric`) and a weight that its package has."""

_FAMILIES = {
    "sans": Path(font_source_sans_pro.__file__).parent / "files" / "SourceSansPro",
    "serif": Path(font_source_serif_pro.__file__).parent / "files" / "SourceSerifPro",
    "geometric": Path(font_manrope.__file__).parent / "files" / "Manrope",
}
_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC")
_STEP = 12
"""Pixels by which a column is narrowed to make its lines even."""
LEAST_CONTRAST = 4.5
"""WCAG 2.2, 1.4.3: normal text against what is behind it."""


class CannotBeSet(ValueError):
    """A text holds what the families have no letters for, or does not fit; the text of the error says which."""


@cache
def font(family: str, weight: str, size: int) -> ImageFont.FreeTypeFont:
    """A family in a weight and size in pixels."""
    file = f"{_FAMILIES[family]}-{weight}.ttf"
    return ImageFont.truetype(file, size, layout_engine=ImageFont.Layout.BASIC)


def typeface_for(text: str, family: str, weight: str) -> Typeface:
    """The typeface, or the heaviest of the family with the most letters where this one lacks a letter of the text.

    Raises CannotBeSet for emoji, control characters and scripts other than Latin, Greek and Cyrillic.
    """
    for letter in unicodedata.normalize("NFC", text):
        _check(letter)
    for candidate in ((family, weight), ("sans", "Black")):
        if all(_has(*candidate, letter) for letter in set(unicodedata.normalize("NFC", text)) if letter != " "):
            return candidate
    missing = next(letter for letter in text if letter != " " and not _has("sans", "Black", letter))
    raise CannotBeSet(f"There is no letter for {missing!r}: use Latin, Greek or Cyrillic text.")


def _check(letter: str) -> None:
    category = unicodedata.category(letter)
    if category[0] == "L" and not unicodedata.name(letter, "").startswith(_SCRIPTS):
        raise CannotBeSet(f"{letter!r} cannot be set: use Latin, Greek or Cyrillic text.")
    # Symbols of other kinds are emoji and pictures, marks the joiners between them.
    if category in {"So", "Sk", "Cf", "Cc", "Cs", "Co", "Cn", "Me"} or letter in "\u2028\u2029":
        raise CannotBeSet(f"{letter!r} cannot be set: leave out emoji and control characters.")


@cache
def _has(family: str, weight: str, letter: str) -> bool:
    face = font(family, weight, 40)
    return bytes(face.getmask(letter)) != _missing(family, weight)


@cache
def _missing(family: str, weight: str) -> bytes:
    # A noncharacter, which no font has.
    return bytes(font(family, weight, 40).getmask("\uffff"))


def fit(text: str, typeface: Typeface, width: int, largest: int, smallest: int) -> tuple[list[str], int]:
    """The text on one or two balanced lines and the largest size, in steps of 2, at which they fit the width.

    Words are never broken. Raises CannotBeSet for a text that does not fit at the smallest size.
    """
    for size in range(largest, smallest - 1, -2):
        for lines in _breaks(unicodedata.normalize("NFC", text)):
            if all(font(*typeface, size).getlength(line) <= width for line in lines):
                return lines, size
    raise CannotBeSet(f"does not fit on two lines: {text!r}")


def paragraph(
    text: str, typeface: Typeface, width: int, height: int, largest: int, smallest: int, leading: float = 1.04
) -> tuple[list[str], int]:
    """The text on as few and as even lines as there are at the largest size that fits width and height.

    Words are never broken. Raises CannotBeSet.
    """
    words = unicodedata.normalize("NFC", text).split()
    for size in range(largest, smallest - 1, -4):
        face = font(*typeface, size)
        lines = _wrapped(words, face, width)
        if lines and len(lines) * size * leading <= height:
            # The narrowest column that takes no more lines has the most even ones.
            for narrower in range(width - _STEP, 0, -_STEP):
                even = _wrapped(words, face, narrower)
                if len(even) != len(lines):
                    break
                lines = even
            return lines, size
    raise CannotBeSet(f"does not fit: {text!r}")


def _wrapped(words: list[str], face: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """The words on lines as full as they can be; nothing where a word is wider than the lines."""
    lines: list[str] = []
    for word in words:
        if face.getlength(word) > width:
            return []
        if lines and face.getlength(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _breaks(text: str) -> list[list[str]]:
    words = text.split()
    halves = [[" ".join(words[:cut]), " ".join(words[cut:])] for cut in range(1, len(words))]
    # Where the sentence pauses is the better place, unless the halves become too unlike.
    halves.sort(key=lambda lines: abs(len(lines[0]) - len(lines[1])) - 12 * (lines[0][-1] in ".,:;?!"))
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
    """Draw letter-spaced Source Sans, its baseline's left end (or middle) at `place`; returns its width in pixels."""
    face = font("sans", weight, size)
    width = sum(face.getlength(letter) + gap for letter in text) - gap
    x = place[0] - width / 2 if centred else place[0]
    for letter in text:
        draw.text((x, place[1]), letter, font=face, fill=ink, anchor="ls")
        x += face.getlength(letter) + gap
    return width


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """A colour between two: `share` says how much of the other is in it, 0 to 1."""
    red, green, blue = (round(a * (1 - share) + b * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def contrast(one: Colour, other: Colour) -> float:
    """Contrast ratio of two sRGB colours, 1 to 21 (WCAG 2.2)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    channels = np.asarray(colour, np.float64) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))
