"""What the library needs from time to time: documents that got stuck are taken up, and the index is kept quick."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from motiv8.aws import keys, machines, storage
from motiv8.library import processing, repository
from motiv8.pipeline.isolation import isolated
from motiv8.pipeline.passage_index import passage_index
from motiv8.pipeline.take_in_document import index_again
from motiv8.settings import settings
from motiv8.telemetry import count, logger

if TYPE_CHECKING:
    from datetime import datetime

    from motiv8.aws.library_tables import DocumentRow

STUCK_AFTER = timedelta(hours=3)
"""After this long without a word an execution is taken for lost."""
REINDEXED_A_CALL = 2_000


def tidy_documents(after: str | None, now: datetime, correlation_id: str) -> dict[str, Any]:
    """Look at some documents more: forget those whose file never came, start again what got stuck.

    `after` is where to go on; the outcome says where the next call does, None at the end.
    """
    rows, end = repository.page(after)
    started = forgotten = 0
    for row in rows:
        with isolated("document", document_id=row.document_id):
            if row.status == "waiting" and not _has_file(row):
                forgotten += processing.forget(row, now)
            elif (task := _lost(row, now)) is not None:
                name = f"{row.document_id}-{task}-{now:%Y%m%d%H}"
                machines.start_document(task, row.document_id, name, correlation_id)
                started += 1
    logger.info("documents looked at", documents=len(rows), started=started, forgotten=forgotten)
    return {"outcome": "done" if end is None else "more", "after": end}


def rebuild_index(after: str | None, now: datetime, correlation_id: str) -> dict[str, Any]:
    """Put some documents more into the index, as `tidy_documents` goes through them: after a restore, which has none.

    One whose text is not kept is taken in anew from its file.
    """
    rows, end = repository.page(after)
    for row in rows:
        with isolated("document", document_id=row.document_id):
            if row.status == "ready" and not index_again(row):
                processing.start_over(row.document_id, now)
                name = f"{row.document_id}-rebuild-{now:%Y%m%d%H}"
                machines.start_document("read", row.document_id, name, correlation_id)
    return {"outcome": "done" if end is None else "more", "after": end}


def _has_file(row: DocumentRow) -> bool:
    return storage.exists(settings().library_bucket, keys.original(row.document_id))


def _lost(row: DocumentRow, now: datetime) -> str | None:
    """The task that nobody does any more: of a file that came without an event, too."""
    if row.status not in {"waiting", "processing", "deleting"} or (row.run_at or row.updated_at) > now - STUCK_AFTER:
        return None
    return "remove" if row.status == "deleting" else "read"


def compact_index() -> dict[str, Any]:
    """Bring the index up to date, and remove versions of it that nobody reads any more."""
    passage_index().compact()
    state = passage_index().state()
    count("IndexedPassages", state.passages)
    count("PassagesBehind", state.waiting + state.without_vector)
    return {"outcome": "compacted", "passages": state.passages, "waiting": state.waiting, "versions": state.versions}


def reindex() -> dict[str, Any]:
    """Embed what another model's passages are; outcome `more` until all are."""
    left = passage_index().reindex(REINDEXED_A_CALL)
    return {"outcome": "more" if left else "done", "left": left}
