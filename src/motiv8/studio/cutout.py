"""The person, cut out of the photo and placed on the poster's canvas."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageChops, ImageFilter

from motiv8.studio import weights

if TYPE_CHECKING:
    from motiv8.studio.face import Face

WIDTH, HEIGHT = 1080, 1350
FACE_CENTRE = (540.0, 560.0)
"""Where the middle of the face comes to lie, in pixels of the canvas."""
FACE_WIDTH = 285.0
"""How wide BlazeFace's box becomes; a head, hairline to chin, is about 1.3 times that: a good quarter of the height."""
_UPRIGHT_BEYOND = 14.0
"""Degrees of roll that look like an accident; less looks like a person."""
_MASK_SIDE = 256
_BRIDGE = 7
"""Steps of 16 canvas pixels: two people whose outlines share less only touch; a neck is 12 wide."""
_OWN_COLOUR = [255 if level > 252 else round(255 * (level / 255) ** 1.5) for level in range(256)]
"""By alpha, how much of its own colour a pixel keeps, 0 to 255."""
BORDER = 48
"""Pixels over which the photo's own border fades, so that no straight edge shows."""


def cut_out(image: np.ndarray, face: Face) -> np.ndarray:
    """The person of `uint8[H, W, 3]` RGB on the canvas: `uint8[1350, 1080, 4]` RGBA, straight alpha.

    The face lies at FACE_CENTRE, FACE_WIDTH wide. Where the photo ends, alpha is 0. Edge pixels carry the person's own
    colour and not that of the background behind them.
    """
    canvas, inside = _place(Image.fromarray(image), face)
    alpha = _refine(_segment(canvas, inside), canvas)
    alpha = ImageChops.multiply(alpha, _fade_at_border(inside))
    person = _pull_foreground(canvas, alpha)
    person.putalpha(alpha)
    rgba = np.array(person)
    # Whole pixels at once: nothing of the background stays in the file.
    rgba.view(np.uint32)[..., 0] *= rgba[..., 3] > 0
    return rgba


def _place(photo: Image.Image, face: Face) -> tuple[Image.Image, np.ndarray]:
    """The photo on the canvas, RGB, and where there is photo, `bool[H, W]`."""
    x, y, width, height = face.box
    scale = width / FACE_WIDTH
    # Sampling a much larger photo would alias: shrink it first.
    factor = max(1, int(scale))
    if factor > 1:
        photo = photo.reduce(factor)
    scale /= factor
    middle = ((x + width / 2) / factor, (y + height / 2) / factor)
    if abs(face.roll_degrees) > _UPRIGHT_BEYOND:
        return _turned(photo, middle, scale, math.radians(face.roll_degrees))
    return _upright(photo, middle, scale)


def _upright(photo: Image.Image, middle: tuple[float, float], scale: float) -> tuple[Image.Image, np.ndarray]:
    """The photo with a point at FACE_CENTRE, each of the canvas's pixels `scale` of the photo's."""
    left, top = (place - scale * centre for place, centre in zip(middle, FACE_CENTRE, strict=True))
    # Without the photo's outermost pixels.
    first_x, first_y = (max(0, math.ceil((1 - edge) / scale)) for edge in (left, top))
    last_x = min(WIDTH, math.floor((photo.width - left) / scale), math.ceil((photo.width - 1 - left) / scale))
    last_y = min(HEIGHT, math.floor((photo.height - top) / scale), math.ceil((photo.height - 1 - top) / scale))
    box = (left + scale * first_x, top + scale * first_y, left + scale * last_x, top + scale * last_y)
    canvas = Image.new("RGB", (WIDTH, HEIGHT))
    size = (last_x - first_x, last_y - first_y)
    # As sharp as the affine transform of a turned photo, whose cubic is steeper than that of `resize`.
    canvas.paste(photo.resize(size, Image.Resampling.LANCZOS, box=box), (first_x, first_y))
    inside = np.zeros((HEIGHT, WIDTH), np.bool_)
    inside[first_y:last_y, first_x:last_x] = True
    return canvas, inside


