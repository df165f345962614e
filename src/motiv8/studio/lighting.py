"""The light of the scene on the person: exposure, tint, halo and rim."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageFilter

from motiv8.studio import cutout as canvas_of
from motiv8.studio.layout import WIDTH

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


def lit(colour: np.ndarray, brighter: float, look: Mode, light_x: float) -> np.ndarray:
    """The person in the scene's light: brighter and in its colour on its side, in the shade's colour on the other."""
    across = np.linspace(-1, 1, WIDTH, dtype=np.float32) * np.float32(1.6 * np.sign(light_x))
    side = np.clip(0.5 + 0.5 * across, 0, 1)[:, None]
    light, shade = np.asarray(look.light, np.float32), np.asarray(look.shade, np.float32)
    tint = shade / shade.mean() * (1 - side) + light / light.mean() * side
    strength = 0.10 + 0.14 * (1 - side)
    gain = look.exposure * brighter * (0.86 + 0.2 * side)
    shown: np.ndarray = np.minimum(colour * ((1 + (tint - 1) * strength) * gain / 255).astype(np.float32), 1)
    # A little more contrast around the middle, 0.8 x + 0.2 (3 x^2 - 2 x^3): photos under a flat light look pasted on
    # otherwise.
    curve = shown * np.float32(-0.4)
    curve += np.float32(0.6)
    curve *= shown
    curve += np.float32(0.8)
    shown *= curve
    shown *= np.float32(255)
    return shown


def halo(behind: np.ndarray, cover: np.ndarray, look: Mode) -> None:
    """Haze of the scene's light behind the shoulders, so that the person stands before it and not in it."""
    glow = blurred(cover, 60) * (1 - cover)
    glow *= 0.22
    behind *= (1 - glow)[..., None]
    behind += (np.asarray(look.light, np.float32) * np.float32(0.75) + 30) * glow[..., None]


def rim(cover: np.ndarray, light_x: float) -> np.ndarray:
    """The narrow edge that faces the light: `float32[H, W]`, 0 to 1."""
    # Edges repeated: where the person leaves the picture there is no edge for the light to catch.
    step = 9 if light_x > 0 else -9
    wide = np.pad(cover, ((7, 0), (9, 9)), mode="edge")[: cover.shape[0]]
    shifted = wide[:, 9 + step : 9 + step + cover.shape[1]]
    edge: np.ndarray = blurred(np.clip(cover - shifted, 0, 1), 3) * cover
    return edge


def blurred(values: np.ndarray, radius: int) -> np.ndarray:
    """A soft copy of `float32[H, W]` in 0-1; wide blurs are made small, since nobody sees their pixels."""
    image = Image.fromarray((values * 255).astype(np.uint8))
    if radius < 8:
        return np.asarray(image.filter(ImageFilter.BoxBlur(radius)), np.float32) / 255
    factor = radius // 4
    small = image.reduce(factor).filter(ImageFilter.GaussianBlur(radius / factor))
    return np.asarray(small.resize(image.size, Image.Resampling.BILINEAR), np.float32) / 255


def blurred_rgb(values: np.ndarray, radius: int) -> np.ndarray:
    """A soft copy of `float32[H, W, 3]` in 0-255, blurred at a quarter of its size."""
    image = Image.fromarray(np.clip(values[::4, ::4], 0, 255).astype(np.uint8)).filter(ImageFilter.BoxBlur(radius / 4))
    return np.asarray(image.resize((values.shape[1], values.shape[0]), Image.Resampling.BILINEAR), np.float32)
