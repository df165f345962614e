"""The photos, each decoded once."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

from motiv8.studio import cutout, face, photo
from stand_in.photos import LABELLED, SAMPLE, read


@dataclass(frozen=True)
class Labelled:
    """A row of labels.csv."""

    file: str
    identity: str
    faces: int
    kind: str


def labels() -> list[Labelled]:
    """All labelled photos."""
    with (LABELLED / "labels.csv").open(encoding="utf-8") as file:
        return [Labelled(row["file"], row["identity"], int(row["faces"]), row["kind"]) for row in csv.DictReader(file)]


@cache
def _decoded(name: str) -> np.ndarray:
    image = photo.decode(read(name))
    image.setflags(write=False)
    return image


@cache
def _cut(name: str) -> np.ndarray:
    cut = cutout.cut_out(_decoded(name), face.find(_decoded(name)))
    cut.setflags(write=False)
    return cut


@pytest.fixture(scope="session")
def photos() -> list[Labelled]:
    """The labels of all photos of the labelled set."""
    return labels()


@pytest.fixture(scope="session")
def decoded() -> Callable[[str], np.ndarray]:
    """A photo by name, decoded, read only."""
    return _decoded


@pytest.fixture(scope="session")
def cut_out() -> Callable[[str], np.ndarray]:
    """The person of a photo by name, cut out, read only."""
    return _cut


@pytest.fixture(scope="session")
def sample() -> bytes:
    """The project's sample photo."""
    return SAMPLE.read_bytes()


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
