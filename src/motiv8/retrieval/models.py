"""What goes into the index of passages, and what comes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import numpy as np
    import numpy.typing as npt


class Model(Protocol):
    """What the index knows of an embedding model."""

    name: str
    version: str

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """A row of length 1 for each text."""


@dataclass(frozen=True, slots=True)
class IndexedDocument:
    """A document as the index knows it."""

    document_id: str
    namespace: str
    title: str
    url: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, with its place; scores are comparable within one answer alone.

    `highlights` are places of the query's words in `text`: from the first number to before the second.
    """

    passage_id: str
    score: float
    text: str
    heading: str
    page_from: int | None
    page_to: int | None
    document_id: str
    namespace: str
    position: int
    title: str
    url: str | None
    highlights: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class IndexState:
    """What an operator wants to know. `waiting` counts passages that the full-text index lacks; they are found all the
    same, and more slowly. `without_vector` counts those that another model wrote: they are found by words alone.
    """

    model: str
    current: str | None
    tables: tuple[str, ...]
    passages: int
    documents: int
    without_vector: int
    waiting: int
    versions: int
    oldest_version: datetime | None
    changed_at: datetime | None
