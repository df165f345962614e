"""What becomes of a document from its upload on: one execution's at a time, and harmless to do again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motiv8.library import repository

if TYPE_CHECKING:
    from datetime import datetime

    from motiv8.library.document import Extent, LibraryDocument


def begin(document_id: str, run: str, now: datetime) -> LibraryDocument | None:
    """Have this run work on the document, unless that is done or another run does; its `run` then says which.

    None when there is no such document (any more).
    """
    changed = repository.change(document_id, lambda document: document.begun(run, now))
    return None if changed is None or changed.after.status == "deleting" else changed.after


def is_current(document_id: str, run: str) -> bool:
    """Whether the document is (still) this run's to work on."""
    document = repository.get(document_id)
    return document is not None and document.is_of(run)


def put_back(document_id: str, run: str, now: datetime) -> None:
    """Have the document wait for its file again, which this run did not find."""
    repository.change(document_id, lambda document: document.put_back(run, now))


def note_text(document_id: str, run: str, title: str | None, language: str | None, extent: Extent) -> bool:
    """Note what reading the document brought; False when it is not this run's (any more)."""
    changed = repository.change(document_id, lambda document: document.read(run, title, language, extent))
    return changed is not None and changed.after.is_of(run)


def finish_ready(document_id: str, run: str, now: datetime) -> bool:
    """Have the document found from now on; its passages must be in the index. False when it is gone, or another's."""
    changed = repository.change(document_id, lambda document: document.ready(run, now))
    return changed is not None and changed.after.status == "ready"


def finish_failed(document_id: str, run: str, reason: str, now: datetime) -> bool:
    """Record why the document cannot be taken in. False when it is gone, done, or another run's."""
    changed = repository.change(document_id, lambda document: document.failed(run, reason, now))
    return changed is not None and (changed.after.status, changed.after.reason) == ("failed", reason)


def start_over(document_id: str, now: datetime) -> None:
    """Have a document that is ready be taken in anew, as if its file had just come."""
    repository.change(document_id, lambda document: document.started_over(now))


def forget(document: LibraryDocument, now: datetime) -> bool:
    """Remove a document whose file did not come for a day. False where it did, or may still."""
    return document.is_given_up(now) and repository.delete(document)
