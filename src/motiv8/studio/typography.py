"""Setting type: sizes of one scale, lines broken where a reader pauses, punctuation that hangs, kerned letters."""

from __future__ import annotations

import math
import unicodedata
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from motiv8.studio.typefaces import TYPEFACES, CannotBeSet, advances, bearing, cap_height, cut, font, length

if TYPE_CHECKING:
    from PIL import ImageDraw

Colour = tuple[int, int, int]

SCALE = tuple(round(16 * 2 ** (step / 6)) for step in range(24))
"""The sizes of type, in pixels: six to double one."""
LEAST_CONTRAST = 4.5
"""WCAG 2.2, 1.4.3: normal text against what is behind it."""
_MOST_LINES = 8
_STOPS, _BREATHS = ".!?;:\u2026", ",\u2013\u2014"
# What a line may cost is told in shares: a share of a line's length, squared, for lines that are not even.
_PAUSE, _MISSED_PAUSE = -0.14, 0.12
_DANGLING, _ALONE, _WIDOW = 0.04, 0.4, 0.3
_SMALLER = 1.0
_HANGING = {".,\"'\u2026\u201a\u201e": 1.0, "!?:;\u00a1\u00bf(": 0.5}
"""How much of a mark hangs out of the measure; quotes and dashes do like commas."""


class Block(NamedTuple):
    """A text on lines, in a typeface at a size of the scale."""

    lines: list[str]
    typeface: str
    size: int

    @property
    def leading(self) -> int:
        """Pixels from one baseline to the next."""
        return round(self.size * TYPEFACES[self.typeface].leading)


def block(
    text: str,
    typeface: str,
    measure: float,
    sizes: tuple[int, int],
    most_lines: int = 2,
    height: float = math.inf,
    smaller: float = _SMALLER,
) -> Block:
    """The text on even lines no wider than the measure, broken where a reader pauses, in the best size and number.

    `sizes` are the largest and the smallest, in pixels; `height` is what there is from the first line's capitals to the
    last baseline; `smaller` is what half the size costs, as breaks do. Words are never broken, and no short word stands
    alone on the last line where that can be helped. Raises CannotBeSet.
    """
    words = unicodedata.normalize("NFC", text).split()
    allowed = [size for size in reversed(SCALE) if sizes[1] <= size <= sizes[0]]
    widths = [max(length(word, typeface, size) / size for size in sizes) for word in words]
    space = length(" ", typeface, sizes[0]) / sizes[0]
    best, least = None, math.inf
    for count in range(1, min(len(words), most_lines) + 1):
        lines, cost = _divided(words, widths, space, count, measure / allowed[-1])
        if cost >= least:
            continue
        fitting = (size for size in allowed if _fits(lines, typeface, size, measure, height))
        size = next(fitting, None)
        if size is not None and (whole := cost + smaller * math.log2(allowed[0] / size)) < least:
            best, least = Block(lines, typeface, size), whole
    if best is None:
        raise CannotBeSet(f"does not fit: {text!r}")
    return best


def _fits(lines: list[str], typeface: str, size: int, measure: float, height: float) -> bool:
    high = size * TYPEFACES[typeface].leading * (len(lines) - 1) + cap_height(typeface, size)
    return high <= height and all(
        length(line, typeface, size) - _hang(line, typeface, size)[0] <= measure for line in lines
    )


def _divided(words: list[str], widths: list[float], space: float, count: int, widest: float) -> tuple[list[str], float]:
    """The words on so many lines, none wider than the widest, and what their breaks cost; infinite if they do not fit.

    By dynamic programming over the lines' ends (Knuth and Plass 1981).
    """
    ends = [0.0, *accumulate(width + space for width in widths)]
    ideal = (ends[-1] - count * space) / count
    costs = [0.0] + [math.inf] * len(words)
    breaks: list[list[int]] = []
    for line in range(count):
        following, chosen = [math.inf] * (len(words) + 1), [0] * (len(words) + 1)
        is_last = line == count - 1
        for end in range(len(words) if is_last else line + 1, len(words) - (count - 1 - line) + 1):
            for start in range(line, end):
                width = ends[end] - ends[start] - space
                if costs[start] == math.inf or width > widest:
                    continue
                cost = costs[start] + ((width - ideal) / ideal) ** 2 / count
                cost += _cost_of_break(words, start, end, is_only=count == 1)
                if count > 1 and width < 0.5 * ideal:
                    cost += _WIDOW if is_last else _ALONE * (1 - _pause(words[end - 1]))
                if cost < following[end]:
                    following[end], chosen[end] = cost, start
        costs, breaks = following, [*breaks, chosen]
    lines, end = [], len(words)
    if costs[end] == math.inf:
        return [], math.inf
    for chosen in reversed(breaks):
        lines.append(" ".join(words[chosen[end] : end]))
        end = chosen[end]
    return lines[::-1], costs[-1]


def _cost_of_break(words: list[str], start: int, end: int, *, is_only: bool) -> float:
    """How a line from a word to another reads: it should end where the sentence pauses, and not run over a pause."""
    if is_only:
        return 0.0
    cost = sum(_pause(word) * _MISSED_PAUSE for word in words[start : end - 1])
    if end < len(words):
        pause = _pause(words[end - 1])
        cost += pause * _PAUSE
        # An article or a preposition belongs to what follows.
        if not pause and len(words[end - 1]) <= 3:
            cost += _DANGLING
    return cost


def _pause(word: str) -> float:
    return 1.0 if word[-1] in _STOPS else 0.5 if word[-1] in _BREATHS else 0.0


def _hang(text: str, typeface: str, size: int) -> tuple[float, float]:
    """How far the text's first and last letters hang out of the measure, in pixels."""
    _, family, weight, _ = cut(typeface, size)
    letters = advances(text, family, weight)
    (first, before), (last, after) = letters[0], letters[-1]
    if len(letters) <= 2:
        return 0.0, 0.0
    return size * before * _hanging(first), size * after * _hanging(last)


def _hanging(letter: str) -> float:
    if unicodedata.category(letter[0]) in {"Pi", "Pf", "Pd"}:
        return 1.0
    return next((share for letters, share in _HANGING.items() if letter in letters), 0.0)


def write(
    draw: ImageDraw.ImageDraw,
    place: tuple[float, float],
    text: str,
    typeface: str,
    size: int,
    ink: Colour,
    *,
    centred: bool = False,
) -> None:
    """Draw a line of kerned and tracked letters: its baseline begins at the place, or has its middle there.

    Stems stand on the margin, and punctuation hangs beyond it.
    """
    _, family, weight, tracking = cut(typeface, size)
    letters, drawn_with = advances(text, family, weight), font(family, weight, size)
    before, after = _hang(text, typeface, size)
    x = place[0] - before
    if centred:
        x -= (length(text, typeface, size) - before - after) / 2
    elif not before:
        # The side bearing of large type would make it look indented.
        x -= max(0.0, bearing(letters[0][0][0], typeface, size))
    for letter, advance in letters:
        if letter != " ":
            draw.text((x, place[1]), letter, font=drawn_with, fill=ink, anchor="ls")
        x += size * (advance + tracking)


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
