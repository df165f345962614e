"""Person, scene and type become one picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from motiv8.catalogue.formats import DEFAULT_FORMAT, FORMATS, Format
from motiv8.catalogue.modes import MODES, Mode, Palette
from motiv8.studio import cutout as canvas_of
from motiv8.studio import foreground
from motiv8.studio.noise import generator, smooth
from motiv8.studio.provenance import MADE_WITH
from motiv8.studio.scene import light_of
from motiv8.studio.typography import fit, font, spaced, typeface_for

if TYPE_CHECKING:
    from datetime import date

    from motiv8.studio.face import Face

WIDTH = 1080
_MARGIN = 84
_CLOSEST = 1.75
_GROUND_CLOSED = 80
"""Pixels below the ground's row from which on nothing shines through it any more."""
_HIGHLIGHT = 165.0
"""The 90th percentile of luma (0-255) that a face is brought up to; in good light it is 157 to 239."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How the cut-out goes onto the poster: its scale, and the row of the poster at which the face's middle lies.

    `ground` is the row by which the person has faded into the ground.
    """

    scale: float
    face_y: float
    ground: float

    def face_box(self) -> tuple[float, float, float, float]:
        """The face on the poster: left, top, right, bottom in pixels, hairline to chin."""
        half = canvas_of.FACE_WIDTH * self.scale / 2
        return WIDTH / 2 - half, self.face_y - 1.45 * half, WIDTH / 2 + half, self.face_y + 1.15 * half


def layout(cutout: np.ndarray, form: str = DEFAULT_FORMAT) -> Layout:
    """Large, and standing on the ground: a photo that ends at the collar is brought lower and closer.

    Where the photo itself cuts the head off, the head goes up to the poster's edge, as in a close portrait.
    """
    sheet = FORMATS[form]
    covered = (cutout[::2, ::4, 3] > 128).sum(axis=1)
    rows = np.flatnonzero(covered > 0.35 * max(1, covered.max()))
    bottom = 2.0 * rows[-1] if rows.size else float(canvas_of.HEIGHT)
    top = _cut_off_at(covered)
    if top is not None:
        scale = float(np.clip(sheet.ground / max(1.0, bottom - top), 1.2 * sheet.closeness, _CLOSEST))
        ground = float(np.clip((bottom - top) * scale, 0.8 * sheet.ground, sheet.ground))
        return Layout(scale, float(canvas_of.FACE_CENTRE[1] - top) * scale, ground)
    closeness = np.clip((1150 - bottom) / 350, 0, 1)
    scale = float(1.2 + 0.18 * closeness) * sheet.closeness
    face_y = sheet.ground + 10 - (bottom - canvas_of.FACE_CENTRE[1]) * scale
    return Layout(scale, float(np.clip(face_y, sheet.face_from, sheet.face_to)), sheet.ground)


def _cut_off_at(covered: np.ndarray) -> float | None:
    """The row of the canvas at which the photo cuts the head off, or None: hair begins narrow, a cut begins wide."""
    first = np.flatnonzero(covered > 0)
    if not first.size or 4 * covered[min(first[0] + 2, covered.size - 1)] < 0.55 * canvas_of.FACE_WIDTH:
        return None
    # Below the fade at the photo's border.
    return 2.0 * float(first[0]) + canvas_of.BORDER


@dataclass(frozen=True, slots=True)
class Design:
    """What a picture is to look like: words of `MODES`, `TONES`, `THEMES` and `FORMATS`, and the date.

    A `marked` picture says in a corner and in its files what made it.
    """

    mode: str
    day: date
    tone: str = "motivate"
    theme: str = "dark"
    form: str = DEFAULT_FORMAT
    marked: bool = True

    @property
    def look(self) -> Mode:
        """The mode."""
        return MODES[self.mode]

    @property
    def palette(self) -> Palette:
        """The colours of ground and type."""
        return self.look.palette(self.theme)

    @property
    def sheet(self) -> Format:
        """The size, and what lies where on it."""
        return FORMATS[self.form]


def compose(cutout: np.ndarray, scene: np.ndarray, line: str, design: Design) -> np.ndarray:
    """The finished picture, `uint8[H, 1080, 3]` RGB.

    `cutout` is `uint8[1350, 1080, 4]` as `cutout.cut_out` gives it, `scene` is `uint8[H, 1080, 3]`. The same input
    gives the same bytes. Raises ValueError for a line that does not fit or cannot be set.
    """
    plan = layout(cutout, design.form)
    picture = scene.astype(np.float32)
    light_x = light_of(design.mode, design.day).x
    _place_person(picture, cutout, plan, design, light_x)
    _lay_ground(picture[: _closed_from(plan.ground, picture, design)], design, plan.ground, 0.55)
    _lay_foreground(picture, design, plan, light_x)
    return _completed(picture, line, design, plan)


