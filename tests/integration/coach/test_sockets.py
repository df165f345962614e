"""The WebSocket API's function: who is let in, what it answers, and that a resume loses nothing."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ulid import ULID

from motiv8 import clock
from motiv8.aws import sockets
from motiv8.coach import conversation as values
from motiv8.coach import repository, tickets
from motiv8.coach.conversation import KeptEvent, Message, Outcome
from motiv8.entrypoints import socket
from motiv8.pipeline.follow_answer import MOST_CHARACTERS
from motiv8.settings import settings

EVENTS: list[dict[str, Any]] = [
    {"type": "delta", "text": "Bend "},
    {"type": "delta", "text": "your knees"},
    {"type": "citation", "citation": {"number": 1}},
    {"type": "delta", "text": "."},
    {"type": "done", "status": "ready"},
]


@dataclass
class Gateway:
    """API Gateway as the function sees it: what each connection was sent, and which are gone."""

    context: Any
    sent: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)

    def post(self, connection: str, event: dict[str, Any]) -> bool:
        if connection in self.gone:
            return False
        self.sent.setdefault(connection, []).append(event)
        return True

    def authorize(self, ticket: str | None, origin: str | None = None) -> dict[str, Any]:
        """What the authorizer answers."""
        return socket.handler(
            {
                "type": "REQUEST",
                "methodArn": "arn:aws:execute-api:us-east-1:123456789012:a1/test/$connect",
                "headers": {"Origin": origin} if origin else {},
                "queryStringParameters": {"ticket": ticket} if ticket is not None else None,
                "requestContext": {"eventType": "CONNECT", "connectionId": "c-1"},
            },
            self.context,
        )

    def tell(self, kind: str, admitted: dict[str, str], body: str | None = None, **more: Any) -> int:
        """An event of a connection; the status that is answered."""
        context = {"eventType": kind, "connectionId": "c-1", "authorizer": admitted}
        answer = socket.handler(
            {"requestContext": context, "body": body, "isBase64Encoded": False} | more, self.context
        )
        assert set(answer) == {"statusCode"}, "a body would be sent to the client"
        return int(answer["statusCode"])

    def resume(self, admitted: dict[str, str], message: Message, after: int) -> list[dict[str, Any]]:
        """What is sent to a client that is so far."""
        self.sent.clear()
        asked = {"action": "resume", "message_id": message.message_id, "after": after}
        assert self.tell("MESSAGE", admitted, json.dumps(asked)) == 200
        return self.sent.get("c-1", [])


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch, lambda_context: Any) -> Gateway:
    """The gateway, with nobody connected."""
    made = Gateway(lambda_context)
    monkeypatch.setattr(sockets, "post", made.post)
    return made


def _begin(user: str = "user-1") -> str:
    """A new conversation's id."""
    conversation_id, now = str(ULID()).lower(), clock.now()
    made = values.Conversation(
        user_id=user, conversation_id=conversation_id, title=None, namespace=None, created_at=now, updated_at=now
    )
    repository.create_conversation(made)
    return conversation_id


def _ticket(conversation: str, user: str = "user-1") -> str:
    return tickets.issue(user, conversation, clock.now())


def _admitted(conversation: str, user: str = "user-1") -> dict[str, str]:
    return {"user_id": user, "conversation_id": conversation}


def _effect(answer: dict[str, Any]) -> str:
    [statement] = answer["policyDocument"]["Statement"]
    assert statement["Action"] == "execute-api:Invoke"
    assert statement["Resource"].endswith("/$connect")
    return str(statement["Effect"])


def _answering(conversation: str, events: int, *, asked_at: datetime | None = None, ended: bool = True) -> Message:
    """An answer of which so many events are kept, and which is finished when all are."""
    found = repository.get_conversation("user-1", conversation)
    assert found is not None
    now = asked_at or clock.now()
    question = values.question(found, str(ULID()).lower(), "How do I lift?", now)
    answer = values.answer(found, str(ULID()).lower(), question.message_id, now)
    later = int((now + timedelta(days=1)).timestamp())
    assert repository.add_question(question, answer, now)
    assert repository.claim(answer, "run-1")
    for number, event in enumerate(EVENTS[:events]):
        body = {"message_id": answer.message_id, "sequence": number} | event
        assert repository.keep_event(answer, "run-1", KeptEvent(number, body), later)
    if ended and events == len(EVENTS):
        assert repository.finish(answer, "run-1", Outcome("ready", "Bend your knees."), now)
    return answer


