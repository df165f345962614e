"""DOCX: the parts of a zip file, each no larger than is allowed, and the paragraphs and tables in them."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from motiv8.catalogue.document_failures import Reason
from motiv8.reading.document import Block, Document, Page, Unreadable
from motiv8.reading.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_DC = "{http://purl.org/dc/elements/1.1/}"
_ENCRYPTED = 0x1
_MAX_PARTS = 10_000
# Of one part unpacked: 2,000 pages of text with its marks are a third of it.
_MAX_PART = 100_000_000
# Of a style; they may go in circles.
_MAX_PARENTS = 10
_CHUNK = 1 << 20
_HEADING_STYLE = re.compile(r"heading ?([1-9])$", re.IGNORECASE)
# Removed text, and what is said of a text and not in it.
_LEFT_OUT = {f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_W}delText", f"{_W}pPr", f"{_W}rPr"}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def read(data: bytes, _: str | None = None) -> Document:
    """Raises Unreadable."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return _read(package)
    except (zipfile.BadZipFile, zlib.error, ParseError, DefusedXmlException, EOFError, NotImplementedError) as error:
        raise Unreadable(Reason.UNREADABLE) from error
    except (ValueError, OSError, RecursionError, UnicodeError, LookupError, RuntimeError, OverflowError) as error:
        # What zipfile and the parser raise for offsets, names and encodings that cannot be.
        raise Unreadable(Reason.UNREADABLE) from error


def _read(package: zipfile.ZipFile) -> Document:
    if len(package.infolist()) > _MAX_PARTS:
        raise Unreadable(Reason.UNREADABLE)
    if "word/document.xml" not in package.namelist():
        raise Unreadable(Reason.UNSUPPORTED)
    levels, language = _styles(_part(package, "word/styles.xml"))
    body = _part(package, "word/document.xml")
    if body is None:
        raise Unreadable(Reason.UNREADABLE)
    blocks = tuple(_blocks(body, levels))
    notes = tuple(
        block
        for name in ("word/footnotes.xml", "word/endnotes.xml")
        if (part := _part(package, name)) is not None
        for block in _blocks(part, {})
    )
    core = _part(package, "docProps/core.xml")
    title = clean((core.findtext(f".//{_DC}title") if core is not None else None) or "")
    if not title:
        title = next((block.text for block in blocks if block.kind == "heading" and block.level == 1), "")
    return Document((Page(None, blocks + notes),), title or None, language)


def _part(package: zipfile.ZipFile, name: str) -> Element | None:
    """A part's root, None where there is no such part."""
    try:
        info = package.getinfo(name)
    except KeyError:
        return None
    if info.flag_bits & _ENCRYPTED:
        raise Unreadable(Reason.PASSWORD)
    if info.file_size > _MAX_PART:
        raise Unreadable(Reason.TOO_LONG)
    text = bytearray()
    # What is said of the size may be wrong.
    with package.open(info) as part:
        while chunk := part.read(_CHUNK):
            text += chunk
            if len(text) > _MAX_PART:
                raise Unreadable(Reason.TOO_LONG)
    root: Element = fromstring(bytes(text).replace(_STRICT.encode(), _W[1:-1].encode()), forbid_dtd=True)
    return root


def _styles(root: Element | None) -> tuple[dict[str, int], str | None]:
    """Which styles are headings, of which level, and the language of the text."""
    levels: dict[str, int] = {}
    based: dict[str, str] = {}
    if root is None:
        return levels, None
    for style in root.iter(f"{_W}style"):
        identity = style.get(f"{_W}styleId", "")
        name = _value(style.find(f"{_W}name"))
        outline = _value(style.find(f"{_W}pPr/{_W}outlineLvl"))
        if found := _HEADING_STYLE.match(name):
            levels[identity] = int(found[1])
        elif name.casefold() == "title":
            levels[identity] = 1
        elif outline.isdecimal() and int(outline) < 9:
            levels[identity] = int(outline) + 1
        based[identity] = _value(style.find(f"{_W}basedOn"))
    for identity in based:
        parent, steps = identity, 0
        while parent and parent not in levels and steps < _MAX_PARENTS:
            parent, steps = based.get(parent, ""), steps + 1
        if parent in levels:
            levels.setdefault(identity, levels[parent])
    language = root.find(f"{_W}docDefaults/{_W}rPrDefault/{_W}rPr/{_W}lang")
    return levels, (language.get(f"{_W}val") if language is not None else None) or None


def _value(node: Element | None) -> str:
    return node.get(f"{_W}val", "") if node is not None else ""


def _blocks(node: Element, levels: dict[str, int]) -> Iterator[Block]:
    for child in node:
        if child.tag == f"{_W}p":
            yield from _paragraph(child, levels)
        elif child.tag == f"{_W}tbl":
            yield from _table(child)
        elif child.tag not in _LEFT_OUT:
            yield from _blocks(child, levels)


def _paragraph(node: Element, levels: dict[str, int]) -> Iterator[Block]:
    text = clean("".join(_text(node)))
    if not text:
        return
    style = _value(node.find(f"{_W}pPr/{_W}pStyle"))
    outline = _value(node.find(f"{_W}pPr/{_W}outlineLvl"))
    numbered = node.find(f"{_W}pPr/{_W}numPr")
    level = int(outline) + 1 if outline.isdecimal() and int(outline) < 9 else levels.get(style, 0)
    if level:
        yield Block("heading", text, level)
    elif numbered is not None or "list" in style.casefold():
        depth = _value(numbered.find(f"{_W}ilvl")) if numbered is not None else ""
        yield Block("list", text, min(int(depth), 8) + 1 if depth.isdecimal() else 1)
    else:
        yield Block("paragraph", text)


def _text(node: Element) -> Iterator[str]:
    for child in node:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in {f"{_W}tab", f"{_W}br", f"{_W}cr"}:
            yield " "
        elif child.tag == f"{_W}noBreakHyphen":
            yield "-"
        elif child.tag == _FALLBACK or child.tag in _LEFT_OUT:
            continue
        else:
            if child.tag == f"{_W}p":
                yield " "
            yield from _text(child)


def _table(node: Element) -> Iterator[Block]:
    rows = [
        [clean(" ".join(clean("".join(_text(part))) for part in cell)) for cell in row.findall(f"{_W}tc")]
        for row in (*node.findall(f"{_W}tr"), *node.findall(f"{_W}sdt/{_W}sdtContent/{_W}tr"))
    ]
    text = "\n".join(" | ".join(row) for row in rows if any(row))
    if text:
        yield Block("table", text)
