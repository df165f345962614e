"""The formats of documents that the library reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

DocumentFormatName = Literal["pdf", "markdown", "html", "docx", "plain"]

MAX_BYTES = 50_000_000
MAX_PAGES = 2_000
MAX_CHARACTERS = MAX_PAGES * 10_000


@dataclass(frozen=True, slots=True)
class DocumentFormat:
    """A format: its title, its media type, and the endings of its files' names, the usual one first."""

    title: str
    media_type: str
    endings: tuple[str, ...]


DOCUMENT_FORMATS: dict[DocumentFormatName, DocumentFormat] = {
    "pdf": DocumentFormat("PDF", "application/pdf", (".pdf",)),
    "markdown": DocumentFormat("Markdown", "text/markdown", (".md", ".markdown")),
    "html": DocumentFormat("HTML", "text/html", (".html", ".htm")),
    "docx": DocumentFormat(
        "Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", (".docx",)
    ),
    "plain": DocumentFormat("Plain text", "text/plain", (".txt", ".text")),
}
BY_MEDIA_TYPE: dict[str, DocumentFormatName] = {each.media_type: name for name, each in DOCUMENT_FORMATS.items()}


def of_file(name: str) -> DocumentFormat | None:
    """The format that the name of a file tells, None for any other ending."""
    return next((form for form in DOCUMENT_FORMATS.values() if name.lower().endswith(form.endings)), None)