class TestTickets:
    def test_a_ticket_lets_one_socket_in_as_the_person_and_into_the_conversation(self, gateway: Gateway) -> None:
        conversation = _begin()
        given = _ticket(conversation)
        answer = gateway.authorize(given)
        assert (_effect(answer), answer["principalId"]) == ("Allow", "user-1")
        assert answer["context"] == _admitted(conversation) | {"language": "en"}
        again = gateway.authorize(given)
        assert (_effect(again), again["context"]) == ("Deny", {})

    def test_a_ticket_is_of_no_use_a_minute_later(
        self,
        gateway: Gateway,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        given = _ticket(_begin())
        monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + timedelta(seconds=61))
        assert _effect(gateway.authorize(given)) == "Deny"

    @pytest.mark.parametrize("invented", [None, "", "x", "ticket", "🎫", "a" * 4000, "' OR 1=1", "#", "\x00"])
    def test_what_is_no_ticket_lets_nobody_in(self, gateway: Gateway, invented: str | None) -> None:
        assert _effect(gateway.authorize(invented)) == "Deny"

    def test_a_ticket_is_in_no_log(self, gateway: Gateway, logged: io.StringIO) -> None:
        given = _ticket(_begin())
        gateway.authorize(given)
        assert "socket asked for" in logged.getvalue()
        assert given not in logged.getvalue()

    @pytest.mark.parametrize(
        ("origin", "effect"),
        [
            (None, "Allow"),
            ("https://client.example", "Allow"),
            ("https://app.example", "Allow"),
            ("https://evil.example", "Deny"),
            ("https://app.example.evil.example", "Deny"),
            ("null", "Deny"),
        ],
    )
    def test_only_the_clients_own_pages_open_sockets_where_an_origin_is_named(
        self,
        gateway: Gateway,
        monkeypatch: pytest.MonkeyPatch,
        origin: str | None,
        effect: str,
    ) -> None:
        given = _ticket(_begin())
        monkeypatch.setenv("MOTIV8_CORS_ORIGIN", "https://client.example")
        monkeypatch.setenv("MOTIV8_APP_URL", "https://app.example/")
        settings.cache_clear()
        assert _effect(gateway.authorize(given, origin)) == effect


class TestConnections:
    def test_a_socket_is_known_from_its_opening_to_its_end(self, gateway: Gateway) -> None:
        conversation = _begin()
        admitted = _admitted(conversation)
        assert gateway.tell("CONNECT", admitted) == 200
        assert repository.connections("user-1", conversation, clock.now()) == ["c-1"]
        assert repository.connections("user-1", conversation, clock.now() + timedelta(hours=3)) == []
        assert gateway.tell("DISCONNECT", admitted) == 200
        assert repository.connections("user-1", conversation, clock.now()) == []
        assert gateway.tell("DISCONNECT", admitted) == 200

    def test_a_conversation_that_was_removed_since_is_followed_by_nobody(self, gateway: Gateway) -> None:
        conversation = _begin()
        repository.remove_conversation("user-1", conversation)
        assert gateway.tell("CONNECT", _admitted(conversation)) == 403
        assert repository.connections("user-1", conversation, clock.now()) == []

    def test_a_socket_that_the_coach_took_for_gone_while_it_was_opened_is_known_again(self, gateway: Gateway) -> None:
        conversation = _begin()
        gateway.tell("CONNECT", _admitted(conversation))
        message = _answering(conversation, 2)
        repository.remove_connection("user-1", "c-1")
        gateway.resume(_admitted(conversation), message, -1)
        assert repository.connections("user-1", conversation, clock.now()) == ["c-1"]

    def test_a_socket_that_is_gone_is_forgotten_and_breaks_nothing(self, gateway: Gateway) -> None:
        conversation = _begin()
        gateway.tell("CONNECT", _admitted(conversation))
        message = _answering(conversation, 3)
        gateway.gone.add("c-1")
        assert gateway.resume(_admitted(conversation), message, -1) == []
        assert repository.connections("user-1", conversation, clock.now()) == []


