"""Who may read which namespaces, and who brings documents in: by the groups that stand in a person's token."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from motiv8.errors import ImportersOnly

if TYPE_CHECKING:
    from motiv8.library.document import LibraryDocument
    from motiv8.library.namespace import LibraryNamespace

IMPORTERS = "importers"


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody by their groups."""

    groups: frozenset[str]

    @property
    def is_importer(self) -> bool:
        """Whether they bring documents in; such people see every namespace, and documents that are not ready."""
        return IMPORTERS in self.groups

    def check_importer(self) -> None:
        """Raises ImportersOnly."""
        if not self.is_importer:
            raise ImportersOnly

    def may_read(self, namespace: LibraryNamespace) -> bool:
        """Whether they see what lies in the namespace."""
        return self.is_importer or namespace.access == "everybody" or f"library-{namespace.name}" in self.groups

    def sees(self, document: LibraryDocument) -> bool:
        """Whether they see a document of a namespace that they may read."""
        return document.status == "ready" or (self.is_importer and document.status != "deleting")
