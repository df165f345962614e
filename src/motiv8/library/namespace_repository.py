"""The namespaces table; `motiv8.library.repository` changes its counts."""

from __future__ import annotations

from typing import cast, get_args

from motiv8.aws import tables
from motiv8.aws.library_tables import NamespaceRow
from motiv8.library.namespace import Access, LibraryNamespace


def get(name: str) -> LibraryNamespace | None:
    """One namespace, read consistently."""
    try:
        return _read(NamespaceRow.get(name, consistent_read=True))
    except NamespaceRow.DoesNotExist:
        return None


def every() -> list[LibraryNamespace]:
    """All of them by name, read consistently: few enough for one page."""
    return sorted(tables.well_formed(map(_read_checked, NamespaceRow.scan(consistent_read=True))))


def ensure(name: str) -> None:
    """Have it, open to everybody where it is new."""
    if get(name) is None:
        NamespaceRow(name).update(actions=[NamespaceRow.access.set(NamespaceRow.access | "everybody")])


def set_access(name: str, access: Access, title: str | None) -> LibraryNamespace:
    """Have it with this access and title; returns it."""
    row = NamespaceRow(name)
    titled = NamespaceRow.title.remove() if title is None else NamespaceRow.title.set(title)
    row.update(actions=[NamespaceRow.access.set(access), titled])
    return _read(row)


def _read_checked(row: NamespaceRow) -> LibraryNamespace:
    """One of several, which must not spoil the others. Raises MalformedRow."""
    if row.access not in get_args(Access):
        raise tables.MalformedRow(NamespaceRow.Meta.table_name)
    return _read(row)


def _read(row: NamespaceRow) -> LibraryNamespace:
    access = cast("Access", row.access)
    return LibraryNamespace(row.namespace, access, row.title, int(row.documents or 0), int(row.passages or 0))
