"""The table of conversations. The one place that knows how its items are named.

Every write of an answer depends on what is stored: a conversation that was removed comes back by none, and a message
that is finished is changed by none.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from pynamodb.exceptions import TransactWriteError, UpdateError
from pynamodb.transactions import TransactWrite

from motiv8.aws import tables
from motiv8.aws.conversation_tables import (
    ConnectionRow,
    ConversationItem,
    ConversationRow,
    EventRow,
    MessageRow,
)
from motiv8.coach import rows
from motiv8.coach.conversation import LEASE, MOST_MESSAGES, KeptEvent, title_of, tool_messages
from motiv8.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

    from motiv8.coach.conversation import Conversation, Feedback, Message, Outcome

Item = TypeVar("Item", bound=ConversationItem)

_GOES_LAST_SECONDS = 7 * 24 * 3600


def create_conversation(conversation: Conversation) -> None:
    """Store a new conversation."""
    rows.conversation_row(conversation, _kept_until(conversation.created_at)).save(
        ConversationRow.partition.does_not_exist()
    )


def conversations(user_id: str, before: str | None, limit: int) -> list[Conversation]:
    """A person's conversations, the newest first, older than the id `before`."""
    found = _newest_first(ConversationRow, rows.of_person(user_id), "conversation#", before, limit)
    return [rows.conversation(row) for row in islice((row for row in found if not row.removing), limit)]


def get_conversation(user_id: str, conversation_id: str) -> Conversation | None:
    """One conversation of this person's, read consistently."""
    try:
        row = ConversationRow.get(rows.of_person(user_id), f"conversation#{conversation_id}", consistent_read=True)
    except ConversationRow.DoesNotExist:
        return None
    return None if row.removing else rows.conversation(row)


def set_title(user_id: str, conversation_id: str, title: str, now: datetime) -> bool:
    """Give a conversation another title; False where there is no conversation."""
    row = ConversationRow(rows.of_person(user_id), f"conversation#{conversation_id}")
    return _update(row, [ConversationRow.title.set(title), ConversationRow.updated_at.set(now)], _is_there())


def remove_conversation(user_id: str, conversation_id: str) -> None:
    """Remove a conversation with its messages and their events.

    Nobody sees it from the first write on, and none writes to it any more. Its own item goes last: whoever removes the
    person's account finds by it what a removal that broke off left.
    """
    row = ConversationRow(rows.of_person(user_id), f"conversation#{conversation_id}")
    if not _update(row, [ConversationRow.removing.set(value=True)], ConversationRow.partition.exists()):
        return
    partition = rows.of_conversation(conversation_id)
    without_events = set(_sort_keys(partition, MessageRow.role == "user"))
    for key in _sort_keys(partition):
        # Before its events: none is kept for a message that is not there.
        ConversationItem(partition, key).delete()
        if key not in without_events:
            _empty(rows.of_message(key.removeprefix("message#")))
    row.delete()


def messages(conversation_id: str, before: str | None, limit: int | None) -> list[Message]:
    """A conversation's messages, the newest first, older than the id `before`."""
    found = _newest_first(MessageRow, rows.of_conversation(conversation_id), "message#", before, limit)
    return [rows.message(row) for row in islice(found, limit)]


def get_message(user_id: str, conversation_id: str, message_id: str) -> Message | None:
    """One message of a person's conversation, read consistently."""
    try:
        row = MessageRow.get(rows.of_conversation(conversation_id), f"message#{message_id}", consistent_read=True)
    except MessageRow.DoesNotExist:
        return None
    return rows.message(row) if row.user_id == user_id else None


def add_question(question: Message, answer: Message, now: datetime) -> bool:
    """Store a question and the answer that is going to be written, both or none.

    False where the conversation is gone, is full, or has an answer under way.
    """
    with_room = ConversationRow.messages <= MOST_MESSAGES - 2
    with _all_or_nothing() as (transaction, done):
        for message in (question, answer):
            transaction.save(rows.message_row(message, _kept_until(now)), MessageRow.partition.does_not_exist())
        title = ConversationRow.title.set(ConversationRow.title | title_of(question.text))
        actions = [*_answering(answer, 2, now), title]
        transaction.update(_conversation_key(answer), actions, _free(now) & with_room)
    return bool(done)


