"""The library's one index, on S3, as this process reaches it; and the passage by which it is known to answer."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from motiv8.reading.fingerprint import fingerprint
from motiv8.reading.passages import Passage
from motiv8.retrieval.embedding import embedding_model
from motiv8.retrieval.models import IndexedDocument
from motiv8.retrieval.passage_rows import searchable
from motiv8.retrieval.repository import PassageIndex, storage_options
from motiv8.settings import settings

if TYPE_CHECKING:
    from motiv8.library.document import LibraryDocument
    from motiv8.library_payloads import Indexed

PROBE_NAMESPACE = "Probe"
"""Nobody's: the API takes no name with a capital letter."""
PROBE_QUESTION = "What does the probe passage say about lighthouses?"
_PROBE = IndexedDocument("probe", PROBE_NAMESPACE, "Probe")
_PROBE_TEXT = "This probe passage is found whenever the library works, as a lighthouse is seen on a clear night."


@cache
def passage_index() -> PassageIndex:
    """The index; nothing is read before it is asked."""
    place = f"s3://{settings().library_bucket}/index"
    return PassageIndex(place, embedding_model(), storage_options(settings().region, settings().endpoint_url))


def indexed(document: LibraryDocument) -> IndexedDocument:
    """What the index is told of a document."""
    said = document.description
    return IndexedDocument(
        document.document_id, document.namespace, document.shown_title, said.url, tuple(sorted(said.tags))
    )


def index_probe() -> Indexed:
    """Have the passage in the index by which it is known to answer."""
    passage = Passage(0, _PROBE_TEXT, "", None, None, fingerprint(_PROBE_TEXT))
    vectors = embedding_model().embed([searchable(_PROBE.title, passage.heading, passage.text)])
    passage_index().replace_document(_PROBE, [passage], vectors)
    return {"outcome": "indexed"}


def answers_probe() -> bool:
    """Whether the known question finds the passage, by its words and by its meaning."""
    vector = embedding_model().embed([PROBE_QUESTION])[0]
    return bool(passage_index().search(PROBE_QUESTION, vector, [PROBE_NAMESPACE], limit=1))
