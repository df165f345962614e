"""What is read: a document's pages, and their blocks of text in reading order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from motiv8.catalogue.document_failures import SENTENCES, Reason

BlockKind = Literal["heading", "paragraph", "list", "table"]


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of text.

    `level` is a heading's (1 is the highest) or how deep an item of a list lies (from 1), otherwise 0. A table's text
    has a line for each row, cells parted by ` | `; a list has a block for each item.
    """

    kind: BlockKind
    text: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """A page and its number, from 1; a format without pages gives one page without a number."""

    number: int | None
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """The pages, and what the document says of itself: its title, and its language as a BCP 47 tag."""

    pages: tuple[Page, ...]
    title: str | None = None
    language: str | None = None

    @property
    def characters(self) -> int:
        """How many characters of text there are."""
        return sum(len(block.text) for page in self.pages for block in page.blocks)

    def to_json(self) -> dict[str, Any]:
        """The document as plain values."""
        return {
            "title": self.title,
            "language": self.language,
            "pages": [
                [page.number, [[block.kind, block.text, block.level] for block in page.blocks]] for page in self.pages
            ],
        }

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Document:
        """The document that `to_json` gave the values of."""
        pages = tuple(Page(number, tuple(Block(*block) for block in blocks)) for number, blocks in values["pages"])
        return cls(pages, values["title"], values["language"])


class Unreadable(Exception):
    """The document cannot be read; `reason` says why, `sentence` what a person can do about it."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(SENTENCES[reason])
        self.reason = reason
        self.sentence = SENTENCES[reason]
