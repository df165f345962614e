"""Documents: brought in, described, listed, removed."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from motiv8 import clock
from motiv8.aws import clients
from motiv8.aws.library_tables import DocumentRow, NamespaceRow
from motiv8.library import processing, repository
from motiv8.library.document import Extent
from motiv8.settings import settings

Send = Callable[..., Any]
Make = Callable[..., Any]


def _counts(namespace: str = "general") -> tuple[int, int]:
    row = NamespaceRow.get(namespace, consistent_read=True)
    return int(row.documents), int(row.passages)


def _started() -> list[dict[str, Any]]:
    client = clients.step_functions()
    found = client.list_executions(stateMachineArn=settings().document_state_machine_arn)["executions"]
    inputs = [client.describe_execution(executionArn=each["executionArn"])["input"] for each in found]
    return [json.loads(each) for each in inputs]


class TestBringingIn:
    def test_the_form_takes_these_bytes_alone(self, as_importer: Send, announced: Make) -> None:
        answer = as_importer("POST", "/v1/documents", announced(title="Lifting", tags=["back", "back"]))
        assert answer.status == 201
        document = answer.json
        assert answer.headers["Location"] == f"/v1/documents/{document['document_id']}"
        assert (document["status"], document["title"], document["tags"]) == ("waiting", "Lifting", ["back"])
        fields = document["upload"]["fields"]
        conditions = json.loads(base64.b64decode(fields["policy"]))["conditions"]
        assert fields["key"] == f"originals/{document['document_id']}"
        assert ["content-length-range", 20, 20] in conditions
        assert {"Content-Type": "text/plain"} in conditions
        assert {"x-amz-checksum-sha256": fields["x-amz-checksum-sha256"]} in conditions
        assert base64.b64decode(fields["x-amz-checksum-sha256"]).hex() == announced()["sha256"]

    def test_only_importers_may(self, send: Send, announced: Make) -> None:
        for groups in ((), ("library-general",), ("Importers",)):
            answer = send("POST", "/v1/documents", announced(), groups=groups)
            assert (answer.status, answer.json["type"]) == (403, "urn:motiv8:problem:importers-only")
        assert list(DocumentRow.scan()) == []

    def test_the_same_file_in_the_same_namespace_is_the_same_document(
        self, as_importer: Send, announced: Make, make_document: Make
    ) -> None:
        ready = make_document()
        answer = as_importer("POST", "/v1/documents", announced(title="Another"))
        assert answer.status == 200
        assert answer.json["document_id"] == ready.document_id
        assert (answer.json["status"], answer.json["title"], answer.json["upload"]) == ("ready", "Lifting", None)
        other = as_importer("POST", "/v1/documents", announced(namespace="plans"))
        assert other.status == 201
        assert other.json["document_id"] != ready.document_id

    @pytest.mark.parametrize("status", ["waiting", "failed"])
    def test_one_that_waits_or_failed_is_described_anew_and_gets_a_new_form(
        self, as_importer: Send, announced: Make, make_document: Make, status: str
    ) -> None:
        make_document(status=status, reason="unsupported" if status == "failed" else None, content_type="text/html")
        answer = as_importer("POST", "/v1/documents", announced(title="Another"))
        assert answer.status == 200
        assert (answer.json["status"], answer.json["reason"], answer.json["title"]) == ("waiting", None, "Another")
        assert answer.json["upload"]["fields"]["Content-Type"] == "text/plain"

    def test_one_in_work_is_told_as_it_is(self, as_importer: Send, announced: Make, make_document: Make) -> None:
        make_document(status="processing", run="run-1", run_at=clock.now())
        answer = as_importer("POST", "/v1/documents", announced())
        assert (answer.status, answer.json["status"], answer.json["upload"]) == (200, "processing", None)

    def test_one_that_is_being_removed_cannot_come_back_yet(
        self, as_importer: Send, announced: Make, make_document: Make
    ) -> None:
        make_document(status="deleting")
        assert as_importer("POST", "/v1/documents", announced()).status == 409

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("namespace", "../etc"),
            ("namespace", "_probe"),
            ("namespace", "General"),
            ("namespace", "a" * 64),
            ("namespace", "geneł"),
            ("namespace", "general\n"),
            ("content_type", "image/png"),
            ("size", 0),
            ("size", 50_000_001),
            ("size", "20"),
            ("sha256", "A" * 64),
            ("sha256", "0" * 63),
            ("file_name", ""),
            ("file_name", "a\x00b"),
            ("title", " "),
            ("url", "javascript:alert(1)"),
            ("url", "https://example.com/<script>"),
            ("published", "2026-13"),
            ("language", "english please"),
            ("tags", ["not a tag"]),
            ("tags", [f"tag-{number}" for number in range(21)]),
            ("owner", "me"),
        ],
    )
    def test_what_is_wrong_is_named(self, as_importer: Send, announced: Make, field: str, value: object) -> None:
        answer = as_importer("POST", "/v1/documents", announced(**{field: value}))
        assert answer.status == 422
        [error] = answer.json["errors"]
        assert error["field"].startswith(f"body.{field}")
        assert "^" not in error["message"]
        assert list(NamespaceRow.scan()) == []


class TestDescribing:
    def test_what_is_given_changes_and_null_removes(self, as_importer: Send, make_document: Make) -> None:
        row = make_document(author="Ann", url="https://example.com/a", tags={"back"})
        change = {"url": "https://example.com/b", "author": None}
        answer = as_importer("PATCH", f"/v1/documents/{row.document_id}", change)
        assert answer.status == 200
        assert (answer.json["url"], answer.json["author"]) == ("https://example.com/b", None)
        assert (answer.json["title"], answer.json["tags"]) == ("Lifting", ["back"])
        assert _started() == []

    @pytest.mark.parametrize("change", [{"tags": ["legs"]}, {"title": "Legs"}, {"title": None}])
    def test_what_searches_go_by_is_put_into_the_index(
        self, as_importer: Send, make_document: Make, change: dict[str, Any]
    ) -> None:
        row = make_document()
        answer = as_importer("PATCH", f"/v1/documents/{row.document_id}", change)
        assert answer.status == 200
        [order] = _started()
        assert (order["task"], order["document_id"]) == ("index", row.document_id)
        as_importer("PATCH", f"/v1/documents/{row.document_id}", change)
        assert len(_started()) == 1

    def test_only_importers_may(self, send: Send, make_document: Make) -> None:
        row = make_document()
        answer = send("PATCH", f"/v1/documents/{row.document_id}", {"title": "Mine"}, groups=("library-general",))
        assert answer.json["type"] == "urn:motiv8:problem:importers-only"


class TestListing:
    def test_the_newest_of_each_namespace_first_by_pages(self, send: Send, make_document: Make) -> None:
        for number in range(3):
            make_document(
                f"a{number}".encode(), "alpha", title=f"a{number}", listed_at=f"2026-11-2{number}T12:00:00Z#x"
            )
        for number in range(2):
            made = make_document(f"b{number}".encode(), "beta", title=f"b{number}")
            made.update(actions=[DocumentRow.listed_at.set(f"2026-11-2{number}T12:00:00Z#{made.document_id}")])
        for row in DocumentRow.scan():
            row.update(actions=[DocumentRow.listed_at.set(f"{row.listed_at[:20]}#{row.document_id}")])
        seen, query = [], {"limit": "2"}
        while True:
            page = send("GET", "/v1/documents", query=query).json
            seen += [each["title"] for each in page["documents"]]
            if page["next_cursor"] is None:
                break
            query = {"limit": "2", "cursor": page["next_cursor"]}
        assert seen == ["a2", "a1", "a0", "b1", "b0"]

    def test_by_namespace_status_and_tag(self, as_importer: Send, make_document: Make) -> None:
        make_document(b"1", "alpha", title="one", tags={"legs"})
        make_document(b"2", "alpha", title="two", status="failed", reason="no_text")
        make_document(b"3", "beta", title="three", tags={"legs"})

        def titles(**query: str) -> list[str]:
            return [each["title"] for each in as_importer("GET", "/v1/documents", query=query).json["documents"]]

        assert titles(namespace="beta") == ["three"]
        assert titles(status="failed") == ["two"]
        assert sorted(titles(tag="legs")) == ["one", "three"]
        assert as_importer("GET", "/v1/documents", query={"namespace": "gamma"}).status == 404
        assert as_importer("GET", "/v1/documents", query={"namespace": "Gamma!"}).status == 422
        assert as_importer("GET", "/v1/documents", query={"cursor": "bm9uc2Vuc2U"}).status == 422

    def test_whoever_is_no_importer_sees_what_is_ready(self, send: Send, make_document: Make) -> None:
        ready, failed = make_document(b"1"), make_document(b"2", status="failed", reason="no_text")
        assert len(send("GET", "/v1/documents").json["documents"]) == 1
        assert send("GET", f"/v1/documents/{ready.document_id}").status == 200
        assert send("GET", f"/v1/documents/{failed.document_id}").status == 404

    def test_a_failed_one_says_what_to_do(self, as_importer: Send, make_document: Make) -> None:
        row = make_document(status="failed", reason="no_text", passages=None)
        answer = as_importer("GET", f"/v1/documents/{row.document_id}").json
        assert (answer["status"], answer["reason"]) == ("failed", "no_text")
        assert "text recognition" in answer["message"]

    @pytest.mark.parametrize("identifier", ["doc-aaaaaaaaaaaaaaaaaaaaaaaaaa", "doc-1", "../x", "%00"])
    def test_an_id_of_nothing_is_not_found(self, as_importer: Send, identifier: str) -> None:
        for method in ("GET", "DELETE"):
            assert as_importer(method, f"/v1/documents/{identifier}").status == 404


class TestRemoving:
    def test_it_is_gone_at_once_and_all_of_it_removed_by_the_machine(
        self, as_importer: Send, make_document: Make
    ) -> None:
        row = make_document()
        assert _counts() == (1, 3)
        assert as_importer("DELETE", f"/v1/documents/{row.document_id}").status == 204
        assert as_importer("GET", f"/v1/documents/{row.document_id}").status == 404
        assert as_importer("GET", "/v1/documents").json["documents"] == []
        assert _counts() == (0, 0)
        # Asked again, it starts nothing anew.
        assert as_importer("DELETE", f"/v1/documents/{row.document_id}").status == 204
        [order] = _started()
        assert (order["task"], order["document_id"]) == ("remove", row.document_id)
        assert _counts() == (0, 0)

    def test_only_importers_may_and_learn_nothing(self, send: Send, make_document: Make) -> None:
        row = make_document()
        for identifier in (row.document_id, "doc-aaaaaaaaaaaaaaaaaaaaaaaaaa"):
            assert send("DELETE", f"/v1/documents/{identifier}").json["type"] == "urn:motiv8:problem:importers-only"


class TestCounts:
    def test_they_follow_what_is_ready_and_never_drift(
        self, as_importer: Send, make_document: Make, noon: datetime
    ) -> None:
        row = make_document(status="waiting", passages=None)
        for _ in range(2):
            assert processing.begin(row.document_id, "run-1", noon) is not None
        assert processing.note_text(row.document_id, "run-1", "Own title", "en", Extent(None, 7, 900))
        for _ in range(2):
            processing.finish_ready(row.document_id, "run-1", noon)
        assert _counts() == (1, 7)
        [listed] = as_importer("GET", "/v1/namespaces").json["namespaces"]
        assert (listed["documents"], listed["passages"]) == (1, 7)

    def test_a_document_is_one_runs_at_a_time_until_that_run_is_lost(self, make_document: Make, noon: datetime) -> None:
        row = make_document(status="waiting", passages=None)
        identifier = row.document_id
        assert processing.begin(identifier, "run-1", noon).run == "run-1"  # type: ignore[union-attr]
        assert processing.begin(identifier, "run-2", noon + timedelta(minutes=59)).run == "run-1"  # type: ignore[union-attr]
        assert not processing.finish_failed(identifier, "run-2", "internal_error", noon)
        assert not processing.finish_ready(identifier, "run-2", noon)
        assert processing.begin(identifier, "run-2", noon + timedelta(minutes=61)).run == "run-2"  # type: ignore[union-attr]
        assert not processing.finish_ready(identifier, "run-1", noon)

    def test_a_file_that_never_comes_is_forgotten_after_a_day(self, make_document: Make, noon: datetime) -> None:
        identifier = make_document(status="waiting", passages=None).document_id
        waiting = repository.get(identifier)
        assert waiting is not None
        assert not processing.forget(waiting, noon + timedelta(hours=23))
        assert processing.forget(waiting, noon + timedelta(hours=25))
        assert repository.get(identifier) is None
        make_document(status="waiting", passages=None)
        again = repository.get(identifier)
        assert again is not None
        processing.begin(identifier, "run-1", noon)
        assert not processing.forget(again, noon + timedelta(hours=25))
