"""Vectors of texts: all-MiniLM-L6-v2 with int8 weights, by ONNX Runtime."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, cast

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from motiv8.retrieval.weights import FILES, MODEL_SHA256

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

DIMENSIONS = 384
LONGEST = 256
"""Tokens that count of a text, about 190 English words, as the model was made for; what follows is cut off."""


class EmbeddingModel:
    """The model, ready to be asked. Made once a process by `embedding_model`; threads may share it."""

    name = "all-MiniLM-L6-v2-int8"
    version = MODEL_SHA256[:12]

    def __init__(self, threads: int | None = None) -> None:
        """Load the model for so many texts at a time, by default one a processor.

        Raises WeightsMissing when its files are not in place.
        """
        self._tokenizer = Tokenizer.from_file(str(FILES.path("all-MiniLM-L6-v2-tokenizer.json")))
        self._tokenizer.enable_truncation(LONGEST)
        self._tokenizer.no_padding()
        options = onnxruntime.SessionOptions()
        # One thread a text, and texts side by side: what ONNX Runtime gains by parting one text is less.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        model = str(FILES.path("all-MiniLM-L6-v2-int8.onnx"))
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._threads = threads or os.cpu_count() or 1

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """A row of 384 numbers and length 1 for each text; that of a text without words says nothing."""
        if not texts:
            return np.zeros((0, DIMENSIONS), np.float32)
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        if len(tokens) == 1:
            return self._vector(tokens[0])[None]
        with ThreadPoolExecutor(self._threads) as threads:
            return np.stack(list(threads.map(self._vector, tokens)))

    def _vector(self, tokens: list[int]) -> npt.NDArray[np.float32]:
        ids = np.array([tokens], np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        states = cast("npt.NDArray[np.float32]", self._session.run(None, feed)[0])
        mean: npt.NDArray[np.float32] = states[0].mean(axis=0)
        return mean / np.linalg.norm(mean)


@cache
def embedding_model() -> EmbeddingModel:
    """The process's one model, loaded at its first use. Raises WeightsMissing."""
    return EmbeddingModel()