def replace_answer(old: Message, answer: Message, now: datetime) -> bool:
    """Have another answer written in place of one that failed or was stopped. False as `add_question`."""
    row = rows.message_key(old)
    over = MessageRow.status.is_in("failed", "stopped") | (MessageRow.lease_until <= now)
    with _all_or_nothing() as (transaction, done):
        transaction.delete(row, over)
        transaction.save(rows.message_row(answer, _kept_until(now)), MessageRow.partition.does_not_exist())
        transaction.update(_conversation_key(answer), _answering(answer, 0, now), _free(now))
    if done:
        # Nobody would find its pieces any more.
        _empty(rows.of_message(old.message_id))
    return bool(done)


def confirm(asked: Message, answer: Message | None, now: datetime) -> bool:
    """Note the person's yes, with the answer that goes on, or their no (None). False where it was answered before."""
    status = "declined" if answer is None else "accepted"
    action = MessageRow.confirmation_status.set(status)
    waiting = MessageRow.confirmation_status == "waiting"
    if answer is None:
        return _update(rows.message_key(asked), [action], waiting)
    with _all_or_nothing() as (transaction, done):
        transaction.update(rows.message_key(asked), [action], waiting)
        transaction.save(rows.message_row(answer, _kept_until(now)), MessageRow.partition.does_not_exist())
        transaction.update(_conversation_key(answer), _answering(answer, 1, now), _free(now))
    return bool(done)


def claim(message: Message, run: str) -> bool:
    """Take an answer on for this invocation; False where another one did, or it is no longer being written."""
    mine = MessageRow.run.does_not_exist() | (MessageRow.run == run)
    return _update(rows.message_key(message), [MessageRow.run.set(run)], (MessageRow.status == "streaming") & mine)


def keep_event(message: Message, run: str, event: KeptEvent, expires_at: int) -> bool:
    """Keep a piece of an answer; False where the answer is finished, gone, or somebody else's."""
    key = rows.message_key(message)
    with _all_or_nothing() as (transaction, done):
        written = (MessageRow.status == "streaming") & (MessageRow.run == run)
        transaction.condition_check(MessageRow, key.partition, key.sort, condition=written)
        transaction.save(rows.event_row(message.message_id, event, expires_at))
    return bool(done)


def events_after(message_id: str, sequence: int) -> list[KeptEvent]:
    """The kept pieces of an answer after this one (-1 for all of them), in order, read consistently."""
    found = EventRow.query(
        rows.of_message(message_id),
        EventRow.sort.between(f"event#{sequence + 1:06d}", "event#~"),
        consistent_read=True,
    )
    return [event for row in tables.well_formed(found) if (event := rows.event(row)) is not None]


def ask_to_stop(message: Message) -> bool:
    """Have an answer end; False where it is no longer being written."""
    return _update(rows.message_key(message), [MessageRow.stop_asked.set(value=True)], MessageRow.status == "streaming")


def finish(message: Message, run: str | None, outcome: Outcome, now: datetime) -> bool:
    """End an answer, once; False where it was ended before, is gone, or is another invocation's. None is anybody's."""
    condition: Condition = MessageRow.status == "streaming"
    if run is not None:
        condition &= MessageRow.run == run
    conversation = _conversation_key(message)
    freed: list[Action] = [
        ConversationRow.updated_at.set(now),
        ConversationRow.answering.remove(),
        ConversationRow.answering_until.remove(),
    ]
    with _all_or_nothing() as (transaction, done):
        transaction.update(rows.message_key(message), rows.outcome_actions(outcome, now), condition)
        transaction.update(conversation, freed, ConversationRow.answering == message.message_id)
        for used in tool_messages(message, outcome.tool_uses, now):
            transaction.save(rows.message_row(used, _kept_until(now)))
    return bool(done)


def give_feedback(message: Message, feedback: Feedback) -> bool:
    """Note what the person thinks of an answer; False where it is gone."""
    actions: list[Action] = [MessageRow.feedback.set(feedback._asdict())]
    return _update(rows.message_key(message), actions, MessageRow.partition.exists())


def add_connection(user_id: str, connection_id: str, conversation_id: str, expires_at: int) -> None:
    """Note an open socket."""
    key = rows.of_person(user_id), f"connection#{connection_id}"
    ConnectionRow(*key, conversation_id=conversation_id, expires_at=expires_at).save()


