"""Person, scene and type become one picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from motiv8.studio import cutout as canvas_of
from motiv8.studio.modes import MODES, Mode
from motiv8.studio.noise import generator, smooth
from motiv8.studio.scene import light_of
from motiv8.studio.typography import fit, font, spaced

if TYPE_CHECKING:
    from datetime import date

WIDTH, HEIGHT = 1080, 1350
_MARGIN = 84
_GROUND = 1010
"""The row by which the person has faded into the ground; type stands below it."""
_TEXT_BOTTOM = 1236
_CLOSEST = 1.75
_HIGHEST_GROUND = 800


@dataclass(frozen=True, slots=True)
class Layout:
    """How the cut-out goes onto the poster: its scale, and the row of the poster at which the face's middle lies.

    `ground` is the row by which the person has faded into the ground.
    """

    scale: float
    face_y: float
    ground: float = _GROUND

    def face_box(self) -> tuple[float, float, float, float]:
        """The face on the poster: left, top, right, bottom in pixels, hairline to chin."""
        half = canvas_of.FACE_WIDTH * self.scale / 2
        return WIDTH / 2 - half, self.face_y - 1.45 * half, WIDTH / 2 + half, self.face_y + 1.15 * half


def layout(cutout: np.ndarray) -> Layout:
    """Large, and standing on the ground: a photo that ends at the collar is brought lower and closer.

    Where the photo itself cuts the head off, the head goes up to the poster's edge, as in a close portrait.
    """
    covered = (cutout[::2, ::4, 3] > 128).sum(axis=1)
    rows = np.flatnonzero(covered > 0.35 * max(1, covered.max()))
    bottom = 2.0 * rows[-1] if rows.size else float(HEIGHT)
    top = _cut_off_at(covered)
    if top is not None:
        scale = float(np.clip(_GROUND / max(1.0, bottom - top), 1.2, _CLOSEST))
        ground = float(np.clip((bottom - top) * scale, _HIGHEST_GROUND, _GROUND))
        return Layout(scale, float(canvas_of.FACE_CENTRE[1] - top) * scale, ground)
    closeness = np.clip((1150 - bottom) / 350, 0, 1)
    scale = float(1.2 + 0.18 * closeness)
    face_y = _GROUND + 10 - (bottom - canvas_of.FACE_CENTRE[1]) * scale
    return Layout(scale, float(np.clip(face_y, 500, 735)))


def _cut_off_at(covered: np.ndarray) -> float | None:
    """The row of the canvas at which the photo cuts the head off, or None: hair begins narrow, a cut begins wide."""
    first = np.flatnonzero(covered > 0)
    if not first.size or 4 * covered[min(first[0] + 2, covered.size - 1)] < 0.55 * canvas_of.FACE_WIDTH:
        return None
    # Below the fade at the photo's border.
    return 2.0 * float(first[0]) + canvas_of.BORDER


def compose(cutout: np.ndarray, scene: np.ndarray, mode: str, line: str, tone: str, day: date) -> np.ndarray:
    """The finished picture, `uint8[1350, 1080, 3]` RGB.

    `cutout` is `uint8[1350, 1080, 4]` as `cutout.cut_out` gives it, `scene` is `uint8[1350, 1080, 3]`. The same input
    gives the same bytes.
    """
    look = MODES[mode]
    plan = layout(cutout)
    picture = scene.astype(np.float32)
    light_x = light_of(mode, day).x
    _place_person(picture, cutout, plan, look, light_x)
    _lay_ground(picture, look, mode, day, plan.ground, full=tone != "tease")
    _finish(picture, mode, day)
    finished = Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))
    if tone == "tease":
        top = 0 if plan.face_box()[1] < 70 else 70
        return np.asarray(_framed(finished, look, line, top))
    _set_type(finished, look, line, day)
    return np.asarray(finished)


def _place_person(picture: np.ndarray, cutout: np.ndarray, plan: Layout, look: Mode, light_x: float) -> None:
    person = _scaled(cutout, plan)
    alpha = np.asarray(person.getchannel("A"))
    rows = np.flatnonzero(alpha.any(axis=1))
    if not rows.size:
        return
    top, bottom = max(0, rows[0] - 200), min(HEIGHT, rows[-1] + 1)
    part = np.asarray(person)[top:bottom]
    cover = part[..., 3].astype(np.float32) / 255
    colour = _lit(part[..., :3].astype(np.float32), look, light_x)
    behind = picture[top:bottom]
    _halo(behind, cover, look)
    rim = _rim(cover, light_x)
    colour += np.asarray(look.light, np.float32) * (rim * 0.62)[..., None]
    # Light of the scene creeps around the edge, as it does through a lens.
    soft = _blurred(cover, 14)
    wrap = np.clip((1 - soft) * cover, 0, 1) * 0.30
    colour += (_blurred_rgb(behind, 18) - colour) * wrap[..., None]
    behind += (colour - behind) * cover[..., None]


def _scaled(cutout: np.ndarray, plan: Layout) -> Image.Image:
    left = canvas_of.FACE_CENTRE[0] - WIDTH / 2 / plan.scale
    top = canvas_of.FACE_CENTRE[1] - plan.face_y / plan.scale
    box = (left, top, left + WIDTH / plan.scale, top + HEIGHT / plan.scale)
    source = Image.fromarray(cutout)
    shift = max(0, -int(np.floor(box[1])))
    if shift:
        taller = Image.new("RGBA", (source.width, source.height + shift))
        taller.paste(source, (0, shift))
        source, box = taller, (box[0], box[1] + shift, box[2], box[3] + shift)
    box = (box[0], box[1], box[2], min(box[3], source.height))
    height = round((box[3] - box[1]) * plan.scale)
    placed = source.resize((WIDTH, height), Image.Resampling.BICUBIC, box=box)
    whole = Image.new("RGBA", (WIDTH, HEIGHT))
    whole.paste(placed, (0, 0))
    return whole


def _lit(colour: np.ndarray, look: Mode, light_x: float) -> np.ndarray:
    """The person in the scene's light: brighter and in its colour on its side, in the shade's colour on the other."""
    across = np.linspace(-1, 1, WIDTH, dtype=np.float32) * np.float32(1.6 * np.sign(light_x))
    side = np.clip(0.5 + 0.5 * across, 0, 1)[:, None]
    light, shade = np.asarray(look.light, np.float32), np.asarray(look.shade, np.float32)
    tint = shade / shade.mean() * (1 - side) + light / light.mean() * side
    strength = 0.10 + 0.14 * (1 - side)
    gain = look.exposure * (0.86 + 0.2 * side)
    graded = colour * (1 + (tint - 1) * strength) * gain
    # A little more contrast around the middle: photos under a flat light look pasted on otherwise.
    unit = np.clip(graded / 255, 0, 1)
    unit += 0.10 * (unit * unit * (3 - 2 * unit) - unit) * 2
    lit: np.ndarray = unit * np.float32(255)
    return lit


def _halo(behind: np.ndarray, cover: np.ndarray, look: Mode) -> None:
    """Haze of the scene's light behind the shoulders, so that the person stands before it and not in it."""
    glow = _blurred(cover, 60) * (1 - cover)
    behind += (np.asarray(look.light, np.float32) * 0.75 + 30 - behind) * (glow * 0.22)[..., None]


