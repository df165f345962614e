"""A document as a value: what each run may do to it, and what a row of any age says of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from motiv8.aws.library_tables import DocumentRow
from motiv8.library import repository
from motiv8.library.document import TAKEN_OVER_AFTER, WAITS_FOR, Description, DocumentStatus, Extent, LibraryDocument

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LATER = NOW + TAKEN_OVER_AFTER
WAITING = LibraryDocument(
    document_id="doc-a",
    namespace="general",
    listed_at="2026-11-20T12:00:00Z#doc-a",
    created_at=NOW,
    updated_at=NOW,
    created_by="ada",
    file_name="lifting.txt",
    content_type="text/plain",
    size=20,
    sha256="0" * 64,
    status="waiting",
)
AT_WORK = replace(WAITING, status="processing", run="run-1", run_at=NOW)
READY = replace(WAITING, status="ready", extent=Extent(None, 3, 20))
LEAVING = replace(READY, status="deleting")
# No title, tags, run or extent.
OLD_ROW: dict[str, Any] = {
    "document_id": {"S": "doc-a"},
    "namespace": {"S": "general"},
    "listed_at": {"S": "2026-11-20T12:00:00Z#doc-a"},
    "created_at": {"S": "2026-11-20T12:00:00Z"},
    "updated_at": {"S": "2026-11-20T12:00:00Z"},
    "created_by": {"S": "ada"},
    "file_name": {"S": "lifting.txt"},
    "content_type": {"S": "text/plain"},
    "size": {"N": "20"},
    "sha256": {"S": "0" * 64},
    "status": {"S": "waiting"},
    "version": {"N": "4"},
}


def test_a_row_with_the_least_is_a_document() -> None:
    row = DocumentRow()
    row.deserialize(OLD_ROW)
    assert repository._read(row) == replace(WAITING, version=4)


@pytest.mark.parametrize(
    "document",
    [WAITING, AT_WORK, replace(READY, description=Description("Lifting", tags=frozenset({"back"}))), LEAVING],
)
def test_what_is_written_is_what_is_read(document: LibraryDocument) -> None:
    row = DocumentRow(version=0)
    repository._write(row, None, document)
    assert repository._read(row) == document


def test_a_file_that_is_announced_again_is_described_anew_and_keeps_its_place() -> None:
    newer = replace(WAITING, listed_at="later", created_at=LATER, updated_at=LATER, file_name="lift.txt")
    failed = replace(WAITING, status="failed", reason="no_text", version=2)
    again = failed.announced_again(newer)
    assert again == replace(newer, listed_at=WAITING.listed_at, created_at=NOW, version=2)
    for kept in (AT_WORK, READY, LEAVING):
        assert kept.announced_again(newer) is kept


@pytest.mark.parametrize("document", [READY, LEAVING, replace(WAITING, status="failed")])
def test_what_is_done_is_begun_by_no_run(document: LibraryDocument) -> None:
    assert document.begun("run-2", LATER) is document


def test_a_run_has_a_document_until_it_was_silent_for_an_hour() -> None:
    assert WAITING.begun("run-1", NOW) == AT_WORK
    assert AT_WORK.begun("run-2", LATER - timedelta(seconds=1)) is AT_WORK
    assert AT_WORK.begun("run-2", LATER).is_of("run-2")


@pytest.mark.parametrize(
    "transition",
    [
        lambda document: document.put_back("run-2", NOW),
        lambda document: document.read("run-2", "Title", "en", Extent(1, 1, 1)),
        lambda document: document.ready("run-2", NOW),
        lambda document: document.failed("run-2", "no_text", NOW),
    ],
)
def test_another_run_changes_nothing(transition: Callable[[LibraryDocument], LibraryDocument]) -> None:
    assert transition(AT_WORK) is AT_WORK


def test_what_somebody_said_stands_before_what_the_file_says() -> None:
    said = replace(AT_WORK, description=Description(title="Lifting"))
    read = said.read("run-1", "Untitled", "en", Extent(None, 3, 20))
    assert read.description == Description("Lifting", language="en")


def test_a_failed_one_has_a_reason_and_no_text() -> None:
    failed = replace(AT_WORK, extent=Extent(None, 3, 20)).failed("run-1", "unreadable", NOW)
    assert (failed.status, failed.reason, failed.run, failed.extent) == ("failed", "unreadable", None, Extent())


@pytest.mark.parametrize(
    ("status", "counted"),
    [("ready", (1, 3)), ("waiting", (0, 0)), ("processing", (0, 0)), ("failed", (0, 0)), ("deleting", (0, 0))],
)
def test_a_ready_one_alone_counts(status: DocumentStatus, counted: tuple[int, int]) -> None:
    assert replace(READY, status=status).passages_found == counted


def test_one_that_is_being_removed_is_described_and_begun_over_no_more() -> None:
    assert LEAVING.described(Description("Another"), LATER) is LEAVING
    assert LEAVING.removed(LATER) is LEAVING
    assert LEAVING.started_over(LATER) is LEAVING


def test_a_file_is_waited_for_a_day() -> None:
    assert not WAITING.is_given_up(NOW + WAITS_FOR - timedelta(seconds=1))
    assert WAITING.is_given_up(NOW + WAITS_FOR)
    assert not READY.is_given_up(NOW + WAITS_FOR)


def test_an_importers_id_goes_from_their_own_documents_alone() -> None:
    assert READY.without_importer("ada").created_by is None
    assert READY.without_importer("grace") is READY
