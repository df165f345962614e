"""Faces in real photos, counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import skimage.data
from PIL import Image, ImageFilter

from motiv8.catalogue.rejections import Rejection
from motiv8.studio import face, photo
from motiv8.studio.rejection import PhotoRejected
from stand_in.photos import PORTRAITS, labelled, labelled_set, two_people

Decoded = Callable[[str], np.ndarray]
NO_FACE = (
    "coffee", "chelsea", "rocket", "coins", "page", "text", "brick", "grass", "gravel", "moon", "horse", "clock",
    "hubble_deep_field", "immunohistochemistry", "colorwheel", "checkerboard", "cell",
)  # fmt: skip
STRAIGHT = ("D000096.jpg", "J000294.jpg", "K000381.jpg", "N000184.jpg", "R000462.jpg", "T000193.jpg")
GOOD = [
    *STRAIGHT,
    *labelled("single-01.jpg", "single-13.jpg", "single-18.jpg", "single-24.jpg", "single-30.jpg", "single-36.jpg"),
]
PAIRS = [("N000184.jpg", "T000193.jpg"), pytest.param("single-18.jpg", "single-24.jpg", marks=labelled_set)]


def _reason(image: np.ndarray) -> Rejection | None:
    try:
        face.find(image)
    except PhotoRejected as rejected:
        return rejected.reason
    return None


@pytest.mark.parametrize("name", PORTRAITS)
def test_the_face_of_a_portrait_is_found(decoded: Decoded, name: str) -> None:
    assert _reason(decoded(name)) is None


@labelled_set
def test_every_labelled_single_face_is_found(photos: list[Any], decoded: Decoded) -> None:
    singles = [each.file for each in photos if each.faces == 1]
    missed = {name: reason for name in singles if (reason := _reason(decoded(name)))}
    assert len(singles) == 50
    assert missed == {}


def test_two_people_side_by_side_are_several_faces() -> None:
    assert _reason(photo.decode(two_people())) is Rejection.SEVERAL_FACES


@labelled_set
def test_several_people_are_several_faces(decoded: Decoded) -> None:
    assert _reason(decoded("two-people.jpg")) is Rejection.SEVERAL_FACES
    assert _reason(decoded("many-people.jpg")) is Rejection.SEVERAL_FACES


def test_no_face_is_found_where_there_is_none() -> None:
    found = []
    for name in NO_FACE:
        image = np.asarray(getattr(skimage.data, name)())
        image = image.astype(np.uint8) * 255 if image.dtype == bool else image
        rgb = np.stack([image] * 3, axis=-1) if image.ndim == 2 else image[..., :3]
        if _reason(np.ascontiguousarray(rgb)) is not Rejection.NO_FACE:
            found.append(name)
    assert found == []


@labelled_set
def test_no_face_is_found_in_a_view(decoded: Decoded) -> None:
    assert _reason(decoded("no-face-view.jpg")) is Rejection.NO_FACE


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("degrees", [-45, -30, -15, 15, 30, 45])
def test_a_tilted_head_is_found_and_its_tilt_known(decoded: Decoded, name: str, degrees: int) -> None:
    upright = face.find(decoded(name)).roll_degrees
    tilted = Image.fromarray(decoded(name)).rotate(degrees, Image.Resampling.BILINEAR, fillcolor=(128, 128, 128))
    assert face.find(np.asarray(tilted)).roll_degrees - upright == pytest.approx(-degrees, abs=9)


@pytest.mark.parametrize("name", GOOD)
def test_a_dark_photo_is_too_dark(decoded: Decoded, name: str) -> None:
    assert _reason((decoded(name) * 0.15).astype(np.uint8)) is Rejection.TOO_DARK


@pytest.mark.parametrize("name", GOOD)
def test_a_dim_photo_is_still_taken(decoded: Decoded, name: str) -> None:
    assert _reason((decoded(name) * 0.55).astype(np.uint8)) is None


@pytest.mark.parametrize("name", GOOD)
def test_a_face_before_a_bright_window_is_still_taken(decoded: Decoded, name: str) -> None:
    image = decoded(name)
    x, y, width, height = face.find(image).box
    rows, columns = np.mgrid[: image.shape[0], : image.shape[1]]
    away = np.hypot((columns - x - width / 2) / width, (rows - y - height / 2) / height)
    window = np.clip(away - 0.8, 0, 1)[..., None]
    assert _reason(np.clip(image * (0.5 + 0.1 * window) + 110 * window, 0, 255).astype(np.uint8)) is None


@pytest.mark.parametrize("name", GOOD)
def test_a_blurred_photo_is_blurred(decoded: Decoded, name: str) -> None:
    image = decoded(name)
    radius = face.find(image).box[2] / 30
    assert _reason(np.asarray(Image.fromarray(image).filter(ImageFilter.GaussianBlur(radius)))) is Rejection.BLURRED


@pytest.mark.parametrize("name", GOOD)
def test_a_small_face_is_too_small(decoded: Decoded, name: str) -> None:
    image = Image.fromarray(decoded(name))
    factor = 55 / face.find(decoded(name)).box[2]
    small = image.resize((round(image.width * factor), round(image.height * factor)))
    assert _reason(np.asarray(small)) is Rejection.FACE_TOO_SMALL


def _cropped(image: np.ndarray, left: float, top: float, right: float, bottom: float) -> np.ndarray:
    """The photo down to a rectangle, in widths of the face's box from its left upper corner."""
    x, y, width, _ = face.find(image).box
    first_x, first_y = max(0, round(x + left * width)), max(0, round(y + top * width))
    return image[first_y : round(y + bottom * width), first_x : round(x + right * width)]


