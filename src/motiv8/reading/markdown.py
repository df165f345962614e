"""Markdown (CommonMark and tables): its headings, paragraphs, items, tables; code as a paragraph of its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from motiv8.reading import html, plain
from motiv8.reading.document import Block, Document, Page
from motiv8.reading.text import clean, lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)---[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"^(title|lang|language):[ \t]*(.+)$", re.MULTILINE)
_BREAKS = {"softbreak", "hardbreak"}


def read(data: bytes, charset: str | None = None) -> Document:
    """Raises Unreadable."""
    text = "\n".join(lines(plain.text(data, charset)))
    fields: dict[str, str] = {}
    if front := _FRONT_MATTER.match(text):
        fields = {name: clean(value).strip("\"'") for name, value in _FIELD.findall(front[1])}
        text = text[front.end() :]
    blocks = tuple(block for block in _blocks(MarkdownIt("commonmark").enable("table").parse(text)) if block.text)
    title = next((block.text for block in blocks if block.kind == "heading" and block.level == 1), None)
    return Document((Page(None, blocks),), fields.get("title") or title, fields.get("lang") or fields.get("language"))


def _blocks(tokens: list[Token]) -> Iterator[Block]:
    depth = heading = 0
    rows: list[list[str]] | None = None
    for token in tokens:
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                depth += 1
            case "bullet_list_close" | "ordered_list_close":
                depth -= 1
            case "heading_open":
                heading = int(token.tag[1:])
            case "heading_close":
                heading = 0
            case "table_open":
                rows = []
            case "tr_open" if rows is not None:
                rows.append([])
            case "table_close" if rows is not None:
                yield Block("table", "\n".join(" | ".join(row) for row in rows))
                rows = None
            case "inline":
                text = _inline(token)
                if rows:
                    rows[-1].append(text)
                elif heading:
                    yield Block("heading", text, heading)
                else:
                    yield Block("list", text, depth) if depth else Block("paragraph", text)
            case "fence" | "code_block":
                yield Block("paragraph", clean(token.content))
            case "html_block":
                yield from html.of_fragment(token.content)


def _inline(token: Token) -> str:
    """The text alone; of a picture what stands for it."""
    parts = []
    for child in token.children or ():
        if child.type in _BREAKS:
            parts.append("\n")
        elif child.type in {"text", "code_inline", "image", "text_special"}:
            parts.append(child.content)
    return clean("".join(parts))
