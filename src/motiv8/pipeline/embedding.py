"""A face's embedding, as the media bucket keeps it."""

from __future__ import annotations

import io

import numpy as np

from motiv8.aws import keys, storage
from motiv8.settings import settings


def store(user_id: str, selfie_id: str, embedding: np.ndarray) -> None:
    """Keep a `float32[128]`."""
    buffer = io.BytesIO()
    np.save(buffer, embedding, allow_pickle=False)
    key = keys.embedding(user_id, selfie_id)
    storage.put(settings().media_bucket, key, buffer.getvalue(), "application/octet-stream")


def stored(user_id: str, selfie_id: str) -> np.ndarray | None:
    """The `float32[128]`, or None where there is none (any more)."""
    found = storage.get(settings().media_bucket, keys.embedding(user_id, selfie_id))
    return None if found is None else np.load(io.BytesIO(found), allow_pickle=False)
