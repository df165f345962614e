"""A document away: its file, its text, its passages and its row."""

from __future__ import annotations

from motiv8.aws import keys, storage
from motiv8.library import repository
from motiv8.pipeline.passage_index import passage_index
from motiv8.settings import settings


def remove_document(document_id: str) -> dict[str, str]:
    """Remove all of a document that is marked for it. Outcomes: `removed`, or `kept` for one that is not marked."""
    row = repository.get(document_id)
    if row is not None and row.status != "deleting":
        return {"outcome": "kept"}
    remove_leftovers(document_id)
    # Last, so that nothing can be forgotten on the way, and nobody brings the same document in meanwhile.
    if row is not None:
        repository.delete(row)
    return {"outcome": "removed"}


def remove_leftovers(document_id: str) -> None:
    """Remove what is stored and indexed of a document; harmless where there is nothing."""
    storage.delete(settings().library_bucket, keys.original(document_id))
    storage.delete(settings().library_bucket, keys.derived(document_id))
    passage_index().remove_document(document_id)
