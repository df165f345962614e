"""The rules of the library: what becomes of a document, who sees it, and what is found."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING, Any

from motiv8.aws import library_search, machines
from motiv8.aws.library_tables import DocumentRow
from motiv8.clock import rfc3339
from motiv8.errors import DocumentBeingRemoved, NotFound, Unavailable
from motiv8.library import namespaces, repository

if TYPE_CHECKING:
    from datetime import datetime

    from motiv8.aws.library_search import Hit
    from motiv8.aws.library_tables import NamespaceRow
    from motiv8.library.models import DocumentRequest
    from motiv8.library.readers import Reader

DOCUMENT_ID = re.compile("doc-[a-z2-7]{26}")
POSITION = re.compile(r"[a-z0-9][a-z0-9-]{0,62} [0-9TZ:-]{20}#doc-[a-z2-7]{26}")
"""Where a list goes on: a namespace, and a document's place in it."""
DESCRIPTION = ("title", "author", "url", "published", "language", "tags")
_MOST_READ = 1_000
_SPARE = 10
"""Passages that are asked for beyond the limit, since documents may have gone that the index still knows."""


def document_id(namespace: str, sha256: str) -> str:
    """The id of a file in a namespace: the same bytes are the same document there."""
    digest = hashlib.sha256(f"{namespace}\n{sha256}".encode()).digest()
    return f"doc-{base64.b32encode(digest).decode().lower()[:26]}"


def announce(request: DocumentRequest, importer: str, now: datetime) -> tuple[DocumentRow, bool]:
    """The document that is going to be uploaded, and whether it is new.

    One that waits for its file or failed is described anew, and waits (again). Raises
    DocumentBeingRemoved.
    """
    namespaces.ensure(request.namespace)
    row = _new_row(request, importer, now)
    if repository.create(row):
        return row, True

    def apply(found: DocumentRow) -> bool:
        if found.status not in {"waiting", "failed"}:
            return False
        given = _described(request)
        for name in (*given, "status", "reason", "file_name", "content_type", "size", "updated_at", "created_by"):
            setattr(found, name, getattr(row, name))
        found.run = found.run_at = found.pages = found.passages = found.characters = None
        return True

    changed = repository.change(row.document_id, apply)
    if changed is None or changed.status == "deleting":
        raise DocumentBeingRemoved
    return changed, False


def _new_row(request: DocumentRequest, importer: str, now: datetime) -> DocumentRow:
    identifier = document_id(request.namespace, request.sha256)
    return DocumentRow(
        identifier,
        namespace=request.namespace,
        listed_at=f"{rfc3339(now)}#{identifier}",
        created_at=now,
        updated_at=now,
        created_by=importer,
        file_name=request.file_name,
        content_type=request.content_type,
        size=request.size,
        sha256=request.sha256,
        status="waiting",
        **_described(request),
    )


def _described(request: DocumentRequest) -> dict[str, Any]:
    given = {name: getattr(request, name) for name in DESCRIPTION}
    # DynamoDB stores no empty sets.
    return given | {"tags": set(request.tags) or None}


def get(reader: Reader, identifier: str) -> DocumentRow:
    """One document that the reader sees. Raises NotFound, the same for one that they may not see and for none."""
    row = repository.get(identifier) if DOCUMENT_ID.fullmatch(identifier) else None
    if row is None or not reader.sees(row) or not _readable(reader, row.namespace):
        raise NotFound("There is no document with this id.")
    return row


def _readable(reader: Reader, namespace: str) -> bool:
    row = namespaces.get(namespace)
    return row is not None and reader.may_read(row)


def describe(reader: Reader, identifier: str, given: dict[str, Any], correlation_id: str, now: datetime) -> DocumentRow:
    """Change what is said of a document. Raises ImportersOnly, NotFound; Unavailable when it cannot be searched
    by its new title and tags yet."""
    reader.check_importer()
    get(reader, identifier)
    searched_by: list[bool] = []

    def apply(row: DocumentRow) -> bool:
        before = row.title, row.tags
        for name, value in given.items():
            setattr(row, name, (set(value) or None) if name == "tags" else value)
        searched_by[:] = [(row.title, row.tags) != before]
        row.updated_at = now
        return row.status != "deleting"

    row = repository.change(identifier, apply)
    if row is None or not reader.sees(row):
        raise NotFound("There is no document with this id.")
    if row.status == "ready" and searched_by[0]:
        _start("index", row, correlation_id)
    return row


