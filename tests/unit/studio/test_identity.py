"""Whose face it is, over all pairs of photos with a known identity."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np

from motiv8.studio import face, identity

Decoded = Callable[[str], np.ndarray]


def test_same_and_different_people_are_told_apart(photos: list[Any], decoded: Decoded) -> None:
    known = [each for each in photos if each.identity.startswith("p0") and each.kind in {"face", "exif"}]
    embeddings = [(each.identity, identity.embed(decoded(each.file), face.find(decoded(each.file)))) for each in known]
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


def test_a_descriptor_is_128_numbers(decoded: Decoded) -> None:
    image = decoded("single-24.jpg")
    embedding = identity.embed(image, face.find(image))
    assert embedding.shape == (128,)
    assert embedding.dtype == np.float32
    assert 0.5 < float(np.linalg.norm(embedding)) < 2


def test_it_is_the_same_each_time(decoded: Decoded) -> None:
    image = decoded("single-24.jpg")
    found = face.find(image)
    assert np.array_equal(identity.embed(image, found), identity.embed(image, found))
