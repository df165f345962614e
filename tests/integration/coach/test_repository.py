"""The table of conversations: what is written once, by whom, and what comes back by nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from motiv8.aws.conversation_tables import ConversationItem, ConversationRow, EventRow, MessageRow
from motiv8.coach import budget_repository, repository, ticket_repository
from motiv8.coach.conversation import (
    LEASE,
    Citation,
    Confirmation,
    Conversation,
    Feedback,
    KeptEvent,
    Message,
    Outcome,
    answer,
    question,
)

pytestmark = pytest.mark.usefixtures("aws")

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
LATER = int((NOW + timedelta(days=365)).timestamp())
CITATION = Citation(1, "p-1", "doc-1", "Warming up", 3, 3, "Why", "https://example.com/a.pdf", "Warm muscles work.")


@pytest.fixture
def conversation() -> Conversation:
    made = Conversation(
        user_id="user-1", conversation_id="c1", title=None, namespace=None, created_at=NOW, updated_at=NOW
    )
    repository.create_conversation(made)
    return made


@pytest.fixture
def answering(conversation: Conversation) -> Message:
    """An answer that an invocation took on."""
    written = _ask(conversation, "m1", "m2")
    assert repository.claim(written, "run-1")
    return written


def _ask(conversation: Conversation, question_id: str, message_id: str, now: datetime = NOW) -> Message:
    written = answer(conversation, message_id, question_id, now)
    assert repository.add_question(question(conversation, question_id, "Why warm up?", now), written, now)
    return written


def _delta(sequence: int, text: str) -> KeptEvent:
    return KeptEvent(sequence, {"type": "delta", "message_id": "m2", "sequence": sequence, "text": text})


def _stored(message: Message) -> Message:
    found = repository.get_message(message.user_id, message.conversation_id, message.message_id)
    assert found is not None
    return found


def test_a_question_and_its_answer_are_there_together(conversation: Conversation) -> None:
    written = _ask(conversation, "m1", "m2")
    found = repository.messages("c1", None, 10)
    assert [(each.message_id, each.role, each.status) for each in found] == [
        ("m2", "assistant", "streaming"),
        ("m1", "user", "ready"),
    ]
    assert found[0] == written
    after = repository.get_conversation("user-1", "c1")
    assert after is not None
    assert after.messages == 2


def test_a_conversation_expires_after_the_last_of_its_messages(conversation: Conversation) -> None:
    written = _ask(conversation, "m1", "m2")
    message = MessageRow.get("conversation#c1", f"message#{written.message_id}")
    assert message.expires_at == LATER
    assert ConversationRow.get("person#user-1", "conversation#c1").expires_at > LATER


def test_one_answer_is_written_at_a_time_until_its_time_is_over(conversation: Conversation) -> None:
    _ask(conversation, "m1", "m2")
    second = answer(conversation, "m4", "m3", NOW)
    assert not repository.add_question(question(conversation, "m3", "And?", NOW), second, NOW)
    assert repository.get_message("user-1", "c1", "m3") is None
    _ask(conversation, "m3", "m4", NOW + LEASE)


def test_a_full_conversation_takes_no_question(conversation: Conversation) -> None:
    ConversationRow("person#user-1", "conversation#c1").update([ConversationRow.messages.set(999)])
    written = answer(conversation, "m2", "m1", NOW)
    assert not repository.add_question(question(conversation, "m1", "?", NOW), written, NOW)


def test_one_invocation_takes_an_answer_on_and_may_say_so_again(answering: Message) -> None:
    assert repository.claim(answering, "run-1")
    assert not repository.claim(answering, "run-2")


def test_pieces_are_kept_in_order_by_whom_the_answer_is(answering: Message) -> None:
    for sequence in range(12):
        assert repository.keep_event(answering, "run-1", _delta(sequence, f"{sequence} "), LATER)
    assert not repository.keep_event(answering, "run-2", _delta(12, "no"), LATER)
    assert [each.sequence for each in repository.events_after("m2", -1)] == list(range(12))
    assert [each.body["text"] for each in repository.events_after("m2", 9)] == ["10 ", "11 "]
    assert _stored(answering).with_events(repository.events_after("m2", -1)).text.startswith("0 1 2 ")


def test_an_answer_ends_once_and_takes_nothing_more(answering: Message) -> None:
    ended = Outcome("ready", "Warm muscles work. [1]", (CITATION,), input_tokens=7, output_tokens=3)
    assert repository.finish(answering, "run-1", ended, NOW)
    assert not repository.finish(answering, "run-1", Outcome("failed", "", reason="unavailable"), NOW)
    assert not repository.keep_event(answering, "run-1", _delta(0, "late"), LATER)
    assert not repository.ask_to_stop(answering)
    found = _stored(answering)
    assert (found.status, found.text, found.citations, found.input_tokens) == ("ready", ended.text, (CITATION,), 7)


def test_the_next_question_may_come_once_an_answer_ended(conversation: Conversation, answering: Message) -> None:
    assert repository.finish(answering, "run-1", Outcome("stopped", "Warm"), NOW)
    _ask(conversation, "m3", "m4")


def test_a_stop_is_seen_by_whoever_writes(answering: Message) -> None:
    assert repository.ask_to_stop(answering)
    assert _stored(answering).stop_asked


def test_an_answer_whose_time_is_over_was_interrupted(answering: Message) -> None:
    assert _stored(answering).at(NOW + LEASE - timedelta(seconds=1)).status == "streaming"
    late = _stored(answering).at(NOW + LEASE)
    assert (late.status, late.reason) == ("failed", "interrupted")


def test_another_answer_takes_the_place_of_one_that_failed(conversation: Conversation, answering: Message) -> None:
    assert repository.keep_event(answering, "run-1", _delta(0, "Wa"), LATER)
    again = answer(conversation, "m3", "m1", NOW)
    assert not repository.replace_answer(answering, again, NOW)
    repository.finish(answering, None, Outcome("failed", "", reason="throttled"), NOW)
    assert repository.replace_answer(answering, again, NOW)
    assert [each.message_id for each in repository.messages("c1", None, 10)] == ["m3", "m1"]
    assert repository.events_after("m2", -1) == []


def test_a_confirmation_is_answered_once(conversation: Conversation, answering: Message) -> None:
    asked = Confirmation("change_settings", "Send the picture at 7.", {"delivery_hour": 7})
    repository.finish(answering, "run-1", Outcome("ready", "Shall I?", confirmation=asked), NOW)
    goes_on = answer(conversation, "m3", "m1", NOW)
    assert repository.confirm(answering, goes_on, NOW)
    assert not repository.confirm(answering, None, NOW)
    assert not repository.confirm(answering, replace(goes_on, message_id="m5"), NOW)
    assert _stored(answering).confirmation == asked._replace(status="accepted")
    assert _stored(goes_on).status == "streaming"


def test_feedback_is_kept(answering: Message) -> None:
    assert repository.give_feedback(answering, Feedback("down", "too short"))
    assert _stored(answering).feedback == Feedback("down", "too short")


def test_a_conversation_that_was_removed_comes_back_by_no_late_writer(answering: Message) -> None:
    repository.keep_event(answering, "run-1", _delta(0, "Warm"), LATER)
    repository.remove_conversation("user-1", "c1")
    assert not repository.keep_event(answering, "run-1", _delta(1, "late"), LATER)
    assert not repository.finish(answering, "run-1", Outcome("ready", "late"), NOW)
    assert not repository.claim(answering, "run-1")
    assert not repository.give_feedback(answering, Feedback("up", None))
    assert not repository.set_title("user-1", "c1", "Back", NOW)
    assert list(ConversationItem.scan()) == []


def test_a_removal_that_broke_off_hides_the_conversation_and_goes_on(
    conversation: Conversation, answering: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: str) -> None:
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(repository, "_empty", broken)
        with pytest.raises(ConnectionError):
            repository.remove_conversation("user-1", "c1")
    assert repository.get_conversation("user-1", "c1") is None
    assert repository.conversations("user-1", None, 10) == []
    late = answer(conversation, "m9", "m8", NOW + LEASE)
    asked = question(conversation, "m8", "?", NOW + LEASE)
    assert not repository.add_question(asked, late, NOW + LEASE)
    repository.remove_person("user-1")
    assert not repository.holds_anything_of("user-1")
    assert not repository.keep_event(answering, "run-1", _delta(1, "late"), LATER)
    assert list(ConversationItem.scan()) == []


def test_lists_go_from_new_to_old_in_pages(conversation: Conversation) -> None:
    for identifier in ("c2", "c3"):
        repository.create_conversation(replace(conversation, conversation_id=identifier))
    assert [each.conversation_id for each in repository.conversations("user-1", None, 2)] == ["c3", "c2"]
    assert [each.conversation_id for each in repository.conversations("user-1", "c2", 2)] == ["c1"]
    assert repository.conversations("user-2", None, 2) == []


@pytest.mark.usefixtures("answering")
def test_garbage_hides_nothing_else() -> None:
    table = MessageRow._get_connection()
    table.put_item("conversation#c1", "message#m0", attributes={"created_at": {"S": "yesterday"}, "role": {"N": "1"}})
    odd = {name: {"S": "{broken"} for name in ("citations", "tool", "confirmation", "feedback")}
    said = {"user_id": "user-1", "role": "odd", "status": "odd", "created_at": "2026-11-28T12:00:00Z"}
    table.put_item(
        "conversation#c1", "message#m9", attributes=odd | {name: {"S": value} for name, value in said.items()}
    )
    EventRow._get_connection().put_item("message#m2", "event#odd", attributes={"body": {"S": "{"}})
    assert [each.message_id for each in repository.messages("c1", None, 10)] == ["m9", "m2", "m1"]
    assert repository.messages("c1", None, 10)[0].status == "failed"
    assert repository.events_after("m2", -1) == []
    assert [each.message_id for _, written in repository.of_person("user-1") for each in written] == ["m1", "m2", "m9"]


def test_another_persons_message_is_not_there(answering: Message) -> None:
    assert repository.get_message("user-2", "c1", answering.message_id) is None


def test_connections_are_of_one_conversation_until_they_expire() -> None:
    repository.add_connection("user-1", "A", "c1", LATER)
    repository.add_connection("user-1", "B", "c1", int(NOW.timestamp()))
    repository.add_connection("user-1", "C", "c2", LATER)
    assert repository.connections("user-1", "c1", NOW) == ["A"]
    repository.remove_connection("user-1", "A")
    assert repository.connections("user-1", "c1", NOW) == []


def test_a_ticket_is_used_once_and_in_time() -> None:
    ticket_repository.keep_ticket("digest", "user-1", "c1", int(NOW.timestamp()) + 60)
    assert ticket_repository.take_ticket("digest", NOW + timedelta(seconds=60)) is None
    assert ticket_repository.take_ticket("digest", NOW) == ("user-1", "c1")
    assert ticket_repository.take_ticket("digest", NOW) is None


def test_tokens_are_counted_for_a_person_and_for_everybody() -> None:
    day = date(2026, 11, 28)
    assert budget_repository.spent(day, "user-1") == 0
    assert budget_repository.spend(day, "user-1", 100, LATER) == 100
    assert budget_repository.spend(day, "user-1", -30, LATER) == 70
    assert budget_repository.spent(day, "user-1") == 70
    assert budget_repository.spent(day, budget_repository.ENVIRONMENT) == 0
