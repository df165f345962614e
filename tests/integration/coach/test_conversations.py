"""/v1/conversations: what a person asks, stops, confirms and deletes, through the router."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from motiv8 import clock
from motiv8.aws.conversation_tables import ConversationItem, ConversationRow
from motiv8.coach import budget, budget_repository, repository, tickets
from motiv8.coach.conversation import LEASE, Citation, Confirmation, KeptEvent, Outcome, ToolUse
from motiv8.settings import settings

from .conftest import CoachCalls

Send = Callable[..., Any]
CITATION = Citation(1, "p-1", "doc-1", "Warming up", 3, 3, "Why", "https://example.com/a.pdf", "Warm muscles work.")


@pytest.fixture
def conversation(send: Send) -> str:
    """A conversation's address."""
    return f"/v1/conversations/{send('POST', '/v1/conversations', {}).json['conversation_id']}"


def _ids(path: str) -> tuple[str, str]:
    _, _, _, conversation_id, _, message_id = path.split("/")
    return conversation_id, message_id


def _finish(path: str, outcome: Outcome) -> None:
    message = repository.get_message("user-1", *_ids(path))
    assert message is not None
    assert repository.finish(message, None, outcome, clock.now())


def _ask(send: Send, conversation: str, text: str = "Why should I warm up?", **more: Any) -> str:
    answer = send("POST", f"{conversation}/messages", {"text": text}, **more)
    assert answer.status == 202, answer.text
    location: str = answer.headers["Location"]
    return location


def test_a_question_is_handed_to_the_coach_with_what_the_person_may_read(
    call: Send, send: Send, conversation: str, sign: Send, coach_calls: CoachCalls
) -> None:
    token = sign(sub="user-1", **{"cognito:groups": ["library-plans"]})
    answer = call("POST", f"{conversation}/messages", {"text": "Why should I warm up?"}, token=token)
    assert answer.status == 202
    assert answer.json["status"] == "streaming"
    [order] = coach_calls.orders
    correlation_id = order.pop("correlation_id")
    assert correlation_id
    assert order == {
        "step": "answer",
        "user_id": "user-1",
        "conversation_id": conversation.rpartition("/")[2],
        "message_id": answer.json["message_id"],
        "groups": ["library-plans"],
    }
    [written, asked] = send("GET", f"{conversation}/messages").json["messages"]
    assert (asked["role"], asked["text"]) == ("user", "Why should I warm up?")
    assert (written["role"], written["status"], written["text"]) == ("assistant", "streaming", "")
    assert answer.headers["Location"] == f"{conversation}/messages/{written['message_id']}"


def test_a_conversation_is_called_after_its_first_question(send: Send, conversation: str) -> None:
    assert send("GET", conversation).json["title"] is None
    path = _ask(send, conversation, "  What is\na good warm-up before a long run in the cold of a winter morning?  ")
    title = send("GET", conversation).json["title"]
    assert title == "What is a good warm-up before a long run in the cold of a…"
    _finish(path, Outcome("ready", "Walk first."))
    _ask(send, conversation, "And then?")
    assert send("GET", conversation).json["title"] == title
    assert send("PATCH", conversation, {"title": "Winter"}).json["title"] == "Winter"
    assert send("PATCH", conversation, {"title": "  "}).status == 422


def test_polling_tells_what_a_socket_would(send: Send, conversation: str) -> None:
    path = _ask(send, conversation)
    message = repository.get_message("user-1", *_ids(path))
    assert message is not None
    repository.claim(message, "run")
    bodies: list[dict[str, Any]] = [
        {"type": "delta", "text": "Warm muscles "},
        {"type": "delta", "text": "work. [1]"},
        {"type": "citation", "citation": CITATION._asdict()},
    ]
    for sequence, body in enumerate(bodies):
        assert repository.keep_event(message, "run", KeptEvent(sequence, body), 2**31)
    so_far = send("GET", path).json
    assert (so_far["status"], so_far["text"]) == ("streaming", "Warm muscles work. [1]")
    assert so_far["citations"] == [CITATION._asdict()]
    tool = ToolUse("get_settings", {}, {"tone": "tease"}, "done")
    ended = Outcome("ready", "Warm muscles work. [1]", (CITATION,), tool_uses=(tool,))
    repository.finish(message, "run", ended, clock.now())
    done = send("GET", path).json
    assert (done["status"], done["text"], done["citations"]) == ("ready", so_far["text"], so_far["citations"])
    listed = send("GET", f"{conversation}/messages").json["messages"]
    assert [each["role"] for each in listed] == ["assistant", "tool", "user"]
    assert listed[1]["tool"] == {"name": "get_settings", "arguments": {}, "result": {"tone": "tease"}, "status": "done"}


