"""PDF: characters and where they stand, by PDFium; `layout` makes text of them."""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from motiv8.catalogue.document_failures import Reason
from motiv8.catalogue.document_formats import MAX_PAGES
from motiv8.reading import layout
from motiv8.reading.document import Document, Page, Unreadable
from motiv8.reading.geometry import Box, Run, Sheet
from motiv8.reading.text import clean, is_turned

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE_ENDS = {0x0A, 0x0D}
# PDFium's word for a hyphen at the end of a line.
_HYPHENS = {0x02, 0xFFFE}
_SPACES = {0x20, 0xA0, 0x3000}
_SEPARATORS = _LINE_ENDS | _HYPHENS | _SPACES
# Of the size of the type: what parts columns and cells, words lie closer.
_GAP = 0.9
_UPRIGHT = 0.2
_BOLD_WEIGHT = 600
_MAX_RUNS = 20_000
# Titles that programs give.
_NO_TITLE = re.compile(
    r"^(untitled|microsoft \w+ - .*|.*\.(docx?|tex|dvi|indd|pdf|odt|pptx?|qxd|rtf|html?))?$", re.IGNORECASE
)


def read(data: bytes, _: str | None = None) -> Document:
    """Raises Unreadable."""
    try:
        with pdfium.PdfDocument(data) as document:
            return _read(document)
    except pdfium.PdfiumError as error:
        locked = error.err_code in {pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY}
        raise Unreadable(Reason.PASSWORD if locked else Reason.UNREADABLE) from error


def _read(document: pdfium.PdfDocument) -> Document:
    count = len(document)
    if count > MAX_PAGES:
        raise Unreadable(Reason.TOO_LONG)
    sheets = []
    for index in range(count):
        try:
            sheets.append(_sheet(document, index))
        except pdfium.PdfiumError:
            # One damaged page takes nothing from the others.
            sheets.append(Sheet(0, []))
    outline = {(entry.page, layout.plain(entry.title)): entry.level + 1 for entry in _outline(document)}
    pages = tuple(Page(number, blocks) for number, blocks in enumerate(layout.blocks(sheets, outline), start=1))
    title = clean(document.get_metadata_value("Title"))
    if _NO_TITLE.match(title):
        title = next((b.text for page in pages[:1] for b in page.blocks if b.kind == "heading" and b.level == 1), "")
    return Document(pages, title or None, _language(document))


def _outline(document: pdfium.PdfDocument) -> Iterator[layout.Entry]:
    for bookmark in document.get_toc(max_depth=6):
        target = bookmark.get_dest()
        page = target.get_index() if target else None
        if page is not None:
            yield layout.Entry(page, bookmark.get_title(), bookmark.level)


def _language(document: pdfium.PdfDocument) -> str | None:
    buffer = ctypes.create_string_buffer(64)
    length = pdfium_c.FPDFCatalog_GetLanguage(document.raw, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), 64)
    return buffer.raw[: min(length, 64)].decode("utf-16-le", "ignore").rstrip("\0") or None


def _sheet(document: pdfium.PdfDocument, index: int) -> Sheet:
    page = document[index]
    try:
        text = page.get_textpage()
        try:
            upright = _Upright(page, _quarter(text.raw))
            runs = list(islice(_runs(text.raw, upright), _MAX_RUNS + 1))
            if len(runs) > _MAX_RUNS:
                raise Unreadable(Reason.UNREADABLE)
            return Sheet(upright.height, runs)
        finally:
            text.close()
    finally:
        page.close()


