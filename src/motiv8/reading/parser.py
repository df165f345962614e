"""Which format a document has, by its bytes first, and the reader for it."""

from __future__ import annotations

import re
from collections.abc import Callable

from motiv8.catalogue.document_failures import Reason
from motiv8.catalogue.document_formats import BY_MEDIA_TYPE, DocumentFormatName
from motiv8.reading import markdown, plain
from motiv8.reading.document import Document, Unreadable

_CHARSET = re.compile(r"charset\s*=\s*\"?([\w.:-]+)")
_READERS: dict[DocumentFormatName, Callable[[bytes, str | None], Document]] = {
    "markdown": markdown.read,
    "plain": plain.read,
}


def parse(data: bytes, media_type: str) -> Document:
    """The document, read in this process.

    Raises Unreadable.
    """
    essence, _, parameters = media_type.lower().partition(";")
    charset = _CHARSET.search(parameters)
    name = BY_MEDIA_TYPE.get(essence.strip())
    if name is None or name not in _READERS:
        raise Unreadable(Reason.UNSUPPORTED)
    document = _READERS[name](data, charset and charset[1])
    if not any(any(map(str.isalnum, block.text)) for page in document.pages for block in page.blocks):
        raise Unreadable(Reason.NO_TEXT)
    return document
