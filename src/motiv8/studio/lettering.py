"""The type on a sheet, and the frame around a teasing one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from motiv8.catalogue.formats import DEFAULT_FORMAT
from motiv8.studio.placement import MARGIN, WIDTH
from motiv8.studio.provenance import MADE_WITH
from motiv8.studio.typefaces import TYPEFACES, cap_height, length, typeface_for
from motiv8.studio.typography import SCALE, Block, Colour, block, contrast, mixed, write

if TYPE_CHECKING:
    import numpy as np

    from motiv8.catalogue.modes import Palette
    from motiv8.studio.design import Design
    from motiv8.studio.placement import Placement

_SMALLEST = 45
_SMALLEST_IN_COLUMN = 16
"""Pixels: at this size the narrowest column holds the widest word that people may choose (`accounts.own_lines`)."""
_SMALLER_IN_COLUMN = 1.25
"""What half the size costs in a column, where type is to be large."""
_BELOW_DATE = 42
"""Pixels from the date's baseline to the capitals below it."""
_RULE_ABOVE = 20
"""Pixels from a short rule to the date below it."""
_BELOW_DISC = 18
"""Pixels that stay free above the date of a medal."""
_ABOVE_GROUND = 36
"""Pixels above the ground's row from which on the ground carries type."""


def set_type(picture: Image.Image, design: Design, line: str, largest: int = 91) -> None:
    """Draw date, line and signature at the lower left. Raises CannotBeSet for a line that cannot be set."""
    draw, sheet, palette = ImageDraw.Draw(picture), design.sheet, design.palette
    typeface = typeface_for(line, design.look.typeface)
    room = sheet.text_bottom - sheet.ground + _ABOVE_GROUND - cap_height("label", 25) - _BELOW_DATE
    sizes = (_largest(typeface, largest), _SMALLEST)
    set_on = block(line, typeface, WIDTH - 2 * MARGIN, sizes, most_lines=3, height=room)
    baseline = sheet.text_bottom - set_on.leading * (len(set_on.lines) - 1)
    above = baseline - cap_height(typeface, set_on.size) - _BELOW_DATE
    draw.rectangle((MARGIN, above - 11, MARGIN + 44, above - 6), fill=palette.accent)
    write(draw, (MARGIN + 62, above), design.dated.upper(), "label", 25, palette.accent)
    _write_lines(draw, (MARGIN, baseline), set_on, palette.ink)
    _sign(draw, design, palette, MARGIN)


def column(
    draw: ImageDraw.ImageDraw,
    line: str,
    design: Design,
    room: tuple[int, int, int, int],
    largest: int,
    palette: Palette,
    *,
    apart: bool = False,
) -> None:
    """The line in large type at the foot of left, top, right and bottom, the date above it, the signature below.

    `apart`, the date is at the head. Raises CannotBeSet.
    """
    left, top, right, bottom = room
    typeface, width, dated = typeface_for(line, design.look.typeface), right - left, design.dated.upper()
    label = fitting(dated, "label", width, 25, 16)
    taken = cap_height("label", label) + _RULE_ABOVE + _BELOW_DATE
    sizes = (_largest(typeface, largest), _SMALLEST_IN_COLUMN)
    set_on = block(line, typeface, width, sizes, 8, bottom - top - taken, _SMALLER_IN_COLUMN)
    first = bottom - set_on.leading * (len(set_on.lines) - 1)
    above = first - cap_height(typeface, set_on.size) - _BELOW_DATE
    if apart:
        above = top + _RULE_ABOVE + cap_height("label", label)
    draw.rectangle((left, above - _RULE_ABOVE - 14, left + 44, above - _RULE_ABOVE - 9), fill=palette.accent)
    write(draw, (left, above), dated, "label", label, palette.accent)
    _write_lines(draw, (left, first), set_on, palette.ink)
    _sign(draw, design, palette, left)


def centred(picture: Image.Image, design: Design, line: str, top: int, palette: Palette) -> None:
    """The date and the line in the middle below a row, the signature below them. Raises CannotBeSet."""
    draw, sheet = ImageDraw.Draw(picture), design.sheet
    typeface = typeface_for(line, design.look.typeface)
    label = cap_height("label", 25) + _BELOW_DATE
    room = sheet.text_bottom - top - label
    set_on = block(line, typeface, WIDTH - 2 * MARGIN, (_largest(typeface, 72), 40), height=room - _BELOW_DISC)
    high, rest = cap_height(typeface, set_on.size), set_on.leading * (len(set_on.lines) - 1)
    first = top + round((room - high - rest) * 0.55) + label + high
    above = (WIDTH / 2, first - high - _BELOW_DATE)
    write(draw, above, design.dated.upper(), "label", 25, palette.accent, centred=True)
    _write_lines(draw, (WIDTH / 2, first), set_on, palette.ink, centred=True)
    _sign(draw, design, palette, None)


