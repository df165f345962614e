"""Plain text: paragraphs between empty lines, headings by their underline."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from charset_normalizer import from_bytes

from motiv8.catalogue.document_failures import Reason
from motiv8.catalogue.document_formats import MAX_CHARACTERS
from motiv8.reading.document import Block, Document, Page, Unreadable
from motiv8.reading.text import clean, join, lines

if TYPE_CHECKING:
    from collections.abc import Iterator

# The longer ones first: UTF-32's mark begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UNDERLINE = re.compile(r"(={3,}|-{3,}|~{3,}|\*{3,})\s*$")
_ITEM = re.compile(r"\s*(?:[-*+\u2022\u2023\u25aa\u25cf\u2013]|\d{1,3}[.)]|[a-zA-Z][.)])\s+\S")
_LEVELS = {"=": 1, "*": 1, "-": 2, "~": 3}
_GUESSED_FROM = 50_000


def read(data: bytes, charset: str | None = None) -> Document:
    """Raises Unreadable."""
    blocks = tuple(_blocks(lines(text(data, charset))))
    title = next((block.text for block in blocks if block.kind == "heading" and block.level == 1), None)
    return Document((Page(None, blocks),), title)


def text(data: bytes, charset: str | None = None) -> str:
    """What `decode` gives, if it is no longer than a document may be.

    Raises Unreadable.
    """
    decoded = decode(data, charset)
    if len(decoded) > MAX_CHARACTERS:
        raise Unreadable(Reason.TOO_LONG)
    return decoded


def decode(data: bytes, charset: str | None = None) -> str:
    """The bytes as text: by their mark, as UTF-8, by the charset that came with them, or by what they look like.

    Raises Unreadable.
    """
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return data.decode(codec, "replace")
    for codec in ("utf-8", charset or ""):
        try:
            if codec:
                return data.decode(codec)
        except (UnicodeError, LookupError):
            continue
    if b"\0" in data:
        raise Unreadable(Reason.UNSUPPORTED)
    guess = from_bytes(data[:_GUESSED_FROM]).best()
    return data.decode(guess.encoding if guess else "cp1252", "replace")


def _blocks(all_lines: list[str]) -> Iterator[Block]:
    for part in _paragraphs(all_lines):
        rest = part
        if len(part) > 1 and (found := _UNDERLINE.match(part[1])) and clean(part[0]):
            yield Block("heading", clean(part[0]), _LEVELS[found[1][0]])
            rest = part[2:]
        for group in _items(rest):
            words = join(group)
            if any(map(str.isalnum, words)):
                yield Block("list", words, 1) if _ITEM.match(group[0]) else Block("paragraph", words)


def _paragraphs(all_lines: list[str]) -> Iterator[list[str]]:
    part: list[str] = []
    for line in [*all_lines, ""]:
        if line.strip():
            part.append(line)
        elif part:
            yield part
            part = []


def _items(part: list[str]) -> Iterator[list[str]]:
    """A paragraph's lines: whole, or from one item of a list to the next."""
    group: list[str] = []
    for line in part:
        if group and _ITEM.match(line):
            yield group
            group = []
        group.append(line)
    if group:
        yield group
