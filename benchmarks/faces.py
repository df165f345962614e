"""`make bench-faces`: which photos are taken, and whether people are told apart, by skin tone and by lighting.

Skin tone is measured on the photo, as the individual typology angle of the cheeks (Chardon et al. 1991), since the
photos carry no label of it; lighting is made: dim rooms, back light, lamps, tilted and distant heads.
"""

from __future__ import annotations

import csv
import math
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import skimage.data
from PIL import Image, ImageCms, ImageFilter

from benchmarks.table import show
from motiv8.studio import face, identity, photo
from motiv8.studio.rejection import PhotoRejected
from stand_in.photos import LABELLED

NO_FACE = (
    "coffee", "chelsea", "rocket", "coins", "page", "text", "brick", "grass", "gravel", "moon", "horse", "clock",
    "hubble_deep_field", "immunohistochemistry", "colorwheel", "checkerboard", "cell",
)  # fmt: skip


@dataclass(frozen=True)
class Subject:
    """A photo of one person, who is `identity`; a name with x is nobody's second photo."""

    file: str
    identity: str
    image: np.ndarray
    tone: str


def main() -> None:
    """Print the tables; SystemExit where the labelled photos are not there."""
    if not LABELLED.is_dir():
        sys.exit(f"The labelled photos are not there: MOTIV8_PHOTOS names their folder (now {LABELLED}).")
    subjects = list(_subjects())
    rows = [_row("all, as they are", [(each, each.image) for each in subjects])]
    tones = ("light skin", "medium skin", "dark skin")
    rows += [_row(tone, [(each, each.image) for each in subjects if each.tone == tone]) for tone in tones]
    for lighting, change in LIGHTINGS.items():
        rows.append(_row(lighting, [(each, change(each.image, each)) for each in subjects]))
    for tone in tones:
        changed = [(each, LIGHTINGS["dim room"](each.image, each)) for each in subjects if each.tone == tone]
        rows.append(_row(f"{tone}, dim room", changed))
    header = ("group", "photos", "ready", "share", "pairs", "told apart", "false accepts", "false rejects")
    show("Faces by group (targets: 97 % ready, 99 % told apart, groups within 3 points)", header, rows)
    taken = sum(_taken(_rgb(getattr(skimage.data, name)())) for name in NO_FACE)
    taken += _taken(photo.decode((LABELLED / "no-face-view.jpg").read_bytes()))
    show("Pictures without a face", ("pictures", "accepted"), [(len(NO_FACE) + 1, taken)])


