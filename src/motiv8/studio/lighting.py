"""The light of the scene on the person: exposure, tint, halo and rim."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageFilter

from motiv8.studio import cutout as canvas_of
from motiv8.studio.placement import WIDTH

if TYPE_CHECKING:
    from motiv8.catalogue.modes import Mode

_HIGHLIGHT = 165.0
"""The 90th percentile of luma (0-255) that a face is brought up to; in good light it is 157 to 239."""


def exposure(cutout: np.ndarray) -> float:
    """What the light of a photo that was taken in the dark is multiplied with, 1 to 2.2.

    By the face's highlights, as `face.DARKEST_HIGHLIGHT` measures them: dark skin in good light stays as it is.
    """
    x, y = (round(each) for each in canvas_of.FACE_CENTRE)
    half = round(canvas_of.FACE_WIDTH / 2)
    face = Image.fromarray(np.ascontiguousarray(cutout[y - half : y + half : 4, x - half : x + half : 4, :3]))
    return float(np.clip(_HIGHLIGHT / max(1.0, float(np.percentile(np.asarray(face.convert("L")), 90))), 1, 2.2))


def brightness(brighter: float, look: Mode, light_x: float) -> np.ndarray:
    """What makes the person brighter and of the light's colour on its side, and of the shade's on the other.

    `float32[3, 1, 1080]`, by which a photo's 0-255 becomes 0-1.
    """
    across = np.linspace(-1, 1, WIDTH, dtype=np.float32) * np.float32(1.6 * np.sign(light_x))
    side = np.clip(0.5 + 0.5 * across, 0, 1)
    light, shade = (np.asarray(colour, np.float32)[:, None] for colour in (look.light, look.shade))
    tint = shade / shade.mean() * (1 - side) + light / light.mean() * side
    strength = 0.10 + 0.14 * (1 - side)
    gain = look.exposure * brighter * (0.86 + 0.2 * side)
    made: np.ndarray = ((1 + (tint - 1) * strength) * gain / 255).astype(np.float32)
    return made[:, None]


def lit(colour: np.ndarray, gain: np.ndarray) -> None:
    """Bring the person, `float32[3, H, W]` in 0-255, to the scene's light in place; `gain` is from `brightness`."""
    colour *= gain
    np.minimum(colour, 1, out=colour)
    # A little more contrast around the middle, 0.8 x + 0.2 (3 x^2 - 2 x^3): photos under a flat light look pasted on
    # otherwise.
    curve = colour * np.float32(-0.4 * 255)
    curve += np.float32(0.6 * 255)
    curve *= colour
    curve += np.float32(0.8 * 255)
    colour *= curve


def rim(cover: np.ndarray, light_x: float) -> np.ndarray:
    """The narrow edge that faces the light, of a cover: both `uint8[H, W]`."""
    # Edges repeated: where the person leaves the picture there is no edge for the light to catch.
    step = 9 if light_x > 0 else -9
    wide = np.pad(cover, ((7, 0), (9, 9)), mode="edge")[: cover.shape[0]]
    shifted = wide[:, 9 + step : 9 + step + cover.shape[1]]
    return blurred(np.maximum(cover, shifted) - shifted, 3)


def blurred(levels: np.ndarray, radius: int) -> np.ndarray:
    """A soft copy of `uint8[H, W]`; wide blurs are made small, since nobody sees their pixels."""
    image = Image.fromarray(levels)
    if radius < 8:
        return np.asarray(image.filter(ImageFilter.BoxBlur(radius)))
    factor = radius // 4
    return np.asarray(_enlarged(image.reduce(factor).filter(ImageFilter.GaussianBlur(radius / factor)), image.size))


def softly(small: np.ndarray, radius: float, size: tuple[int, int]) -> np.ndarray:
    """A small image, `uint8[h, w, 3]`, blurred and brought to a size (width, height): `uint8[H, W, 3]`."""
    return np.asarray(_enlarged(Image.fromarray(small).filter(ImageFilter.BoxBlur(radius)), size))


def _enlarged(soft: Image.Image, size: tuple[int, int]) -> Image.Image:
    # What is this soft shows no pixels of two by two, and a third of the time is enough.
    half = soft.resize(((size[0] + 1) // 2, (size[1] + 1) // 2), Image.Resampling.BILINEAR)
    return half.resize(size, Image.Resampling.NEAREST)
