"""The rules of the library: what becomes of a document, who sees it, and what is found."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING, Any

from motiv8.aws import library_search, machines
from motiv8.clock import rfc3339
from motiv8.errors import NotFound, Unavailable
from motiv8.library import namespace_repository, repository
from motiv8.library.document import Description, LibraryDocument
from motiv8.library.errors import DocumentBeingRemoved

if TYPE_CHECKING:
    from datetime import datetime

    from motiv8.aws.library_search import Hit
    from motiv8.library.models import DocumentRequest
    from motiv8.library.namespace import LibraryNamespace
    from motiv8.library.readers import Reader
    from motiv8.library_payloads import DocumentTask

DOCUMENT_ID = re.compile("doc-[a-z2-7]{26}")
POSITION = re.compile(r"[a-z0-9][a-z0-9-]{0,62} [0-9TZ:-]{20}#doc-[a-z2-7]{26}")
"""Where a list goes on: a namespace, and a document's place in it."""
_MOST_READ = 1_000
_SPARE = 10
"""Passages that are asked for beyond the limit, since documents may have gone that the index still knows."""


def document_id(namespace: str, sha256: str) -> str:
    """The id of a file in a namespace: the same bytes are the same document there."""
    digest = hashlib.sha256(f"{namespace}\n{sha256}".encode()).digest()
    return f"doc-{base64.b32encode(digest).decode().lower()[:26]}"


def announce(request: DocumentRequest, importer: str, now: datetime) -> tuple[LibraryDocument, bool]:
    """The document that is going to be uploaded, and whether it is new.

    One that waits for its file or failed is described anew, and waits (again). Raises
    DocumentBeingRemoved.
    """
    namespace_repository.ensure(request.namespace)
    document = _new_document(request, importer, now)
    if repository.create(document):
        return document, True
    changed = repository.change(document.document_id, lambda found: found.announced_again(document))
    if changed is None or changed.after.status == "deleting":
        raise DocumentBeingRemoved
    return changed.after, False


def _new_document(request: DocumentRequest, importer: str, now: datetime) -> LibraryDocument:
    identifier = document_id(request.namespace, request.sha256)
    said = {name: getattr(request, name) for name in Description._fields}
    return LibraryDocument(
        document_id=identifier,
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
        description=Description(**said | {"tags": frozenset(request.tags)}),
    )


def get(reader: Reader, identifier: str) -> LibraryDocument:
    """One document that the reader sees. Raises NotFound, the same for one that they may not see and for none."""
    document = repository.get(identifier) if DOCUMENT_ID.fullmatch(identifier) else None
    if document is None or not reader.sees(document) or not _readable(reader, document.namespace):
        raise NotFound("There is no document with this id.")
    return document


def _readable(reader: Reader, name: str) -> bool:
    namespace = namespace_repository.get(name)
    return namespace is not None and reader.may_read(namespace)


def describe(
    reader: Reader, identifier: str, given: dict[str, Any], correlation_id: str, now: datetime
) -> LibraryDocument:
    """Change what is said of a document. Raises ImportersOnly, NotFound; Unavailable when it cannot be searched
    by its new title and tags yet."""
    reader.check_importer()
    get(reader, identifier)
    said = given | ({"tags": frozenset(given["tags"])} if "tags" in given else {})
    changed = repository.change(
        identifier, lambda document: document.described(document.description._replace(**said), now)
    )
    if changed is None or not reader.sees(changed.after):
        raise NotFound("There is no document with this id.")
    before, after = changed.before.description, changed.after.description
    if changed.after.status == "ready" and (before.title, before.tags) != (after.title, after.tags):
        _start("index", changed.after, correlation_id)
    return changed.after


def remove(reader: Reader, identifier: str, correlation_id: str, now: datetime) -> None:
    """Make a document gone for everybody, and have all of it removed. Raises ImportersOnly, NotFound, Unavailable."""
    reader.check_importer()
    known = DOCUMENT_ID.fullmatch(identifier)
    changed = repository.change(identifier, lambda document: document.removed(now)) if known else None
    if changed is None:
        raise NotFound("There is no document with this id.")
    _start("remove", changed.after, correlation_id)


def brought_in(user_id: str) -> list[LibraryDocument]:
    """The documents that somebody brought in."""
    found = repository.several(repository.of_importer(user_id)).values()
    return [document for document in found if document.status != "deleting"]


def forget_importer(user_id: str) -> None:
    """Take somebody's id out of the documents that they brought in, which stay."""
    for identifier in repository.of_importer(user_id):
        repository.change(identifier, lambda document: document.without_importer(user_id))


def _start(task: DocumentTask, document: LibraryDocument, correlation_id: str) -> None:
    """The version tells orders apart, so that one which is repeated starts nothing anew."""
    try:
        name = f"{document.document_id}-{task}-{document.version}"
        machines.start_document(task, document.document_id, name, correlation_id)
    except machines.NotStarted as error:
        raise Unavailable("This could not be started. Please try again.") from error


def readable(reader: Reader) -> list[LibraryNamespace]:
    """The namespaces that the reader may read, by name."""
    return [namespace for namespace in namespace_repository.every() if reader.may_read(namespace)]


def chosen(reader: Reader, name: str | None) -> list[LibraryNamespace]:
    """The namespace of this name, or all that the reader may read. Raises NotFound where it is not one of them."""
    if name is None:
        return readable(reader)
    namespace = namespace_repository.get(name)
    if namespace is None or not reader.may_read(namespace):
        raise NotFound("There is no namespace with this name.")
    return [namespace]


def listing(
    reader: Reader,
    namespaces: list[LibraryNamespace],
    status: str | None,
    tag: str | None,
    after: str | None,
    limit: int,
) -> tuple[list[LibraryDocument], str | None]:
    """Documents of these namespaces, the newest of each first, and where to go on; None at the end.

    No more than _MOST_READ are looked at in one go, however few fit.
    """
    first, _, before = (after or "").partition(" ")
    found: list[LibraryDocument] = []
    last, read = after, 0
    for name in (namespace.name for namespace in namespaces if namespace.name >= first):
        for document in repository.newest_first(name, before if name == first else None):
            if len(found) == limit or read == _MOST_READ:
                return found, last
            last, read = f"{name} {document.listed_at}", read + 1
            if status in {None, document.status} and document.has_tag(tag) and reader.sees(document):
                found.append(document)
    return found, None


def search(
    namespaces: list[LibraryNamespace], query: str, tag: str | None, limit: int, sentences_of: int = 0
) -> list[tuple[Hit, LibraryDocument]]:
    """Passages of these namespaces with their documents, the best first. Raises Unavailable.

    The first `sentences_of` tell how near their sentences are. What is said of a document comes from the table, which
    decides as well whether it is (still) there.
    """
    names = [namespace.name for namespace in namespaces]
    if not names:
        return []
    try:
        hits = library_search.search(query, names, tag, limit + _SPARE, sentences_of)
    except library_search.NotSearched as error:
        raise Unavailable("The search does not answer. Please try again.", wait_seconds=2) from error
    documents = repository.several({hit.document_id for hit in hits})
    found = [(hit, documents[hit.document_id]) for hit in hits if hit.document_id in documents]
    return [(hit, document) for hit, document in found if _is_found(document, names, tag)][:limit]


def _is_found(document: LibraryDocument, names: list[str], tag: str | None) -> bool:
    return document.status == "ready" and document.namespace in names and document.has_tag(tag)
