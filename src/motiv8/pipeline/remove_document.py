"""A document away: its file, its text, its passages and its row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motiv8.aws import keys, storage
from motiv8.library import repository
from motiv8.pipeline.passage_index import passage_index
from motiv8.settings import settings

if TYPE_CHECKING:
    from motiv8.library_payloads import Removed


def remove_document(document_id: str) -> Removed:
    """Remove all of a document that is marked for it. Outcomes: `removed`, or `kept` for one that is not marked."""
    document = repository.get(document_id)
    if document is not None and document.status != "deleting":
        return {"outcome": "kept"}
    remove_leftovers(document_id)
    # Last, so that nothing can be forgotten on the way, and nobody brings the same document in meanwhile.
    if document is not None:
        repository.delete(document)
    return {"outcome": "removed"}


def remove_leftovers(document_id: str) -> None:
    """Remove what is stored and indexed of a document; harmless where there is nothing."""
    storage.delete(settings().library_bucket, keys.original(document_id))
    storage.delete(settings().library_bucket, keys.derived(document_id))
    passage_index().remove_document(document_id)
