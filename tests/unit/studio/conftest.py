"""The labelled photos, each decoded once."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from motiv8.studio import cutout, face, photo

PROJECT = Path(__file__).parents[3]
PHOTOS = PROJECT.parent / "shared" / "photos"


@dataclass(frozen=True)
class Labelled:
    """A row of labels.csv."""

    file: str
    identity: str
    faces: int
    kind: str


def labels() -> list[Labelled]:
    """All labelled photos."""
    with (PHOTOS / "labels.csv").open(encoding="utf-8") as file:
        return [Labelled(row["file"], row["identity"], int(row["faces"]), row["kind"]) for row in csv.DictReader(file)]


@cache
def _decoded(name: str) -> np.ndarray:
    image = photo.decode((PHOTOS / name).read_bytes())
    image.setflags(write=False)
    return image


@pytest.fixture(scope="session")
def photos() -> list[Labelled]:
    """The labels of all photos."""
    return labels()


@pytest.fixture(scope="session")
def read() -> Callable[[str], bytes]:
    """A photo's bytes by name."""
    return lambda name: (PHOTOS / name).read_bytes()


@pytest.fixture(scope="session")
def decoded() -> Callable[[str], np.ndarray]:
    """A photo by name, decoded, read only."""
    return _decoded


@pytest.fixture(scope="session")
def sample() -> bytes:
    """The project's sample photo."""
    return (PROJECT / "samples" / "astronaut.jpg").read_bytes()


@pytest.fixture(scope="session")
def person(sample: bytes) -> np.ndarray:
    """The person of the sample photo, cut out."""
    image = photo.decode(sample)
    cut = cutout.cut_out(image, face.find(image))
    cut.setflags(write=False)
    return cut


@pytest.fixture(scope="session")
def day() -> datetime.date:
    """A Friday."""
    return datetime.date(2026, 11, 20)
