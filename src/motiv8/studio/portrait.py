"""From a cut-out to finished files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from motiv8.studio import photo, poster, scene
from motiv8.studio.lines import pick
from motiv8.studio.modes import MODES

if TYPE_CHECKING:
    from datetime import date

    import numpy as np


@dataclass(frozen=True, slots=True)
class Portrait:
    """The files of a picture: JPEG and WebP of 1080 x 1350, WebP 480 wide; the line on it, and what it shows."""

    jpeg: bytes
    webp: bytes
    thumbnail: bytes
    line: str
    alt_text: str


def render(
    cutout: np.ndarray, mode: str, day: date, tone: str, seed: int, background: np.ndarray | None = None
) -> Portrait:
    """Make the picture of a cut-out (`uint8[1350, 1080, 4]`) for a mode, date, tone and person (`seed`).

    `background` is the scene, `uint8[1350, 1080, 3]`; without one it is made. The same input gives the same bytes.
    """
    if background is None:
        background = scene.make(mode, day)
    line = pick(tone, day, seed)
    picture = poster.compose(cutout, background, mode, line, tone, day)
    return Portrait(
        jpeg=photo.encode_jpeg(picture),
        webp=photo.encode_webp(picture),
        thumbnail=photo.encode_webp(photo.thumbnail(picture)),
        line=line,
        alt_text=f"You, {MODES[mode].place}. The line says: {line}",
    )
