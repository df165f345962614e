"""A document is read from bytes that may hold anything."""

from __future__ import annotations

from motiv8.catalogue.document_failures import Reason
from motiv8.catalogue.document_formats import MAX_BYTES
from motiv8.reading import parser
from motiv8.reading.document import Document, Unreadable


def read(data: bytes, media_type: str) -> Document:
    """The document in the bytes; what they are counts more than what they are said to be.

    Raises Unreadable, and nothing else whatever the bytes are.
    """
    if len(data) > MAX_BYTES:
        raise Unreadable(Reason.TOO_LONG)
    return parser.parse(data, media_type)
