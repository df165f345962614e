"""The documents table; a namespace's counts change in the same transaction as the document that is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pynamodb.exceptions import DeleteError, PutError
from pynamodb.transactions import TransactWrite

from motiv8.aws import tables
from motiv8.aws.library_tables import DocumentRow, ListedIndex, NamespaceRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pynamodb.expressions.update import Action

_PAGE = 100


def get(document_id: str) -> DocumentRow | None:
    """One document, read consistently."""
    try:
        return DocumentRow.get(document_id, consistent_read=True)
    except DocumentRow.DoesNotExist:
        return None


def several(document_ids: Iterable[str]) -> dict[str, DocumentRow]:
    """Those of these documents that there are, by their ids, read consistently."""
    found = DocumentRow.batch_get(list(document_ids), consistent_read=True)
    return {row.document_id: row for row in found}


def create(row: DocumentRow) -> bool:
    """Store a new document; False when there is one with this id."""
    try:
        row.save(DocumentRow.document_id.does_not_exist())
    except PutError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise
        return False
    return True


def change(document_id: str, mutate: Callable[[DocumentRow], bool]) -> DocumentRow | None:
    """Change one document under the optimistic lock, and what its namespace counts; see `motiv8.aws.tables.change`."""
    before: list[tuple[int, int]] = []

    def apply(row: DocumentRow) -> bool:
        before[:] = [_counted(row)]
        return mutate(row)

    def save(row: DocumentRow) -> None:
        documents, passages = (now - then for now, then in zip(_counted(row), before[0], strict=True))
        if documents == passages == 0:
            row.save()
            return
        counts: list[Action] = [NamespaceRow.documents.add(documents), NamespaceRow.passages.add(passages)]
        with TransactWrite(connection=tables.connection()) as transaction:
            transaction.save(row)
            transaction.update(NamespaceRow(row.namespace), actions=counts)

    return tables.change(lambda: get(document_id), apply, save)


def delete(row: DocumentRow) -> bool:
    """Remove a document's row as it was read; False when somebody changed it meanwhile."""
    try:
        row.delete()
    except DeleteError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise
        return False
    return True


def newest_first(namespace: str, before: str | None) -> Iterator[DocumentRow]:
    """A namespace's documents, those that came before `listed_at`; read page by page, and a second behind perhaps."""
    condition = None if before is None else ListedIndex.listed_at < before
    return iter(DocumentRow.listed.query(namespace, condition, scan_index_forward=False, page_size=_PAGE))


def of_importer(user_id: str) -> list[str]:
    """The ids of the documents that somebody brought in; a second behind perhaps."""
    return sorted(row.document_id for row in DocumentRow.importer.query(user_id))


def page(after: str | None) -> tuple[list[DocumentRow], str | None]:
    """Some documents more, in no order, and after which to go on; None once there are no others."""
    start = None if after is None else {"document_id": {"S": after}}
    found = DocumentRow.scan(limit=_PAGE, page_size=_PAGE, last_evaluated_key=start)
    rows = list(found)
    end = found.last_evaluated_key
    return rows, None if end is None else str(end["document_id"]["S"])


def _counted(row: DocumentRow) -> tuple[int, int]:
    """What a document adds to its namespace: itself and its passages, once they are found."""
    return (1, int(row.passages or 0)) if row.status == "ready" else (0, 0)
