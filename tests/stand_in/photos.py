"""The photos that tests read: public-domain portraits, what is made from them, and the labelled set if it is there."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skimage.data
from PIL import Image

_TESTS = Path(__file__).parents[1]
_PORTRAITS = _TESTS / "photos"
SAMPLE = _TESTS.parent / "samples" / "astronaut.jpg"
PORTRAITS = tuple(sorted(path.name for path in _PORTRAITS.glob("*.jpg")))

# Labelled photos that may not be passed on with the project.
LABELLED = Path(os.environ.get("MOTIV8_PHOTOS") or _TESTS.parents[1] / "shared" / "photos")
labelled_set = pytest.mark.skipif(
    not LABELLED.is_dir(), reason=f"the labelled photos are not there (MOTIV8_PHOTOS): no folder {LABELLED}"
)


def labelled(*names: str) -> list[Any]:
    """Photos of the labelled set as a test's parameters, skipped where the set is not there."""
    return [pytest.param(name, marks=labelled_set) for name in names]


def read(name: str) -> bytes:
    """A portrait, enlarged three times to the size of a selfie, or a photo of the labelled set."""
    return jpeg(_portrait(name)) if name in PORTRAITS else (LABELLED / name).read_bytes()


def two_people() -> bytes:
    """Two portraits side by side."""
    left, right = (_portrait(name) for name in PORTRAITS[:2])
    sheet = Image.new("RGB", (left.width + right.width, left.height))
    sheet.paste(left, (0, 0))
    sheet.paste(right, (left.width, 0))
    return jpeg(sheet)


def no_face() -> bytes:
    """A cup of coffee."""
    return jpeg(Image.fromarray(skimage.data.coffee()))


def from_a_phone(height: int = 1024) -> bytes:
    """The sample as a phone held upright saves it: on its side, with EXIF data that says so and where it was taken."""
    with Image.open(SAMPLE) as sample:
        upright = sample.convert("RGB").crop((64, 0, 448, 512)).resize((height * 3 // 4, height))
    # A sensor's noise, without which a JPEG of an enlarged photo is far too small.
    noise = np.random.default_rng(0).normal(0, 2.5, (height, height * 3 // 4, 1))
    upright = Image.fromarray(np.clip(np.asarray(upright) + noise, 0, 255).astype(np.uint8))
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)})
    return jpeg(upright.transpose(Image.Transpose.ROTATE_90), exif=exif)


def jpeg(image: Image.Image, **options: Any) -> bytes:
    """A photo's bytes as JPEG."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=92, **options)
    return buffer.getvalue()


def _portrait(name: str) -> Image.Image:
    with Image.open(_PORTRAITS / name) as portrait:
        return portrait.convert("RGB").resize((portrait.width * 3, portrait.height * 3), Image.Resampling.LANCZOS)
