"""A PDF's text comes in the order in which a person reads it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

import pytest

from motiv8.catalogue.document_failures import Reason
from motiv8.reading.document import Document, Unreadable
from motiv8.reading.parser import parse
from motiv8.reading.passages import split
from stand_in.documents import FOLDER, SMALL, Words, pdf, pdf_of, real_documents

_SENTENCE = "Run easy on most days and rest well after the hard ones"


def _read(data: bytes) -> Document:
    return parse(data, "application/pdf")


def _blocks(document: Document) -> list[tuple[str, str, int]]:
    return [(block.kind, block.text, block.level) for page in document.pages for block in page.blocks]


def _column(left: float, top: float, *lines: str) -> Iterator[Words]:
    for number, line in enumerate(lines):
        yield Words(left, top + number * 14, line)


def _page(*lines: str) -> list[Words]:
    return list(_column(72, 200, *lines))


def _refused(data: bytes) -> Reason:
    with pytest.raises(Unreadable) as unreadable:
        _read(data)
    return unreadable.value.reason


def _outcome(data: bytes) -> Reason | None:
    try:
        return None if split(_read(data)) else Reason.NO_TEXT
    except Unreadable as unreadable:
        return unreadable.reason


def test_lines_become_paragraphs_and_a_word_broken_at_a_line_is_put_together() -> None:
    page = [*_column(72, 100, f"{_SENTENCE} for a train-", "ing plan that lasts."), *_column(72, 150, "Another one.")]
    assert _blocks(_read(pdf(page))) == [
        ("paragraph", f"{_SENTENCE} for a training plan that lasts.", 0),
        ("paragraph", "Another one.", 0),
    ]


def test_larger_and_bold_lines_are_headings_and_the_largest_the_title() -> None:
    page = [
        Words(72, 100, "The handbook", 24),
        Words(72, 140, "Strength", 16),
        *_column(72, 170, _SENTENCE, _SENTENCE),
        Words(72, 220, "Warm up", bold=True),
        *_column(72, 240, _SENTENCE, _SENTENCE),
    ]
    document = _read(pdf(page))
    assert [block for block in _blocks(document) if block[0] == "heading"] == [
        ("heading", "The handbook", 1),
        ("heading", "Strength", 2),
        ("heading", "Warm up", 3),
    ]
    assert (document.title, document.language) == ("The handbook", "en-GB")


@pytest.mark.parametrize(("named", "title"), [("A real title", "A real title"), ("draft-3.docx", "The handbook")])
def test_a_title_of_the_files_own_counts_unless_it_is_the_name_of_a_file(named: str, title: str) -> None:
    page = [Words(72, 100, "The handbook", 24), *_column(72, 170, _SENTENCE, _SENTENCE)]
    assert _read(pdf(page, title=named)).title == title


def test_two_columns_are_read_one_after_the_other_below_what_spans_both() -> None:
    left = [f"left {number} says something here" for number in range(12)]
    right = [f"right {number} says something else" for number in range(12)]
    rows = [
        words
        for number, (one, other) in enumerate(zip(left, right, strict=True))
        for words in (Words(72, 150 + number * 14, one), Words(310, 150 + number * 14, other))
    ]
    (heading, text) = _blocks(_read(pdf([Words(72, 100, "A title over both of the columns", 20), *rows])))
    assert heading == ("heading", "A title over both of the columns", 1)
    assert text[1] == " ".join([*left, *right])


def test_a_table_keeps_its_rows() -> None:
    rows = [("Week", "Distance", "Note"), ("1", "5 km", "easy"), ("2", "8 km", ""), ("3", "10 km", "hard")]
    cells = [
        Words(72 + 150 * column, 300 + 16 * number, cell)
        for number, row in enumerate(rows)
        for column, cell in enumerate(row)
        if cell
    ]
    document = _read(pdf([*_column(72, 200, _SENTENCE, _SENTENCE), *cells]))
    assert _blocks(document)[-1] == (
        "table",
        "Week | Distance | Note\n1 | 5 km | easy\n2 | 8 km |\n3 | 10 km | hard",
        0,
    )


def test_items_of_a_list_stay_apart_even_if_their_marks_stand_far_off() -> None:
    marks = [Words(72, 200 + 14 * number, f"{number + 1}.") for number in range(3)]
    texts = [Words(110, 200 + 14 * number, f"step number {number}") for number in range(3)]
    assert _blocks(_read(pdf([*marks, *texts]))) == [
        ("list", "1. step number 0", 1),
        ("list", "2. step number 1", 1),
        ("list", "3. step number 2", 1),
    ]


def test_headers_footers_and_page_numbers_are_left_out() -> None:
    pages = [
        [
            Words(72, 40, f"Handbook of training, page {number}"),
            *_page(f"This is page number {number}."),
            Words(290, 800, f"- {number} -"),
        ]
        for number in range(1, 6)
    ]
    document = _read(pdf(*pages))
    assert _blocks(document) == [("paragraph", f"This is page number {number}.", 0) for number in range(1, 6)]
    assert [page.number for page in document.pages] == [1, 2, 3, 4, 5]


def test_a_heading_with_another_number_on_each_page_is_no_header() -> None:
    pages = [[Words(72, 60, f"Week {week}", 16), *_page(f"{_SENTENCE}.", f"{_SENTENCE}.")] for week in range(1, 7)]
    headings = [text for kind, text, _ in _blocks(_read(pdf(*pages))) if kind == "heading"]
    assert headings == [f"Week {week}" for week in range(1, 7)]


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("matrix", ["1 0 0 1 50 700", "0 1 -1 0 150 100", "-1 0 0 -1 550 100", "0 -1 1 0 350 700"])
def test_text_reads_the_same_however_it_is_turned_on_a_page_and_the_page_is(rotate: int, matrix: str) -> None:
    lines = f"q {matrix} cm BT /F1 11 Tf 14 TL ({_SENTENCE}, says) Tj T* (the first of the pages.) Tj ET Q"
    blocks = _blocks(_read(pdf([], rotate=rotate, extra=lines.encode())))
    assert blocks == [("paragraph", f"{_SENTENCE}, says the first of the pages.", 0)]


def test_a_remark_along_the_margin_stands_at_the_end_of_its_page() -> None:
    remark = b" BT /F1 9 Tf 0 1 -1 0 30 300 Tm (Printed in 2025) Tj ET"
    assert _blocks(_read(pdf(_page(f"{_SENTENCE}.", f"{_SENTENCE}."), extra=remark)))[-1][1] == "Printed in 2025"


def test_a_sentence_that_goes_on_overleaf_is_one_and_names_both_pages() -> None:
    document = _read(pdf(_page(f"First of all. {_SENTENCE} of a train-"), _page("ing week. Then stop.")))
    (passage,) = split(document)
    assert passage.text == f"First of all. {_SENTENCE} of a training week. Then stop."
    assert (passage.page_from, passage.page_to) == (1, 2)


def test_a_file_that_is_cut_off_keeps_what_can_be_read_or_is_unreadable() -> None:
    whole = pdf(*(_page(f"{_SENTENCE} {number}.") for number in range(20)))
    outcomes = {_outcome(whole[:length]) for length in range(9, len(whole), 997)}
    assert outcomes <= {None, Reason.UNREADABLE, Reason.NO_TEXT}


def test_more_than_2000_pages_are_too_long() -> None:
    pages = b"<< /Type /Pages /Kids [%s] /Count 2001 >>" % (b"3 0 R " * 2001)
    leaf = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 10 10] >>"
    assert _refused(pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", pages, leaf])) == Reason.TOO_LONG


def test_a_page_without_text_and_a_file_that_only_begins_like_a_pdf() -> None:
    assert _refused(pdf([])) == Reason.NO_TEXT
    assert _refused(b"%PDF-1.7 and no more") == Reason.UNREADABLE
    assert _refused(b"no PDF") == Reason.UNREADABLE


def test_a_page_of_far_too_many_pieces_is_unreadable() -> None:
    content = zlib.compress(
        b"".join(b"BT /F1 8 Tf 1 0 0 1 %d %d Tm (a) Tj ET " % (n * 37 % 550, n * 91 % 2900) for n in range(25_000))
    )
    resources = b"<< /Font << /F1 3 0 R >> >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 3000] /Contents 5 0 R /Resources %s >>" % resources,
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(content), content),
    ]
    assert _refused(pdf_of(objects)) == Reason.UNREADABLE


def _words(document: Document) -> str:
    return " ".join(block.text for page in document.pages for block in page.blocks)


def test_right_to_left_words_come_in_the_order_in_which_they_are_read() -> None:
    assert re.sub("\u02f4", "", _words(_read((SMALL / "habibi.pdf").read_bytes()))) == "حَبيبي habibi حَبيبي"


def test_a_real_file_of_two_columns() -> None:
    document = _read((SMALL / "multicolumn.pdf").read_bytes())
    text = _words(document)
    assert document.title == "Two-Column Document with Lorem Ipsum"
    assert "consectetuer adipiscing elit. Ut purus elit, vestibulum ut, placerat ac" in text
    assert "Nam feugiat lacus vel est." in " ".join(passage.text for passage in split(document))
    tables = [block.text for page in document.pages for block in page.blocks if block.kind == "table"]
    assert len(tables) == 1
    assert "Belgium | 11.5 | 30,689 | Brussels | Dutch, French, German" in tables[0].split("\n")


def test_a_real_file_with_a_password() -> None:
    assert _refused((SMALL / "libreoffice-writer-password.pdf").read_bytes()) == Reason.PASSWORD


@real_documents
@pytest.mark.parametrize(
    ("name", "pages", "text"),
    [
        ("002-trivial-libre-office-writer.pdf", 1, "sed diam nonumy eirmod tempor invidunt ut labore"),
        ("crazyones-pdfa.pdf", 1, "Because they change things. They invent."),
        ("google-doc-document.pdf", 1, "Errors should never pass silently."),
        ("habibi.pdf", 1, "habibi حَبيبي"),
        ("multicolumn.pdf", 3, "Curabitur auctor semper nulla."),
        ("pdflatex-4-pages.pdf", 4, "This text should show what a printed text will look like at this place."),
        ("pdflatex-outline.pdf", 4, "This text should contain all letters of the alphabet"),
    ],
)
def test_every_real_document_gives_its_text(name: str, pages: int, text: str) -> None:
    document = _read((FOLDER / name).read_bytes())
    assert len(document.pages) == pages
    assert text in _words(document)


@real_documents
@pytest.mark.parametrize(
    ("name", "reason"),
    [("grayscale-image.pdf", Reason.NO_TEXT), ("libreoffice-writer-password.pdf", Reason.PASSWORD)],
)
def test_a_real_document_without_text_gives_its_reason(name: str, reason: Reason) -> None:
    assert _refused((FOLDER / name).read_bytes()) == reason


@real_documents
def test_the_outline_of_a_real_document_gives_its_headings() -> None:
    document = _read((FOLDER / "pdflatex-outline.pdf").read_bytes())
    headings = [block for page in document.pages for block in page.blocks if block.kind == "heading"]
    assert {block.text for block in headings} >= {"1 Foo", "2 Bar", "3 Baz", "9 Baz"}


@real_documents
def test_no_real_document_is_left_out() -> None:
    outcomes = {path.name: _outcome(path.read_bytes()) for path in FOLDER.glob("*.pdf")}
    assert {name: reason for name, reason in outcomes.items() if reason} == {
        "grayscale-image.pdf": Reason.NO_TEXT,
        "libreoffice-writer-password.pdf": Reason.PASSWORD,
    }