@pytest.mark.parametrize("text", ["💪🏽 héllo", "لماذا الإحماء؟", "<script>alert(1)</script>", "x" * 8_000])
def test_any_text_is_kept_as_it_is(send: Send, conversation: str, text: str) -> None:
    _ask(send, conversation, text)
    assert send("GET", f"{conversation}/messages").json["messages"][1]["text"] == text


@pytest.mark.parametrize("body", [{"text": "x" * 8_001}, {"text": "x" * 100_000}, {"text": "   "}, {}, {"text": 1}])
def test_what_is_no_question_is_refused(send: Send, conversation: str, body: dict[str, Any]) -> None:
    assert send("POST", f"{conversation}/messages", body).status == 422
    assert send("GET", f"{conversation}/messages").json["messages"] == []


def test_a_question_that_is_sent_again_is_asked_once(send: Send, conversation: str, coach_calls: CoachCalls) -> None:
    first = _ask(send, conversation, headers={"Idempotency-Key": "k"})
    assert _ask(send, conversation, headers={"Idempotency-Key": "k"}) == first
    assert len(coach_calls.orders) == 1
    other = send("POST", f"{conversation}/messages", {"text": "Another"}, headers={"Idempotency-Key": "k"})
    assert (other.status, other.json["type"].rpartition(":")[2]) == (409, "idempotency-key-reused")


def test_one_answer_is_written_at_a_time(send: Send, conversation: str) -> None:
    path = _ask(send, conversation)
    refused = send("POST", f"{conversation}/messages", {"text": "And?"})
    assert (refused.status, refused.json["type"].rpartition(":")[2]) == (409, "answer-under-way")
    _finish(path, Outcome("ready", "So."))
    _ask(send, conversation, "And?")


def test_a_conversation_has_an_end(send: Send, conversation: str) -> None:
    conversation_id = conversation.rpartition("/")[2]
    ConversationRow("person#user-1", f"conversation#{conversation_id}").update([ConversationRow.messages.set(1_000)])
    refused = send("POST", f"{conversation}/messages", {"text": "One more?"})
    assert (refused.status, refused.json["type"].rpartition(":")[2]) == (409, "conversation-full")


def test_an_answer_that_nobody_could_be_asked_for_failed(
    send: Send, conversation: str, coach_calls: CoachCalls
) -> None:
    coach_calls.broken = True
    assert send("POST", f"{conversation}/messages", {"text": "Why?"}).status == 503
    [written, _] = send("GET", f"{conversation}/messages").json["messages"]
    assert (written["status"], written["reason"]) == ("failed", "unavailable")
    assert written["message"]
    assert budget_repository.spent(clock.now().date(), "user-1") == 0
    coach_calls.broken = False
    again = send("POST", f"{conversation}/messages/{written['message_id']}/retry")
    assert again.status == 202
    [new, _] = send("GET", f"{conversation}/messages").json["messages"]
    assert (new["message_id"], new["status"]) == (again.json["message_id"], "streaming")


