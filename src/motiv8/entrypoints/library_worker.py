"""The library's worker function (`motiv8-library-worker-ENV`): every step that reads documents or writes the index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motiv8 import clock, library_payloads, payloads
from motiv8.entrypoints.steps import Event, Outcome, Steps, run
from motiv8.pipeline.maintain_library import compact_index, rebuild_index, reindex, tidy_documents
from motiv8.pipeline.passage_index import index_probe
from motiv8.pipeline.remove_document import remove_document
from motiv8.pipeline.take_in_document import embed_document, fail, index_document, read_document, retag_document
from motiv8.reading import reader
from motiv8.retrieval.embedding import embedding_model
from motiv8.telemetry import logger

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


def _read_document(given: library_payloads.DocumentRunStep) -> library_payloads.TakenIn:
    return read_document(given["document_id"], given["run"], clock.now())


def _embed_document(given: library_payloads.DocumentRunStep) -> library_payloads.TakenIn:
    return embed_document(given["document_id"], given["run"], clock.now())


def _index_document(given: library_payloads.DocumentRunStep) -> library_payloads.TakenIn:
    return index_document(given["document_id"], given["run"], clock.now())


def _record_document_failure(given: library_payloads.FailedDocument) -> library_payloads.TakenIn:
    return fail(given["document_id"], given["run"], given["reason"], clock.now())


def _retag_document(given: library_payloads.DocumentStep) -> library_payloads.TakenIn:
    return retag_document(given["document_id"])


def _remove_document(given: library_payloads.DocumentStep) -> library_payloads.Removed:
    return remove_document(given["document_id"])


def _index_probe(_: library_payloads.LibraryStep) -> library_payloads.Indexed:
    return index_probe()


def _tidy_documents(given: library_payloads.DocumentsStep) -> library_payloads.GoneThrough:
    return tidy_documents(given.get("after"), clock.now(), given["correlation_id"])


def _rebuild_index(given: library_payloads.DocumentsStep) -> library_payloads.GoneThrough:
    return rebuild_index(given.get("after"), clock.now(), given["correlation_id"])


def _compact_index(_: library_payloads.LibraryStep) -> library_payloads.Compacted:
    return compact_index()


def _reindex(_: library_payloads.LibraryStep) -> library_payloads.Reindexed:
    return reindex()


def _self_check(_: library_payloads.LibraryStep) -> payloads.Done:
    """That packages and the model's files are in the image."""
    reader.read(b"# Alive", "text/markdown")
    embedding_model().embed(["alive"])
    return {"outcome": "ok"}


STEPS: Steps = {
    "read_document": _read_document,
    "embed_document": _embed_document,
    "index_document": _index_document,
    "record_document_failure": _record_document_failure,
    "retag_document": _retag_document,
    "remove_document": _remove_document,
    "index_probe": _index_probe,
    "tidy_documents": _tidy_documents,
    "rebuild_index": _rebuild_index,
    "compact_index": _compact_index,
    "reindex": _reindex,
    "self_check": _self_check,
}


@logger.inject_lambda_context(correlation_id_path="correlation_id", clear_state=True)
def handler(event: Event, context: LambdaContext) -> Outcome:  # noqa: ARG001 - Lambda's signature
    """Run the step that the event names."""
    return run(STEPS, event)