def _write_lines(
    draw: ImageDraw.ImageDraw, place: tuple[float, float], set_on: Block, ink: Colour, *, centred: bool = False
) -> None:
    for number, text in enumerate(set_on.lines):
        at = (place[0], place[1] + number * set_on.leading)
        write(draw, at, text, set_on.typeface, set_on.size, ink, centred=centred)


def _largest(typeface: str, size: int) -> int:
    """The largest size of a typeface where others are set in a size at most."""
    return round(size * TYPEFACES[typeface].largest)


def behind(word: str, width: int, design: Design) -> tuple[str, int]:
    """The typeface and the size at which a word in capitals fills a width, at most a fifth of the sheet high."""
    typeface = typeface_for(word, design.look.typeface)
    size = 1000 * width / length(word, typeface, 1000)
    return typeface, round(min(size, design.sheet.height / 5 * 1000 / cap_height(typeface, 1000)))


def standing_out(scene: np.ndarray, design: Design) -> Colour:
    """The colour of the palette that stands out most from the upper third of a scene, `uint8[H, 1080, 3]`."""
    red, green, blue = (round(each) for each in scene[: scene.shape[0] // 3 : 8, ::8].mean(axis=(0, 1)))
    return max(design.palette, key=lambda colour: contrast(colour, (red, green, blue)))


def fitting(text: str, typeface: str, width: int, largest: int, smallest: int) -> int:
    """The largest size of the scale at which a text fits a width, or the smallest."""
    sizes = [size for size in reversed(SCALE) if smallest <= size <= largest]
    return next((size for size in sizes if length(text, typeface, size) <= width), smallest)


def _sign(draw: ImageDraw.ImageDraw, design: Design, palette: Palette, left: int | None) -> None:
    """What made a marked picture, at the left or in the middle."""
    if design.marked:
        ink = mixed(palette.ground, palette.ink, 0.62)
        place = (WIDTH / 2 if left is None else left, design.sheet.signature)
        write(draw, place, MADE_WITH, "mark", 23, ink, centred=left is None)


_MATS = {
    "dark": ((9, 9, 11), (228, 226, 220), (120, 118, 114), (238, 236, 230), (128, 126, 122)),
    "light": ((246, 244, 238), (52, 50, 46), (158, 154, 148), (28, 26, 24), (110, 108, 104)),
}
"""Of each theme's frame: mat, outer and inner line, ink, signature."""


@dataclass(frozen=True, slots=True)
class _Hanging:
    """Rows of a framed picture: the picture's first and last, the baselines below it, and the title's size."""

    top: int
    bottom: int
    title: int
    title_size: int
    line: int
    signature: int


_HUNG: dict[str, _Hanging] = {
    DEFAULT_FORMAT: _Hanging(84, 1010, 1136, 86, 1206, 1320),
    "story": _Hanging(250, 1290, 1420, 92, 1496, 1610),
    "square": _Hanging(72, 776, 876, 70, 938, 1050),
}


def framed(picture: Image.Image, design: Design, line: str, where: Placement) -> Image.Image:
    """A mat, a thin frame around the picture, a title and its undoing."""
    mat, outer, inner_line, ink, mark = _MATS[design.theme]
    hung = _HUNG[design.form]
    sheet = Image.new("RGB", (WIDTH, picture.height), mat)
    inner = (96, hung.top, WIDTH - 96, hung.bottom)
    wide, high = inner[2] - inner[0], inner[3] - inner[1]
    crop_height = round(WIDTH * high / wide)
    top = 0 if where.face_box()[1] < 70 else min(70, picture.height - crop_height)
    crop_height = min(crop_height, picture.height - top)
    shown = picture.crop((0, top, WIDTH, top + crop_height)).resize((wide, high), Image.Resampling.LANCZOS)
    sheet.paste(shown, inner[:2])
    draw = ImageDraw.Draw(sheet)
    for gap, weight, colour in ((12, 2, outer), (4, 1, inner_line)):
        frame = (inner[0] - gap, inner[1] - gap, inner[2] + gap - 1, inner[3] + gap - 1)
        draw.rectangle(frame, outline=colour, width=weight)
    write(draw, (WIDTH / 2, hung.title), design.look.tease_title, "title", hung.title_size, ink, centred=True)
    set_on = block(line, typeface_for(line, "caption"), WIDTH - 2 * MARGIN - 60, (40, 28))
    _write_lines(draw, (WIDTH / 2, hung.line), set_on, ink, centred=True)
    if design.marked:
        write(draw, (WIDTH / 2, hung.signature), MADE_WITH, "mark", 20, mark, centred=True)
    return sheet
