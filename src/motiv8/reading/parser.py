"""Which format a document has, by its bytes first, and the reader for it."""

from __future__ import annotations

import importlib
import re
from dataclasses import replace

from motiv8.catalogue.document_failures import Reason
from motiv8.catalogue.document_formats import BY_MEDIA_TYPE, MAX_CHARACTERS, DocumentFormatName
from motiv8.reading.document import Document, Unreadable

_CHARSET = re.compile(r"charset\s*=\s*\"?([\w.:-]+)")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_LONGEST_TITLE = 300
_PDF = b"%PDF-"
# Readers take a PDF that starts within its first kilobyte.
_PDF_FROM = 1024
_ZIP = b"PK\x03\x04"
# Word before 2007, and what it makes of a DOCX with a password.
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_BINARY = ("pdf", "docx")


def parse(data: bytes, media_type: str) -> Document:
    """The document, read in this process.

    Raises Unreadable.
    """
    essence, _, parameters = media_type.lower().partition(";")
    declared = BY_MEDIA_TYPE.get(essence.strip())
    if declared is None:
        raise Unreadable(Reason.UNSUPPORTED)
    charset = _CHARSET.search(parameters)
    # A library is loaded for a document that needs it.
    reader = importlib.import_module(f"motiv8.reading.{_format(data, declared)}")
    document: Document = reader.read(data, charset and charset[1])
    if document.characters > MAX_CHARACTERS:
        raise Unreadable(Reason.TOO_LONG)
    if not any(any(map(str.isalnum, block.text)) for page in document.pages for block in page.blocks):
        raise Unreadable(Reason.NO_TEXT)
    title = document.title and document.title[:_LONGEST_TITLE]
    language = document.language if document.language and _LANGUAGE.fullmatch(document.language) else None
    return replace(document, title=title, language=language)


def _format(data: bytes, declared: DocumentFormatName) -> DocumentFormatName:
    if data.startswith(_ZIP):
        return "docx"
    if data.startswith(_OLE):
        raise Unreadable(Reason.PASSWORD if _ENCRYPTED_PACKAGE in data else Reason.UNSUPPORTED)
    if _PDF in data[:_PDF_FROM] and (declared in _BINARY or data.lstrip().startswith(_PDF)):
        return "pdf"
    if declared in _BINARY:
        raise Unreadable(Reason.UNREADABLE)
    return declared
