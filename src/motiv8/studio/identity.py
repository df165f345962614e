"""Whose face it is, as a descriptor: the face, aligned as dlib's ResNet has learnt to expect it, in 128 numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from motiv8.studio import descriptor

if TYPE_CHECKING:
    from motiv8.studio.face import Face

SAME_PERSON_DISTANCE = 0.57
"""Two descriptors closer than this are one person. dlib's own threshold is 0.6; on the labelled photos 0.55 to 0.60
decide alike, and the middle leaves room to both sides."""

# Where the middles of both eyes and the nose lie on dlib's chip: the mean face of its 5-point model
# (`get_face_chip_details`, padding 0.25), the nose raised from the base that dlib marks to the tip that BlazeFace does.
_EYES_AND_NOSE = np.array([[47.7, 47.1], [100.3, 47.1], [74.0, 80.0]], np.float32)


def embed(image: np.ndarray, face: Face) -> np.ndarray:
    """The descriptor, `float32[128]`, of a face in `uint8[H, W, 3]` RGB."""
    return descriptor.describe(_chip(image, face))


def distance(one: np.ndarray, other: np.ndarray) -> float:
    """Euclidean distance of two descriptors; below SAME_PERSON_DISTANCE they are the same person's."""
    return float(np.linalg.norm(one - other))


def _chip(image: np.ndarray, face: Face) -> np.ndarray:
    """The face, `uint8[150, 150, 3]`, turned and scaled to where dlib's network has learnt to expect it."""
    to_photo = _similarity(_EYES_AND_NOSE, face.landmarks[:3])
    # Bilinear sampling of a much larger face would alias: shrink it first.
    scale = float(np.hypot(to_photo[0, 0], to_photo[1, 0]))
    factor = max(1, int(scale))
    reduced = Image.fromarray(image).reduce(factor) if factor > 1 else Image.fromarray(image)
    coefficients = tuple((to_photo / factor).ravel().tolist())
    chip = reduced.transform(
        (descriptor.SIDE, descriptor.SIDE), Image.Transform.AFFINE, coefficients, Image.Resampling.BILINEAR
    )
    return np.asarray(chip)


def _similarity(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """`float[2, 3]`: the rotation, scale and shift that best takes source to target points (least squares)."""
    rows = []
    for x, y in source:
        rows += [[x, -y, 1, 0], [y, x, 0, 1]]
    (a, b, shift_x, shift_y), *_ = np.linalg.lstsq(np.array(rows), target.astype(np.float64).ravel(), rcond=None)
    return np.array([[a, -b, shift_x], [b, a, shift_y]])
