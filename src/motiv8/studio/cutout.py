"""The person, cut out of the photo and placed on the poster's canvas."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

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
BORDER = 48
"""Pixels over which the photo's own border fades, so that no straight edge shows."""


def cut_out(image: np.ndarray, face: Face) -> np.ndarray:
    """The person of `uint8[H, W, 3]` RGB on the canvas: `uint8[1350, 1080, 4]` RGBA, straight alpha.

    The face lies at FACE_CENTRE, FACE_WIDTH wide. Where the photo ends, alpha is 0. Edge pixels carry the person's own
    colour and not that of the background behind them.
    """
    canvas, inside = _place(image, face)
    alpha = _refine(_segment(canvas, inside), canvas)
    alpha *= _fade_at_border(inside)
    colour = _pull_foreground(canvas, alpha)
    rgba = np.empty((HEIGHT, WIDTH, 4), np.uint8)
    rgba[..., :3] = colour
    rgba[..., 3] = np.clip(alpha * 255 + 0.5, 0, 255).astype(np.uint8)
    rgba[rgba[..., 3] == 0] = 0
    return rgba


def _place(image: np.ndarray, face: Face) -> tuple[np.ndarray, np.ndarray]:
    """The photo on the canvas, `uint8[H, W, 3]`, and where there is photo, `bool[H, W]`."""
    x, y, width, height = face.box
    scale = width / FACE_WIDTH
    roll = face.roll_degrees if abs(face.roll_degrees) > _UPRIGHT_BEYOND else 0.0
    cos, sin = math.cos(math.radians(roll)) * scale, math.sin(math.radians(roll)) * scale
    middle_x, middle_y = x + width / 2, y + height / 2
    to_photo = np.array(
        [
            [cos, -sin, middle_x - cos * FACE_CENTRE[0] + sin * FACE_CENTRE[1]],
            [sin, cos, middle_y - sin * FACE_CENTRE[0] - cos * FACE_CENTRE[1]],
        ]
    )
    photo = Image.fromarray(image)
    # Sampling a much larger photo would alias: shrink it first.
    factor = max(1, int(scale))
    if factor > 1:
        photo = photo.reduce(factor)
        to_photo = to_photo / factor
    coefficients = tuple(to_photo.ravel().tolist())
    canvas = photo.transform((WIDTH, HEIGHT), Image.Transform.AFFINE, coefficients, Image.Resampling.BICUBIC)
    columns, rows = np.arange(WIDTH, dtype=np.float32), np.arange(HEIGHT, dtype=np.float32)[:, None]
    (a, b, c), (d, e, f) = to_photo
    photo_x, photo_y = a * columns + b * rows + c, d * columns + e * rows + f
    inside = (photo_x >= 1) & (photo_y >= 1) & (photo_x < photo.width - 1) & (photo_y < photo.height - 1)
    return np.asarray(canvas), inside


def _segment(canvas: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """How surely each pixel is the person, `float32[256, 256]` (MediaPipe's selfie segmentation)."""
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    crop = Image.fromarray(canvas[top:bottom, left:right])
    pixels = crop.resize((_MASK_SIDE, _MASK_SIDE), Image.Resampling.BILINEAR, reducing_gap=2.0)
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
    ImageDraw.floodfill(small, (x, y), 128)
    together = small.point(lambda level: 255 * (level == 128)).filter(ImageFilter.MaxFilter(_BRIDGE + 4))
    height, width = mask.shape
    return np.asarray(together.resize((width, height), Image.Resampling.BILINEAR), np.float32) / 255


def _refine(mask: np.ndarray, canvas: np.ndarray) -> np.ndarray:
    """The mask's edge drawn to the photo's own edges: a guided filter (He et al. 2013) at half size, `float32[H, W]`.

    The radius is small on purpose: a large one leaves a glow around the person.
    """
    luma = Image.fromarray(canvas).convert("L").reduce(2)
    guide = np.asarray(luma, np.float32) / 255.0
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
    full = Image.fromarray(alpha).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    return np.clip(np.asarray(full, np.float32), 0, 1)


def _fade_at_border(inside: np.ndarray) -> np.ndarray:
    """1 inside the photo, falling to 0 at its border where that lies on the canvas."""
    if inside.all():
        return np.ones((1, 1), np.float32)
    padded = Image.fromarray((inside[::4, ::4] * np.uint8(255)).astype(np.uint8))
    # The canvas's own border is none of the photo's: repeat what lies there before the blur looks beyond it.
    margin = BORDER // 4
    wide = np.pad(np.asarray(padded), margin, mode="edge")
    soft = Image.fromarray(wide).filter(ImageFilter.BoxBlur(margin / 2)).filter(ImageFilter.BoxBlur(margin / 2))
    inner = soft.crop((margin, margin, margin + padded.width, margin + padded.height))
    fade = np.asarray(inner.resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR), np.float32) / 255.0
    falling: np.ndarray = np.clip(fade * 2 - 1, 0, 1)
    return falling


def _pull_foreground(canvas: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """Edge pixels in the colour of the sure person next to them: `uint8[H, W, 3]`."""
    quarter = np.asarray(Image.fromarray(canvas).reduce(4), np.float32)
    sure = (alpha[2::4, 2::4] > 0.96)[: quarter.shape[0], : quarter.shape[1]].astype(np.float32)
    quarter = quarter[: sure.shape[0], : sure.shape[1]]
    weight = _box(sure, 6)
    spread = np.stack([_box(quarter[..., channel] * sure, 6) for channel in range(3)], axis=-1)
    spread = np.where(weight[..., None] > 0.02, spread / np.maximum(weight, 1e-3)[..., None], quarter)
    small = Image.fromarray(np.clip(spread, 0, 255).astype(np.uint8))
    near = np.asarray(small.resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR))
    edge = (alpha > 0) & (alpha < 0.99)
    keep = (alpha[edge] ** 1.5)[:, None]
    colour = canvas.copy()
    colour[edge] = near[edge] + (canvas[edge].astype(np.float32) - near[edge]) * keep
    return colour


def _box(values: np.ndarray, radius: int) -> np.ndarray:
    """Mean over a square window, edges repeated, `float32[H, W]`."""
    for _ in range(2):
        # Along the columns, turned, and again: sums run along contiguous memory.
        padded = np.pad(values.T, ((0, 0), (radius + 1, radius)), mode="edge")
        sums = np.cumsum(padded, axis=1, dtype=np.float32)
        values = (sums[:, 2 * radius + 1 :] - sums[:, : -2 * radius - 1]) * np.float32(1 / (2 * radius + 1))
    return values


@cache
def _interpreter() -> Any:
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(str(weights.FILES.path("selfie_segmentation.tflite")), num_threads=1)
    interpreter.allocate_tensors()
    return interpreter
