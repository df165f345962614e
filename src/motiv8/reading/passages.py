"""A document in passages: what a search finds, and what an answer quotes."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import chain, repeat
from typing import TYPE_CHECKING

from motiv8.reading.fingerprint import Seen, fingerprint
from motiv8.reading.text import join

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from motiv8.reading.document import Block, Document

WORDS = 200
"""Of one passage, about."""
# A little more is better than a rest that says nothing by itself.
_LONGEST = 1.25
_BETWEEN_HEADINGS = " > "

_ABBREVIATIONS = (
    "approx|art|bzw|ca|cf|cm|dr|ed|eds|e\\.g|eq|etc|fig|figs|i\\.e|inc|jr|kg|ltd|max|min|mr|mrs|ms|mt|no|nr|p|pp|prof"
    "|ref|sec|sr|st|vgl|vol|vs|z\\.b"
)
_SENTENCE_END = re.compile(
    r"(?:(?<![.!?\u2026\u061f\u06d4\u0964\u0965\u1362])[.!?\u2026\u061f\u06d4\u0964\u0965\u1362]+[\"'\u201d\u2019\u00bb)\]]*(?:\s+|$)(?![a-z\u00df-\u00ff,;)])"
    r"|(?<![\u3002\uff01\uff1f\uff0e])[\u3002\uff01\uff1f\uff0e]+[\u300d\u300f\u201d\u2019\uff09]*\s*)"
)
_NO_END = re.compile(rf"(?:^|[\s(])(?:{_ABBREVIATIONS}|[^\W\d_])\.\s*$|^\d{{1,2}}\.\s*$", re.IGNORECASE)
# With what stands before it.
_LONGEST_ABBREVIATION = 12
_CLAUSE_END = re.compile(r"[,;:\u3001\uff0c\u060c\u061b]\s*|\s[\u2013\u2014]\s")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
# A word that long is none.
_LONGEST_WORD = 60


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage and where it stands: its place in the document from 0, the headings above it, its pages.

    `fingerprint` is 64 bits without a sign; `fingerprint.near` says whether two are of nearly the same text.
    """

    position: int
    text: str
    heading: str
    page_from: int | None
    page_to: int | None
    fingerprint: int


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence, an item or a row, with what parts it from the piece before."""

    text: str
    before: str
    page: int | None
    # Of a table's row: the row that names the columns.
    columns: str = ""
    # Where a sentence ends that goes on overleaf.
    page_to: int | None = None

    @property
    def words(self) -> float:
        return _words(self.text)


def split(document: Document, words: int = WORDS, overlap: int = 0) -> tuple[Passage, ...]:
    """The passages in their order, without those that repeat an earlier one.

    One has about `words` words, ends with a sentence, and stays within one section. Up to `overlap` words of whole
    sentences, at most half of `words`, from the end of a passage stand again at the start of the section's next one.
    """
    passages: list[Passage] = []
    seen = Seen()
    for heading, pieces in _sections(document):
        for group in _groups(pieces, words, overlap):
            text = _text(group)
            mark = fingerprint(text)
            if seen.add(mark):
                continue
            pages = [page for piece in group for page in (piece.page, piece.page_to) if page is not None]
            first, last = (min(pages), max(pages)) if pages else (None, None)
            passages.append(Passage(len(passages), text, heading, first, last, mark))
    return tuple(passages)


def _sections(document: Document) -> Iterator[tuple[str, list[_Piece]]]:
    """What stands under each heading, with the path of headings to it."""
    path: list[tuple[int, str]] = []
    pieces: list[_Piece] = []
    alone: _Piece | None = None
    last: Block | None = None
    for page in document.pages:
        for first, block in zip(chain([True], repeat(False)), page.blocks, strict=False):
            if first and pieces and last and _goes_on(last, block):
                pieces += _overleaf(pieces.pop(), block.text, page.number)
                last = block
                continue
            last = block
            if block.kind != "heading":
                pieces += _pieces(block.kind, block.text, page.number)
                continue
            if pieces:
                yield _path(path), pieces
            elif alone and path and block.level <= path[-1][0]:
                # A heading with nothing below it still says something: a slide's, an entry of a list.
                yield _path(path[:-1]), [alone]
            pieces, alone = [], _Piece(block.text, "", page.number)
            path = [*((level, text) for level, text in path if level < block.level), (block.level, block.text)]
    if pieces:
        yield _path(path), pieces
    elif alone:
        yield _path(path[:-1]), [alone]


def _goes_on(last: Block, first: Block) -> bool:
    """Whether a page starts in the middle of a sentence."""
    return (
        last.kind in {"paragraph", "list"}
        and first.kind == "paragraph"
        and first.text[:1].islower()
        and not _SENTENCE_END.search(last.text[-_LONGEST_ABBREVIATION:])
    )


def _overleaf(start: _Piece, text: str, page: int | None) -> Iterator[_Piece]:
    first, *rest = sentences(join([start.text, text]))
    yield _Piece(first, start.before, start.page, page_to=page)
    for sentence in rest:
        yield _Piece(sentence, "", page)


def _path(path: Iterable[tuple[int, str]]) -> str:
    return _BETWEEN_HEADINGS.join(text for _, text in path)


def _pieces(kind: str, text: str, page: int | None) -> Iterator[_Piece]:
    before = "\n" if kind == "list" else "\n\n"
    if kind == "table":
        columns, *rows = text.split("\n")
        yield _Piece(columns, before, page)
        for row in rows:
            yield _Piece(row, "\n", page, columns)
        return
    for sentence in sentences(text):
        yield _Piece(sentence, before, page)
        before = ""


def sentences(text: str) -> list[str]:
    """The text's sentences, each with the space that follows it."""
    found, start = [], 0
    for end in _SENTENCE_END.finditer(text):
        if not _NO_END.search(text[max(start, end.start() - _LONGEST_ABBREVIATION) : end.end()]):
            found.append(text[start : end.end()])
            start = end.end()
    return [*found, text[start:]] if start < len(text) else found


