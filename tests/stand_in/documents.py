"""The documents that tests read: PDF and DOCX files made here, small real ones, and a folder of more if it is there."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

import pytest

_TESTS = Path(__file__).parents[1]
SMALL = _TESTS / "documents"

# Real files that are not part of the project.
FOLDER = Path(os.environ.get("MOTIV8_DOCUMENTS") or _TESTS.parents[1] / "shared" / "documents")
real_documents = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"the real documents are not there (MOTIV8_DOCUMENTS): no folder {FOLDER}"
)

A4 = (595, 842)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


class Words(NamedTuple):
    """What a line of a PDF says, where from the page's upper left corner, and how large."""

    left: float
    top: float
    text: str
    size: float = 11
    bold: bool = False


def pdf(*pages: Iterable[Words], title: str = "", rotate: int = 0, extra: bytes = b"") -> bytes:
    """A PDF with these pages, in Helvetica."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (en-GB) >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>"
        % (b" ".join(b"%d 0 R" % (6 + 2 * number) for number in range(len(pages))), len(pages)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
        b"<< /Title (%s) >>" % title.encode("cp1252"),
    ]
    for number, page in enumerate(pages):
        shown = b"\n".join(
            b"BT /%s %g Tf 1 0 0 1 %g %g Tm (%s) Tj ET"
            % (b"F2" if words.bold else b"F1", words.size, words.left, A4[1] - words.top, _escaped(words.text))
            for words in page
        )
        content = shown + extra
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Rotate %d /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>" % (*A4, rotate, 7 + 2 * number),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        ]
    return pdf_of(objects)


def pdf_of(objects: Iterable[bytes]) -> bytes:
    """A PDF of these objects, the catalogue first."""
    out = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(offsets) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer << /Size %d /Root 1 0 R /Info 5 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(offsets) + 1, start)
    return bytes(out)


def _escaped(text: str) -> bytes:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)").encode("cp1252")


def docx(body: str, parts: Mapping[str, str | bytes] | None = None) -> bytes:
    """A DOCX with this markup in its body, and with other parts by their names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>')
        for name, part in (parts or {}).items():
            package.writestr(name, part)
    return out.getvalue()


def paragraph(text: str, properties: str = "") -> str:
    """A paragraph's markup."""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


STYLES = f"""<w:styles xmlns:w="{_W}">
<w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="de-DE"/></w:rPr></w:rPrDefault></w:docDefaults>
<w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>
<w:style w:styleId="Mine"><w:name w:val="Mine"/><w:basedOn w:val="berschrift1"/></w:style>
<w:style w:styleId="Round"><w:name w:val="Round"/><w:basedOn w:val="Round"/></w:style>
</w:styles>"""
