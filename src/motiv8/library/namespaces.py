"""The namespaces table."""

from __future__ import annotations

from motiv8.aws.library_tables import NamespaceRow


def get(namespace: str) -> NamespaceRow | None:
    """One namespace, read consistently."""
    try:
        return NamespaceRow.get(namespace, consistent_read=True)
    except NamespaceRow.DoesNotExist:
        return None


def every() -> list[NamespaceRow]:
    """All of them by name, read consistently: few enough for one page."""
    return sorted(NamespaceRow.scan(consistent_read=True), key=lambda row: row.namespace)


def ensure(namespace: str) -> None:
    """Have it, open to everybody where it is new."""
    if get(namespace) is None:
        row = NamespaceRow(namespace)
        row.update(actions=[NamespaceRow.access.set(NamespaceRow.access | "everybody")])


def set_access(namespace: str, access: str, title: str | None) -> NamespaceRow:
    """Have it with this access and title; returns it."""
    row = NamespaceRow(namespace)
    named = NamespaceRow.title.remove() if title is None else NamespaceRow.title.set(title)
    row.update(actions=[NamespaceRow.access.set(access), named])
    return row