def _groups(pieces: list[_Piece], words: int, overlap: int) -> Iterator[list[_Piece]]:
    """The pieces of a section in groups of nearly the same length."""
    longest = words * _LONGEST
    # Where the overlap filled a group, nothing new would fit.
    overlap = min(overlap, words // 2)
    pieces = [part for piece in pieces for part in _parts(piece, longest)]
    left = sum(piece.words for piece in pieces)
    group: list[_Piece] = []
    size = 0.0
    fresh = 0
    wanted = left / max(1, math.ceil(left / longest))
    for piece in pieces:
        if fresh and (size + piece.words > longest or size + piece.words / 2 > wanted):
            yield group
            group = _tail(group, overlap)
            size = sum(each.words for each in group)
            fresh = 0
            wanted = min(longest, size + left / max(1, math.ceil(left / (longest - size))))
        group.append(piece)
        fresh += 1
        size += piece.words
        left -= piece.words
    if fresh:
        yield group


def _tail(group: list[_Piece], overlap: int) -> list[_Piece]:
    tail: list[_Piece] = []
    for piece in reversed(group[1:]):
        if piece.columns or sum(each.words for each in tail) + piece.words > overlap:
            break
        tail.insert(0, piece)
    return tail


def _parts(piece: _Piece, longest: float) -> Iterator[_Piece]:
    """The piece, or parts of it when it is longer than a passage: at a comma, else between words, else anywhere."""
    if piece.words <= longest:
        yield piece
        return
    text, start, before = piece.text, 0, piece.before
    ends = sorted({end.end() for end in _CLAUSE_END.finditer(text)} | {len(text)})
    for end in ends:
        if _words(text[start:end]) < longest / 2 and end < len(text):
            continue
        for part in _cut(text[start:end], longest):
            yield _Piece(part, before, piece.page, piece.columns, piece.page_to)
            before = ""
        start = end


def _cut(text: str, longest: float) -> Iterator[str]:
    part: list[str] = []
    size = 0.0
    for token in re.findall(rf"\s*\S{{1,{_LONGEST_WORD}}}\s*", text):
        # Tokens of a script without spaces are long; each of their characters may end a part.
        for bit in re.findall(r".{1,20}", token, re.DOTALL) if _UNSPACED.search(token) else (token,):
            weight = _words(bit)
            if part and size + weight > longest:
                yield "".join(part)
                part, size = [], 0.0
            part.append(bit)
            size += weight
    if part:
        yield "".join(part)


def _words(text: str) -> float:
    """How long a text is in words; two characters of a script without spaces count as one."""
    unspaced = len(_UNSPACED.findall(text))
    rest = _UNSPACED.sub(" ", text) if unspaced else text
    return unspaced / 2 + sum(1 + len(word) // _LONGEST_WORD for word in rest.split())


def _text(group: list[_Piece]) -> str:
    first = group[0]
    parts = [f"{first.columns}\n"] if first.columns else []
    for piece in group:
        parts += [piece.before if piece is not first else "", piece.text]
    text = "".join(parts)
    return re.sub(r"[ \t]+\n", "\n", text).strip()