def _turned(
    photo: Image.Image, middle: tuple[float, float], scale: float, roll: float
) -> tuple[Image.Image, np.ndarray]:
    """The same, and turned by `roll` so that the head is upright, which takes five times as long."""
    cos, sin = math.cos(roll) * scale, math.sin(roll) * scale
    a, b, c = cos, -sin, middle[0] - cos * FACE_CENTRE[0] + sin * FACE_CENTRE[1]
    d, e, f = sin, cos, middle[1] - sin * FACE_CENTRE[0] - cos * FACE_CENTRE[1]
    to_photo = (a, b, c, d, e, f)
    canvas = photo.transform((WIDTH, HEIGHT), Image.Transform.AFFINE, to_photo, Image.Resampling.BICUBIC)
    columns, rows = np.arange(WIDTH, dtype=np.float32), np.arange(HEIGHT, dtype=np.float32)[:, None]
    photo_x, photo_y = a * columns + b * rows + c, d * columns + e * rows + f
    inside = (photo_x >= 1) & (photo_y >= 1) & (photo_x < photo.width - 1) & (photo_y < photo.height - 1)
    return canvas, inside


def _segment(canvas: Image.Image, inside: np.ndarray) -> np.ndarray:
    """How surely each pixel is the person, `float32[256, 256]` (MediaPipe's selfie segmentation)."""
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    side, box = (_MASK_SIDE, _MASK_SIDE), (left, top, right, bottom)
    pixels = canvas.resize(side, Image.Resampling.BILINEAR, box=box, reducing_gap=2.0)
    interpreter = _interpreter()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], np.asarray(pixels, np.float32)[None] / 255.0)
    interpreter.invoke()
    sure = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])[0, :, :, 0]
    mask = np.zeros((HEIGHT // 2, WIDTH // 2), np.float32)
    size = (math.ceil((right - left) / 2), math.ceil((bottom - top) / 2))
    part = np.asarray(Image.fromarray(sure).resize(size, Image.Resampling.BICUBIC))
    target = mask[top // 2 : top // 2 + size[1], left // 2 : left // 2 + size[0]]
    target[:] = part[: target.shape[0], : target.shape[1]]
    mask = np.clip(mask, 0, 1)
    mask *= _around_the_face(mask)
    return mask


def _around_the_face(mask: np.ndarray) -> np.ndarray:
    """1 where the mask hangs together with the face, 0 on whoever else stands in the photo: `float32[H/2, W/2]`."""
    small = Image.fromarray((mask > 0.5).astype(np.uint8) * 255).reduce(8).point(lambda level: 255 * (level > 127))
    # Where two people only touch, the narrow bridge between them goes first, and what is kept grows back.
    small = small.filter(ImageFilter.MinFilter(_BRIDGE))
    x, y = (int(place / 16) for place in FACE_CENTRE)
    together = _reached(np.asarray(small) > 0, (y, x)) * np.uint8(255)
    grown = Image.fromarray(together).filter(ImageFilter.MaxFilter(_BRIDGE + 4))
    height, width = mask.shape
    return np.asarray(grown.resize((width, height), Image.Resampling.BILINEAR), np.float32) / 255


def _reached(free: np.ndarray, start: tuple[int, int]) -> np.ndarray:
    """Where one comes to from `start` in steps to the four neighbours over what is free: `bool[h, w]`, both."""
    reached = np.zeros_like(free)
    reached[start] = True
    while True:
        grown = reached.copy()
        grown[1:] |= reached[:-1]
        grown[:-1] |= reached[1:]
        grown[:, 1:] |= reached[:, :-1]
        grown[:, :-1] |= reached[:, 1:]
        grown &= free
        if np.array_equal(grown, reached):
            return reached
        reached = grown


def _refine(mask: np.ndarray, canvas: Image.Image) -> Image.Image:
    """The mask's edge drawn to the photo's own edges: a guided filter (He et al. 2013) at half size; L.

    The radius is small on purpose: a large one leaves a glow around the person.
    """
    guide = np.asarray(canvas.reduce(2).convert("L"), np.float32) / 255.0
    radius, smoothness = 7, 2e-4
    mean_guide, mean_mask = _box(guide, radius), _box(mask, radius)
    covariance = _box(guide * mask, radius) - mean_guide * mean_mask
    variance = _box(guide * guide, radius) - mean_guide * mean_guide
    slope = covariance / (variance + smoothness)
    offset = mean_mask - slope * mean_guide
    refined = _box(slope, radius) * guide + _box(offset, radius)
    # Away from the edge the network knows better than the guide.
    edge = np.clip(4 * mean_mask * (1 - mean_mask) * 2.5, 0, 1)
    alpha = mask + (refined - mask) * edge
    # A mask that is a little unsure everywhere would let the scene shine through.
    alpha = np.clip((alpha - 0.28) / 0.62, 0, 1)
    alpha = alpha * alpha * (3 - 2 * alpha)
    half = Image.fromarray((alpha * 255 + 0.5).astype(np.uint8))
    return half.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)


def _fade_at_border(inside: np.ndarray) -> Image.Image:
    """255 inside the photo, falling to 0 at its border where that lies on the canvas; L."""
    # The canvas's own border is none of the photo's: repeat what lies there before the blur looks beyond it.
    margin = BORDER // 4
    wide = np.pad(inside[::4, ::4] * np.uint8(255), margin, mode="edge")
    soft = Image.fromarray(wide).filter(ImageFilter.BoxBlur(margin / 2)).filter(ImageFilter.BoxBlur(margin / 2))
    inner = soft.crop((margin, margin, soft.width - margin, soft.height - margin))
    falling = inner.point(lambda level: max(0, 2 * level - 255))
    return falling.resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR)


def _pull_foreground(canvas: Image.Image, alpha: Image.Image) -> Image.Image:
    """Edge pixels in the colour of the sure person next to them; RGB."""
    quarter = np.asarray(canvas.reduce(4), np.float32)
    sure = (np.asarray(alpha)[2::4, 2::4] > 0.96 * 255)[: quarter.shape[0], : quarter.shape[1]].astype(np.float32)
    quarter = quarter[: sure.shape[0], : sure.shape[1]]
    weight = _box(sure, 6)
    spread = np.stack([_box(quarter[..., channel] * sure, 6) for channel in range(3)], axis=-1)
    spread = np.where(weight[..., None] > 0.02, spread / np.maximum(weight, 1e-3)[..., None], quarter)
    small = Image.fromarray(np.clip(spread, 0, 255).astype(np.uint8))
    near = small.resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR)
    return Image.composite(canvas, near, alpha.point(_OWN_COLOUR))


def _box(values: np.ndarray, radius: int) -> np.ndarray:
    """Mean over a square window, edges repeated, `float32[H, W]`."""
    width = 2 * radius + 1
    rows = _sums(np.pad(values, radius, mode="edge"), width)
    return _sums(rows.T, width).T * np.float32(1 / width**2)


def _sums(values: np.ndarray, width: int) -> np.ndarray:
    """The sum of each row and the `width - 1` rows below it, an odd number, put together of sums of 1, 2, 4, 8 rows."""
    count = values.shape[0] - width + 1
    total, run, span, at = values[:count], values, 1, 1
    while 2 * span <= width:
        run, span = run[:-span] + run[span:], 2 * span
        if width & span:
            total = total + run[at : at + count]
            at += span
    return total


@cache
def _interpreter() -> Any:
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(str(weights.FILES.path("selfie_segmentation.tflite")), num_threads=1)
    interpreter.allocate_tensors()
    return interpreter
