"""Events that are sent to sockets: one that is gone, one that cannot be sent, one that is too large."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ConnectTimeoutError
from botocore.stub import Stubber

from motiv8.aws import clients, sockets
from motiv8.settings import settings

EVENT: dict[str, Any] = {"type": "delta", "message_id": "m", "sequence": 3, "text": "Rücken gerade 💪 שלום"}


@pytest.fixture
def gateway() -> Iterator[Stubber]:
    """API Gateway, which answers as it is told to."""
    with Stubber(clients.sockets()) as stubber:
        yield stubber


def _sent(event: dict[str, Any]) -> dict[str, Any]:
    return {
        "ConnectionId": "c-1",
        "Data": json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode(),
    }


def test_an_event_is_one_message_of_the_socket_as_it_is(gateway: Stubber) -> None:
    gateway.add_response("post_to_connection", {}, _sent(EVENT))
    assert sockets.post("c-1", EVENT)


def test_a_connection_that_is_gone_is_told_apart(gateway: Stubber) -> None:
    gateway.add_client_error("post_to_connection", "GoneException", http_status_code=410)
    assert not sockets.post("c-1", EVENT)


@pytest.mark.parametrize(("code", "status"), [("LimitExceededException", 429), ("ForbiddenException", 403), ("", 500)])
def test_an_event_that_cannot_be_sent_stops_nobody(gateway: Stubber, code: str, status: int) -> None:
    gateway.add_client_error("post_to_connection", code, http_status_code=status)
    assert sockets.post("c-1", EVENT)


def test_a_gateway_that_does_not_answer_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(**_: object) -> None:
        raise ConnectTimeoutError(endpoint_url="https://sockets.example")

    monkeypatch.setattr(clients.sockets(), "post_to_connection", silent)
    assert sockets.post("c-1", EVENT)


@pytest.mark.parametrize("character", ["a", "é", "💪"])
def test_the_largest_event_is_sent_whole_and_a_larger_one_cut(gateway: Stubber, character: str) -> None:
    bare = len(_sent(EVENT | {"text": ""})["Data"])
    whole = EVENT | {"text": character * ((sockets.MOST_BYTES - bare) // len(character.encode()))}
    gateway.add_response("post_to_connection", {}, _sent(whole))
    gateway.add_response("post_to_connection", {}, _sent({"type": "cut", "message_id": "m", "sequence": 3}))
    assert sockets.post("c-1", whole)
    assert sockets.post("c-1", whole | {"text": whole["text"] + character})


def test_a_socket_is_opened_where_events_are_sent_to() -> None:
    assert settings().socket_endpoint == "https://sockets.execute-api.us-east-1.amazonaws.com/test"
    assert settings().socket_url == "wss://sockets.execute-api.us-east-1.amazonaws.com/test"