def remove(reader: Reader, identifier: str, correlation_id: str, now: datetime) -> None:
    """Make a document gone for everybody, and have all of it removed. Raises ImportersOnly, NotFound, Unavailable."""
    reader.check_importer()

    def apply(row: DocumentRow) -> bool:
        if row.status == "deleting":
            return False
        row.status, row.updated_at = "deleting", now
        return True

    row = repository.change(identifier, apply) if DOCUMENT_ID.fullmatch(identifier) else None
    if row is None:
        raise NotFound("There is no document with this id.")
    _start("remove", row, correlation_id)


def brought_in(user_id: str) -> list[DocumentRow]:
    """The documents that somebody brought in."""
    return [row for row in repository.several(repository.of_importer(user_id)).values() if row.status != "deleting"]


def forget_importer(user_id: str) -> None:
    """Take somebody's id out of the documents that they brought in, which stay."""

    def apply(row: DocumentRow) -> bool:
        if row.created_by != user_id:
            return False
        row.created_by = None
        return True

    for identifier in repository.of_importer(user_id):
        repository.change(identifier, apply)


def _start(task: str, row: DocumentRow, correlation_id: str) -> None:
    """The version tells orders apart, so that one which is repeated starts nothing anew."""
    try:
        machines.start_document(task, row.document_id, f"{row.document_id}-{task}-{row.version}", correlation_id)
    except machines.NotStarted as error:
        raise Unavailable("This could not be started. Please try again.") from error


def readable(reader: Reader) -> list[NamespaceRow]:
    """The namespaces that the reader may read, by name."""
    return [row for row in namespaces.every() if reader.may_read(row)]


def chosen(reader: Reader, namespace: str | None) -> list[NamespaceRow]:
    """The namespace of this name, or all that the reader may read. Raises NotFound where it is not one of them."""
    if namespace is None:
        return readable(reader)
    row = namespaces.get(namespace)
    if row is None or not reader.may_read(row):
        raise NotFound("There is no namespace with this name.")
    return [row]


def listing(
    reader: Reader, spaces: list[NamespaceRow], status: str | None, tag: str | None, after: str | None, limit: int
) -> tuple[list[DocumentRow], str | None]:
    """Documents of these namespaces, the newest of each first, and where to go on; None at the end.

    No more than _MOST_READ are looked at in one go, however few fit.
    """
    first, _, before = (after or "").partition(" ")
    found: list[DocumentRow] = []
    last, read = after, 0
    for space in (row.namespace for row in spaces if row.namespace >= first):
        for row in repository.newest_first(space, before if space == first else None):
            if len(found) == limit or read == _MOST_READ:
                return found, last
            last, read = f"{space} {row.listed_at}", read + 1
            fits = status in {None, row.status} and (tag is None or tag in (row.tags or ()))
            if fits and reader.sees(row):
                found.append(row)
    return found, None


def search(
    spaces: list[NamespaceRow], query: str, tag: str | None, limit: int, sentences_of: int = 0
) -> list[tuple[Hit, DocumentRow]]:
    """Passages of these namespaces with their documents, the best first. Raises Unavailable.

    The first `sentences_of` tell how near their sentences are. What is said of a document comes from its row, which
    decides as well whether it is (still) there.
    """
    names = [row.namespace for row in spaces]
    if not names:
        return []
    try:
        hits = library_search.search(query, names, tag, limit + _SPARE, sentences_of)
    except library_search.NotSearched as error:
        raise Unavailable("The search does not answer. Please try again.", wait_seconds=2) from error
    rows = repository.several({hit.document_id for hit in hits})
    found = [(hit, rows[hit.document_id]) for hit in hits if hit.document_id in rows]
    return [(hit, row) for hit, row in found if _is_found(row, names, tag)][:limit]


def _is_found(row: DocumentRow, names: list[str], tag: str | None) -> bool:
    return row.status == "ready" and row.namespace in names and (tag is None or tag in (row.tags or ()))
