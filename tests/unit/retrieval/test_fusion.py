"""Reciprocal rank fusion."""

from __future__ import annotations

import pytest

from motiv8.retrieval.fusion import fuse


def test_an_item_scores_by_its_ranks() -> None:
    assert dict(fuse([["a", "b"], ["b"]])) == {"a": pytest.approx(1 / 61), "b": pytest.approx(1 / 62 + 1 / 61)}


def test_what_both_rankings_name_stands_before_what_one_names_first() -> None:
    assert [item for item, _ in fuse([["a", "b", "c"], ["d", "b", "c"]])] == ["b", "c", "a", "d"]


def test_of_equal_ones_the_one_met_first_stands_first() -> None:
    assert [item for item, _ in fuse([["x"], ["a"]])] == ["x", "a"]


def test_nothing_fused_is_nothing() -> None:
    assert fuse([]) == fuse([[], []]) == []
