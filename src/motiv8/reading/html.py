"""HTML: the text of its main part. Scripts are not run, and nothing but text is kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

from motiv8.catalogue.document_failures import Reason
from motiv8.reading.document import Block, Document, Page, Unreadable
from motiv8.reading.plain import decode
from motiv8.reading.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

    from motiv8.reading.document import BlockKind

_NOT_TEXT = (
    "script,style,noscript,template,svg,math,canvas,iframe,object,embed,audio,video,form,button,input,select,textarea,"
    "dialog,[hidden],[aria-hidden=true]"
)
_AROUND = (
    "nav,aside,footer,[role=navigation],[role=banner],[role=contentinfo],[role=complementary],[role=search],"
    "[role=dialog],[role=alertdialog]"
)
_MAIN = "main,[role=main],article"
# Of classes and ids: what stands around an article and is not part of it.
_NOTICE = re.compile(
    r"(?:^|[-_ ])(?:cookies?|consent|gdpr|newsletter|subscribe|social|share|sharing|breadcrumbs?|sidebar"
    r"|advert(?:isement)?|ads?|popup|modal|skip-link|screen-reader-text|pagination|related-posts)(?:$|[-_ ])",
    re.IGNORECASE,
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = {
    *("address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset"),
    *("figcaption", "figure", "footer", "header", "hgroup", "hr", "html", "main", "nav", "ol", "p", "pre", "section"),
    *("summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
}
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_MAX_DEPTH = 400
# A page whose main part says less than this of its text has its text elsewhere.
_MAIN_SHARE = 0.25


def read(data: bytes, charset: str | None = None) -> Document:
    """Raises Unreadable."""
    if charset is None and (named := _CHARSET.search(data[:4096])):
        charset = named[1].decode("ascii", "ignore")
    tree = LexborHTMLParser(decode(data, charset))
    if tree.root is None:
        return Document(())
    title = tree.css_first("head > title")
    language = clean(tree.root.attributes.get("lang") or "") or None
    name = clean(title.text()) if title else ""
    for node in tree.css(_NOT_TEXT):
        node.decompose()
    blocks = _main(tree)
    heading = next((block.text for block in blocks if block.kind == "heading" and block.level == 1), None)
    return Document((Page(None, tuple(blocks)),), heading or name or None, language)


def of_fragment(markup: str) -> list[Block]:
    """The blocks of a piece of HTML that stands in another text."""
    tree = LexborHTMLParser(markup)
    for node in tree.css(_NOT_TEXT):
        node.decompose()
    return list(_Walk().blocks(tree.body)) if tree.body else []


def _main(tree: LexborHTMLParser) -> list[Block]:
    body = tree.body
    if body is None:
        return []
    whole = len(body.text())
    for node in tree.css(_AROUND):
        node.decompose()
    for node in tree.css("body [class], body [id]"):
        names = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
        # A theme may name the whole page so.
        if _NOTICE.search(names) and len(node.text()) < whole / 2:
            node.decompose()
    parts = [node for node in tree.css(_MAIN) if not _inside_main(node)]
    if parts and sum(len(node.text()) for node in parts) >= _MAIN_SHARE * len(body.text()):
        return [block for node in parts for block in _Walk().blocks(node)]
    return list(_Walk().blocks(body))


def _inside_main(node: LexborNode) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.tag in {"main", "article"} or parent.attributes.get("role") == "main":
            return True
        parent = parent.parent
    return False


class _Walk:
    """One way through the tree, which gathers text until a block ends."""

    def __init__(self) -> None:
        self._text: list[str] = []

    def blocks(self, node: LexborNode, depth: int = 0, items: int = 0) -> Iterator[Block]:
        if depth > _MAX_DEPTH:
            raise Unreadable(Reason.UNREADABLE)
        child = node.child
        while child is not None:
            tag = child.tag
            if tag == "-text":
                self._text.append(child.text_content or "")
            elif tag == "br":
                self._text.append("\n")
            elif tag == "img":
                self._text.append(f" {child.attributes.get('alt') or ''} ")
            elif tag in _HEADINGS:
                yield from self._end(items)
                yield from _block("heading", child.text(), _HEADINGS[tag])
            elif tag == "table" and child.css_first("table table, td h1, td h2, td h3, td p + p") is None:
                yield from self._end(items)
                yield from _table(child)
            elif tag == "li":
                yield from self._end(items)
                yield from self.blocks(child, depth + 1, items + 1)
                yield from self._end(items + 1)
            elif tag in _BLOCKS:
                yield from self._end(items)
                yield from self.blocks(child, depth + 1, items)
                yield from self._end(items)
            elif tag not in {"-comment", "head", "!doctype"}:
                yield from self.blocks(child, depth + 1, items)
            child = child.next
        if depth == 0:
            yield from self._end(items)

    def _end(self, items: int) -> Iterator[Block]:
        text, self._text = "".join(self._text), []
        yield from _block("list" if items else "paragraph", text, items)


def _block(kind: BlockKind, text: str, level: int) -> Iterator[Block]:
    if text := clean(text):
        yield Block(kind, text, level)


def _table(node: LexborNode) -> Iterator[Block]:
    rows = [[clean(cell.text(separator=" ")) for cell in row.css("th, td")] for row in node.css("tr")]
    if caption := node.css_first("caption"):
        yield from _block("paragraph", caption.text(), 0)
    text = "\n".join(" | ".join(row) for row in rows if any(row))
    if text:
        yield Block("table", text)