def _rim(cover: np.ndarray, light_x: float) -> np.ndarray:
    """The narrow edge that faces the light: `float32[H, W]`, 0 to 1."""
    # Edges repeated: where the person leaves the picture there is no edge for the light to catch.
    step = 9 if light_x > 0 else -9
    wide = np.pad(cover, ((7, 0), (9, 9)), mode="edge")[: cover.shape[0]]
    shifted = wide[:, 9 + step : 9 + step + cover.shape[1]]
    rim: np.ndarray = _blurred(np.clip(cover - shifted, 0, 1), 3) * cover
    return rim


def _lay_ground(picture: np.ndarray, look: Mode, mode: str, day: date, ground: float, *, full: bool) -> None:
    """What the person fades into: haze that rises at the sides and closes below the chest."""
    rng = generator("ground", mode, day.isoformat())
    columns = np.linspace(-1, 1, WIDTH, dtype=np.float32)
    edge = ground - 26 - 70 * columns**2 + smooth(rng, WIDTH, 7) * 16
    if not full:
        edge += 24
    top = 480
    rows = np.arange(top, HEIGHT, dtype=np.float32)[:, None]
    depth = np.clip((rows - edge + 190) / 230, 0, 1)
    depth = depth * depth * (3 - 2 * depth)
    solid = 0.97 if full else 0.9
    picture[top:] += (np.asarray(look.ground, np.float32) - picture[top:]) * (depth * solid)[..., None]


