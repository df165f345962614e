"""An answer of the coach on a socket of the embedded AWS: in order, broken off in the middle, and resumed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from motiv8_tooling.client.person import Person
from motiv8_tooling.local.local_stack import LocalStack
from stand_in import library_importer
from stand_in.library_importer import importer_on

SECONDS = 60
TEXT = b"""# Resting

A muscle grows while it rests, so leave two days between hard sessions.

## Sleep

Sleep at least eight hours in a dark and quiet room after a hard session.

## Food

Eat within two hours after a hard session, and drink more than you think you need.
"""
QUESTION = "How long should I rest and sleep after a hard session?"


@pytest.fixture(scope="module")
def library(stack: LocalStack) -> None:
    """A document that answers the question."""
    importer = importer_on(stack, "socket-importer@example.com")
    document = library_importer.bring_in(
        importer, TEXT, title="Resting", file_name="resting.md", content_type="text/markdown"
    )
    importer.wait_until(f"/v1/documents/{document['document_id']}", lambda found: found["status"] == "ready")


def _conversation(person: Person) -> str:
    return str(person.expect("POST", "/v1/conversations", {})["conversation_id"])


def _open(person: Person, conversation: str) -> ClientConnection:
    return connect(person.expect("POST", f"/v1/conversations/{conversation}/socket")["url"], proxy=None)


def _receive(socket: ClientConnection) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(socket.recv(SECONDS))
    return found


def _resume(socket: ClientConnection, message: str, after: int) -> None:
    socket.send(json.dumps({"action": "resume", "message_id": message, "after": after}))


@pytest.mark.usefixtures("library")
def test_an_answer_comes_in_order_and_goes_on_after_the_socket_broke(somebody: Callable[..., Person]) -> None:
    person = somebody()
    conversation = _conversation(person)
    path = f"/v1/conversations/{conversation}/messages"
    events: dict[int, dict[str, Any]] = {}
    with _open(person, conversation) as first:
        message = person.expect("POST", path, {"text": QUESTION})["message_id"]
        _resume(first, message, -1)
        event = _receive(first)
        events[event["sequence"]] = event
    # The rest is written while nobody listens.
    answer = person.wait_until(f"{path}/{message}", lambda found: found["status"] != "streaming")
    assert answer["status"] == "ready"
    with _open(person, conversation) as second:
        _resume(second, message, max(events))
        while not any(each["type"] == "done" for each in events.values()):
            event = _receive(second)
            assert event["message_id"] == message
            events[event["sequence"]] = event
        second.send(json.dumps({"action": "ping"}))
        assert _receive(second)["type"] == "pong"
    assert sorted(events) == list(range(len(events)))
    assert "".join(events[each].get("text", "") for each in sorted(events)) == answer["text"]
    cited = [each["citation"] for each in events.values() if each["type"] == "citation"]
    assert {each["title"] for each in cited} == {each["title"] for each in answer["citations"]} == {"Resting"}


def test_a_ticket_opens_one_socket(somebody: Callable[..., Person]) -> None:
    person = somebody()
    url = person.expect("POST", f"/v1/conversations/{_conversation(person)}/socket")["url"]
    with connect(url, proxy=None) as socket:
        socket.send("what is this?")
        assert _receive(socket)["reason"] == "not_understood"
    for useless, status in ((url, 403), (url[:-3] + "xyz", 403), (url.partition("?")[0], 401)):
        with pytest.raises(InvalidStatus) as refused:
            connect(useless, proxy=None)
        assert refused.value.response.status_code == status
