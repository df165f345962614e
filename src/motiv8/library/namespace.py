"""A namespace of the library: who may read it, and how much of it is found. Pure."""

from __future__ import annotations

from typing import Literal, NamedTuple

Access = Literal["everybody", "group"]


class LibraryNamespace(NamedTuple):
    """A namespace by its name; `documents` and `passages` count what is found in it."""

    name: str
    access: Access = "everybody"
    title: str | None = None
    documents: int = 0
    passages: int = 0
