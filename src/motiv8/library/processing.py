"""What becomes of a document from its upload on: one execution's at a time, and harmless to do again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from motiv8.library import repository

if TYPE_CHECKING:
    from datetime import datetime

    from motiv8.aws.library_tables import DocumentRow

TAKEN_OVER_AFTER = timedelta(hours=1)
"""After this long a run that says nothing is taken for lost; a step with its retries takes less."""
WAITS_FOR = timedelta(days=1)
"""After this long a file is waited for no longer."""
_PENDING = frozenset({"waiting", "processing"})


def begin(document_id: str, run: str, now: datetime) -> DocumentRow | None:
    """Have this run work on the document, unless that is done or another run does; `run` then says which.

    None when there is no such document (any more).
    """

    def apply(row: DocumentRow) -> bool:
        if row.status not in _PENDING or _has_another(row, run, now):
            return False
        row.status, row.run, row.run_at, row.updated_at = "processing", run, now, now
        return True

    row = repository.change(document_id, apply)
    return None if row is None or row.status == "deleting" else row


def is_current(document_id: str, run: str) -> bool:
    """Whether the document is (still) this run's to work on."""
    row = repository.get(document_id)
    return row is not None and _is_of(row, run)


def put_back(document_id: str, run: str, now: datetime) -> None:
    """Have the document wait for its file again, which this run did not find."""

    def apply(row: DocumentRow) -> bool:
        if not _is_of(row, run):
            return False
        _end(row, "waiting", None, now)
        return True

    repository.change(document_id, apply)


def describe(
    document_id: str, run: str, title: str | None, language: str | None, counts: dict[str, int | None]
) -> bool:
    """Note what reading the document brought; False when it is not this run's (any more)."""

    def apply(row: DocumentRow) -> bool:
        if not _is_of(row, run):
            return False
        row.title = row.title or title
        row.language = row.language or language
        row.pages, row.passages, row.characters = counts["pages"], counts["passages"], counts["characters"]
        return True

    row = repository.change(document_id, apply)
    return row is not None and _is_of(row, run)


def finish_ready(document_id: str, run: str, now: datetime) -> bool:
    """Have the document found from now on; its passages must be in the index. False when it is gone, or another's."""

    def apply(row: DocumentRow) -> bool:
        if not _is_of(row, run):
            return False
        _end(row, "ready", None, now)
        return True

    row = repository.change(document_id, apply)
    return row is not None and row.status == "ready"


def finish_failed(document_id: str, run: str, reason: str, now: datetime) -> bool:
    """Record why the document cannot be taken in. False when it is gone, done, or another run's."""

    def apply(row: DocumentRow) -> bool:
        if row.status not in _PENDING or _has_another(row, run, now):
            return False
        _end(row, "failed", reason, now)
        row.pages = row.passages = row.characters = None
        return True

    row = repository.change(document_id, apply)
    return row is not None and (row.status, row.reason) == ("failed", reason)


def start_over(document_id: str, now: datetime) -> None:
    """Have a document that is ready be taken in anew, as if its file had just come."""

    def apply(row: DocumentRow) -> bool:
        if row.status != "ready":
            return False
        _end(row, "waiting", None, now)
        row.pages = row.passages = row.characters = None
        return True

    repository.change(document_id, apply)


def forget(row: DocumentRow, now: datetime) -> bool:
    """Remove a document whose file did not come for a day. False where it did, or may still."""
    if row.status != "waiting" or row.updated_at > now - WAITS_FOR:
        return False
    return repository.delete(row)


def _end(row: DocumentRow, status: str, reason: str | None, now: datetime) -> None:
    row.status, row.reason, row.updated_at = status, reason, now
    row.run = row.run_at = None


def _is_of(row: DocumentRow, run: str) -> bool:
    return row.status == "processing" and row.run == run


def _has_another(row: DocumentRow, run: str, now: datetime) -> bool:
    """Whether another run works on it, and said so not so long ago that it must be lost."""
    return row.run not in {None, run} and row.run_at is not None and row.run_at > now - TAKEN_OVER_AFTER
