"""Whether a passage answers at all: by its words, and sentence by sentence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest

from motiv8.retrieval.nearness import coverage, near_sentences


class LengthModel:
    """In place of the real one: a text's vector says how long it is."""

    name = version = "length"

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return np.array([[len(each), 0] for each in texts], np.float32)


@pytest.mark.parametrize(
    ("query", "share"),
    [
        ("How long should I sleep?", 1.0),
        ("How do adults sleep in space?", 2 / 3),
        ("What is the capital of Australia?", 0.0),
        ("How much?", 0.5),
    ],
)
def test_coverage_counts_the_querys_words_in_any_form(query: str, share: float) -> None:
    assert coverage(query, "Sleeping: an adult sleeps long, seven to nine hours.") == pytest.approx(share)


def test_each_sentence_has_its_place_and_its_nearness() -> None:
    text = "Sleep well.  Eat!\n| week | run |\n\nRest."
    found = list(near_sentences(np.array([1, 0], np.float32), text, LengthModel()))
    assert [text[start:end] for start, end, _ in found] == ["Sleep well.", "Eat!", "| week | run |", "Rest."]
    assert [similarity for _, _, similarity in found] == [11, 4, 14, 5]
