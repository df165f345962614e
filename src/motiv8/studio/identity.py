"""Whose face it is, as a descriptor: dlib's ResNet (King 2017, `dlib_face_recognition_resnet_model_v1`)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from motiv8.studio import weights

if TYPE_CHECKING:
    from motiv8.studio.face import Face

SAME_PERSON_DISTANCE = 0.57
"""Two descriptors closer than this are one person. dlib's own threshold is 0.6; on the labelled photos 0.55 to 0.60
decide alike, and the middle leaves room to both sides."""

# Where the planes of the codes halve the labelled photos' faces.
_MIDDLES = np.array([-1.12, -0.8, 2.49, -1.05, 0.14, 1.12, -0.39, 2.17])
_CHIP_SIDE = 150
# Where the middles of both eyes and the nose lie on dlib's chip: the mean face of its 5-point model
# (`get_face_chip_details`, padding 0.25), the nose raised from the base that dlib marks to the tip that BlazeFace does.
_EYES_AND_NOSE = np.array([[47.7, 47.1], [100.3, 47.1], [74.0, 80.0]], np.float32)


def embed(image: np.ndarray, face: Face) -> np.ndarray:
    """The descriptor, `float32[128]`, of a face in `uint8[H, W, 3]` RGB."""
    return np.asarray(_network().compute_face_descriptor(_chip(image, face)), np.float32)


def distance(one: np.ndarray, other: np.ndarray) -> float:
    """Euclidean distance of two descriptors; below SAME_PERSON_DISTANCE they are the same person's."""
    return float(np.linalg.norm(one - other))


def face_codes(embedding: np.ndarray) -> list[int]:
    """The code of a `float32[128]`, 0 to 255, and after it the codes that a second photo of the person may well have.

    Which side of eight planes it lies on (Charikar 2002); the others change sides of the three planes nearest to it.
    Of two photos of one person, the second's code is among the first's in about half of all pairs; of strangers, in one
    of 30.
    """
    beyond = embedding.astype(np.float64) @ np.random.default_rng(0).normal(size=(128, 8)) - _MIDDLES
    own = sum(1 << int(bit) for bit in np.flatnonzero(beyond > 0))
    nearest = [1 << int(bit) for bit in np.argsort(np.abs(beyond))[:3]]
    return [own ^ sum(bit for i, bit in enumerate(nearest) if changed >> i & 1) for changed in range(8)]


def _chip(image: np.ndarray, face: Face) -> np.ndarray:
    """The face, `uint8[150, 150, 3]`, turned and scaled to where dlib's network has learnt to expect it."""
    to_photo = _similarity(_EYES_AND_NOSE, face.landmarks[:3])
    # Bilinear sampling of a much larger face would alias: shrink it first.
    scale = float(np.hypot(to_photo[0, 0], to_photo[1, 0]))
    factor = max(1, int(scale))
    reduced = Image.fromarray(image).reduce(factor) if factor > 1 else Image.fromarray(image)
    coefficients = tuple((to_photo / factor).ravel().tolist())
    chip = reduced.transform((_CHIP_SIDE, _CHIP_SIDE), Image.Transform.AFFINE, coefficients, Image.Resampling.BILINEAR)
    return np.asarray(chip)


def _similarity(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """`float[2, 3]`: the rotation, scale and shift that best takes source to target points (least squares)."""
    rows = []
    for x, y in source:
        rows += [[x, -y, 1, 0], [y, x, 0, 1]]
    (a, b, shift_x, shift_y), *_ = np.linalg.lstsq(np.array(rows), target.astype(np.float64).ravel(), rcond=None)
    return np.array([[a, -b, shift_x], [b, a, shift_y]])


@cache
def _network() -> Any:
    import dlib

    return dlib.face_recognition_model_v1(str(weights.path("dlib_face_recognition_resnet_model_v1.dat")))
