"""The one face of a selfie, or why it will not do."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image

from motiv8.catalogue.rejections import Rejection
from motiv8.studio.blazeface import FULL_RANGE, SHORT_RANGE, Detection, detect
from motiv8.studio.rejection import PhotoRejected

SMALLEST_WIDTH = 72
"""Pixels: half of the 150 that the descriptor wants, and too coarse for a poster below that."""
STRANGER_WIDTH = 0.55
"""A second face that is at least this wide, as a part of the main one, is another subject and not a passer-by."""
MOST_CUT_OFF = 0.12
"""How far a face may lie beyond the photo's border, as a part of its width. The 124 whole faces of the labelled photos
end 0.17 or more before it, those cropped at hair and chin, too; half faces lie 0.2 or more beyond it."""
DARKEST_HIGHLIGHT = 60
"""The 90th percentile of luma (0-255) on the face. Real photos, all skin tones, have 157 to 239; highlights and not
the mean, so that dark skin in good light is never called too dark."""
LEAST_SHARPNESS = 26.0
"""Variance of the Laplacian of the face's luma at 128 x 128 (Pech-Pacheco et al. 2000), brought to one contrast, so
that back light and dim rooms are not blur. Real photos have 85 to 1005, blurred by a 60th of the face 4 to 25."""
_USUAL_CONTRAST = 150.0
"""Luma between the 5th and the 95th percentile of a face in good light."""
_TILTS = (-40, 40)
# Turned pictures have more that looks like a face: a cat reaches 0.58 there, the moon 0.56.
_LEAST_TILTED_SCORE = 0.75
# A photo that lies on its head, without EXIF data that says so, is found as well, but with a worse score.
_SURELY_UPRIGHT = 0.9
_SHARPNESS_SIDE = 128


@dataclass(frozen=True, slots=True)
class Face:
    """A face in an image.

    `box` is x, y, width, height in pixels (eyebrows to chin); `landmarks` is `float32[6, 2]`: the eye on the image's
    left, the other eye, nose tip, mouth, the ear on the left, the other ear; `roll_degrees` is how far the head leans
    clockwise.
    """

    box: tuple[float, float, float, float]
    landmarks: np.ndarray
    score: float
    roll_degrees: float


def find(image: np.ndarray) -> Face:
    """The face of `uint8[H, W, 3]` RGB.

    Raises PhotoRejected: NO_FACE, SEVERAL_FACES (two alike in size; strangers far behind do not count),
    CUT_OFF (by the border; what covers a face within the photo does not count), FACE_TOO_SMALL, TOO_DARK, BLURRED.
    """
    found = detect_all(image)
    if not found:
        raise PhotoRejected(Rejection.NO_FACE)
    main = max(found, key=lambda each: _prominence(each, image))
    width = main.box[2]
    if any(each is not main and each.box[2] >= STRANGER_WIDTH * width for each in found):
        raise PhotoRejected(Rejection.SEVERAL_FACES)
    if _beyond_border(main, image) > MOST_CUT_OFF * width:
        raise PhotoRejected(Rejection.CUT_OFF)
    if width < SMALLEST_WIDTH:
        raise PhotoRejected(Rejection.FACE_TOO_SMALL)
    _check_light_and_focus(image, main)
    return Face(main.box, main.landmarks, main.score, _roll(main.landmarks))


def detect_all(image: np.ndarray) -> list[Detection]:
    """Every face of `uint8[H, W, 3]` RGB, as both models find it and once each.

    The short-range model sees selfies best, the other one people further away.
    """
    found = detect(image, SHORT_RANGE)
    found += [far for far in detect(image, FULL_RANGE) if not any(_same(far, near) for near in found)]
    if found and max(each.score for each in found) >= _SURELY_UPRIGHT:
        return found
    turned = _detect_tilted(image, 180)
    if turned and max(each.score for each in turned) > max((each.score for each in found), default=0):
        return turned
    if found:
        return found
    tilted = [face for degrees in _TILTS for face in _detect_tilted(image, degrees)]
    return sorted(tilted, key=lambda each: -each.score)[:1]


def _same(one: Detection, other: Detection) -> bool:
    """Whether the centre of one lies in the other's box."""
    x, y, width, height = other.box
    centre_x, centre_y = one.box[0] + one.box[2] / 2, one.box[1] + one.box[3] / 2
    return x <= centre_x <= x + width and y <= centre_y <= y + height


def _detect_tilted(image: np.ndarray, degrees: float) -> list[Detection]:
    """Faces of the image turned counter-clockwise by `degrees`, in coordinates of the image as it is."""
    height, width = image.shape[:2]
    turned = np.asarray(Image.fromarray(image).rotate(degrees, Image.Resampling.BILINEAR))
    angle = math.radians(degrees)
    back = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]], np.float32)
    centre = np.array([width / 2, height / 2], np.float32)
    faces = []
    for each in detect(turned, SHORT_RANGE):
        if each.score < _LEAST_TILTED_SCORE:
            continue
        x, y, box_width, box_height = each.box
        middle = np.array([x + box_width / 2, y + box_height / 2], np.float32)
        middle_x, middle_y = ((middle - centre) @ back.T + centre).tolist()
        box = (middle_x - box_width / 2, middle_y - box_height / 2, box_width, box_height)
        faces.append(Detection(each.score, box, ((each.landmarks - centre) @ back.T + centre).astype(np.float32)))
    return faces


def _beyond_border(face: Detection, image: np.ndarray) -> float:
    """Pixels by which the face lies beyond the photo's border, on the side where it is most; negative within."""
    x, y, width, height = face.box
    return float(max(-x, -y, x + width - image.shape[1], y + height - image.shape[0]))


def _prominence(face: Detection, image: np.ndarray) -> float:
    """Large and central wins."""
    height, width = image.shape[:2]
    off_x = abs(face.box[0] + face.box[2] / 2 - width / 2) / width
    off_y = abs(face.box[1] + face.box[3] / 2 - height / 2) / height
    return face.box[2] * (1.0 - 0.5 * math.hypot(off_x, off_y))


def _roll(landmarks: np.ndarray) -> float:
    x, y = landmarks[1] - landmarks[0]
    return math.degrees(math.atan2(float(y), float(x)))


def _check_light_and_focus(image: np.ndarray, face: Detection) -> None:
    x, y, width, height = (round(each) for each in face.box)
    crop = Image.fromarray(image[max(y, 0) : y + height, max(x, 0) : x + width]).convert("L")
    side = (_SHARPNESS_SIDE, _SHARPNESS_SIDE)
    luma = np.asarray(crop.resize(side, Image.Resampling.BILINEAR, reducing_gap=2.0), np.float32)
    if np.percentile(luma, 90) < DARKEST_HIGHLIGHT:
        raise PhotoRejected(Rejection.TOO_DARK)
    centre = luma[1:-1, 1:-1]
    laplacian = luma[1:-1, 2:] + luma[1:-1, :-2] + luma[2:, 1:-1] + luma[:-2, 1:-1] - 4 * centre
    spread = max(20.0, float(np.percentile(luma, 95) - np.percentile(luma, 5)))
    if laplacian.var() * (_USUAL_CONTRAST / spread) ** 2 < LEAST_SHARPNESS:
        raise PhotoRejected(Rejection.BLURRED)