FAR = 9.0
HALVES = [(-FAR, -FAR, 0.7, FAR), (0.3, -FAR, FAR, FAR), (-FAR, 0.3, FAR, FAR), (-FAR, -FAR, FAR, 0.7)]


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("rectangle", HALVES, ids=["right", "left", "top", "bottom"])
def test_a_face_that_the_border_cuts_is_not_taken(
    decoded: Decoded, name: str, rectangle: tuple[float, float, float, float]
) -> None:
    # Without brows or chin the models may find no face at all.
    assert _reason(_cropped(decoded(name), *rectangle)) in {Rejection.CUT_OFF, Rejection.NO_FACE}


@pytest.mark.parametrize("name", STRAIGHT)
def test_a_face_of_which_a_fifth_is_beyond_the_border_is_cut_off(decoded: Decoded, name: str) -> None:
    assert _reason(_cropped(decoded(name), -FAR, -FAR, 0.8, FAR)) is Rejection.CUT_OFF


@pytest.mark.parametrize("name", GOOD)
def test_a_photo_cropped_at_hair_and_chin_is_taken(decoded: Decoded, name: str) -> None:
    assert _reason(_cropped(decoded(name), -0.2, -0.3, 1.2, 1.15)) is None


@pytest.mark.parametrize("name", STRAIGHT)
def test_a_phone_before_half_of_the_face_is_taken(decoded: Decoded, name: str) -> None:
    image = decoded(name).copy()
    x, y, width, height = (round(each) for each in face.find(image).box)
    image[y + height // 2 : y + height, x + width // 2 : x + width] = (20, 20, 24)
    assert _reason(image) is None


@labelled_set
def test_the_labelled_half_faces_are_cut_off_and_the_tight_crops_are_not(decoded: Decoded) -> None:
    halves = [_reason(decoded(f"hard-half-face-{side}.jpg")) for side in ("left", "right")]
    assert halves == [Rejection.CUT_OFF] * 2
    assert [_reason(decoded(f"hard-tight-crop-{number}.jpg")) for number in (1, 2)] == [None] * 2


def _beside(main: np.ndarray, other: np.ndarray, scale: float) -> np.ndarray:
    """The first photo with another, smaller, to its right."""
    height = main.shape[0]
    stranger = Image.fromarray(other).resize((round(other.shape[1] * scale), round(other.shape[0] * scale)))
    sheet = Image.new("RGB", (main.shape[1] + stranger.width, height), (120, 120, 120))
    sheet.paste(Image.fromarray(main), (0, 0))
    sheet.paste(stranger, (main.shape[1], max(0, (height - stranger.height) // 2)))
    return np.asarray(sheet)


@pytest.mark.parametrize(("person", "stranger"), PAIRS)
def test_a_stranger_far_behind_does_not_count(decoded: Decoded, person: str, stranger: str) -> None:
    main, other = decoded(person), decoded(stranger)
    small = face.find(main).box[2] / face.find(other).box[2] * 0.3
    found = face.find(_beside(main, other, small))
    assert found.box[0] + found.box[2] < main.shape[1]


@pytest.mark.parametrize(("person", "stranger"), PAIRS)
def test_somebody_alike_in_size_counts(decoded: Decoded, person: str, stranger: str) -> None:
    main, other = decoded(person), decoded(stranger)
    alike = face.find(main).box[2] / face.find(other).box[2] * 0.9
    assert _reason(_beside(main, other, alike)) is Rejection.SEVERAL_FACES


@pytest.mark.parametrize("name", GOOD)
def test_the_landmarks_lie_where_they_should(decoded: Decoded, name: str) -> None:
    left_eye, right_eye, nose, mouth, left_ear, right_ear = face.find(decoded(name)).landmarks
    assert left_ear[0] < left_eye[0] < nose[0] < right_eye[0] < right_ear[0]
    assert max(left_eye[1], right_eye[1]) < nose[1] < mouth[1]


@pytest.mark.parametrize("name", PORTRAITS)
def test_a_portrait_that_lies_on_its_head_is_turned_upright(decoded: Decoded, name: str) -> None:
    assert abs(face.find(np.ascontiguousarray(decoded(name)[::-1, ::-1])).roll_degrees) > 150


@labelled_set
def test_a_photo_that_lies_on_its_head_is_turned_upright(photos: list[Any], decoded: Decoded) -> None:
    faces = [each.file for each in photos if each.kind == "face"]
    rolls = [face.find(np.ascontiguousarray(decoded(name)[::-1, ::-1])).roll_degrees for name in faces]
    assert sum(abs(roll) > 150 for roll in rolls) == len(faces)


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 900, 3), (900, 1, 3)])
def test_next_to_no_picture_has_no_face(shape: tuple[int, int, int]) -> None:
    assert _reason(np.full(shape, 128, np.uint8)) is Rejection.NO_FACE


@pytest.mark.parametrize("name", ["N000184.jpg", *labelled("single-18.jpg")])
def test_five_faces_are_several(decoded: Decoded, name: str) -> None:
    one = Image.fromarray(decoded(name)).resize((400, 400))
    sheet = Image.new("RGB", (2000, 400))
    for number in range(5):
        sheet.paste(one, (400 * number, 0))
    assert _reason(np.asarray(sheet)) is Rejection.SEVERAL_FACES
