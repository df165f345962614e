"""The week on one sheet and as a film: right for each number of pictures."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from motiv8.studio.week import FILM, HEIGHT, MOST_BYTES, WIDTH, film, sheet


def _pictures(count: int, height: int = HEIGHT) -> list[np.ndarray]:
    """Plain pictures, each of a grey of its own."""
    return [np.full((height, WIDTH, 3), 60 + 25 * index, np.uint8) for index in range(count)]


@pytest.mark.parametrize("count", range(1, 8))
def test_each_picture_is_on_the_sheet_whole_and_large_enough(count: int) -> None:
    made = sheet(_pictures(count), "My week", "16 to 22 November")
    assert made.shape == (HEIGHT, WIDTH, 3)
    taken = 0.0
    for index in range(count):
        of_it = (made == 60 + 25 * index).all(axis=2)
        # Type has all greys, but in no row of a hundred pixels.
        rows, columns = np.nonzero(of_it & (of_it.sum(axis=1) >= 100)[:, None])
        width, height = np.ptp(columns) + 1, np.ptp(rows) + 1
        assert abs(width / height - WIDTH / HEIGHT) < 0.02
        assert width >= 210
        assert (columns.min(), columns.max()) >= (50, 50)
        assert columns.max() < WIDTH - 50
        taken += width * height
    assert taken > 0.28 * WIDTH * HEIGHT


@pytest.mark.parametrize("height", [1080, 1350, 1920])
def test_pictures_of_each_format_fill_their_place(height: int) -> None:
    made = sheet(_pictures(1, height), "My week", "16 to 22 November")
    assert (made[300:1200, 200:880] == 60).all()


def test_the_film_shows_each_picture_and_the_sheet_and_can_be_shared() -> None:
    rng = np.random.default_rng(3)
    noisy = [rng.integers(0, 255, (HEIGHT, WIDTH, 3), np.uint8) for _ in range(2)]
    pictures = [*noisy, *_pictures(2)]
    made = film(pictures, sheet(pictures, "My week", "16 to 22 November"), b"<x/>")
    assert len(made) <= MOST_BYTES
    with Image.open(io.BytesIO(made)) as opened:
        assert opened.format == "WEBP"
        assert opened.size == FILM
        frames = getattr(opened, "n_frames", 1)
        # Frames that look alike become one.
        assert 3 * (len(pictures) + 1) <= frames <= 5 * (len(pictures) + 1)
        assert opened.info["loop"] == 0
