"""The type on a sheet, and the frame around a teasing one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

from motiv8.catalogue.formats import DEFAULT_FORMAT
from motiv8.studio.placement import MARGIN, WIDTH
from motiv8.studio.provenance import MADE_WITH
from motiv8.studio.typography import Colour, Typeface, contrast, fit, font, mixed, paragraph, spaced, typeface_for

if TYPE_CHECKING:
    import numpy as np

    from motiv8.catalogue.modes import Palette
    from motiv8.studio.design import Design
    from motiv8.studio.placement import Placement


def set_type(picture: Image.Image, design: Design, line: str, largest: int = 88) -> None:
    """Draw date, line and signature at the lower left. Raises CannotBeSet for a line that cannot be set."""
    draw, sheet, palette = ImageDraw.Draw(picture), design.sheet, design.palette
    family, weight = typeface_for(line, *design.look.typeface)
    lines, size = fit(line, (family, weight), WIDTH - 2 * MARGIN, largest, 44)
    leading = round(size * 1.06)
    baseline = sheet.text_bottom - leading * (len(lines) - 1)
    above = baseline - round(size * 0.76) - 34
    draw.rectangle((MARGIN, above - 13, MARGIN + 44, above - 8), fill=palette.accent)
    spaced(draw, (MARGIN + 62, above), design.dated.upper(), "Semibold", 25, 4.0, palette.accent)
    face = font(family, weight, size)
    for text in lines:
        # The side bearing of large type would make it look indented.
        draw.text((MARGIN - round(size * 0.05), baseline), text, font=face, fill=palette.ink, anchor="ls")
        baseline += leading
    _sign(draw, design, palette, MARGIN)


_SMALLEST_IN_COLUMN = 16
"""Pixels: at this size the narrowest column holds the widest word that people may choose (`accounts.own_lines`)."""


def column(
    draw: ImageDraw.ImageDraw,
    line: str,
    design: Design,
    room: tuple[int, int, int, int],
    largest: int,
    palette: Palette,
    *,
    from_below: bool = False,
) -> None:
    """The date and the line in large type within left, top, right and bottom, the signature below.

    They stand at its top, or `from_below` at its bottom. Raises CannotBeSet.
    """
    left, top, right, bottom = room
    typeface = typeface_for(line, *design.look.typeface)
    width, dated = right - left, design.dated.upper()
    day = fitting(dated, ("sans", "Semibold"), width, 25, 15)
    lines, size = paragraph(line, typeface, width, bottom - top - 60, largest, _SMALLEST_IN_COLUMN)
    leading = round(size * 1.04)
    first = bottom - leading * (len(lines) - 1) if from_below else top + 60 + round(size * 0.76)
    above = first - round(size * 0.76) - 30
    draw.rectangle((left, above - 34, left + 44, above - 29), fill=palette.accent)
    draw.text((left, above), dated, font=day, fill=palette.accent, anchor="ls")
    for number, text in enumerate(lines):
        place = (left - round(size * 0.05), first + number * leading)
        draw.text(place, text, font=font(*typeface, size), fill=palette.ink, anchor="ls")
    _sign(draw, design, palette, left)


def centred(picture: Image.Image, design: Design, line: str, top: int, palette: Palette) -> None:
    """The date and the line in the middle below a row, the signature below them. Raises CannotBeSet."""
    draw, sheet = ImageDraw.Draw(picture), design.sheet
    typeface = typeface_for(line, *design.look.typeface)
    lines, size = fit(line, typeface, WIDTH - 2 * MARGIN, 76, 40)
    room = sheet.text_bottom - top
    first = top + round((room - 44 - size * 1.06 * (len(lines) - 1)) / 2) + 52
    spaced(
        draw,
        (WIDTH / 2, first - round(size * 0.76) - 26),
        design.dated.upper(),
        "Semibold",
        25,
        4.0,
        palette.accent,
        centred=True,
    )
    for number, text in enumerate(lines):
        place = (WIDTH / 2, first + number * round(size * 1.06))
        draw.text(place, text, font=font(*typeface, size), fill=palette.ink, anchor="ms")
    _sign(draw, design, palette, None)


def behind(word: str, width: int, design: Design) -> tuple[ImageFont.FreeTypeFont, int]:
    """The typeface and the size at which a word in capitals fills a width, at most a quarter of the sheet high."""
    typeface = typeface_for(word, *design.look.typeface)
    tall = font(*typeface, 100)
    size = int(min(100 * width / tall.getlength(word), design.sheet.height / 4))
    return font(*typeface, size), size


def standing_out(scene: np.ndarray, design: Design) -> Colour:
    """The colour of the palette that stands out most from the upper third of a scene, `uint8[H, 1080, 3]`."""
    red, green, blue = (round(each) for each in scene[: scene.shape[0] // 3 : 8, ::8].mean(axis=(0, 1)))
    return max(design.palette, key=lambda colour: contrast(colour, (red, green, blue)))


def fitting(text: str, typeface: Typeface, width: int, largest: int, smallest: int) -> ImageFont.FreeTypeFont:
    """The typeface at the largest size at which the text fits the width, or the smallest."""
    sizes = (font(*typeface, size) for size in range(largest, smallest - 1, -1))
    return next((each for each in sizes if each.getlength(text) <= width), font(*typeface, smallest))


def _sign(draw: ImageDraw.ImageDraw, design: Design, palette: Palette, left: int | None) -> None:
    """What made a marked picture, at the left or in the middle."""
    if design.marked:
        ink = mixed(palette.ground, palette.ink, 0.62)
        place = (WIDTH / 2 if left is None else left, design.sheet.signature)
        spaced(draw, place, MADE_WITH, "Semibold", 22, 2.0, ink, centred=left is None)


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
    title_at = (WIDTH / 2, hung.title)
    spaced(draw, title_at, design.look.tease_title, "Light", hung.title_size, 20.0, ink, centred=True)
    typeface = typeface_for(line, "sans", "Regular")
    lines, size = fit(line, typeface, WIDTH - 2 * MARGIN - 60, 42, 30)
    for index, text in enumerate(lines):
        place = (WIDTH / 2, hung.line + index * round(size * 1.22))
        draw.text(place, text, font=font(*typeface, size), fill=ink, anchor="ms")
    if design.marked:
        spaced(draw, (WIDTH / 2, hung.signature), MADE_WITH, "Semibold", 20, 2.0, mark, centred=True)
    return sheet
