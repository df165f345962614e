"""What the table of conversations keeps, read into values and written back; garbage in an item is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

from motiv8.aws.conversation_tables import ConversationRow, EventRow, MessageRow
from motiv8.coach.conversation import Confirmation, Conversation, Feedback, KeptEvent, Message, ToolUse, citation

if TYPE_CHECKING:
    from datetime import datetime

    from pynamodb.expressions.update import Action

    from motiv8.coach.conversation import Outcome

Value = TypeVar("Value", ToolUse, Confirmation, Feedback)


def of_person(user_id: str) -> str:
    """The partition of a person's conversations and connections."""
    return f"person#{user_id}"


def of_conversation(conversation_id: str) -> str:
    """The partition of a conversation's messages."""
    return f"conversation#{conversation_id}"


def of_message(message_id: str) -> str:
    """The partition of an answer's events."""
    return f"message#{message_id}"


def conversation_row(conversation: Conversation, expires_at: int) -> ConversationRow:
    """The item of a new conversation."""
    return ConversationRow(
        of_person(conversation.user_id),
        f"conversation#{conversation.conversation_id}",
        title=conversation.title,
        namespace=conversation.namespace,
        created_at=conversation.created_at,
        updated_at=conversation.updated_at,
        expires_at=expires_at,
    )


def conversation(row: ConversationRow) -> Conversation:
    """The conversation of an item."""
    return Conversation(
        user_id=row.partition.removeprefix("person#"),
        conversation_id=row.sort.removeprefix("conversation#"),
        title=row.title,
        namespace=row.namespace,
        created_at=row.created_at,
        updated_at=row.updated_at,
        messages=int(row.messages or 0),
    )


def message_key(message: Message) -> MessageRow:
    """The item of a message, with its keys alone."""
    return MessageRow(of_conversation(message.conversation_id), f"message#{message.message_id}")


def message_row(message: Message, expires_at: int) -> MessageRow:
    """The item of a new message."""
    row = message_key(message)
    row.user_id, row.role, row.status, row.text = message.user_id, message.role, message.status, message.text
    row.question_id, row.confirms = message.question_id, message.confirms
    row.lease_until, row.created_at, row.finished_at = message.lease_until, message.created_at, message.finished_at
    row.tool = message.tool._asdict() if message.tool else None
    row.expires_at = expires_at
    return row


def message(row: MessageRow) -> Message:
    """The message of an item."""
    cited = row.citations if isinstance(row.citations, list) else []
    asked = _named(Confirmation, row.confirmation)
    if asked is not None and row.confirmation_status in {"waiting", "accepted", "declined"}:
        asked = asked._replace(status=cast("Any", row.confirmation_status))
    return Message(
        user_id=row.user_id,
        conversation_id=row.partition.removeprefix("conversation#"),
        message_id=row.sort.removeprefix("message#"),
        role=cast("Any", row.role if row.role in {"user", "assistant", "tool"} else "assistant"),
        status=cast("Any", row.status if row.status in {"streaming", "ready", "stopped", "failed"} else "failed"),
        created_at=row.created_at,
        text=row.text or "",
        question_id=row.question_id,
        confirms=row.confirms,
        citations=tuple(parsed for stored in cited if (parsed := citation(stored)) is not None),
        tool=_named(ToolUse, row.tool),
        confirmation=asked,
        reason=row.reason,
        feedback=_named(Feedback, row.feedback),
        input_tokens=int(row.input_tokens or 0),
        output_tokens=int(row.output_tokens or 0),
        run=row.run,
        lease_until=row.lease_until,
        stop_asked=bool(row.stop_asked),
        finished_at=row.finished_at,
    )


def outcome_actions(outcome: Outcome, now: datetime) -> list[Action]:
    """What ending an answer writes."""
    actions: list[Action] = [
        MessageRow.status.set(outcome.status),
        MessageRow.text.set(outcome.text),
        MessageRow.citations.set([cited_passage._asdict() for cited_passage in outcome.citations]),
        MessageRow.input_tokens.set(outcome.input_tokens),
        MessageRow.output_tokens.set(outcome.output_tokens),
        MessageRow.finished_at.set(now),
    ]
    if outcome.reason is not None:
        actions.append(MessageRow.reason.set(outcome.reason))
    if outcome.confirmation is not None:
        actions.append(MessageRow.confirmation.set(outcome.confirmation._asdict()))
        actions.append(MessageRow.confirmation_status.set(outcome.confirmation.status))
    return actions


def event_row(message_id: str, event: KeptEvent, expires_at: int) -> EventRow:
    """The item of a piece of an answer."""
    return EventRow(of_message(message_id), f"event#{event.sequence:06d}", body=event.body, expires_at=expires_at)


def event(row: EventRow) -> KeptEvent | None:
    """The piece of an answer of an item; None for what is none."""
    number = row.sort.removeprefix("event#")
    if not number.isdecimal() or not isinstance(row.body, dict):
        return None
    return KeptEvent(int(number), row.body)


def _named(kind: type[Value], stored: Any) -> Value | None:
    if not isinstance(stored, dict) or not set(stored) <= set(kind._fields):
        return None
    try:
        return kind(**stored)
    except TypeError:
        return None
