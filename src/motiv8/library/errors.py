"""What can be wrong about documents alone."""

from __future__ import annotations

from motiv8.errors import Conflict


class DocumentBeingRemoved(Conflict):
    """The same file comes while what was made of it is still being removed."""

    slug = "document-being-removed"
    title = "This document is being removed"

    def __init__(self) -> None:
        super().__init__("This document is being removed. Please try again in a minute.")
