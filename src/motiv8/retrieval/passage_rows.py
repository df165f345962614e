"""Passages as rows of the index, and rows as hits."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from motiv8.retrieval.embedding import DIMENSIONS
from motiv8.retrieval.filters import checked
from motiv8.retrieval.highlights import highlights
from motiv8.retrieval.models import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from motiv8.reading.passages import Passage
    from motiv8.retrieval.models import IndexedDocument

_OF_A_HIT = ("document_id", "namespace", "title", "url", "position", "heading", "text", "page_from", "page_to")

FOUND = ("id", *_OF_A_HIT, "fingerprint", "vector")

SCHEMA = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("document_id", pa.string(), nullable=False),
        pa.field("namespace", pa.string(), nullable=False),
        pa.field("tags", pa.list_(pa.string())),
        pa.field("title", pa.string()),
        pa.field("url", pa.string()),
        pa.field("position", pa.int32()),
        pa.field("heading", pa.string()),
        pa.field("text", pa.string()),
        # What the full-text index holds.
        pa.field("words", pa.string()),
        pa.field("page_from", pa.int32()),
        pa.field("page_to", pa.int32()),
        pa.field("fingerprint", pa.uint64()),
        # Of all that a document's rows say: a replay sees that there is nothing to write.
        pa.field("digest", pa.string()),
        # Null where the model that wrote the row is not this table's.
        pa.field("vector", pa.list_(pa.float32(), DIMENSIONS)),
    ]
)

POINTER_SCHEMA = pa.schema(
    [
        pa.field("name", pa.string(), nullable=False),
        pa.field("table", pa.string()),
        pa.field("since", pa.timestamp("us", tz="UTC")),
    ]
)


def searchable(title: str, heading: str, text: str) -> str:
    """What of a passage is searched, by words and by meaning: embed this. Its document's title is said once."""
    said = f"{heading}\n{text}" if heading else text
    return said if not title or said.casefold().startswith(title.casefold()) else f"{title}\n{said}"


def rows_of(document: IndexedDocument, passages: Sequence[Passage]) -> pa.Table:
    """The rows of a document, without vectors. Raises ValueError for names that are none."""
    rows: list[dict[str, Any]] = [
        {
            "id": f"{document.document_id}:{passage.position:05}",
            "document_id": document.document_id,
            "namespace": document.namespace,
            "tags": list(document.tags),
            "title": document.title,
            "url": document.url,
            "position": passage.position,
            "heading": passage.heading,
            "text": passage.text,
            "words": searchable(document.title, passage.heading, passage.text),
            "page_from": passage.page_from,
            "page_to": passage.page_to,
            "fingerprint": passage.fingerprint,
        }
        for passage in passages
    ]
    for name in (document.document_id, document.namespace, *document.tags):
        checked(name)
    digest = hashlib.sha256(repr(rows).encode()).hexdigest()
    schema = pa.schema([field for field in SCHEMA if field.name != "vector"])
    return pa.Table.from_pylist([row | {"digest": digest} for row in rows], schema=schema)


def with_vectors(rows: pa.Table, vectors: npt.NDArray[np.float32] | None) -> pa.Table:
    """The rows with their vectors; with none for a table of another model."""
    kind = SCHEMA.field("vector").type
    column = pa.nulls(len(rows), kind) if vectors is None else pa.array(list(vectors), kind)
    return rows.append_column("vector", column).cast(SCHEMA)


def vectors_of(answer: pa.Table) -> Iterator[tuple[str, npt.NDArray[np.float32]]]:
    """The vectors of the passages that have one."""
    there = answer.filter(answer["vector"].is_valid())
    rows = np.asarray(there["vector"].combine_chunks().flatten(), np.float32).reshape(-1, DIMENSIONS)
    return zip(there["id"].to_pylist(), rows, strict=True)


def to_hit(row: dict[str, Any], score: float, query: str) -> Hit:
    """What a search says of a row."""
    own = {name: row[name] for name in _OF_A_HIT}
    return Hit(passage_id=row["id"], score=score, highlights=highlights(query, row["text"]), **own)


def pointer(table: str) -> pa.Table:
    """The row that names the table that searches read, from now on."""
    row = {"name": "passages", "table": table, "since": datetime.now(UTC)}
    return pa.Table.from_pylist([row], schema=POINTER_SCHEMA)