def _quarter(text: pdfium_c.FPDF_TEXTPAGE) -> int:
    """How most of the text runs, in quarters of a turn to the left."""
    count = pdfium_c.FPDFText_CountChars(text)
    angles = (pdfium_c.FPDFText_GetCharAngle(text, index) for index in range(0, count, 1 + count // 100))
    quarters = Counter(-round(angle / (math.pi / 2)) % 4 for angle in angles if angle >= 0)
    return max(quarters, key=lambda quarter: quarters[quarter], default=0)


class _Upright:
    """Boxes as a reader holds the page: with its text from left to right, from the top.

    The page's own rotation says how it lies on a screen, which does not matter here.
    """

    def __init__(self, page: pdfium.PdfPage, quarter: int) -> None:
        self.quarter = quarter
        self.left, self.bottom, right, top = page.get_cropbox()
        self.width, self.height = right - self.left, top - self.bottom
        if quarter % 2:
            self.width, self.height = self.height, self.width

    def box(self, rect: pdfium_c.FS_RECTF) -> Box:
        left, right = rect.left - self.left, rect.right - self.left
        top, bottom = rect.top - self.bottom, rect.bottom - self.bottom
        match self.quarter:
            case 1:
                return Box(bottom, top, left, right)
            case 2:
                return Box(self.width - right, self.width - left, bottom, top)
            case 3:
                return Box(self.width - top, self.width - bottom, self.height - right, self.height - left)
            case _:
                return Box(left, right, self.height - top, self.height - bottom)


@dataclass(slots=True)
class _GrowingRun:
    """A run that takes more characters. `to_left` says which way it runs; None as long as it may be either."""

    box: Box
    turned: bool
    bold: bool
    characters: list[tuple[str, Box]] = field(default_factory=list)
    to_left: bool | None = None

    def ends_at(self, separator: int) -> bool:
        """Add what the separator stands for; whether it ends the run."""
        if separator in _LINE_ENDS:
            return not self.turned
        if separator in _HYPHENS:
            self.characters.append(("-", self.box))
            return not self.turned
        # Right-to-left words are put in order by where they stand.
        ends = not self.turned and is_turned(self.characters[-1][0])
        self.characters.append((" ", self.box))
        return ends

    def goes_on(self, place: Box, to_left: bool | None) -> bool:
        """Whether a character at this place, that runs this way, is one more of the run."""
        if self.turned:
            return True
        if not self.box.beside(place, _GAP):
            return False
        if self.to_left is not None and to_left is not None and self.to_left != to_left:
            return False
        return bool(to_left) or place.right >= self.box.left + 0.3 * self.box.height

    def add(self, character: str, place: Box, to_left: bool | None) -> None:
        self.characters.append((character, place))
        self.box = self.box.with_(place)
        if to_left is not None:
            self.to_left = to_left

    def run(self) -> Run:
        size = max(place.height for _, place in self.characters)
        return Run("".join(_logical(self.characters)), self.box, size, self.bold, self.turned)


def _runs(text: pdfium_c.FPDF_TEXTPAGE, upright: _Upright) -> Iterator[Run]:
    """Characters that stand side by side, in the order of the file."""
    growing: _GrowingRun | None = None
    rect = pdfium_c.FS_RECTF()
    where = ctypes.byref(rect)
    for index in range(pdfium_c.FPDFText_CountChars(text)):
        code = pdfium_c.FPDFText_GetUnicode(text, index)
        if code in _SEPARATORS:
            if growing and growing.ends_at(code):
                yield growing.run()
                growing = None
            continue
        # What has no mapping to a character is not text, whatever its code is.
        if not 0x20 < code < 0x110000 or pdfium_c.FPDFText_HasUnicodeMapError(text, index) == 1:
            continue
        if not pdfium_c.FPDFText_GetLooseCharBox(text, index, where):
            continue
        place = upright.box(rect)
        character = chr(code)
        # Which way it runs; None for what runs either way.
        to_left = True if is_turned(character) else False if character.isalnum() else None
        if growing and not growing.goes_on(place, to_left):
            yield growing.run()
            growing = None
        if growing is None:
            growing = _GrowingRun(place, _is_turned_aside(text, index, upright), _is_bold(text, index))
        growing.add(character, place, to_left)
    if growing:
        yield growing.run()


def _is_turned_aside(text: pdfium_c.FPDF_TEXTPAGE, index: int, upright: _Upright) -> bool:
    """Whether a character is of a remark along the margin."""
    angle: float = pdfium_c.FPDFText_GetCharAngle(text, index) - upright.quarter * math.pi / 2
    return _UPRIGHT < angle % math.pi < math.pi - _UPRIGHT


def _is_bold(text: pdfium_c.FPDF_TEXTPAGE, index: int) -> bool:
    if pdfium_c.FPDFText_GetFontWeight(text, index) >= _BOLD_WEIGHT:
        return True
    # A font without a descriptor has its name alone.
    name = ctypes.create_string_buffer(64)
    pdfium_c.FPDFText_GetFontInfo(text, index, name, len(name), None)
    return b"bold" in name.value.lower()


def _logical(characters: list[tuple[str, Box]]) -> Iterator[str]:
    """The characters, right-to-left words in the order in which they are read: PDFium gives some as they are drawn."""
    word: list[tuple[str, Box]] = []
    for character, place in characters:
        if is_turned(character) or (word and unicodedata.combining(character)):
            word.append((character, place))
            continue
        yield from _word(word)
        word = []
        yield character
    yield from _word(word)


def _word(word: list[tuple[str, Box]]) -> Iterator[str]:
    if word:
        # All at one place they are a single glyph, whose characters PDFium turns around.
        drawn = word[0][1].left <= word[-1][1].left
        for character, _ in reversed(word) if drawn else word:
            yield character
