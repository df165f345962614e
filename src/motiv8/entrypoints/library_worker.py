"""The library's worker function (`motiv8-library-worker-ENV`): every step that reads documents or writes the index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motiv8 import clock
from motiv8.entrypoints.steps import Event, Outcome, run
from motiv8.pipeline.maintain_library import compact_index, rebuild_index, reindex, tidy_documents
from motiv8.pipeline.passage_index import index_probe
from motiv8.pipeline.remove_document import remove_document
from motiv8.pipeline.take_in_document import embed_document, fail, index_document, read_document, retag_document
from motiv8.reading import reader
from motiv8.retrieval.embedding import embedding_model
from motiv8.telemetry import logger

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.utilities.typing import LambdaContext


def _self_check() -> Outcome:
    """That packages and the model's files are in the image."""
    reader.read(b"# Alive", "text/markdown")
    embedding_model().embed(["alive"])
    return {"outcome": "ok"}


STEPS: dict[str, Callable[[Event], Outcome]] = {
    "read_document": lambda e: read_document(e["document_id"], e["run"], clock.now()),
    "embed_document": lambda e: embed_document(e["document_id"], e["run"], clock.now()),
    "index_document": lambda e: index_document(e["document_id"], e["run"], clock.now()),
    "record_document_failure": lambda e: fail(e["document_id"], e["run"], e["reason"], clock.now()),
    "retag_document": lambda e: retag_document(e["document_id"]),
    "remove_document": lambda e: remove_document(e["document_id"]),
    "index_probe": lambda _: index_probe(),
    "tidy_documents": lambda e: tidy_documents(e.get("after"), clock.now(), e["correlation_id"]),
    "rebuild_index": lambda e: rebuild_index(e.get("after"), clock.now(), e["correlation_id"]),
    "compact_index": lambda _: compact_index(),
    "reindex": lambda _: reindex(),
    "self_check": lambda _: _self_check(),
}


@logger.inject_lambda_context(correlation_id_path="correlation_id", clear_state=True)
def handler(event: Event, context: LambdaContext) -> Outcome:  # noqa: ARG001 - Lambda's signature
    """Run the step that the event names."""
    return run(STEPS, event)
