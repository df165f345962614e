"""What the library needs from time to time: documents that got stuck are taken up, and the index is kept quick."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from motiv8.aws import keys, machines, storage
from motiv8.library import processing, repository
from motiv8.pipeline.isolation import isolated
from motiv8.pipeline.passage_index import passage_index
from motiv8.pipeline.take_in_document import index_again
from motiv8.settings import settings
from motiv8.telemetry import count, logger

if TYPE_CHECKING:
    from datetime import datetime

    from motiv8.library.document import LibraryDocument
    from motiv8.library_payloads import Compacted, DocumentTask, GoneThrough, Reindexed

STUCK_AFTER = timedelta(hours=3)
"""After this long without a word an execution is taken for lost."""
REINDEXED_A_CALL = 2_000


def tidy_documents(after: str | None, now: datetime, correlation_id: str) -> GoneThrough:
    """Look at some documents more: forget those whose file never came, start again what got stuck.

    `after` is where to go on; the outcome says where the next call does, None at the end.
    """
    documents, end = repository.page(after)
    started = forgotten = 0
    for document in documents:
        with isolated("document", document_id=document.document_id):
            if document.status == "waiting" and not _has_file(document):
                forgotten += processing.forget(document, now)
            elif (task := _lost(document, now)) is not None:
                name = f"{document.document_id}-{task}-{now:%Y%m%d%H}"
                machines.start_document(task, document.document_id, name, correlation_id)
                started += 1
    logger.info("documents looked at", documents=len(documents), started=started, forgotten=forgotten)
    return {"outcome": "done" if end is None else "more", "after": end}


def rebuild_index(after: str | None, now: datetime, correlation_id: str) -> GoneThrough:
    """Put some documents more into the index, as `tidy_documents` goes through them: after a restore, which has none.

    One whose text is not kept is taken in anew from its file.
    """
    documents, end = repository.page(after)
    for document in documents:
        with isolated("document", document_id=document.document_id):
            if document.status == "ready" and not index_again(document):
                processing.start_over(document.document_id, now)
                name = f"{document.document_id}-rebuild-{now:%Y%m%d%H}"
                machines.start_document("read", document.document_id, name, correlation_id)
    return {"outcome": "done" if end is None else "more", "after": end}


def _has_file(document: LibraryDocument) -> bool:
    return storage.exists(settings().library_bucket, keys.original(document.document_id))


def _lost(document: LibraryDocument, now: datetime) -> DocumentTask | None:
    """The task that nobody does any more: of a file that came without an event, too."""
    heard_at = document.run_at or document.updated_at
    if document.status not in {"waiting", "processing", "deleting"} or heard_at > now - STUCK_AFTER:
        return None
    return "remove" if document.status == "deleting" else "read"


def compact_index() -> Compacted:
    """Bring the index up to date, and remove versions of it that nobody reads any more."""
    passage_index().compact()
    state = passage_index().state()
    count("IndexedPassages", state.passages)
    count("PassagesBehind", state.waiting + state.without_vector)
    return {"outcome": "compacted", "passages": state.passages, "waiting": state.waiting, "versions": state.versions}


def reindex() -> Reindexed:
    """Embed what another model's passages are; outcome `more` until all are."""
    left = passage_index().reindex(REINDEXED_A_CALL)
    return {"outcome": "more" if left else "done", "left": left}