def _subjects() -> Iterable[Subject]:
    with (LABELLED / "labels.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["faces"] == "1":
                image = photo.decode((LABELLED / row["file"]).read_bytes())
                yield Subject(row["file"], row["identity"], image, _tone(image))


def _tone(image: np.ndarray) -> str:
    """By the individual typology angle: over 28 degrees light, over 10 medium, else dark."""
    found = face.find(image)
    left_eye, right_eye, nose, mouth = found.landmarks[:4]
    side = max(3, round(found.box[2] * 0.06))
    patches = []
    for eye in (left_eye, right_eye):
        x, y = (round(float(each)) for each in (eye * 0.45 + mouth * 0.3 + nose * 0.25 + (eye - nose) * 0.25))
        patches.append(image[y - side : y + side, x - side : x + side].reshape(-1, 3))
    skin = np.median(np.concatenate(patches), axis=0).astype(np.uint8)
    lab = ImageCms.profileToProfile(
        Image.fromarray(skin[None, None]),
        ImageCms.createProfile("sRGB"),
        ImageCms.createProfile("LAB"),
        outputMode="LAB",
    )
    assert lab is not None
    lightness, _, blue = np.frombuffer(lab.tobytes(), np.uint8)
    # Pillow's LAB has lightness in 255ths, and b as a signed byte.
    signed = int(blue) - 256 if blue > 127 else int(blue)
    angle = math.degrees(math.atan2(float(lightness) / 2.55 - 50, max(1, signed)))
    return "light skin" if angle > 28 else "medium skin" if angle > 10 else "dark skin"


def _row(group: str, photos: list[tuple[Subject, np.ndarray]]) -> tuple[object, ...]:
    ready, known = 0, []
    for subject, image in photos:
        try:
            found = face.find(image)
        except PhotoRejected:
            continue
        ready += 1
        if subject.identity.startswith("p0"):
            known.append((subject.identity, identity.embed(image, found)))
    pairs = list(combinations(known, 2))
    accepts = rejects = 0
    for (one, first), (other, second) in pairs:
        same = identity.distance(first, second) < identity.SAME_PERSON_DISTANCE
        accepts += same and one != other
        rejects += not same and one == other
    share = f"{ready / len(photos):.1%}" if photos else "-"
    right = f"{1 - (accepts + rejects) / len(pairs):.1%}" if pairs else "-"
    return group, len(photos), ready, share, len(pairs), right, accepts, rejects


def _dim(image: np.ndarray, subject: Subject) -> np.ndarray:
    """A third of the light, and the noise that a sensor adds to it."""
    noise = np.random.default_rng(len(subject.file)).normal(0, 5, image.shape)
    return _bytes(image * 0.45 + noise)


def _back_light(image: np.ndarray, _: Subject) -> np.ndarray:
    """A bright window behind, the face in its own shadow."""
    found = face.find(image)
    rows, columns = np.mgrid[: image.shape[0], : image.shape[1]].astype(np.float32)
    x, y, width, height = found.box
    far = np.hypot((columns - x - width / 2) / width, (rows - y - height / 2) / height)
    window = np.clip(far - 0.8, 0, 1)[..., None]
    return _bytes(image * 0.5 * (1 - window) + (image * 0.6 + 110) * window)


def _warm(image: np.ndarray, _: Subject) -> np.ndarray:
    return _bytes(image * np.array([1.15, 0.92, 0.6]))


def _bytes(light: np.ndarray) -> np.ndarray:
    image: np.ndarray = np.clip(light, 0, 255).astype(np.uint8)
    return image


def _tilted(degrees: float) -> Callable[[np.ndarray, Subject], np.ndarray]:
    def turn(image: np.ndarray, _: Subject) -> np.ndarray:
        turned = Image.fromarray(image).rotate(degrees, Image.Resampling.BILINEAR, fillcolor=(120, 120, 120))
        return np.asarray(turned)

    return turn


def _far(image: np.ndarray, _: Subject) -> np.ndarray:
    """The head at 110 pixels in a picture of 1280."""
    factor = 110 / face.find(image).box[2]
    if factor >= 1:
        return image
    small = Image.fromarray(image).resize(
        (round(image.shape[1] * factor), round(image.shape[0] * factor)), reducing_gap=3
    )
    sheet = Image.new("RGB", (max(1280, small.width), max(960, small.height)), (150, 148, 140))
    sheet.paste(small, ((sheet.width - small.width) // 2, (sheet.height - small.height) // 2))
    return np.asarray(sheet)


def _soft(image: np.ndarray, _: Subject) -> np.ndarray:
    radius = face.find(image).box[2] / 160
    return np.asarray(Image.fromarray(image).filter(ImageFilter.GaussianBlur(radius)))


LIGHTINGS: dict[str, Callable[[np.ndarray, Subject], np.ndarray]] = {
    "dim room": _dim,
    "back light": _back_light,
    "warm lamps": _warm,
    "tilted by 30": _tilted(30),
    "tilted by -45": _tilted(-45),
    "far from the camera": _far,
    "a little soft": _soft,
}


def _rgb(image: np.ndarray) -> np.ndarray:
    scaled = image.astype(np.uint8) * 255 if image.dtype == bool else image
    whole = np.stack([scaled] * 3, axis=-1) if scaled.ndim == 2 else scaled[..., :3]
    return np.ascontiguousarray(whole)


def _taken(image: np.ndarray) -> bool:
    try:
        face.find(image)
    except PhotoRejected:
        return False
    return True


if __name__ == "__main__":
    main()
