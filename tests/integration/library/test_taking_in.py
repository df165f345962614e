"""From an uploaded file to passages that are found; stopped anywhere, done twice, removed meanwhile."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from motiv8.aws import keys, machines, storage
from motiv8.aws.library_tables import DocumentRow, NamespaceRow
from motiv8.entrypoints import library_search, library_worker
from motiv8.library import processing, repository
from motiv8.pipeline import maintain_library, passage_index, take_in_document
from motiv8.pipeline.remove_document import remove_document
from motiv8.pipeline.take_in_document import embed_document, index_document, read_document
from motiv8.retrieval.repository import PassageIndex
from motiv8.settings import settings

Make = Callable[..., Any]
TEXT = b"Bend your knees.\n\nKeep the load close to your body, and lift with your legs."


@pytest.fixture(autouse=True)
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PassageIndex:
    """An index on the disk, in the place of the one on S3."""
    monkeypatch.setattr(passage_index, "PassageIndex", lambda _, model, __: PassageIndex(str(tmp_path), model))
    passage_index.passage_index.cache_clear()
    return passage_index.passage_index()


@pytest.fixture
def uploaded(make_document: Make) -> Callable[..., DocumentRow]:
    """A document whose file has come."""

    def upload(data: bytes = TEXT, sent: bytes | None = None, **changes: Any) -> DocumentRow:
        row: DocumentRow = make_document(data, status="waiting", passages=None, characters=None, **changes)
        body = data if sent is None else sent
        storage.put(settings().library_bucket, keys.original(row.document_id), body, row.content_type)
        return row

    return upload


@pytest.fixture
def take_in(noon: datetime) -> Callable[..., list[str]]:
    """Do all steps in one run, as the machine does; what each answers."""

    def act(document_id: str, run: str = "run-1", now: datetime = noon) -> list[str]:
        steps = (read_document, embed_document, index_document)
        return [step(document_id, run, now)["outcome"] for step in steps]

    return act


def _search(query: str, *namespaces: str) -> list[dict[str, Any]]:
    question = {"step": "search", "query": query, "namespaces": namespaces or ("general",), "tag": None, "limit": 10}
    passages: list[dict[str, Any]] = library_search.STEPS["search"](question)["passages"]
    return passages


def _mark(row: DocumentRow) -> None:
    """As `DELETE /v1/documents/{id}` does."""
    repository.change(row.document_id, lambda document: document.removed(row.updated_at))


def _state(row: DocumentRow) -> tuple[str, str | None]:
    found = repository.get(row.document_id)
    assert found is not None
    return found.status, found.reason


def test_a_file_becomes_passages_that_are_found(uploaded: Make, take_in: Make) -> None:
    row = uploaded()
    assert take_in(row.document_id) == ["read", "embedded", "ready"]
    found = repository.get(row.document_id)
    assert found is not None
    assert (found.status, found.extent.passages) == ("ready", 1)
    assert found.extent.pages is None
    assert "lift with your legs" in _search("How do I lift?")[0]["text"]
    assert int(NamespaceRow.get("general").passages) == 1


def test_every_step_can_be_done_again_and_changes_nothing(
    uploaded: Make, take_in: Make, index: PassageIndex, objects: Make
) -> None:
    row = uploaded()
    take_in(row.document_id)
    before = index.state(), objects(settings().library_bucket), _search("lift")
    assert take_in(row.document_id, "run-2") == ["ready"] * 3
    assert (index.state(), objects(settings().library_bucket), _search("lift")) == before
    assert int(NamespaceRow.get("general").documents) == 1


@pytest.mark.parametrize("stopped_after", [0, 1, 2])
def test_a_run_that_is_lost_between_two_steps_is_taken_over(
    uploaded: Make, take_in: Make, noon: datetime, index: PassageIndex, stopped_after: int
) -> None:
    row = uploaded()
    for step in (read_document, embed_document)[:stopped_after]:
        step(row.document_id, "lost", noon)
    if stopped_after:
        assert take_in(row.document_id, "run-2") == ["running"] * 3
    assert take_in(row.document_id, "run-2", noon + timedelta(hours=2)) == ["read", "embedded", "ready"]
    assert index.state().documents == 1


def test_a_run_that_is_lost_after_it_wrote_the_index_is_finished(
    uploaded: Make, take_in: Make, index: PassageIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = uploaded()
    with monkeypatch.context() as patch:
        patch.setattr(processing, "finish_ready", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            take_in(row.document_id)
    assert _state(row) == ("processing", None)
    assert take_in(row.document_id) == ["read", "embedded", "ready"]
    assert index.count() == 1


def test_vectors_are_stored_batch_by_batch_and_not_made_twice(
    uploaded: Make, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(take_in_document, "BATCH", 1)
    monkeypatch.setattr(take_in_document, "BATCHES_A_CALL", 2)
    text = "\n\n".join(f"# Part {number}\n\nPart {number} speaks of {number} oranges." for number in range(5)).encode()
    row = uploaded(text, content_type="text/markdown")
    read_document(row.document_id, "run-1", noon)
    outcomes = [embed_document(row.document_id, "run-1", noon)["outcome"] for _ in range(4)]
    assert outcomes == ["more", "more", "embedded", "embedded"]
    assert index_document(row.document_id, "run-1", noon)["outcome"] == "ready"


@pytest.mark.parametrize(
    ("data", "sent", "content_type", "reason"),
    [
        (TEXT, TEXT + b"!", "text/plain", "wrong_checksum"),
        (b"   \n", None, "text/plain", "no_text"),
    ],
)
def test_what_cannot_be_taken_in_says_why(
    uploaded: Make, take_in: Make, data: bytes, sent: bytes | None, content_type: str, reason: str
) -> None:
    row = uploaded(data, sent, content_type=content_type)
    assert take_in(row.document_id) == ["failed"] * 3
    assert _state(row) == ("failed", reason)
    assert _search("lift") == []


def test_markup_stays_text_and_scripts_are_not_kept(uploaded: Make, take_in: Make) -> None:
    page = b"<html><body><script>alert(1)</script><p>Lift &lt;b&gt;slowly&lt;/b&gt; and well.</p></body></html>"
    row = uploaded(page, content_type="text/html", file_name="page.html")
    if take_in(row.document_id)[-1] == "ready":
        [found] = _search("lift slowly")
        assert "alert" not in found["text"]


class TestRemoval:
    def test_nothing_is_left(self, uploaded: Make, take_in: Make, index: PassageIndex, objects: Make) -> None:
        row = uploaded()
        take_in(row.document_id)
        _mark(row)
        for _ in range(2):
            assert remove_document(row.document_id)["outcome"] == "removed"
        assert (index.count(), objects(settings().library_bucket)) == (0, [])
        assert repository.get(row.document_id) is None

    @pytest.mark.parametrize("done", [0, 1, 2])
    def test_in_the_middle_of_the_work_it_ends_cleanly(
        self, uploaded: Make, noon: datetime, index: PassageIndex, objects: Make, done: int
    ) -> None:
        row = uploaded()
        steps = (read_document, embed_document, index_document)
        for step in steps[:done]:
            step(row.document_id, "run-1", noon)
        _mark(row)
        remove_document(row.document_id)
        assert [step(row.document_id, "run-1", noon)["outcome"] for step in steps[done:]] == ["gone"] * (3 - done)
        assert (index.count(), objects(settings().library_bucket)) == (0, [])

    def test_while_the_index_is_written_it_ends_cleanly(
        self, uploaded: Make, noon: datetime, index: PassageIndex, monkeypatch: pytest.MonkeyPatch, objects: Make
    ) -> None:
        row = uploaded()
        for step in (read_document, embed_document):
            step(row.document_id, "run-1", noon)
        write = index.replace_document

        def write_and_be_removed(*given: Any) -> None:
            _mark(row)
            remove_document(row.document_id)
            write(*given)

        monkeypatch.setattr(index, "replace_document", write_and_be_removed)
        assert index_document(row.document_id, "run-1", noon)["outcome"] == "gone"
        assert (index.count(), objects(settings().library_bucket)) == (0, [])

    def test_a_document_that_is_not_marked_is_kept(self, uploaded: Make, take_in: Make, index: PassageIndex) -> None:
        row = uploaded()
        take_in(row.document_id)
        assert remove_document(row.document_id)["outcome"] == "kept"
        assert index.count() == 1


class TestNightlyRun:
    @pytest.fixture
    def started(self, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
        orders: list[tuple[str, str]] = []
        monkeypatch.setattr(
            machines, "start_document", lambda task, document_id, *_: orders.append((task, document_id))
        )
        return orders

    def test_what_got_stuck_is_started_again(
        self, uploaded: Make, make_document: Make, noon: datetime, started: list[Any]
    ) -> None:
        later = noon + timedelta(hours=4)
        lost = make_document(b"1", status="processing", run="lost", run_at=noon)
        at_work = make_document(b"2", status="processing", run="run-1", run_at=later - timedelta(minutes=30))
        leaving = make_document(b"3", status="deleting")
        without_event = uploaded(b"4")
        make_document(b"5")
        outcome = maintain_library.tidy_documents(None, later, "night")
        assert outcome == {"outcome": "done", "after": None}
        wanted = {("read", lost.document_id), ("remove", leaving.document_id), ("read", without_event.document_id)}
        assert set(started) == wanted
        assert at_work.document_id not in {name for _, name in started}

    def test_a_file_that_never_came_is_waited_for_no_longer(
        self, make_document: Make, noon: datetime, started: list[Any]
    ) -> None:
        row = make_document(status="waiting", passages=None)
        maintain_library.tidy_documents(None, noon + timedelta(hours=23), "night")
        assert repository.get(row.document_id) is not None
        maintain_library.tidy_documents(None, noon + timedelta(hours=25), "night")
        assert repository.get(row.document_id) is None
        assert started == []

    def test_it_keeps_the_index(self, uploaded: Make, take_in: Make) -> None:
        row = uploaded()
        take_in(row.document_id)
        assert maintain_library.reindex() == {"outcome": "done", "left": 0}
        assert maintain_library.compact_index()["passages"] == 1


EVENTS = Path(__file__).parents[3] / "events"
EXPECTED: dict[str, dict[str, Any]] = {
    "worker-read-document": {"outcome": "gone"},
    "worker-embed-document": {"outcome": "gone"},
    "worker-index-document": {"outcome": "gone"},
    "worker-retag-document": {"outcome": "gone"},
    "worker-record-document-failure": {"outcome": "gone"},
    "worker-remove-document": {"outcome": "removed"},
    "worker-index-probe": {"outcome": "indexed"},
    "worker-tidy-documents": {"outcome": "done"},
    "worker-rebuild-index": {"outcome": "done"},
    "worker-compact-index": {"outcome": "compacted"},
    "worker-reindex": {"outcome": "done"},
    "worker-self-check": {"outcome": "ok"},
    "search-search": {"passages": []},
    "search-probe": {"found": False},
    "search-self-check": {"outcome": "ok"},
}


class TestSampleEvents:
    def test_there_is_one_for_every_step(self) -> None:
        names = {path.stem.removeprefix("library-") for path in EVENTS.glob("library-*.json")}
        assert names == set(EXPECTED)
        for kind, steps in (("worker", library_worker.STEPS), ("search", library_search.STEPS)):
            asked = {
                json.loads((EVENTS / f"library-{each}.json").read_text())["step"] for each in names if kind in each
            }
            assert asked >= set(steps)

    @pytest.mark.parametrize("name", list(EXPECTED))
    def test_it_runs_and_logs_no_text(self, name: str, lambda_context: Any, logged: io.StringIO) -> None:
        event = json.loads((EVENTS / f"library-{name}.json").read_text())
        handler = (library_worker if name.startswith("worker") else library_search).handler
        assert handler(event, lambda_context).items() >= EXPECTED[name].items()
        assert "lift" not in logged.getvalue()


class TestRebuilding:
    def test_an_empty_index_is_filled_from_what_is_kept(
        self, uploaded: Make, take_in: Make, noon: datetime, index: PassageIndex, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        kept, without_text = uploaded(), uploaded(b"Sleep is when muscles grow.")
        for row in (kept, without_text):
            take_in(row.document_id)
            index.remove_document(row.document_id)
        storage.delete(settings().library_bucket, keys.derived(without_text.document_id))
        orders: list[tuple[str, str]] = []
        monkeypatch.setattr(
            machines, "start_document", lambda task, document_id, *_: orders.append((task, document_id))
        )
        assert maintain_library.rebuild_index(None, noon, "restore") == {"outcome": "done", "after": None}
        assert len(_search("lift")) == 1
        assert orders == [("read", without_text.document_id)]
        assert take_in(without_text.document_id, "run-2") == ["read", "embedded", "ready"]
        assert int(NamespaceRow.get("general").documents) == 2


class TestProbe:
    def test_it_is_found_once_it_is_there_and_by_nobody_else(self, index: PassageIndex) -> None:
        ask = library_search.STEPS["probe"]
        assert ask({}) == {"found": False}
        library_worker.STEPS["index_probe"]({})
        assert ask({}) == {"found": True}
        assert index.count() == 1
        assert _search("probe passage lighthouse", "general", "plans") == []

    def test_both_functions_check_themselves_without_aws(self) -> None:
        assert library_worker.STEPS["self_check"]({}) == {"outcome": "ok"}
        assert library_search.STEPS["self_check"]({}) == {"outcome": "ok"}