def letter(picture: np.ndarray, found: Face, line: str, design: Design) -> np.ndarray:
    """A picture that an engine painted whole, `uint8[H, 1080, 3]`, with ground, grain and type; `found` is its face.

    Raises ValueError for a line that does not fit or cannot be set.
    """
    painted = picture.astype(np.float32)
    _, top, width, height = found.box
    plan = Layout(width / canvas_of.FACE_WIDTH, top + height / 2, design.sheet.ground)
    return _completed(painted, line, design, plan)


def type_begins(design: Design) -> int:
    """The row, in pixels from the top, below which no face may reach: the ground that carries the type begins there."""
    return design.sheet.ground - 110


def _completed(picture: np.ndarray, line: str, design: Design, plan: Layout) -> np.ndarray:
    """Ground, grain, and the type or the frame, as the tone asks, on a `float32[H, 1080, 3]`. Raises ValueError."""
    teasing = design.tone == "tease"
    _lay_ground(picture, design, plan.ground, 0.9 if teasing else 0.97)
    _finish(picture, design)
    finished = Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))
    if teasing:
        return np.asarray(_framed(finished, design, line, plan))
    _set_type(finished, design, line)
    return np.asarray(finished)


def _place_person(picture: np.ndarray, cutout: np.ndarray, plan: Layout, design: Design, light_x: float) -> None:
    look = design.look
    height = _closed_from(plan.ground, picture, design)
    person = _scaled(cutout, plan, height)
    alpha = np.asarray(person.getchannel("A"))
    rows = np.flatnonzero(alpha.any(axis=1))
    if not rows.size:
        return
    top, bottom = max(0, rows[0] - 200), min(height, rows[-1] + 1)
    part = np.asarray(person)[top:bottom]
    cover = part[..., 3].astype(np.float32) / 255
    colour = _lit(part[..., :3], exposure(cutout), look, light_x)
    behind = picture[top:bottom]
    _halo(behind, cover, look)
    rim = _rim(cover, light_x)
    colour += np.asarray(look.light, np.float32) * (rim * 0.62)[..., None]
    # Light of the scene creeps around the edge, as it does through a lens.
    soft = _blurred(cover, 14)
    wrap = np.clip((1 - soft) * cover, 0, 1) * 0.30
    around = _blurred_rgb(behind, 18)
    around -= colour
    around *= wrap[..., None]
    colour += around
    colour -= behind
    colour *= cover[..., None]
    behind += colour


def _closed_from(ground: float, picture: np.ndarray, design: Design) -> int:
    """The row below which a hundredth of what is behind the ground is left, which grain hides; in a frame, none."""
    height: int = picture.shape[0]
    return height if design.tone == "tease" else min(height, int(ground) + _GROUND_CLOSED)


def _scaled(cutout: np.ndarray, plan: Layout, sheet_height: int) -> Image.Image:
    left = canvas_of.FACE_CENTRE[0] - WIDTH / 2 / plan.scale
    top = canvas_of.FACE_CENTRE[1] - plan.face_y / plan.scale
    box = (left, top, left + WIDTH / plan.scale, top + sheet_height / plan.scale)
    source = Image.fromarray(cutout)
    shift = max(0, -int(np.floor(box[1])))
    if shift:
        taller = Image.new("RGBA", (source.width, source.height + shift))
        taller.paste(source, (0, shift))
        source, box = taller, (box[0], box[1] + shift, box[2], box[3] + shift)
    box = (box[0], box[1], box[2], min(box[3], source.height))
    height = round((box[3] - box[1]) * plan.scale)
    placed = source.resize((WIDTH, height), Image.Resampling.BICUBIC, box=box)
    whole = Image.new("RGBA", (WIDTH, sheet_height))
    whole.paste(placed, (0, 0))
    return whole


