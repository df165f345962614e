"""Pictures look as they are to look, whatever is done for speed: `expected/` holds them at a sixth of their size.

`make gallery` draws these anew, for who changes how pictures look and has looked at the result.
"""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np
import pytest
from benchmarks.gallery import LINES
from PIL import Image
from skimage.metrics import structural_similarity

from motiv8.studio import composition, layers, scene
from motiv8.studio.design import Design

EXPECTED = Path(__file__).parent / "expected"


def _made(person: np.ndarray, design: Design) -> np.ndarray:
    place = scene.make(design.mode, design.day, design.theme, design.form)
    return composition.compose(person, place, LINES[design.tone], design)


@pytest.mark.parametrize("file", sorted(EXPECTED.glob("*.webp")), ids=lambda file: file.stem)
def test_a_picture_looks_as_expected(file: Path, person: np.ndarray, day: datetime.date) -> None:
    mode, tone, theme, form = file.stem.rsplit("-", 3)
    made = _made(person, Design(mode, day, tone, theme, form))
    with Image.open(file) as image:
        expected = np.asarray(image)
    small = np.asarray(Image.fromarray(made).reduce(6))
    assert small.shape == expected.shape
    assert structural_similarity(small, expected, channel_axis=2) > 0.99
    assert np.abs(small.astype(np.int16) - expected).mean() < 1.5


def test_where_a_band_of_rows_ends_does_not_show(
    person: np.ndarray, day: datetime.date, monkeypatch: pytest.MonkeyPatch
) -> None:
    design = Design("forest", day)
    in_bands = _made(person, design)
    monkeypatch.setattr(layers, "_BAND", 2000)
    assert np.array_equal(in_bands, _made(person, design))
