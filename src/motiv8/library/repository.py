"""The documents table; a namespace's counts change in the same transaction as the document that is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast, get_args

from pynamodb.exceptions import DeleteError, PutError
from pynamodb.transactions import TransactWrite

from motiv8.aws import tables
from motiv8.aws.library_tables import DocumentRow, ListedIndex, NamespaceRow
from motiv8.library.document import Description, DocumentStatus, Extent, LibraryDocument

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pynamodb.expressions.update import Action

    from motiv8.aws.tables import Change

_PAGE = 100
_OWN_NAMES = (
    *("document_id", "namespace", "listed_at", "created_at", "updated_at", "created_by"),
    *("file_name", "content_type", "sha256", "reason", "run", "run_at"),
)
"""Attributes that are named and typed as a document's own fields, and not its status."""


def _read_checked(row: DocumentRow) -> LibraryDocument:
    """One of several, which must not spoil the others. Raises MalformedRow."""
    needed = (
        *(row.namespace, row.listed_at, row.created_at, row.updated_at),
        *(row.file_name, row.content_type, row.size, row.sha256, row.version),
    )
    if None in needed or row.status not in get_args(DocumentStatus):
        raise tables.MalformedRow(DocumentRow.Meta.table_name)
    return _read(row)


def _read(row: DocumentRow) -> LibraryDocument:
    return LibraryDocument(
        **{name: getattr(row, name) for name in _OWN_NAMES},
        size=int(row.size or 0),
        status=cast("DocumentStatus", row.status),
        description=Description(row.title, row.author, row.url, row.published, row.language, frozenset(row.tags or ())),
        extent=Extent(
            *(None if number is None else int(number) for number in (row.pages, row.passages, row.characters))
        ),
        version=int(row.version or 0),
    )


def _attributes(document: LibraryDocument) -> dict[str, Any]:
    own = {name: getattr(document, name) for name in (*_OWN_NAMES, "size", "status")}
    # DynamoDB stores no empty sets.
    tags = {"tags": set(document.description.tags) or None}
    return own | document.description._asdict() | document.extent._asdict() | tags


def _write(row: DocumentRow, before: LibraryDocument | None, after: LibraryDocument) -> None:
    stored = {} if before is None else _attributes(before)
    for name, value in _attributes(after).items():
        if name not in stored or stored[name] != value:
            setattr(row, name, value)


def get(document_id: str) -> LibraryDocument | None:
    """One document, read consistently."""
    row = _get(document_id)
    return None if row is None else _read(row)


def _get(document_id: str) -> DocumentRow | None:
    try:
        return DocumentRow.get(document_id, consistent_read=True)
    except DocumentRow.DoesNotExist:
        return None


def several(document_ids: Iterable[str]) -> dict[str, LibraryDocument]:
    """Those of these documents that there are, by their ids, read consistently; see `motiv8.aws.tables.several`."""
    found = tables.several(DocumentRow, list(document_ids), consistent=True)
    return {document.document_id: document for document in tables.well_formed(map(_read_checked, found))}


def create(document: LibraryDocument) -> bool:
    """Store a new document; False when there is one with this id."""
    row = DocumentRow(document.document_id)
    _write(row, None, document)
    try:
        row.save(DocumentRow.document_id.does_not_exist())
    except PutError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise
        return False
    return True


def change(
    document_id: str, transition: Callable[[LibraryDocument], LibraryDocument]
) -> Change[LibraryDocument] | None:
    """Change one document under the optimistic lock, and what its namespace counts; None when it is gone.

    See `motiv8.aws.tables.change_value`.
    """
    return tables.change_value(lambda: _get(document_id), _read, _write, transition, _save)


def _save(row: DocumentRow, changed: Change[LibraryDocument]) -> None:
    before, after = changed.before.passages_found, changed.after.passages_found
    documents, passages = (now - then for now, then in zip(after, before, strict=True))
    if documents == passages == 0:
        row.save()
        return
    counts: list[Action] = [NamespaceRow.documents.add(documents), NamespaceRow.passages.add(passages)]
    with TransactWrite(connection=tables.connection()) as transaction:
        transaction.save(row)
        transaction.update(NamespaceRow(row.namespace), actions=counts)


def delete(document: LibraryDocument) -> bool:
    """Remove a document's row as it was read; False when somebody changed it meanwhile."""
    try:
        DocumentRow(document.document_id, version=document.version).delete()
    except DeleteError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise
        return False
    return True


def newest_first(namespace: str, before: str | None) -> Iterator[LibraryDocument]:
    """A namespace's documents, those that came before `listed_at`; read page by page, and a second behind perhaps."""
    condition = None if before is None else ListedIndex.listed_at < before
    found = DocumentRow.listed.query(namespace, condition, scan_index_forward=False, page_size=_PAGE)
    return tables.well_formed(map(_read_checked, found))


def of_importer(user_id: str) -> list[str]:
    """The ids of the documents that somebody brought in; a second behind perhaps."""
    return sorted(row.document_id for row in DocumentRow.importer.query(user_id))


def page(after: str | None) -> tuple[list[LibraryDocument], str | None]:
    """Some documents more, in no order, and after which to go on; None once there are no others."""
    start = None if after is None else {"document_id": {"S": after}}
    found = DocumentRow.scan(limit=_PAGE, page_size=_PAGE, last_evaluated_key=start)
    documents = list(tables.well_formed(map(_read_checked, found)))
    end = found.last_evaluated_key
    return documents, None if end is None else str(end["document_id"]["S"])