def exposure(cutout: np.ndarray) -> float:
    """What the light of a photo that was taken in the dark is multiplied with, 1 to 2.2.

    By the face's highlights, as `face.DARKEST_HIGHLIGHT` measures them: dark skin in good light stays as it is.
    """
    x, y = (round(each) for each in canvas_of.FACE_CENTRE)
    half = round(canvas_of.FACE_WIDTH / 2)
    face = Image.fromarray(np.ascontiguousarray(cutout[y - half : y + half : 4, x - half : x + half : 4, :3]))
    return float(np.clip(_HIGHLIGHT / max(1.0, float(np.percentile(np.asarray(face.convert("L")), 90))), 1, 2.2))


def _lit(colour: np.ndarray, brighter: float, look: Mode, light_x: float) -> np.ndarray:
    """The person in the scene's light: brighter and in its colour on its side, in the shade's colour on the other."""
    across = np.linspace(-1, 1, WIDTH, dtype=np.float32) * np.float32(1.6 * np.sign(light_x))
    side = np.clip(0.5 + 0.5 * across, 0, 1)[:, None]
    light, shade = np.asarray(look.light, np.float32), np.asarray(look.shade, np.float32)
    tint = shade / shade.mean() * (1 - side) + light / light.mean() * side
    strength = 0.10 + 0.14 * (1 - side)
    gain = look.exposure * brighter * (0.86 + 0.2 * side)
    lit: np.ndarray = np.minimum(colour * ((1 + (tint - 1) * strength) * gain / 255).astype(np.float32), 1)
    # A little more contrast around the middle, 0.8 x + 0.2 (3 x^2 - 2 x^3): photos under a flat light look pasted on
    # otherwise.
    curve = lit * np.float32(-0.4)
    curve += np.float32(0.6)
    curve *= lit
    curve += np.float32(0.8)
    lit *= curve
    lit *= np.float32(255)
    return lit


def _halo(behind: np.ndarray, cover: np.ndarray, look: Mode) -> None:
    """Haze of the scene's light behind the shoulders, so that the person stands before it and not in it."""
    glow = _blurred(cover, 60) * (1 - cover)
    glow *= 0.22
    behind *= (1 - glow)[..., None]
    behind += (np.asarray(look.light, np.float32) * np.float32(0.75) + 30) * glow[..., None]


def _rim(cover: np.ndarray, light_x: float) -> np.ndarray:
    """The narrow edge that faces the light: `float32[H, W]`, 0 to 1."""
    # Edges repeated: where the person leaves the picture there is no edge for the light to catch.
    step = 9 if light_x > 0 else -9
    wide = np.pad(cover, ((7, 0), (9, 9)), mode="edge")[: cover.shape[0]]
    shifted = wide[:, 9 + step : 9 + step + cover.shape[1]]
    rim: np.ndarray = _blurred(np.clip(cover - shifted, 0, 1), 3) * cover
    return rim


def _lay_ground(picture: np.ndarray, design: Design, ground: float, solid: float) -> None:
    """What the person fades into: haze that rises at the sides and closes below the chest."""
    rng = generator("ground", design.mode, design.day.isoformat())
    columns = np.linspace(-1, 1, WIDTH, dtype=np.float32)
    edge = ground - 26 - 70 * columns**2 + smooth(rng, WIDTH, 7) * 16
    if design.tone == "tease":
        edge += 60
    top = max(0, int(edge.min()) - 190)
    rows = np.arange(top, picture.shape[0], dtype=np.float32)[:, None]
    depth = np.clip((rows - edge + 190) / 230, 0, 1)
    depth = depth * depth * (3 - 2 * depth)
    picture[top:] += (np.asarray(design.palette.ground, np.float32) - picture[top:]) * (depth * solid)[..., None]


def _lay_foreground(picture: np.ndarray, design: Design, plan: Layout, light_x: float) -> None:
    """Shapes before the person, between two layers of haze, with the scene's light on their edges."""
    rng = generator("foreground", design.mode, design.day.isoformat())
    chin = plan.face_box()[3]
    foot = max(plan.ground - 100, chin + 190)
    # Whatever the shape, the face stays free; and below, the ground closes over it.
    top, bottom = int(chin) + 20, _closed_from(foot + 100, picture, design)
    cover = foreground.draw(design.look.foreground, rng, picture.shape[0], foot, (top, bottom))
    picture = picture[top:bottom]
    rim = _rim(cover, light_x)
    near = np.asarray(design.palette.ground, np.float32) * (0.7 if design.theme == "dark" else 0.86)
    light = np.asarray(design.look.light, np.float32)
    if design.look.foreground == "lamps":
        picture += light * (cover * 0.55)[..., None]
        return
    picture += (near - picture) * (cover * 0.92)[..., None]
    picture += (light - picture) * (rim * 0.3)[..., None]