def remove_connection(user_id: str, connection_id: str) -> None:
    """Forget a socket."""
    ConnectionRow(rows.of_person(user_id), f"connection#{connection_id}").delete()


def connections(user_id: str, conversation_id: str, now: datetime) -> list[str]:
    """The open sockets on a person's conversation, read consistently."""
    found = ConnectionRow.query(
        rows.of_person(user_id), ConnectionRow.sort.startswith("connection#"), consistent_read=True
    )
    return [
        row.sort.removeprefix("connection#")
        for row in tables.well_formed(found)
        if row.conversation_id == conversation_id and (row.expires_at or 0) > now.timestamp()
    ]


def remove_person(user_id: str) -> None:
    """Remove all conversations and connections of a person."""
    partition = rows.of_person(user_id)
    for key in _sort_keys(partition):
        if key.startswith("conversation#"):
            remove_conversation(user_id, key.removeprefix("conversation#"))
        ConversationItem(partition, key).delete()


def holds_anything_of(user_id: str) -> bool:
    """Whether a conversation or connection of a person's is (still) there."""
    return next(iter(_sort_keys(rows.of_person(user_id))), None) is not None


def of_person(user_id: str) -> Iterator[tuple[Conversation, list[Message]]]:
    """All conversations of a person with their messages, the oldest message first; malformed items are left out."""
    found = ConversationRow.query(rows.of_person(user_id), ConversationRow.sort.startswith("conversation#"))
    for row in tables.well_formed(found):
        conversation = rows.conversation(row)
        written = messages(conversation.conversation_id, None, None)
        yield conversation, written[::-1]


def _newest_first(
    kind: type[Item], partition: str, prefix: str, before: str | None, limit: int | None
) -> Iterator[Item]:
    """The well-formed items of a kind before an id, read in pages that hold `limit` of them."""
    end = f"{prefix}{'~' if before is None else before}"
    found = kind.query(
        partition,
        kind.sort.between(prefix, end),
        scan_index_forward=False,
        consistent_read=True,
        page_size=None if limit is None else limit + 1,
    )
    return (row for row in tables.well_formed(found) if row.sort != end)


def _answering(answer: Message, more: int, now: datetime) -> list[Action]:
    actions: list[Action] = [
        # After all its messages, which nobody would find without it, however late each of them goes.
        ConversationRow.expires_at.set(_kept_until(now) + _GOES_LAST_SECONDS),
        ConversationRow.answering.set(answer.message_id),
        ConversationRow.answering_until.set(now + LEASE),
        ConversationRow.updated_at.set(now),
    ]
    return [*actions, ConversationRow.messages.add(more)] if more else actions


def _free(now: datetime) -> Condition:
    free = ConversationRow.answering_until.does_not_exist() | (ConversationRow.answering_until <= now)
    condition: Condition = _is_there() & free
    return condition


def _is_there() -> Condition:
    condition: Condition = ConversationRow.partition.exists() & ConversationRow.removing.does_not_exist()
    return condition


def _conversation_key(message: Message) -> ConversationRow:
    return ConversationRow(rows.of_person(message.user_id), f"conversation#{message.conversation_id}")


def _kept_until(now: datetime) -> int:
    return int((now + timedelta(days=settings().coach_days)).timestamp())


def _sort_keys(partition: str, which: Condition | None = None) -> Iterable[str]:
    found = ConversationItem.query(
        partition, filter_condition=which, attributes_to_get=["partition", "sort"], consistent_read=True
    )
    return (row.sort for row in found)


def _empty(partition: str) -> None:
    for key in _sort_keys(partition):
        ConversationItem(partition, key).delete()


@contextmanager
def _all_or_nothing() -> Iterator[tuple[TransactWrite, list[bool]]]:
    """A transaction, and a list that holds something once it was written; a condition that fails leaves it empty."""
    done: list[bool] = []
    try:
        with TransactWrite(connection=tables.connection()) as transaction:
            yield transaction, done
        done.append(True)
    except TransactWriteError as error:
        if not any(reason and reason.code == "ConditionalCheckFailed" for reason in error.cancellation_reasons):
            raise


def _update(row: ConversationItem, actions: list[Action], condition: Condition) -> bool:
    try:
        row.update(actions, condition)
    except UpdateError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise
        return False
    return True
