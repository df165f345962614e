"""The typefaces: which font each has at which size, and how far apart its letters stand.

All are under the SIL Open Font Licence. HarfBuzz says how wide a text is, with the kerning that the fonts ask for.
"""

from __future__ import annotations

import unicodedata
from contextlib import suppress
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import font_rhd
import font_source_sans_pro
import font_source_serif_pro
import uharfbuzz
from PIL import ImageFont

_HERE = Path(__file__).parent / "fonts"
_FAMILIES = {
    "sans": Path(font_source_sans_pro.__file__).parent / "files" / "SourceSansPro",
    "serif": Path(font_source_serif_pro.__file__).parent / "files" / "SourceSerifPro",
    "red-hat": Path(font_rhd.__file__).parent / "files" / "RedHatDisplay",
    "anton": _HERE / "Anton",
    "dm-serif": _HERE / "DMSerifDisplay",
}
_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC")


class CannotBeSet(ValueError):
    """A text holds what the typefaces have no letters for, or does not fit; the text of the error says which."""


class Cut(NamedTuple):
    """The font of a typeface from a size on, in pixels; `tracking` is put between letters, as a share of the size."""

    smallest: int
    family: str
    weight: str
    tracking: float


class Typeface(NamedTuple):
    """Cuts by size; how far apart lines stand, in sizes; how much larger than others it may be, as narrow ones may."""

    cuts: tuple[Cut, ...]
    leading: float = 1.06
    largest: float = 1.0


# A sheet is 1080 pixels wide and a phone some 390 points, so that 45 pixels are read as 16 points and 128 as 46.
# Tracking falls with size as in Material Design 3's type scale (+4.5 % at 11 points, +1.8 % at 14, +0.9 % at 16, -0.4 %
# at 57), and heavy type is a little tighter. What has fine strokes gets a sturdier cut below some 30 points.
TYPEFACES: dict[str, Typeface] = {
    "plain": Typeface(
        (Cut(0, "sans", "Black", 0.012), Cut(45, "sans", "Black", 0.0), Cut(91, "sans", "Black", -0.012))
    ),
    "book": Typeface(
        (Cut(0, "serif", "Black", 0.010), Cut(45, "serif", "Black", 0.0), Cut(91, "serif", "Black", -0.012))
    ),
    "poster": Typeface(
        (
            Cut(0, "sans", "Black", 0.012),
            Cut(40, "anton", "Regular", 0.018),
            Cut(64, "anton", "Regular", 0.010),
            Cut(128, "anton", "Regular", 0.0),
        ),
        leading=1.16,
        largest=1.26,
    ),
    "elegant": Typeface(
        (
            Cut(0, "serif", "Bold", 0.012),
            Cut(81, "dm-serif", "Regular", 0.004),
            Cut(102, "dm-serif", "Regular", -0.006),
            Cut(128, "dm-serif", "Regular", -0.014),
        ),
        largest=1.13,
    ),
    "geometric": Typeface(
        (
            Cut(0, "red-hat", "Bold", 0.012),
            Cut(45, "red-hat", "ExtraBold", 0.0),
            Cut(72, "red-hat", "Black", -0.012),
            Cut(128, "red-hat", "Black", -0.022),
        )
    ),
    # Of a frame.
    "title": Typeface((Cut(0, "sans", "Light", 0.23),)),
    "caption": Typeface((Cut(0, "sans", "Semibold", 0.012), Cut(36, "sans", "Regular", 0.0)), leading=1.22),
    # Small capitals are set wide (Bringhurst, The Elements of Typographic Style, 2.1.6).
    "label": Typeface((Cut(0, "sans", "Semibold", 0.16),)),
    "mark": Typeface((Cut(0, "sans", "Semibold", 0.09),)),
}
FALLBACK = "plain"
"""The typeface with the most letters."""


def cut(typeface: str, size: float) -> Cut:
    """The cut of a typeface at a size in pixels."""
    return next(each for each in reversed(TYPEFACES[typeface].cuts) if each.smallest <= size)


@cache
def font(family: str, weight: str, size: int) -> ImageFont.FreeTypeFont:
    """A family in a weight and size in pixels."""
    return ImageFont.truetype(_file(family, weight), size, layout_engine=ImageFont.Layout.BASIC)


