"""From the bytes of a photo to what is kept of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from motiv8.studio import cutout, decoder_process, face, identity

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, slots=True)
class Extraction:
    """`embedding` is `float32[128]`; `cutout` is `uint8[1350, 1080, 4]` RGBA, the person on the poster's canvas."""

    embedding: np.ndarray
    cutout: np.ndarray


def extract(data: bytes) -> Extraction:
    """Decode a photo, find its face, describe it, and cut the person out. Raises PhotoRejected."""
    image = decoder_process.decode(data)
    found = face.find(image)
    return Extraction(identity.embed(image, found), cutout.cut_out(image, found))
