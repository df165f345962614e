"""From an uploaded file to passages that are found: read, embed, index.

Each step can be done again, and can be stopped at any point: what it made lies under keys of the document's own, and is
looked for before it is made. What became of the document meanwhile is looked at before each step and after.
"""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np

from motiv8.aws import keys, storage
from motiv8.catalogue.document_failures import Reason
from motiv8.library import processing, repository
from motiv8.library.document import Extent, LibraryDocument
from motiv8.pipeline.passage_index import indexed, passage_index
from motiv8.pipeline.remove_document import remove_leftovers
from motiv8.reading import reader
from motiv8.reading.document import Unreadable
from motiv8.reading.passages import Passage, split
from motiv8.retrieval.embedding import embedding_model
from motiv8.retrieval.passage_rows import searchable
from motiv8.settings import settings
from motiv8.telemetry import count

if TYPE_CHECKING:
    from datetime import datetime

    import numpy.typing as npt

    from motiv8.library_payloads import TakenIn
    from motiv8.reading.document import Document

BATCH = 250
"""Passages whose vectors are stored together: about 20 seconds of work."""
BATCHES_A_CALL = 8
_LONGEST_TITLE = 300


def read_document(document_id: str, run: str, now: datetime) -> TakenIn:
    """Take the passages out of the file: `read`, or what became of the document instead (`TakenIn`)."""
    taken = _begin(document_id, run, now)
    if not isinstance(taken, LibraryDocument):
        return taken
    if taken.extent.passages is not None and storage.exists(
        settings().library_bucket, keys.derived(document_id, "passages.json")
    ):
        return {"outcome": "read"}
    data = storage.get(settings().library_bucket, keys.original(document_id))
    if data is None:
        processing.put_back(document_id, run, now)
        return {"outcome": "missing"}
    if hashlib.sha256(data).hexdigest() != taken.sha256:
        return fail(document_id, run, Reason.WRONG_CHECKSUM, now)
    try:
        text = reader.read(data, taken.content_type)
    except Unreadable as error:
        return fail(document_id, run, error.reason, now)
    passages = split(text)
    if not passages:
        return fail(document_id, run, Reason.NO_TEXT, now)
    body = json.dumps([asdict(passage) for passage in passages]).encode()
    storage.put(settings().library_bucket, keys.derived(document_id, "passages.json"), body, "application/json")
    title = " ".join((text.title or "").split())[:_LONGEST_TITLE] or None
    if not processing.note_text(document_id, run, title, text.language, _extent(text, passages)):
        return _left(document_id)
    return {"outcome": "read"}


def embed_document(document_id: str, run: str, now: datetime) -> TakenIn:
    """Store a vector for each passage: `embedded`, `more` while calls are needed, or as `read_document`."""
    taken = _begin(document_id, run, now)
    if not isinstance(taken, LibraryDocument):
        return taken
    passages = _passages(document_id)
    missing = [start for start in range(0, len(passages), BATCH) if not _has_vectors(document_id, start)]
    title = taken.shown_title
    for start in missing[:BATCHES_A_CALL]:
        batch = passages[start : start + BATCH]
        vectors = embedding_model().embed([searchable(title, passage.heading, passage.text) for passage in batch])
        body = io.BytesIO()
        np.save(body, vectors)
        key = keys.derived(document_id, _vectors_file(start))
        storage.put(settings().library_bucket, key, body.getvalue(), "application/octet-stream")
    if not processing.is_current(document_id, run):
        return _left(document_id)
    return {"outcome": "more" if len(missing) > BATCHES_A_CALL else "embedded"}


def index_document(document_id: str, run: str, now: datetime) -> TakenIn:
    """Have the passages found: `ready`, or as `read_document`."""
    taken = _begin(document_id, run, now)
    if not isinstance(taken, LibraryDocument):
        return taken
    passages = _passages(document_id)
    passage_index().replace_document(indexed(taken), passages, _vectors(document_id, len(passages)))
    if not processing.finish_ready(document_id, run, now):
        return _left(document_id)
    count("DocumentsReady")
    return {"outcome": "ready"}


def retag_document(document_id: str) -> TakenIn:
    """Have the index know a document's title and tags as they are now: `ready`, or as `read_document`."""
    document = repository.get(document_id)
    while document is not None and document.status == "ready":
        passage_index().change_document(indexed(document))
        now = repository.get(document_id)
        if now == document:
            return {"outcome": "ready"}
        document = now
    return _left(document_id)


def index_again(document: LibraryDocument) -> bool:
    """Put a document's passages into the index from what is kept of them; False where that is not there."""
    try:
        passages = _passages(document.document_id)
        vectors = _vectors(document.document_id, len(passages))
    except FileNotFoundError:
        return False
    passage_index().replace_document(indexed(document), passages, vectors)
    return True


def fail(document_id: str, run: str, reason: str, now: datetime) -> TakenIn:
    """Record why a document cannot be taken in."""
    if not processing.finish_failed(document_id, run, reason, now):
        return _left(document_id)
    count("DocumentsFailed")
    return {"outcome": "failed", "reason": reason}


def _begin(document_id: str, run: str, now: datetime) -> LibraryDocument | TakenIn:
    """The document for this run to work on, or what to answer instead."""
    document = processing.begin(document_id, run, now)
    if document is None or document.status != "processing":
        return _left(document_id)
    return document if document.run == run else {"outcome": "running"}


def _left(document_id: str) -> TakenIn:
    """What to answer of a document that is not this run's (any more); of one that is gone nothing is left behind."""
    document = repository.get(document_id)
    if document is None or document.status == "deleting":
        remove_leftovers(document_id)
        return {"outcome": "gone"}
    return {"outcome": "running" if document.status == "processing" else document.status}


def _extent(text: Document, passages: tuple[Passage, ...]) -> Extent:
    numbered = [page.number for page in text.pages if page.number is not None]
    return Extent(len(numbered) or None, len(passages), text.characters)


def _passages(document_id: str) -> list[Passage]:
    body = storage.get(settings().library_bucket, keys.derived(document_id, "passages.json"))
    if body is None:
        raise FileNotFoundError("the passages of a document are not there")
    return [Passage(**passage) for passage in json.loads(body)]


def _vectors_file(start: int) -> str:
    return f"vectors-{embedding_model().version}-{start:05}.npy"


def _has_vectors(document_id: str, start: int) -> bool:
    return storage.exists(settings().library_bucket, keys.derived(document_id, _vectors_file(start)))


def _vectors(document_id: str, passages: int) -> npt.NDArray[np.float32]:
    parts = []
    for start in range(0, passages, BATCH):
        body = storage.get(settings().library_bucket, keys.derived(document_id, _vectors_file(start)))
        if body is None:
            raise FileNotFoundError("the vectors of a document are not there")
        parts.append(np.load(io.BytesIO(body), allow_pickle=False))
    return np.concatenate(parts)
