"""A DOCX gives its paragraphs and tables; one made to do harm gives a reason."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from motiv8.catalogue.document_failures import Reason
from motiv8.reading import docx as docx_reader
from motiv8.reading.document import Document, Unreadable
from motiv8.reading.parser import parse
from stand_in.documents import STYLES, WORD, docx, paragraph


def _blocks(document: Document) -> list[tuple[str, str, int]]:
    return [(block.kind, block.text, block.level) for page in document.pages for block in page.blocks]


def _refused(data: bytes) -> Reason:
    with pytest.raises(Unreadable) as unreadable:
        parse(data, WORD)
    return unreadable.value.reason


def test_headings_paragraphs_items_and_tables_come_in_order() -> None:
    cell = "<w:tc>{}</w:tc>"
    row = "<w:tr>{}</w:tr>"
    rows = (("Week", "Run"), ("1", "5 km"))
    table = "".join(row.format("".join(cell.format(paragraph(text)) for text in each)) for each in rows)
    body = (
        paragraph("Plan", '<w:pStyle w:val="berschrift1"/>')
        + paragraph("Mine", '<w:pStyle w:val="Mine"/>')
        + paragraph("Part", '<w:outlineLvl w:val="1"/>')
        + paragraph("Run & rest.", '<w:pStyle w:val="Round"/>')
        + paragraph("first", '<w:numPr><w:ilvl w:val="1"/></w:numPr>')
        + f"<w:tbl>{table}</w:tbl>"
    )
    core = '<c xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>The plan</dc:title></c>'
    document = parse(docx(body, {"word/styles.xml": STYLES, "docProps/core.xml": core}), WORD)
    assert _blocks(document) == [
        ("heading", "Plan", 1),
        ("heading", "Mine", 1),
        ("heading", "Part", 2),
        ("paragraph", "Run & rest.", 0),
        ("list", "first", 2),
        ("table", "Week | Run\n1 | 5 km", 0),
    ]
    assert (document.title, document.language) == ("The plan", "de-DE")


def test_what_was_deleted_and_what_fields_say_to_word_is_no_text() -> None:
    body = """<w:p><w:r><w:t>kept </w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del>
    <w:r><w:instrText>PAGE \\* MERGEFORMAT</w:instrText></w:r><w:ins><w:r>
    <w:t>added</w:t><w:tab/><w:t>too</w:t></w:r></w:ins>
    </w:p>"""
    assert _blocks(parse(docx(body), WORD)) == [("paragraph", "kept added too", 0)]


def test_a_table_in_a_table_is_said_once() -> None:
    inner = f"<w:tbl><w:tr><w:tc>{paragraph('inner')}</w:tc></w:tr></w:tbl>"
    outer = f"<w:tbl><w:tr><w:tc>{paragraph('outer')}{inner}</w:tc></w:tr></w:tbl>"
    assert _blocks(parse(docx(outer), WORD)) == [("table", "outer inner", 0)]


def test_footnotes_stand_at_the_end() -> None:
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    notes = f'<w:footnotes xmlns:w="{w}"><w:footnote>{paragraph("A note.")}</w:footnote></w:footnotes>'
    assert [text for _, text, _ in _blocks(parse(docx(paragraph("Text."), {"word/footnotes.xml": notes}), WORD))] == [
        "Text.",
        "A note.",
    ]


def test_a_part_that_unpacks_to_more_than_is_allowed_is_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docx_reader, "_MAX_PART", 100_000)
    bomb = docx(paragraph("x" * 200_000))
    assert len(bomb) < 2_000
    assert _refused(bomb) == Reason.TOO_LONG


def test_a_part_that_says_it_is_smaller_than_it_is_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docx_reader, "_MAX_PART", 100_000)
    honest = docx(paragraph("x" * 200_000))
    with zipfile.ZipFile(io.BytesIO(honest)) as package:
        size = package.getinfo("word/document.xml").file_size
    lying = honest.replace(struct.pack("<L", size), struct.pack("<L", 50))
    assert _refused(lying) in {Reason.TOO_LONG, Reason.UNREADABLE}


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE d SYSTEM "http://127.0.0.1:9/d.dtd">',
    ],
)
def test_xml_with_entities_or_a_document_type_is_unreadable(doctype: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("word/document.xml", f"{doctype}<d>x</d>")
    assert _refused(out.getvalue()) == Reason.UNREADABLE


def test_another_zip_file_is_unsupported_and_a_broken_one_unreadable() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("xl/workbook.xml", "<x/>")
    assert _refused(out.getvalue()) == Reason.UNSUPPORTED
    assert _refused(docx(paragraph("text"))[:-30]) == Reason.UNREADABLE
    assert _refused(docx("<w:p><w:r>")) == Reason.UNREADABLE
    assert _refused(docx("")) == Reason.NO_TEXT


def test_depth_without_end_is_unreadable() -> None:
    assert _refused(docx("<w:p>" * 50_000 + "</w:p>" * 50_000)) == Reason.UNREADABLE


def test_word_before_2007_is_unsupported_and_with_a_password_says_so() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    assert _refused(ole) == Reason.UNSUPPORTED
    assert _refused(ole + "EncryptedPackage".encode("utf-16-le")) == Reason.PASSWORD
