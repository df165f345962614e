"""Cut-out, scene, type, poster: what is drawn, and that it comes out the same each time."""

from __future__ import annotations

import datetime
import hashlib
import io
import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest
from PIL import Image

from motiv8.catalogue.formats import DEFAULT_FORMAT, FORMATS
from motiv8.catalogue.modes import MODES
from motiv8.catalogue.rejections import Rejection
from motiv8.catalogue.themes import THEMES
from motiv8.catalogue.tones import TONES
from motiv8.studio import (
    composition,
    cutout,
    face,
    layers,
    lettering,
    lighting,
    rendering,
    scene,
    selfie,
    typography,
)
from motiv8.studio.affordances import affordances
from motiv8.studio.design import Design
from motiv8.studio.layouts import bust
from motiv8.studio.placement import Arrangement
from motiv8.studio.rejection import PhotoRejected
from motiv8.studio.typefaces import CannotBeSet
from stand_in.photos import PORTRAITS, labelled, labelled_set
from stand_in.pixels import differing

Decoded = Callable[[str], np.ndarray]
VARIED = [
    *PORTRAITS,
    *labelled("single-01.jpg", "single-17.jpg", "single-24.jpg", "single-28.jpg"),
    *labelled("pose-tilted-left.png", "single-43.jpg"),
]


def _bust(person: np.ndarray, form: str = DEFAULT_FORMAT) -> Arrangement:
    return bust.arranged(affordances(person), Design("summit", datetime.date(2026, 11, 20), form=form))


def _scene(mode: str, day: datetime.date, theme: str = "dark", form: str = "portrait") -> np.ndarray:
    return _made_once(mode, day, theme, form)


# Defaults are no part of what `cache` knows a call by.
@cache
def _made_once(mode: str, day: datetime.date, theme: str, form: str) -> np.ndarray:
    made = scene.make(mode, day, theme, form)
    made.setflags(write=False)
    return made


@pytest.mark.parametrize("name", VARIED)
def test_the_person_is_opaque_and_the_background_gone(cut_out: Decoded, name: str) -> None:
    cut = cut_out(name)
    assert cut.shape == (1350, 1080, 4)
    assert cut.dtype == np.uint8
    x, y = (round(each) for each in cutout.FACE_CENTRE)
    assert (cut[y - 60 : y + 60, x - 60 : x + 60, 3] > 250).all()
    assert cut[:40, :40, 3].max() == cut[:40, -40:, 3].max() == 0
    assert not cut[cut[..., 3] == 0].any(), "nothing of the background stays in the file"


@pytest.mark.parametrize("name", VARIED)
def test_the_photos_own_border_does_not_show(cut_out: Decoded, name: str) -> None:
    alpha = cut_out(name)[..., 3].astype(int)
    # The canvas's last rows are no border of the photo's, so only steps inside it count.
    rows = np.abs(np.diff(alpha[:-2], axis=0)).mean(axis=1)
    assert np.max(rows) < 60


def test_a_stranger_behind_stays_out_of_the_picture(decoded: Decoded) -> None:
    person, stranger = decoded("N000184.jpg"), Image.fromarray(decoded("T000193.jpg")).reduce(4)
    sheet = Image.new("RGB", (person.shape[1] + stranger.width, person.shape[0]), (120, 120, 120))
    sheet.paste(Image.fromarray(person), (0, 0))
    sheet.paste(stranger, (person.shape[1], 100))
    beside, alone = (_cut(np.asarray(each)) for each in (sheet, Image.fromarray(person)))
    right = slice(900, None)
    assert beside[150:420, right, 3].max() == alone[150:420, right, 3].max() == 0
    assert beside[560, 540, 3] == 255


@labelled_set
def test_somebody_else_in_the_photo_stays_out_of_the_picture(decoded: Decoded) -> None:
    image = decoded("single-41.jpg")  # a man in the foreground on the right
    cut = cutout.cut_out(image, face.find(image))
    assert cut[150:420, 880:, 3].max() == 0
    assert cut[560, 540, 3] == 255


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("form", FORMATS)
def test_a_scene_fills_its_format(theme: str, form: str) -> None:
    sheet = FORMATS[form]
    for mode in MODES:
        made = _scene(mode, datetime.date(2026, 11, 20), theme, form)
        assert made.shape == (sheet.height, sheet.width, 3)
        assert made.dtype == np.uint8


def test_the_light_theme_is_lighter(day: datetime.date) -> None:
    for mode in MODES:
        dark, light = (float(_scene(mode, day, theme).mean()) for theme in THEMES)
        assert light > dark + 15, mode


def test_a_scene_is_the_same_in_another_process(day: datetime.date) -> None:
    program = (
        "import datetime, hashlib; from motiv8.studio import scene; "
        "print(hashlib.sha256(scene.make('aurora', datetime.date(2026, 11, 20)).tobytes()).hexdigest())"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)  # noqa: S603
    assert done.stdout.strip() == hashlib.sha256(scene.make("aurora", day).tobytes()).hexdigest()


