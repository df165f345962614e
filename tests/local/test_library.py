"""The library on the embedded AWS: brought in, found, described anew, stopped in the middle, removed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from motiv8.waiting import wait_for
from motiv8_tooling.client.person import Person
from motiv8_tooling.local.daily import ended
from motiv8_tooling.local.local_stack import LocalStack
from motiv8_tooling.local.provisioning import client
from stand_in import library_importer
from stand_in.library_importer import importer_on

LIFTING = b"""# Lifting safely

## Before you lift

Look at the load and clear the way. A load that is too heavy is carried by two.

## The lift itself

Bend your knees, keep the load close to your body, and lift with your legs instead of your back.
"""
SLEEP = b"Sleep is when muscles grow. Eight hours in a dark and quiet room are worth more than any powder.\n"


@pytest.fixture(scope="module")
def importer(stack: LocalStack) -> Person:
    """Somebody in the group importers."""
    return importer_on(stack, "importer@example.com")


@pytest.fixture(scope="module")
def bring_in(importer: Person) -> Callable[..., dict[str, Any]]:
    """Announce a Markdown document and upload it; returns it as it is then."""

    def act(data: bytes, uploaded: bytes | None = None, **described: Any) -> dict[str, Any]:
        markdown = {"file_name": "text.md", "content_type": "text/markdown"}
        return library_importer.bring_in(importer, data, uploaded, **markdown | described)

    return act


@pytest.fixture(scope="module")
def settled(importer: Person) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Wait until a document is ready or failed."""

    def wait(document: dict[str, Any]) -> dict[str, Any]:
        def ask() -> dict[str, Any] | None:
            found: dict[str, Any] = importer.expect("GET", f"/v1/documents/{document['document_id']}")
            return found if found["status"] in {"ready", "failed"} else None

        return wait_for(ask, seconds=90, pause=0.2)

    return wait


@pytest.fixture
def machine(stack: LocalStack) -> Callable[[dict[str, str]], dict[str, Any]]:
    """Run the machine `document` and return how it ended."""
    step_functions = client("stepfunctions", stack.emulator)

    def run(order: dict[str, str]) -> dict[str, Any]:
        started = step_functions.start_execution(
            stateMachineArn=stack.outputs["DocumentStateMachineArn"],
            input=json.dumps({"correlation_id": "test-correlation"} | order),
        )
        return ended(step_functions, started["executionArn"])

    return run


def _found(person: Person, query: str, **more: str) -> list[dict[str, Any]]:
    passages: list[dict[str, Any]] = person.expect("GET", f"/v1/search?{urlencode({'q': query} | more)}")["passages"]
    return passages


def test_a_document_is_found_by_its_meaning_with_the_exact_place(
    importer: Person, bring_in: Any, settled: Any, somebody: Any
) -> None:
    document = settled(bring_in(LIFTING, title="Lifting", url="https://example.com/lifting"))
    assert (document["status"], document["reason"]) == ("ready", None)
    assert document["passages"] >= 2
    settled(bring_in(SLEEP, file_name="sleep.txt", content_type="text/plain"))
    best = _found(somebody(), "How do I spare my back when I lift?")[0]
    assert "lift with your legs" in best["text"]
    assert best["heading"].endswith("The lift itself")
    assert (best["document"]["title"], best["document"]["url"]) == ("Lifting", "https://example.com/lifting")
    listed = importer.expect("GET", "/v1/documents?namespace=general&status=ready&limit=100")["documents"]
    spaces = importer.expect("GET", "/v1/namespaces")["namespaces"]
    [general] = [each for each in spaces if each["namespace"] == "general"]
    # Other tests bring documents in, too.
    assert general["documents"] == len(listed) >= 2
    assert general["passages"] == sum(each["passages"] for each in listed) >= 3


def test_a_program_that_speaks_mcp_finds_it_too(bring_in: Any, settled: Any, somebody: Any) -> None:
    # Slow to import: at the top of the file, each of several processes would import it to collect the tests.
    from stand_in.mcp_client import with_client

    settled(bring_in(LIFTING, title="Lifting", url="https://example.com/lifting"))
    person = somebody()

    async def search(client: Any) -> Any:
        return await client.call_tool("search_library", {"query": "How do I spare my back when I lift?"})

    for mode in ("auto", "legacy"):
        headers = {"Authorization": f"Bearer {person.token}"}
        found = with_client(f"{person.api}/mcp", search, mode=mode, headers=headers).structured_content["passages"]
        assert "lift with your legs" in found[0]["text"]
    assert person.call("GET", "/mcp").status_code == 405
    assert httpx.post(f"{person.api}/mcp", json={}).headers["WWW-Authenticate"] == "Bearer"


