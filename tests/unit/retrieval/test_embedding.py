"""The embedding model itself: what is alike lies near."""

from __future__ import annotations

import numpy as np
import pytest

from motiv8.retrieval.embedding import DIMENSIONS, EmbeddingModel, embedding_model


def test_sentences_that_mean_the_same_lie_near() -> None:
    asked, same, other = embedding_model().embed(
        ["How do I prepare for a marathon?", "A training plan for runners", "Boil the potatoes in salted water."]
    )
    assert asked @ same > 0.4 > 0.2 > asked @ other


def test_the_vectors_are_those_that_the_model_is_known_for() -> None:
    one, other = embedding_model().embed(["This is an example sentence", "Each sentence is converted"])
    # With full precision, as its card has it: https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2
    assert one @ other == pytest.approx(0.44, abs=0.05)
    assert one[:3] == pytest.approx([0.0677, 0.0635, 0.0487], abs=0.02)


def test_vectors_have_length_one_whatever_the_text() -> None:
    vectors = embedding_model().embed(["", "🏃🏽‍♀️", "تمارين الجري", "word " * 5_000, "\x00"])
    assert vectors.shape == (5, DIMENSIONS)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(5), abs=1e-5)


def test_no_texts_have_no_vectors() -> None:
    assert embedding_model().embed([]).shape == (0, DIMENSIONS)


def test_a_text_has_the_same_vector_alone_and_among_others() -> None:
    texts = ["Run slowly.", "Sleep well, and long enough to feel rested.", "Eat."]
    together = EmbeddingModel(threads=2).embed(texts)
    assert together == pytest.approx(np.concatenate([embedding_model().embed([text]) for text in texts]), abs=1e-6)


def test_what_follows_the_256th_token_does_not_count() -> None:
    start = "run " * 254
    one, other = embedding_model().embed([start + "sleep", start + "eat"])
    assert one == pytest.approx(other)


def test_the_model_is_loaded_once_a_process() -> None:
    assert embedding_model() is embedding_model()