def typeface_for(text: str, typeface: str) -> str:
    """The typeface, or the one with the most letters where this one lacks a letter of the text at one of its sizes.

    Raises CannotBeSet for emoji, control characters and scripts other than Latin, Greek and Cyrillic.
    """
    letters = dict.fromkeys(unicodedata.normalize("NFC", text).replace(" ", ""))
    for letter in letters:
        _check(letter)
    for candidate in (typeface, FALLBACK):
        if all(letters.keys() <= letters_of(each.family, each.weight) for each in TYPEFACES[candidate].cuts):
            return candidate
    missing = next(letter for letter in letters if letter not in letters_of("sans", "Black"))
    raise CannotBeSet(f"There is no letter for {missing!r}: use Latin, Greek or Cyrillic text.")


def advances(text: str, family: str, weight: str) -> tuple[tuple[str, float], ...]:
    """The text's letters, each with the marks on it, and how far on the next one stands, as a share of the size."""
    return _shaped(unicodedata.normalize("NFC", text), family, weight)


def length(text: str, typeface: str, size: float) -> float:
    """How long a text is at a size, in pixels."""
    _, family, weight, tracking = cut(typeface, size)
    letters = advances(text, family, weight)
    return size * (sum(each for _, each in letters) + tracking * max(0, len(letters) - 1))


def cap_height(typeface: str, size: int) -> int:
    """How high the capitals are at a size, in pixels."""
    return ink_height("H", typeface, size)


def ink_height(text: str, typeface: str, size: int) -> int:
    """How far a text reaches above its baseline, with its accents, in pixels."""
    _, family, weight, _ = cut(typeface, size)
    return round(size * max(_reach(letter, family, weight)[1] for letter in text))


def bearing(letter: str, typeface: str, size: int) -> float:
    """How far the ink of a letter begins to the right of where the letter does, in pixels."""
    _, family, weight, _ = cut(typeface, size)
    return size * _reach(letter, family, weight)[0]


@cache
def _reach(letter: str, family: str, weight: str) -> tuple[float, float]:
    """A letter's side bearing and how far it reaches above the baseline, as shares of the size."""
    shaper = _shaper(family, weight)
    extents = shaper.get_glyph_extents(shaper.get_nominal_glyph(ord(letter)) or 0)
    upem = shaper.face.upem
    return (extents.x_bearing / upem, extents.y_bearing / upem) if extents else (0.0, 0.0)


@lru_cache(maxsize=2048)
def _shaped(text: str, family: str, weight: str) -> tuple[tuple[str, float], ...]:
    shaper = _shaper(family, weight)
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    # A ligature would be drawn as its letters.
    uharfbuzz.shape(shaper, buffer, {"kern": True, "liga": False, "clig": False})
    found: dict[int, float] = {}
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        found[info.cluster] = found.get(info.cluster, 0.0) + position.x_advance / shaper.face.upem
    starts = [*found, len(text)]
    return tuple((text[start:end], found[start]) for start, end in pairwise(starts))


@cache
def _shaper(family: str, weight: str) -> uharfbuzz.Font:
    return uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(_file(family, weight))))


def _file(family: str, weight: str) -> str:
    return f"{_FAMILIES[family]}-{weight}.ttf"


def _check(letter: str) -> None:
    category = unicodedata.category(letter)
    if category[0] == "L" and not unicodedata.name(letter, "").startswith(_SCRIPTS):
        raise CannotBeSet(f"{letter!r} cannot be set: use Latin, Greek or Cyrillic text.")
    # Symbols of other kinds are emoji and pictures, marks the joiners between them.
    if category in {"So", "Sk", "Cf", "Cc", "Cs", "Co", "Cn", "Me"} or letter in "\u2028\u2029":
        raise CannotBeSet(f"{letter!r} cannot be set: leave out emoji and control characters.")


@cache
def letters_of(family: str, weight: str) -> frozenset[str]:
    """The letters that a font has and that can be set, composed ones in their usual form."""
    found = set()
    for letter in map(chr, _shaper(family, weight).face.unicodes):
        if letter != " " and (
            unicodedata.category(letter) in {"Mn", "Zs"} or not unicodedata.is_normalized("NFC", letter)
        ):
            continue
        with suppress(CannotBeSet):
            _check(letter)
            found.add(letter)
    return frozenset(found)
