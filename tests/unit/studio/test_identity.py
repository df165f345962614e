"""Whose face it is, over all pairs of portraits and of labelled photos with a known identity."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from motiv8.model_files import ModelFiles
from motiv8.studio import descriptor, face, identity, weights
from stand_in.photos import PORTRAITS, labelled, labelled_set

Decoded = Callable[[str], np.ndarray]


def _embedded(image: np.ndarray) -> np.ndarray:
    return identity.embed(image, face.find(image))


def test_the_network_gives_the_numbers_that_dlib_gives(decoded: Decoded) -> None:
    # Of `face_recognition_model_v1` of dlib 20.0.1, for three portraits brought to the size of a chip.
    expected = np.load(Path(__file__).parent / "expected" / "descriptors.npy")
    side = (descriptor.SIDE, descriptor.SIDE)
    chips = [Image.fromarray(decoded(name)).resize(side, Image.Resampling.BILINEAR) for name in PORTRAITS[:3]]
    described = [descriptor.describe(np.asarray(chip)) for chip in chips]
    assert np.abs(np.array(described) - expected).max() < 1e-4


def test_where_set_up_did_not_build_the_network_it_is_built_when_needed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    there = weights.FILES.path("dlib_face_recognition_resnet_model_v1.dat")
    (tmp_path / there.name).symlink_to(there)
    monkeypatch.setattr(weights, "FILES", ModelFiles(tmp_path, ()))
    grey = np.full((descriptor.SIDE, descriptor.SIDE, 3), 127, np.uint8)
    descriptor._interpreter.cache_clear()
    unbuilt = descriptor.describe(grey)
    descriptor.build()
    descriptor._interpreter.cache_clear()
    assert np.array_equal(descriptor.describe(grey), unbuilt)
    descriptor._interpreter.cache_clear()


def test_different_people_are_told_apart(decoded: Decoded) -> None:
    embeddings = [_embedded(decoded(name)) for name in PORTRAITS]
    distances = [identity.distance(one, other) for one, other in combinations(embeddings, 2)]
    assert min(distances) >= identity.SAME_PERSON_DISTANCE


@pytest.mark.parametrize("name", PORTRAITS)
def test_a_person_in_other_light_tilted_or_farther_away_is_the_same_person(decoded: Decoded, name: str) -> None:
    image = decoded(name)
    embedding, sheet = _embedded(image), Image.fromarray(image)
    dim = (image * 0.55).astype(np.uint8)
    warm = np.clip(image * np.array([1.15, 0.92, 0.6]), 0, 255).astype(np.uint8)
    tilted = sheet.rotate(20, Image.Resampling.BILINEAR, fillcolor=(128, 128, 128))
    for changed in (dim, warm, image[:, ::-1], tilted, sheet.reduce(2)):
        distance = identity.distance(embedding, _embedded(np.ascontiguousarray(changed)))
        assert distance < identity.SAME_PERSON_DISTANCE


@labelled_set
def test_same_and_different_people_are_told_apart(photos: list[Any], decoded: Decoded) -> None:
    known = [each for each in photos if each.identity.startswith("p0") and each.kind in {"face", "exif"}]
    embeddings = [(each.identity, _embedded(decoded(each.file))) for each in known]
    right = false_accepts = 0
    pairs = list(combinations(embeddings, 2))
    for (one, first), (other, second) in pairs:
        same = identity.distance(first, second) < identity.SAME_PERSON_DISTANCE
        right += same == (one == other)
        false_accepts += same and one != other
    assert len(pairs) == 210
    assert sum(one == other for (one, _), (other, _) in pairs) == 34
    assert false_accepts == 0
    assert right >= 0.99 * len(pairs)


@pytest.mark.parametrize("name", ["J000294.jpg", *labelled("single-24.jpg")])
def test_a_descriptor_is_128_numbers(decoded: Decoded, name: str) -> None:
    embedding = _embedded(decoded(name))
    assert embedding.shape == (128,)
    assert embedding.dtype == np.float32
    assert 0.5 < float(np.linalg.norm(embedding)) < 2


@pytest.mark.parametrize("name", ["J000294.jpg", *labelled("single-24.jpg")])
def test_it_is_the_same_each_time(decoded: Decoded, name: str) -> None:
    image = decoded(name)
    found = face.find(image)
    assert np.array_equal(identity.embed(image, found), identity.embed(image, found))