def _small(image: np.ndarray) -> np.ndarray:
    return np.asarray(Image.fromarray(image).resize((24, 30), Image.Resampling.BOX), np.float32)


def _perceptual_hash(image: np.ndarray) -> np.ndarray:
    """Difference hash (Krawetz 2013) of luma and both chromas: `bool[192]`."""
    channels = Image.fromarray(image).convert("YCbCr").split()
    small = [np.asarray(each.resize((9, 8), Image.Resampling.BOX), np.int16) for each in channels]
    return np.concatenate([(each[:, 1:] > each[:, :-1]).ravel() for each in small])


@pytest.mark.parametrize("mode", MODES)
def test_no_two_dates_look_alike(mode: str) -> None:
    # `make test-year` looks at all 365, which takes five minutes.
    days = int(os.environ.get("MOTIV8_SCENE_DAYS", "24"))
    first = datetime.date(2026, 1, 1)
    hashes = np.array([_perceptual_hash(scene.paint(mode, first + datetime.timedelta(each))) for each in range(days)])
    apart = (hashes[:, None] != hashes[None]).sum(axis=2) + 192 * np.eye(days, dtype=int)
    # Ten bits are what a slightly edited copy of a picture differs by.
    assert apart.min() > 10


def test_modes_look_different_at_a_glance(day: datetime.date) -> None:
    seen = {mode: _small(_scene(mode, day)) for mode in MODES}
    assert min(float(np.abs(seen[one] - seen[other]).mean()) for one, other in combinations(MODES, 2)) > 25
    assert len(MODES) >= 8


@pytest.mark.parametrize(("theme", "form"), list(product(THEMES, FORMATS)))
@pytest.mark.parametrize("mode", MODES)
def test_type_can_be_read_and_stays_off_the_face(
    mode: str, theme: str, form: str, person: np.ndarray, day: datetime.date, monkeypatch: pytest.MonkeyPatch
) -> None:
    design = Design(mode, day, "motivate", theme, form)
    seen: list[np.ndarray] = []
    set_type = lettering.set_type

    def keep_what_is_behind(picture: Image.Image, *rest: Any) -> None:
        seen.append(np.array(picture))
        set_type(picture, *rest)

    monkeypatch.setattr(bust, "set_type", keep_what_is_behind)
    typed = composition.compose(person, _scene(mode, day, theme, form), "Show up. The rest will follow.", design)
    [ground] = seen
    rows, columns = np.nonzero(differing(typed, ground, 40))
    assert rows.size > 5000, "the line is there"
    _, _, _, chin = _bust(person, form).placement.face_box()
    assert rows.min() > chin
    assert columns.min() >= 70
    assert columns.max() <= 1010
    if form == "story":
        assert rows.max() < 1920 - 250, "apps lay their controls over what is below"
    behind = ground[rows.min() : rows.max(), columns.min() : columns.max()].reshape(-1, 3).T.copy()
    # The worst of it: the brightest behind light type, the darkest behind dark type.
    worst = tuple(np.percentile(behind, 99 if theme == "dark" else 1, axis=1).round().astype(int).tolist())
    palette = design.palette
    assert typography.contrast(palette.ink, worst) >= typography.LEAST_CONTRAST
    assert typography.contrast(palette.accent, worst) >= typography.LEAST_CONTRAST


@pytest.mark.parametrize("mode", MODES)
def test_something_stands_before_the_person_but_not_before_the_face(
    mode: str, person: np.ndarray, day: datetime.date, monkeypatch: pytest.MonkeyPatch
) -> None:
    background = _scene(mode, day)
    design = Design(mode, day)
    whole = composition.compose(person, background, "Go.", design)
    monkeypatch.setattr(layers, "foreground", lambda *_: lambda *_: None)
    without = composition.compose(person, background, "Go.", design)
    changed = differing(whole, without, 12)
    assert changed.any() == (MODES[mode].foreground != "none")
    _, _, _, chin = _bust(person).placement.face_box()
    assert not changed[: int(chin)].any()


@pytest.mark.parametrize("name", VARIED)
def test_the_face_is_large_and_above_the_type(cut_out: Decoded, name: str) -> None:
    arranged = _bust(cut_out(name))
    left, top, right, chin = arranged.placement.face_box()
    assert (right - left) / 1080 > 0.25
    assert top > -90
    assert chin < bust.ground_row(arranged)


@pytest.mark.parametrize(("name", "rows"), [("N000184.jpg", 75), pytest.param("single-28.jpg", 0, marks=labelled_set)])
def test_a_head_that_the_photo_cuts_off_goes_up_to_the_posters_edge(decoded: Decoded, name: str, rows: int) -> None:
    cut = _cut(decoded(name)[rows:])
    first = np.flatnonzero(cut[..., 3].max(axis=1) > 128)[0]
    at = _bust(cut).placement
    assert at.y - (cutout.FACE_CENTRE[1] - first) * at.scale < 0


def test_a_head_that_is_whole_stays_at_the_formats_height(person: np.ndarray) -> None:
    assert _bust(person).placement.y == FORMATS["portrait"].face_from