def test_an_interrupted_answer_says_so_and_keeps_what_there_is(
    send: Send, conversation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _ask(send, conversation)
    message = repository.get_message("user-1", *_ids(path))
    assert message is not None
    repository.claim(message, "run")
    repository.keep_event(message, "run", KeptEvent(0, {"type": "delta", "text": "Warm"}), 2**31)
    late = clock.now() + LEASE
    monkeypatch.setattr(clock, "now", lambda: late)
    found = send("GET", path).json
    assert (found["status"], found["reason"], found["text"]) == ("failed", "interrupted", "Warm")
    assert send("POST", f"{path}/retry").status == 202


def test_only_the_last_answer_is_asked_for_again_and_only_once_it_failed(send: Send, conversation: str) -> None:
    first = _ask(send, conversation)
    refused = send("POST", f"{first}/retry")
    assert (refused.status, refused.json["type"].rpartition(":")[2]) == (409, "answer-not-retryable")
    _finish(first, Outcome("stopped", "Wa"))
    _ask(send, conversation, "Other")
    assert send("POST", f"{first}/retry").status == 409


def test_stopping_is_asked_of_whoever_writes(send: Send, conversation: str) -> None:
    path = _ask(send, conversation)
    assert send("POST", f"{path}/stop").json["status"] == "streaming"
    message = repository.get_message("user-1", *_ids(path))
    assert message is not None
    assert message.stop_asked
    _finish(path, Outcome("stopped", "Wa"))
    assert send("POST", f"{path}/stop").json["status"] == "stopped"


def _asks_to_confirm(send: Send, conversation: str) -> str:
    path = _ask(send, conversation, "Send it at seven.")
    asked = Confirmation("change_settings", "Send your picture at 7:00.", {"delivery_hour": 7})
    _finish(path, Outcome("ready", "", confirmation=asked))
    return path


def test_a_yes_has_the_coach_go_on_once(send: Send, conversation: str, coach_calls: CoachCalls) -> None:
    path = _asks_to_confirm(send, conversation)
    assert send("GET", path).json["confirmation"]["status"] == "waiting"
    answer = send("POST", f"{path}/confirmation", {"accepted": True})
    assert answer.status == 202
    assert coach_calls.orders[-1]["message_id"] == answer.json["message_id"]
    assert coach_calls.orders[-1]["confirmed"] == _ids(path)[1]
    assert send("GET", path).json["confirmation"]["status"] == "accepted"
    again = send("POST", f"{path}/confirmation", {"accepted": True})
    assert (again.status, again.json["type"].rpartition(":")[2]) == (409, "nothing-to-confirm")
    assert send("POST", f"{path}/confirmation", {"accepted": False}).status == 409


def test_what_was_confirmed_is_confirmed_in_a_retry_too(send: Send, conversation: str, coach_calls: CoachCalls) -> None:
    path = _asks_to_confirm(send, conversation)
    goes_on = send("POST", f"{path}/confirmation", {"accepted": True}).headers["Location"]
    _finish(goes_on, Outcome("failed", "", reason="throttled"))
    assert send("POST", f"{goes_on}/retry").status == 202
    assert coach_calls.orders[-1]["confirmed"] == _ids(path)[1]


def test_after_a_no_nothing_is_called(send: Send, conversation: str, coach_calls: CoachCalls) -> None:
    path = _asks_to_confirm(send, conversation)
    before = len(coach_calls.orders)
    answer = send("POST", f"{path}/confirmation", {"accepted": False})
    assert (answer.status, answer.json["confirmation"]["status"]) == (200, "declined")
    assert len(coach_calls.orders) == before
    assert send("POST", f"{path}/confirmation", {"accepted": True}).status == 409


def test_an_answer_is_rated(send: Send, conversation: str) -> None:
    path = _ask(send, conversation)
    _finish(path, Outcome("ready", "So."))
    rated = send("POST", f"{path}/feedback", {"rating": "down", "reason": "Too short"})
    assert rated.json["feedback"] == {"rating": "down", "reason": "Too short"}
    assert send("POST", f"{path}/feedback", {"rating": "up"}).json["feedback"] == {"rating": "up", "reason": None}
    assert send("POST", f"{path}/feedback", {"rating": "great"}).status == 422
    question = send("GET", f"{conversation}/messages").json["messages"][1]["message_id"]
    assert send("POST", f"{conversation}/messages/{question}/feedback", {"rating": "up"}).status == 404


def test_a_deleted_conversation_leaves_nothing(send: Send, conversation: str) -> None:
    _ask(send, conversation)
    assert send("DELETE", conversation).status == 204
    assert send("GET", conversation).status == 404
    assert [each.partition for each in ConversationItem.scan() if not each.partition.startswith("budget#")] == []
    assert send("DELETE", conversation).status == 404


@pytest.mark.parametrize(
    ("method", "rest", "body"),
    [
        ("GET", "", None),
        ("PATCH", "", {"title": "Mine"}),
        ("DELETE", "", None),
        ("GET", "/messages", None),
        ("POST", "/messages", {"text": "Hello?"}),
        ("GET", "/messages/{message}", None),
        ("POST", "/messages/{message}/stop", None),
        ("POST", "/messages/{message}/retry", None),
        ("POST", "/messages/{message}/confirmation", {"accepted": True}),
        ("POST", "/messages/{message}/feedback", {"rating": "up"}),
        ("POST", "/socket", None),
    ],
)
def test_another_persons_conversation_is_not_there(
    send: Send, conversation: str, make_user: Send, method: str, rest: str, body: Any
) -> None:
    path = _asks_to_confirm(send, conversation)
    make_user("user-2")
    theirs = send(method, conversation + rest.format(message=_ids(path)[1]), body, user="user-2")
    nobodys = send(
        method, "/v1/conversations/00000000000000000000000000" + rest.format(message=_ids(path)[1]), body, user="user-2"
    )
    assert theirs.status == nobodys.status == 404
    assert theirs.json["detail"] == nobodys.json["detail"]
    assert send("GET", conversation).status == 200
    assert send("GET", "/v1/conversations", user="user-2").json["conversations"] == []


@pytest.mark.parametrize("name", ["x", "a#b", "../../etc", "%00", "A" * 26])
def test_odd_ids_are_not_there(send: Send, conversation: str, name: str) -> None:
    assert send("GET", f"/v1/conversations/{name}").status == 404
    assert send("GET", f"{conversation}/messages/{name}").status == 404


def test_lists_come_in_pages(send: Send) -> None:
    made = [send("POST", "/v1/conversations", {"title": f"No. {number}"}).json for number in range(3)]
    first = send("GET", "/v1/conversations", query={"limit": "2"}).json
    rest = send("GET", "/v1/conversations", query={"limit": "2", "cursor": first["next_cursor"]}).json
    assert rest["next_cursor"] is None
    found = first["conversations"] + rest["conversations"]
    assert sorted(each["title"] for each in found) == [each["title"] for each in made]
    assert send("GET", "/v1/conversations", query={"cursor": "nonsense"}).status == 422


def test_a_namespace_must_be_one_that_the_person_may_read(send: Send) -> None:
    assert send("POST", "/v1/conversations", {"namespace": "secret"}).status == 404
    assert send("POST", "/v1/conversations", {"namespace": "Not A Name"}).status == 422


def test_the_budget_of_a_person_ends_and_says_when_it_starts_anew(send: Send, conversation: str) -> None:
    path = _ask(send, conversation)
    _finish(path, Outcome("ready", "So."))
    budget.settle("user-1", settings().coach_tokens_a_day, clock.now())
    refused = send("POST", f"{conversation}/messages", {"text": "More?"})
    assert (refused.status, refused.json["type"].rpartition(":")[2]) == (429, "coach-budget-used-up")
    assert refused.headers["RateLimit-Remaining"] == "0"
    assert 0 < int(refused.headers["Retry-After"]) <= 24 * 3600
    assert budget_repository.spent(clock.now().date(), "user-1") == settings().coach_tokens_a_day
    assert len(send("GET", f"{conversation}/messages").json["messages"]) == 2


def test_answers_say_what_is_left_of_the_budget(send: Send, conversation: str) -> None:
    answer = send("POST", f"{conversation}/messages", {"text": "Why?"})
    assert answer.headers["RateLimit-Limit"] == "50000"
    assert answer.headers["RateLimit-Remaining"] == str(50_000 - budget.RESERVED)


def test_everybodys_budget_is_one(send: Send, conversation: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTIV8_COACH_ENVIRONMENT_TOKENS_A_DAY", "3000")
    settings.cache_clear()
    budget_repository.spend(clock.now().date(), budget_repository.ENVIRONMENT, 3_000, 2**31)
    refused = send("POST", f"{conversation}/messages", {"text": "Why?"})
    monkeypatch.undo()
    settings.cache_clear()
    assert refused.status == 503
    assert int(refused.headers["Retry-After"]) > 0
    assert budget_repository.spent(clock.now().date(), "user-1") == 0
    assert budget_repository.spent(clock.now().date(), budget_repository.ENVIRONMENT) == 3_000


def test_a_ticket_opens_one_socket_on_one_conversation(send: Send, conversation: str) -> None:
    given = send("POST", f"{conversation}/socket")
    assert given.status == 201
    address, _, ticket = given.json["url"].partition("?ticket=")
    assert address == settings().socket_url
    now = clock.now()
    assert tickets.redeem(ticket + "x", now) is None
    assert tickets.redeem(ticket, now) == ("user-1", conversation.rpartition("/")[2])
    assert tickets.redeem(ticket, now) is None
    [late] = [send("POST", f"{conversation}/socket").json["url"].partition("?ticket=")[2]]
    assert tickets.redeem(late, now + timedelta(minutes=2)) is None
    assert not any(ticket in each.partition or late in each.partition for each in ConversationItem.scan())
