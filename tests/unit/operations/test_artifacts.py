"""Which image a rollback goes back to."""

from __future__ import annotations

import pytest

from motiv8_tooling.operations.artifacts import Deployment, way_back


def _history(*words: str) -> list[Deployment]:
    """`a` deploys a; `<a` rolls back to a."""
    return [
        Deployment(f"{number:03}", "rollback" if word.startswith("<") else "deploy", word.lstrip("<"), "r")
        for number, word in enumerate(words)
    ]


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        ([], []),
        (["a"], []),
        (["a", "b"], ["a"]),
        (["a", "b", "c"], ["b", "a"]),
        # The same image with other parameters is no earlier one.
        (["a", "b", "b"], ["a"]),
        # What was rolled back from is not gone back to.
        (["a", "b", "c", "<b"], ["a"]),
        (["a", "b", "c", "<b", "<a"], []),
        (["a", "b", "<a", "c"], ["a"]),
        (["a", "b", "<a", "b"], ["a"]),
        # Named by hand, further back than the list goes.
        (["b", "<a"], []),
    ],
)
def test_it_is_the_last_one_that_served_before_and_was_not_given_up(history: list[str], expected: list[str]) -> None:
    assert way_back(_history(*history)) == expected