def _finish(picture: np.ndarray, mode: str, day: date) -> None:
    """Vignette, and grain over everything, so that photo and drawing meet."""
    columns = np.linspace(-1, 1, WIDTH, dtype=np.float32) ** 2
    rows = np.linspace(-1, 1, HEIGHT, dtype=np.float32)[:, None] ** 2
    picture *= (1 - 0.2 * np.clip(columns * 0.7 + rows * 0.5 - 0.25, 0, 1))[..., None]
    grain = generator("grain", mode, day.isoformat()).normal(0, 5.0, (HEIGHT // 2, WIDTH)).astype(np.float32)
    picture[: HEIGHT // 2] += grain[..., None]
    picture[HEIGHT // 2 :] += grain[::-1, ::-1, None]


def _set_type(picture: Image.Image, look: Mode, line: str, day: date) -> None:
    draw = ImageDraw.Draw(picture)
    lines, size = fit(line, "Black", WIDTH - 2 * _MARGIN, 88, 44)
    leading = round(size * 1.04)
    baseline = _TEXT_BOTTOM - leading * (len(lines) - 1)
    dated = f"{day:%A} {day.day} {day:%B}".upper()
    above = baseline - round(size * 0.74) - 34
    draw.rectangle((_MARGIN, above - 13, _MARGIN + 44, above - 8), fill=look.accent)
    spaced(draw, (_MARGIN + 62, above), dated, "Semibold", 25, 4.0, look.accent)
    for text in lines:
        # The side bearing of large type would make it look indented.
        draw.text((_MARGIN - round(size * 0.05), baseline), text, font=font("Black", size), fill=look.ink, anchor="ls")
        baseline += leading
    spaced(draw, (_MARGIN, HEIGHT - 48), "motiv8", "Bold", 23, 3.0, _between(look.ink, look.ground, 0.62))


def _framed(picture: Image.Image, look: Mode, line: str, top: int) -> Image.Image:
    """A black mat, a thin frame around the picture from row `top` on, a title and its undoing."""
    sheet = Image.new("RGB", (WIDTH, HEIGHT), (9, 9, 11))
    inner = (96, 84, WIDTH - 96, 1010)
    width, height = inner[2] - inner[0], inner[3] - inner[1]
    crop_height = round(WIDTH * height / width)
    shown = picture.crop((0, top, WIDTH, top + crop_height)).resize((width, height), Image.Resampling.LANCZOS)
    sheet.paste(shown, inner[:2])
    draw = ImageDraw.Draw(sheet)
    for gap, weight, colour in ((12, 2, (228, 226, 220)), (4, 1, (120, 118, 114))):
        frame = (inner[0] - gap, inner[1] - gap, inner[2] + gap - 1, inner[3] + gap - 1)
        draw.rectangle(frame, outline=colour, width=weight)
    ink = (238, 236, 230)
    spaced(draw, (WIDTH / 2, 1136), look.tease_title, "Light", 86, 20.0, ink, centred=True)
    lines, size = fit(line, "Regular", WIDTH - 2 * _MARGIN - 60, 42, 30)
    for index, text in enumerate(lines):
        draw.text(
            (WIDTH / 2, 1206 + index * round(size * 1.22)), text, font=font("Regular", size), fill=ink, anchor="ms"
        )
    spaced(draw, (WIDTH / 2, HEIGHT - 30), "motiv8", "Bold", 20, 3.0, (128, 126, 122), centred=True)
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