def _finish(picture: np.ndarray, design: Design) -> None:
    """Vignette, and grain over everything, so that photo and drawing meet."""
    height = picture.shape[0]
    columns = np.linspace(-1, 1, WIDTH, dtype=np.float32) ** 2
    rows = np.linspace(-1, 1, height, dtype=np.float32)[:, None] ** 2
    depth = 0.2 if design.theme == "dark" else 0.08
    picture *= (1 - depth * np.clip(columns * 0.7 + rows * 0.5 - 0.25, 0, 1))[..., None]
    rng = generator("grain", design.mode, design.day.isoformat())
    grain = rng.normal(0, 5.0, (height // 2, WIDTH)).astype(np.float32)
    picture[: height // 2] += grain[..., None]
    picture[height // 2 :] += grain[::-1, ::-1, None]


def _set_type(picture: Image.Image, design: Design, line: str) -> None:
    draw, sheet, palette = ImageDraw.Draw(picture), design.sheet, design.palette
    family, weight = typeface_for(line, *design.look.typeface)
    lines, size = fit(line, (family, weight), WIDTH - 2 * _MARGIN, 88, 44)
    leading = round(size * 1.06)
    baseline = sheet.text_bottom - leading * (len(lines) - 1)
    dated = f"{design.day:%A} {design.day.day} {design.day:%B}".upper()
    above = baseline - round(size * 0.76) - 34
    draw.rectangle((_MARGIN, above - 13, _MARGIN + 44, above - 8), fill=palette.accent)
    spaced(draw, (_MARGIN + 62, above), dated, "Semibold", 25, 4.0, palette.accent)
    face = font(family, weight, size)
    for text in lines:
        # The side bearing of large type would make it look indented.
        draw.text((_MARGIN - round(size * 0.05), baseline), text, font=face, fill=palette.ink, anchor="ls")
        baseline += leading
    if design.marked:
        spaced(
            draw,
            (_MARGIN, sheet.signature),
            MADE_WITH,
            "Semibold",
            22,
            2.0,
            _between(palette.ink, palette.ground, 0.62),
        )


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


def _framed(picture: Image.Image, design: Design, line: str, plan: Layout) -> Image.Image:
    """A mat, a thin frame around the picture, a title and its undoing."""
    mat, outer, inner_line, ink, mark = _MATS[design.theme]
    hung = _HUNG[design.form]
    sheet = Image.new("RGB", (WIDTH, picture.height), mat)
    inner = (96, hung.top, WIDTH - 96, hung.bottom)
    wide, high = inner[2] - inner[0], inner[3] - inner[1]
    crop_height = round(WIDTH * high / wide)
    top = 0 if plan.face_box()[1] < 70 else min(70, picture.height - crop_height)
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
    lines, size = fit(line, typeface, WIDTH - 2 * _MARGIN - 60, 42, 30)
    for index, text in enumerate(lines):
        place = (WIDTH / 2, hung.line + index * round(size * 1.22))
        draw.text(place, text, font=font(*typeface, size), fill=ink, anchor="ms")
    if design.marked:
        spaced(draw, (WIDTH / 2, hung.signature), MADE_WITH, "Semibold", 20, 2.0, mark, centred=True)
    return sheet


def _between(one: tuple[int, int, int], other: tuple[int, int, int], share: float) -> tuple[int, int, int]:
    red, green, blue = (round(a * share + b * (1 - share)) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _blurred(values: np.ndarray, radius: int) -> np.ndarray:
    """A soft copy of `float32[H, W]` in 0-1; wide blurs are made small, since nobody sees their pixels."""
    image = Image.fromarray((values * 255).astype(np.uint8))
    if radius < 8:
        return np.asarray(image.filter(ImageFilter.BoxBlur(radius)), np.float32) / 255
    factor = radius // 4
    small = image.reduce(factor).filter(ImageFilter.GaussianBlur(radius / factor))
    return np.asarray(small.resize(image.size, Image.Resampling.BILINEAR), np.float32) / 255


def _blurred_rgb(values: np.ndarray, radius: int) -> np.ndarray:
    image = Image.fromarray(np.clip(values[::4, ::4], 0, 255).astype(np.uint8)).filter(ImageFilter.BoxBlur(radius / 4))
    return np.asarray(image.resize((values.shape[1], values.shape[0]), Image.Resampling.BILINEAR), np.float32)
