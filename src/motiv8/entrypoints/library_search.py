"""The function that searches the library (`motiv8-library-search-ENV`): it reads the index and writes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from motiv8.pipeline.passage_index import answers_probe, passage_index
from motiv8.retrieval.embedding import embedding_model
from motiv8.retrieval.nearness import coverage, near_sentences
from motiv8.retrieval.passage_rows import searchable
from motiv8.telemetry import logger

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import numpy.typing as npt
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from motiv8.retrieval.models import Hit

_TOLD = ("passage_id", "document_id", "score", "text", "heading", "page_from", "page_to", "highlights")


def _search(event: dict[str, Any]) -> dict[str, Any]:
    query: str = event["query"]
    tags = [event["tag"]] if event.get("tag") else []
    vector = embedding_model().embed([query])[0]
    hits = passage_index().search(query, vector, event["namespaces"], tags, event["limit"])
    near = event.get("sentences_of", 0)
    # Neither the question nor what was found: both are people's.
    logger.info("searched", passages=len(hits), namespaces=len(event["namespaces"]))
    return {"passages": [_told(hit, query, vector if place < near else None) for place, hit in enumerate(hits)]}


def _told(hit: Hit, query: str, vector: npt.NDArray[np.float32] | None) -> dict[str, Any]:
    """A hit; with the query's vector also how near its sentences are."""
    told = {name: getattr(hit, name) for name in _TOLD}
    if vector is not None:
        told["coverage"] = coverage(query, searchable(hit.title, hit.heading, hit.text))
        told["sentences"] = list(near_sentences(vector, hit.text, embedding_model()))
    return told


def _self_check() -> dict[str, Any]:
    """That packages and the model's files are in the image."""
    embedding_model().embed(["alive"])
    return {"outcome": "ok"}


STEPS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "search": _search,
    "probe": lambda _: {"found": answers_probe()},
    "self_check": lambda _: _self_check(),
}


@logger.inject_lambda_context(correlation_id_path="correlation_id", clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """Answer one question."""
    return STEPS[event["step"]](event)