@labelled_set
def test_a_whole_head_of_the_labelled_set_stays_whole(cut_out: Decoded) -> None:
    _, top, _, _ = _bust(cut_out("single-43.jpg")).placement.face_box()
    assert top > 0


@pytest.mark.parametrize(("theme", "form"), list(product(THEMES, FORMATS)))
def test_teasing_is_framed(theme: str, form: str, person: np.ndarray, day: datetime.date) -> None:
    background = _scene("summit", day, theme, form)
    line = "The stairs would like a word."
    framed = composition.compose(person, background, line, Design("summit", day, "tease", theme, form))
    plain = composition.compose(person, background, line, Design("summit", day, "motivate", theme, form))
    assert framed.shape == plain.shape == background.shape
    for mat in (framed[:50], framed[:, :60], framed[:, -60:]):
        assert mat.std() < 4
        assert (mat.mean() < 20) == (theme == "dark")
    assert plain[:60].std() > 4


@pytest.mark.parametrize(("mode", "theme", "form"), [*product(MODES, THEMES, FORMATS)])
def test_no_seam_runs_across_a_picture(
    mode: str, theme: str, form: str, person: np.ndarray, day: datetime.date
) -> None:
    design = Design(mode, day, "tease", theme, form)
    made = composition.compose(person, _scene(mode, day, theme, form), "Almost.", design)[:, 110:-110]
    below = made.astype(np.int16)[FORMATS[form].ground - 190 : FORMATS[form].ground - 60]
    # A step that goes the same way in nearly every column is no thing of the scene.
    step = np.diff(below, axis=0)
    assert np.abs(np.median(step, axis=(1, 2))).max() < 4


@pytest.mark.parametrize("name", PORTRAITS)
def test_a_portrait_in_good_light_stays_nearly_as_it_is(cut_out: Decoded, name: str) -> None:
    assert lighting.exposure(cut_out(name)) < 1.2


@labelled_set
def test_a_photo_in_good_light_stays_as_it_is(photos: list[Any], cut_out: Decoded) -> None:
    for each in photos:
        if each.kind == "face":
            assert lighting.exposure(cut_out(each.file)) < 1.1


@pytest.mark.parametrize("name", ["J000294.jpg", *labelled("single-24.jpg")])
def test_a_photo_in_the_dark_is_brought_to_light(decoded: Decoded, name: str, day: datetime.date) -> None:
    image = decoded(name)
    dim = _cut((image * 0.45).astype(np.uint8))
    assert 1.5 < lighting.exposure(dim) <= 2.2
    place = _scene("summit", day)
    x, y = (round(each) for each in cutout.FACE_CENTRE)
    bright, lifted = (composition.compose(cut, place, "Up.", Design("summit", day)) for cut in (_cut(image), dim))
    faces = [float(each[y - 60 : y + 60, x - 60 : x + 60].mean()) for each in (bright, lifted)]
    assert 0.75 * faces[0] < faces[1] < 1.1 * faces[0]


def _cut(image: np.ndarray) -> np.ndarray:
    return cutout.cut_out(image, face.find(image))


@pytest.mark.parametrize("tone", TONES)
def test_the_same_input_gives_the_same_bytes(person: np.ndarray, day: datetime.date, tone: str) -> None:
    design = Design("city-night", day, tone)
    first = rendering.render(person, design, 7)
    again = rendering.render(person, design, 7, scene.make("city-night", day))
    assert first == again


@pytest.mark.parametrize(
    ("form", "size", "thumbnail"),
    [("portrait", (1080, 1350), (480, 600)), ("story", (1080, 1920), (480, 853)), ("square", (1080, 1080), (480, 480))],
)
def test_the_files_have_their_sizes_and_no_exif(
    form: str, size: tuple[int, int], thumbnail: tuple[int, int], person: np.ndarray, day: datetime.date
) -> None:
    made = rendering.render(person, Design("sunrise", day, form=form), 3)
    for data, kind, expected in (
        (made.jpeg, "JPEG", size),
        (made.thumbnail, "WEBP", thumbnail),
    ):
        with Image.open(io.BytesIO(data)) as image:
            assert (image.format, image.size) == (kind, expected)
            assert not image.getexif()
    assert made.line in made.alt_text
    assert "sea" in made.alt_text


def test_a_line_of_ones_own_is_set(person: np.ndarray, day: datetime.date) -> None:
    made = rendering.render(person, Design("sunrise", day), 3, line="Вперёд!")
    assert made.line == "Вперёд!"
    with pytest.raises(CannotBeSet, match="emoji"):
        rendering.render(person, Design("sunrise", day), 3, line="Go 💪")


def test_a_photo_becomes_an_embedding_and_a_cut_out(sample: bytes, person: np.ndarray) -> None:
    extraction = selfie.extract(sample)
    assert extraction.embedding.shape == (128,)
    assert np.array_equal(extraction.cutout, person)


def test_a_photo_that_will_not_do_says_why() -> None:
    with pytest.raises(PhotoRejected) as rejected:
        selfie.extract(b"nonsense")
    assert rejected.value.reason is Rejection.UNREADABLE
