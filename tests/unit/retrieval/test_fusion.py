"""Reciprocal rank fusion."""

from __future__ import annotations

import numpy as np
import pytest

from motiv8.retrieval.fusion import by_feedback, fuse


def test_an_item_scores_by_its_ranks() -> None:
    assert dict(fuse([["a", "b"], ["b"]])) == {"a": pytest.approx(1 / 61), "b": pytest.approx(1 / 62 + 1 / 61)}


def test_what_both_rankings_name_stands_before_what_one_names_first() -> None:
    assert [item for item, _ in fuse([["a", "b", "c"], ["d", "b", "c"]])] == ["b", "c", "a", "d"]


def test_of_equal_ones_the_one_met_first_stands_first() -> None:
    assert [item for item, _ in fuse([["x"], ["a"]])] == ["x", "a"]


def test_nothing_fused_is_nothing() -> None:
    assert fuse([]) == fuse([[], []]) == []


def test_feedback_ranks_by_the_query_and_by_what_is_like_the_best() -> None:
    query = np.array([1, 0, 0], np.float32)
    vectors = {
        "asked": np.array([1, 0, 0], np.float32),
        "like the best": np.array([0, 0.6, 0.8], np.float32),
        "far": np.array([0, 0.6, -0.8], np.float32),
        "best": np.array([0, 0, 1], np.float32),
    }
    assert by_feedback(query, vectors, ["best"])[:3] == ["asked", "best", "like the best"]
    assert by_feedback(query, vectors, [])[0] == "asked"
    assert by_feedback(query, {}, ["best"]) == []
