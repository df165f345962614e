"""A conversation, its messages and what they cite, as plain values. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ulid import ULID

from motiv8.catalogue.answer_failures import sentence_of
from motiv8.catalogue.translation import translated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from motiv8.catalogue.locales import Language

Role = Literal["user", "assistant", "tool"]
MessageStatus = Literal["streaming", "ready", "stopped", "failed"]
ConfirmationStatus = Literal["waiting", "accepted", "declined"]
Rating = Literal["up", "down"]

LEASE = timedelta(minutes=5, seconds=30)
"""How long an answer may take: the function runs for five minutes at most."""
ANSWER_AFTER = timedelta(milliseconds=100)
"""An answer's id is as much younger than its question's: in between is room for the ids of the tools that it used."""
LONGEST_TITLE = 60
"""Of a title that is made from a question."""
MOST_MESSAGES = 1_000
"""Of one conversation."""


class Citation(NamedTuple):
    """The answer's `number`-th source: a passage of the library, and the words that were taken from it."""

    number: int
    passage_id: str
    document_id: str
    title: str
    page: int | None
    last_page: int | None
    heading: str
    url: str | None
    quote: str


class ToolUse(NamedTuple):
    """A tool that was used, and what came of it."""

    name: str
    arguments: dict[str, Any]
    result: dict[str, Any]
    status: Literal["done", "failed"]


class Confirmation(NamedTuple):
    """What the coach would do once the person says yes: `summary` tells them exactly what."""

    tool: str
    summary: str
    arguments: dict[str, Any]
    status: ConfirmationStatus = "waiting"


class Feedback(NamedTuple):
    """What the person thinks of an answer."""

    rating: Rating
    reason: str | None


class KeptEvent(NamedTuple):
    """A piece of an answer as it is sent to sockets; `body` has `type`, `message_id` and `sequence`."""

    sequence: int
    body: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A conversation of one person; `namespace` is where the coach may look, None for all that they may read."""

    user_id: str
    conversation_id: str
    title: str | None
    namespace: str | None
    created_at: datetime
    updated_at: datetime
    messages: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message. An answer is `streaming` from when it was asked for; `question_id` names what it answers.

    `confirms` is the message whose confirmation was accepted, where the answer does what was confirmed.
    """

    user_id: str
    conversation_id: str
    message_id: str
    role: Role
    status: MessageStatus
    created_at: datetime
    text: str = ""
    question_id: str | None = None
    confirms: str | None = None
    citations: tuple[Citation, ...] = ()
    tool: ToolUse | None = None
    confirmation: Confirmation | None = None
    reason: str | None = None
    feedback: Feedback | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    run: str | None = None
    lease_until: datetime | None = None
    stop_asked: bool = False
    finished_at: datetime | None = None

    def at(self, now: datetime) -> Message:
        """As it is now: an answer whose time is over was interrupted, whatever became of who wrote it."""
        if self.status != "streaming" or self.lease_until is None or self.lease_until > now:
            return self
        return replace(self, status="failed", reason="interrupted", finished_at=self.lease_until)

    def with_events(self, events: list[KeptEvent]) -> Message:
        """An answer that is being written, with the text and citations that came so far."""
        bodies = [event.body for event in events]
        text = "".join(str(body.get("text", "")) for body in bodies if body.get("type") == "delta")
        cited = [parsed for body in bodies if (parsed := citation(body.get("citation"))) is not None]
        return replace(self, text=text, citations=tuple(cited))


def last_event(status: MessageStatus, reason: str | None, language: Language) -> dict[str, Any] | None:
    """What tells a socket how an answer ended, in a language; None for one that is being written."""
    if status == "streaming":
        return None
    if status == "failed":
        return {"type": "error", "reason": reason, "message": translated(sentence_of(reason), language)}
    return {"type": "done", "status": status}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an answer ended as."""

    status: Literal["ready", "stopped", "failed"]
    text: str
    citations: tuple[Citation, ...] = ()
    confirmation: Confirmation | None = None
    reason: str | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    tool_uses: tuple[ToolUse, ...] = ()


def question(conversation: Conversation, message_id: str, text: str, now: datetime) -> Message:
    """What the person says."""
    return Message(
        user_id=conversation.user_id,
        conversation_id=conversation.conversation_id,
        message_id=message_id,
        role="user",
        status="ready",
        created_at=now,
        text=text,
        finished_at=now,
    )


def answer(
    conversation: Conversation, message_id: str, question_id: str, now: datetime, confirms: str | None = None
) -> Message:
    """The answer that is going to be written."""
    return Message(
        user_id=conversation.user_id,
        conversation_id=conversation.conversation_id,
        message_id=message_id,
        role="assistant",
        status="streaming",
        created_at=now,
        question_id=question_id,
        confirms=confirms,
        lease_until=now + LEASE,
    )


def tool_messages(message: Message, uses: Sequence[ToolUse], now: datetime) -> list[Message]:
    """A message for each tool that an answer used, which stand in order between the question and the answer."""
    if not uses:
        return []
    answered = ULID.from_str(message.message_id.upper()).milliseconds
    first = answered - ANSWER_AFTER // timedelta(milliseconds=1) + 1
    return [
        Message(
            user_id=message.user_id,
            conversation_id=message.conversation_id,
            message_id=str(ULID.from_timestamp(first + place)).lower(),
            role="tool",
            status="ready",
            created_at=now,
            question_id=message.question_id,
            tool=use,
            finished_at=now,
        )
        for place, use in enumerate(uses)
    ]


def title_of(text: str) -> str:
    """A conversation's title, from its first question."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_TITLE else f"{line[: LONGEST_TITLE - 1].rsplit(' ', 1)[0]}…"


def citation(stored: Any) -> Citation | None:
    """A citation from JSON; None for what is none."""
    if not isinstance(stored, dict) or set(stored) != set(Citation._fields):
        return None
    return Citation(**stored)
