"""What a client may send that no text field sends, and a conversation as long as one can be."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from motiv8.accounts import repository as accounts
from motiv8.aws.conversation_tables import MessageRow
from motiv8.coach.conversation import MOST_MESSAGES

Send = Callable[..., Any]


@pytest.fixture
def conversation(send: Send) -> str:
    """A conversation's address."""
    return f"/v1/conversations/{send('POST', '/v1/conversations', {}).json['conversation_id']}"


@pytest.mark.parametrize("text", ["a\u0000b", "\u202eabc\u202c", "e\u0301", "👩‍👩‍👧‍👦" * 100])
def test_odd_characters_come_back_as_they_were_sent(send: Send, conversation: str, text: str) -> None:
    assert send("POST", f"{conversation}/messages", {"text": text}).status == 202
    assert send("GET", f"{conversation}/messages").json["messages"][1]["text"] == text


def test_half_a_character_is_refused(send: Send, conversation: str) -> None:
    assert send("POST", f"{conversation}/messages", {"text": "\ud83d"}).status == 400
    assert send("PATCH", conversation, {"title": "\ud83d"}).status == 400


def test_a_thousand_messages_are_read_in_pages_each_once(send: Send, conversation: str, noon: datetime) -> None:
    identifier = conversation.rpartition("/")[2]
    with MessageRow.batch_write() as batch:
        for number in range(MOST_MESSAGES):
            batch.save(
                MessageRow(
                    f"conversation#{identifier}",
                    f"message#{number:026}",
                    user_id="user-1",
                    role="user",
                    status="ready",
                    text=f"{number} " * 100,
                    created_at=noon,
                )
            )
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = send("GET", f"{conversation}/messages", query={"limit": "100"} | ({"cursor": cursor} if cursor else {}))
        seen += [each["message_id"] for each in page.json["messages"]]
        # Lambda answers with 6 MB at most.
        assert len(json.dumps(page.json)) < 1_000_000
        cursor = page.json["next_cursor"]
        if cursor is None:
            break
    assert seen == [f"{number:026}" for number in reversed(range(MOST_MESSAGES))]
    assert send("DELETE", conversation).status == 204
    assert list(MessageRow.query(f"conversation#{identifier}")) == []


def test_who_is_being_deleted_asks_nothing(send: Send, call: Send, conversation: str) -> None:
    accounts.begin_deletion("user-1", "d-1")
    for method, path, body in (
        ("POST", "/v1/conversations", {}),
        ("POST", f"{conversation}/messages", {"text": "Still there?"}),
        ("POST", f"{conversation}/socket", None),
    ):
        refused = send(method, path, body)
        assert (refused.status, refused.json["type"]) == (409, "urn:motiv8:problem:account-being-deleted"), path
    assert call("GET", "/v1/conversations").status == 401