class TestResuming:
    @pytest.mark.parametrize("kept", range(1, len(EVENTS) + 1))
    def test_from_every_place_nothing_is_lost_and_a_repeat_is_the_same(self, gateway: Gateway, kept: int) -> None:
        conversation = _begin()
        message = _answering(conversation, kept)
        for after in range(-1, kept - 1):
            events = gateway.resume(_admitted(conversation), message, after)
            assert [each["sequence"] for each in events] == list(range(after + 1, kept))
            assert {each["message_id"] for each in events} == {message.message_id}
            assert events == gateway.resume(_admitted(conversation), message, after)
        text = "".join(each.get("text", "") for each in gateway.resume(_admitted(conversation), message, -1))
        assert text == "".join(each.get("text", "") for each in EVENTS[:kept])

    def test_who_is_up_to_date_is_told_nothing_while_the_answer_is_written(self, gateway: Gateway) -> None:
        conversation = _begin()
        assert gateway.resume(_admitted(conversation), _answering(conversation, 2), 1) == []

    def test_an_answer_whose_events_have_expired_says_how_it_ended(self, gateway: Gateway) -> None:
        conversation = _begin()
        message = _answering(conversation, 0)
        assert repository.finish(message, "run-1", Outcome("stopped", "Bend"), clock.now())
        [event] = gateway.resume(_admitted(conversation), message, -1)
        assert event == {"type": "done", "status": "stopped", "message_id": message.message_id, "sequence": 0}

    def test_an_answer_that_was_cut_off_is_said_to_be(self, gateway: Gateway) -> None:
        conversation = _begin()
        message = _answering(conversation, 2, asked_at=clock.now() - timedelta(minutes=6))
        *_, last = gateway.resume(_admitted(conversation), message, -1)
        assert (last["type"], last["reason"], last["sequence"]) == ("error", "interrupted", 2)
        assert last["message"] == "The coach was interrupted. Please try again."
        *_, last = gateway.resume(_admitted(conversation) | {"language": "de"}, message, -1)
        assert last["message"] == "Der Coach wurde unterbrochen. Bitte versuch es noch einmal."

    def test_a_message_of_another_conversation_or_person_is_not_found(self, gateway: Gateway) -> None:
        conversation = _begin()
        message = _answering(conversation, 3)
        for admitted in (_admitted(_begin()), _admitted(conversation, "user-2"), _admitted(_begin("user-2"), "user-2")):
            [event] = gateway.resume(admitted, message, -1)
            assert (event["type"], event["reason"]) == ("error", "not_found")


@pytest.mark.parametrize(
    "garbage",
    [
        *("", "hello", "null", "[]", "1", "{}", '{"action": "x"}', '{"action": ["resume"]}', "{" * 1000),
        '{"action": "resume"}',
        '{"action": "resume", "message_id": "m", "after": -2}',
        '{"action": "resume", "message_id": "m", "after": 1e300}',
        '{"action": "resume", "message_id": "m", "after": "1"}',
        '{"action": "resume", "message_id": 5, "after": 1}',
        '{"action": "resume", "message_id": "m", "after": 1, "user_id": "user-2"}',
        '{"action": "ping"}' + " " * MOST_CHARACTERS,
        "x" * 1_000_000,
        "\ud800",
    ],
    ids=lambda garbage: repr(garbage[:30]),
)
def test_garbage_is_answered_and_breaks_nothing(gateway: Gateway, garbage: str) -> None:
    admitted = _admitted(_begin())
    assert gateway.tell("MESSAGE", admitted, garbage) == 200
    [event] = gateway.sent["c-1"]
    assert (event["type"], event["reason"], "sequence" in event) == ("error", "not_understood", False)


def test_bytes_and_nothing_at_all_are_garbage_too(gateway: Gateway) -> None:
    admitted = _admitted(_begin())
    assert gateway.tell("MESSAGE", admitted, "AP8=", isBase64Encoded=True) == 200
    assert gateway.tell("MESSAGE", admitted, None) == 200
    assert [each["reason"] for each in gateway.sent["c-1"]] == ["not_understood"] * 2


def test_a_ping_keeps_the_socket_open(gateway: Gateway) -> None:
    assert gateway.tell("MESSAGE", _admitted(_begin()), '{"action": "ping"}') == 200
    assert gateway.sent["c-1"] == [{"type": "pong"}]


def test_a_deployment_is_told_that_the_function_works(lambda_context: Any) -> None:
    assert socket.handler({"step": "self_check"}, lambda_context) == {"outcome": "ok"}