def test_the_library_is_asked_whether_it_knows_an_answer(importer: Person) -> None:
    def ask() -> httpx.Response | None:
        answer = importer.call("GET", "/health/ready")
        return answer if answer.is_success else None

    assert wait_for(ask, seconds=60, pause=1).json()["checks"]["library"] == "ok"
    assert all("probe" not in each["text"] for each in _found(importer, "probe passage lighthouse"))


def test_bytes_that_were_not_announced_are_refused(bring_in: Any, settled: Any) -> None:
    other = settled(bring_in(b"What was announced.", b"What has been sent"[:18] + b"!", content_type="text/plain"))
    assert (other["status"], other["reason"]) == ("failed", "wrong_checksum")
    again = settled(bring_in(b"What was announced.", content_type="text/plain"))
    assert again["status"] == "ready"


def test_doing_it_all_again_changes_nothing(importer: Person, bring_in: Any, settled: Any, machine: Any) -> None:
    document = settled(bring_in(LIFTING))
    before = importer.expect("GET", "/v1/namespaces"), _found(importer, "lift")
    assert machine({"task": "read", "document_id": document["document_id"]})["status"] == "SUCCEEDED"
    assert (importer.expect("GET", "/v1/namespaces"), _found(importer, "lift")) == before


def test_what_a_lost_execution_left_half_done_is_finished_by_the_next(
    stack: LocalStack, bring_in: Any, settled: Any
) -> None:
    """As the nightly run does it: the row says `processing`, and nobody works on it."""
    document = settled(bring_in(b"Stretch after you ran, and never before you are warm.", content_type="text/plain"))
    rows = client("dynamodb", stack.emulator)
    rows.update_item(
        TableName=stack.outputs["DocumentsTableName"],
        Key={"document_id": {"S": document["document_id"]}},
        UpdateExpression="SET #s = :processing, #r = :lost, run_at = :then",
        ExpressionAttributeNames={"#s": "status", "#r": "run"},
        ExpressionAttributeValues={
            ":processing": {"S": "processing"},
            ":lost": {"S": "lost"},
            ":then": {"S": "2026-01-01T00:00:00Z"},
        },
    )
    worker = {"step": "tidy_documents", "correlation_id": "test-correlation"}
    answer = client("lambda", stack.emulator).invoke(
        FunctionName="motiv8-library-worker-local", Payload=json.dumps(worker).encode()
    )
    assert json.loads(answer["Payload"].read())["outcome"] == "done"
    assert settled(document)["status"] == "ready"


def test_by_a_tag_that_was_given_later(importer: Person, bring_in: Any, settled: Any) -> None:
    document = settled(bring_in(SLEEP, content_type="text/plain"))
    importer.expect("PATCH", f"/v1/documents/{document['document_id']}", {"tags": ["rest"]})
    found = wait_for(lambda: _found(importer, "muscles", tag="rest"), seconds=30, pause=0.2)
    assert {each["document"]["document_id"] for each in found} == {document["document_id"]}


def test_a_removed_document_leaves_nothing(stack: LocalStack, importer: Person, bring_in: Any, settled: Any) -> None:
    document = settled(bring_in(b"A secret recipe for pancakes with oats.", content_type="text/plain"))
    name = document["document_id"]
    assert [each for each in _found(importer, "pancakes") if each["document"]["document_id"] == name]
    assert importer.call("DELETE", f"/v1/documents/{name}").status_code == 204
    assert not [each for each in _found(importer, "pancakes") if each["document"]["document_id"] == name]
    rows, s3 = client("dynamodb", stack.emulator), client("s3", stack.emulator)
    key = {"TableName": stack.outputs["DocumentsTableName"], "Key": {"document_id": {"S": name}}}
    wait_for(lambda: "Item" not in rows.get_item(**key), seconds=30, pause=0.2)
    for folder in ("originals", "derived"):
        left = s3.list_object_versions(Bucket=stack.outputs["LibraryBucketName"], Prefix=f"{folder}/{name}")
        assert not left.get("Versions")
        assert not left.get("DeleteMarkers")
    # The same file can come back.
    assert settled(bring_in(b"A secret recipe for pancakes with oats.", content_type="text/plain"))["status"] == "ready"


def test_the_nightly_run_ends_well(stack: LocalStack, importer: Person) -> None:
    step_functions = client("stepfunctions", stack.emulator)
    started = step_functions.start_execution(stateMachineArn=stack.outputs["LibraryStateMachineArn"], input="{}")
    found = ended(step_functions, started["executionArn"])
    assert found["status"] == "SUCCEEDED", found
    assert _found(importer, "lift with your legs")
