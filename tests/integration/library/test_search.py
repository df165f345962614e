"""Searching: what is found, by whom, and what happens when nothing answers."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from motiv8.aws import clients
from motiv8.aws.library_tables import NamespaceRow

Send = Callable[..., Any]
Make = Callable[..., Any]


def _hit(row: Any, position: int = 0, **changes: Any) -> dict[str, Any]:
    return {
        "document_id": row.document_id,
        "passage_id": f"{row.document_id}:{position:05}",
        "highlights": [[0, 4]],
        "score": 0.5,
        "text": "Lift with your legs, not with your back.",
        "heading": "Lifting, Backs",
        "page_from": 2,
        "page_to": 3,
        "namespace": row.namespace,
    } | changes


def test_a_passage_comes_with_its_place_and_its_document(send: Send, make_document: Make, index: list[Any]) -> None:
    row = make_document(url="https://example.com/lifting", author="Ann", tags={"back"})
    index.append(_hit(row))
    answer = send("GET", "/v1/search", query={"q": "How do I lift?"})
    assert answer.status == 200
    [found] = answer.json["passages"]
    assert (found["text"], found["heading"]) == ("Lift with your legs, not with your back.", "Lifting, Backs")
    assert (found["page"], found["last_page"], found["score"]) == (2, 3, 0.5)
    assert found["highlights"] == [{"start": 0, "end": 4}]
    document = found["document"]
    assert (document["document_id"], document["title"]) == (row.document_id, "Lifting")
    assert (document["url"], document["author"], document["tags"]) == ("https://example.com/lifting", "Ann", ["back"])


def test_what_is_said_of_a_document_is_never_stale(
    send: Send, as_importer: Send, make_document: Make, index: list[Any]
) -> None:
    row = make_document()
    as_importer("PATCH", f"/v1/documents/{row.document_id}", {"title": "Backs"})
    index.append(_hit(row))
    [found] = send("GET", "/v1/search", query={"q": "legs"}).json["passages"]
    assert found["document"]["title"] == "Backs"


@pytest.mark.parametrize("status", ["deleting", "processing", "failed"])
def test_what_the_index_still_knows_of_a_document_that_is_not_there_is_not_told(
    send: Send, make_document: Make, index: list[Any], status: str
) -> None:
    index.append(_hit(make_document(status=status)))
    assert send("GET", "/v1/search", query={"q": "legs"}).json["passages"] == []


def test_by_tag(send: Send, make_document: Make, index: list[Any]) -> None:
    row, other = make_document(tags={"back"}), make_document(b"other")
    index += [_hit(row), _hit(other)]
    found = send("GET", "/v1/search", query={"q": "legs", "tag": "back"}).json["passages"]
    assert [each["document"]["document_id"] for each in found] == [row.document_id]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "query.q"),
        ({"q": ""}, "query.q"),
        ({"q": " \n\x00"}, "query.q"),
        ({"q": "a" * 1_001}, "query.q"),
        ({"q": "a", "limit": "0"}, "query.limit"),
        ({"q": "a", "limit": "51"}, "query.limit"),
        ({"q": "a", "namespace": "a' OR '1'='1"}, "query.namespace"),
        ({"q": "a", "tag": "a') OR true --"}, "query.tag"),
    ],
)
def test_what_cannot_be_searched_for_is_named(send: Send, query: dict[str, str], field: str) -> None:
    answer = send("GET", "/v1/search", query=query)
    assert answer.status == 422
    assert [each["field"] for each in answer.json["errors"]] == [field]


@pytest.mark.parametrize(
    "query", ["the of and", "كيف أرفع الأوزان؟", '"exact" AND (NOT x) OR *', "'; DROP TABLE x", "<b>"]
)
def test_any_words_are_searched_for_as_they_are(send: Send, make_document: Make, index: list[Any], query: str) -> None:
    index.append(_hit(make_document()))
    assert len(send("GET", "/v1/search", query={"q": query}).json["passages"]) == 1


def test_an_empty_library_finds_nothing_and_asks_nobody(send: Send) -> None:
    assert send("GET", "/v1/search", query={"q": "legs"}).json == {"passages": []}


class TestAccess:
    def test_a_namespace_of_a_group_is_of_no_one_elses(
        self, send: Send, as_importer: Send, make_document: Make, index: list[Any]
    ) -> None:
        secret = make_document(namespace="plans")
        assert as_importer("PUT", "/v1/namespaces/plans", {"access": "group", "title": "Plans"}).status == 200
        path, query = f"/v1/documents/{secret.document_id}", {"q": "legs"}

        def sees(*groups: str) -> list[bool]:
            index[:] = [_hit(secret)]
            return [
                bool(send("GET", "/v1/search", query=query, groups=groups).json["passages"]),
                send("GET", "/v1/search", query=query | {"namespace": "plans"}, groups=groups).status == 200,
                bool(send("GET", "/v1/documents", groups=groups).json["documents"]),
                send("GET", "/v1/documents", query={"namespace": "plans"}, groups=groups).status == 200,
                send("GET", path, groups=groups).status == 200,
                bool(send("GET", "/v1/namespaces", groups=groups).json["namespaces"]),
            ]

        for outsider in ((), ("library-general",), ("library-plan",), ("engine-bedrock",)):
            assert sees(*outsider) == [False] * 6
        index[:] = [_hit(secret)]
        assert sees("library-plans")[1:] == [True] * 5

    def test_a_namespace_that_may_not_be_read_answers_like_none(
        self, send: Send, as_importer: Send, make_document: Make
    ) -> None:
        make_document(namespace="plans")
        as_importer("PUT", "/v1/namespaces/plans", {"access": "group"})
        for path, query in (("/v1/search", {"q": "legs"}), ("/v1/documents", {})):
            answers = [send("GET", path, query=query | {"namespace": name}) for name in ("plans", "nothing")]
            first, second = ({**each.json, "instance": ""} for each in answers)
            assert first == second

    def test_a_hit_of_another_namespace_is_dropped_whatever_the_index_says(
        self, send: Send, as_importer: Send, make_document: Make, index: list[Any]
    ) -> None:
        make_document(b"open")
        secret = make_document(namespace="plans")
        as_importer("PUT", "/v1/namespaces/plans", {"access": "group"})
        index.append(_hit(secret, namespace="general"))
        assert send("GET", "/v1/search", query={"q": "legs"}).json["passages"] == []

    def test_only_importers_set_up_namespaces(self, send: Send, as_importer: Send) -> None:
        body = {"access": "group"}
        assert send("PUT", "/v1/namespaces/plans", body, groups=("library-plans",)).status == 403
        for name in ("_probe", "Plans", "a b"):
            assert as_importer("PUT", f"/v1/namespaces/{name}", body).status in {404, 422}
        assert list(NamespaceRow.scan()) == []

    def test_its_access_can_be_changed_and_its_counts_stay(self, as_importer: Send, make_document: Make) -> None:
        make_document(namespace="plans")
        for access in ("group", "everybody"):
            answer = as_importer("PUT", "/v1/namespaces/plans", {"access": access, "title": "Plans"}).json
            assert (answer["access"], answer["title"], answer["documents"], answer["passages"]) == (
                access,
                "Plans",
                1,
                3,
            )


class TestTrouble:
    def test_a_function_that_is_too_slow_is_told_with_when_to_come_back(
        self, send: Send, make_document: Make, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make_document()

        def too_slow(**_: Any) -> None:
            raise ReadTimeoutError(endpoint_url="https://lambda")

        monkeypatch.setattr(clients.search_function(), "invoke", too_slow)
        answer = send("GET", "/v1/search", query={"q": "legs"})
        assert (answer.status, answer.headers["Retry-After"]) == (503, "2")

    def test_a_function_that_breaks_says_nothing_of_the_question(
        self, send: Send, make_document: Make, monkeypatch: pytest.MonkeyPatch, logged: io.StringIO
    ) -> None:
        make_document()
        body = io.BytesIO(b'{"errorType": "ValueError", "errorMessage": "my-question"}')
        monkeypatch.setattr(
            clients.search_function(), "invoke", lambda **_: {"Payload": body, "FunctionError": "Unhandled"}
        )
        assert send("GET", "/v1/search", query={"q": "my-question"}).status == 503
        assert "my-question" not in logged.getvalue()
