"""A socket that follows a conversation: let in by its ticket, and sent what it has missed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

from pydantic import Field, TypeAdapter, ValidationError

from motiv8.aws import sockets
from motiv8.coach import repository, tickets
from motiv8.coach.conversation import last_event
from motiv8.schema import RequestBody
from motiv8.settings import settings
from motiv8.telemetry import logger

if TYPE_CHECKING:
    from datetime import datetime

    from motiv8.catalogue.locales import Language

MOST_CHARACTERS = 4096
"""Of what a client sends; more is not parsed."""
LONGEST_CONNECTION = timedelta(hours=2, minutes=15)
"""The gateway ends each after two hours."""
_LAST = frozenset({"done", "error"})


class Admission(NamedTuple):
    """Whom a ticket lets in, and to which conversation."""

    user_id: str
    conversation_id: str


class Follower(NamedTuple):
    """A socket, as the gateway tells it apart."""

    user_id: str
    conversation_id: str
    connection_id: str
    language: Language = "en"


class _Resume(RequestBody):
    action: Literal["resume"]
    message_id: Annotated[str, Field(max_length=40)]
    # The last event that the client has; -1 for none.
    after: Annotated[int, Field(ge=-1, le=1_000_000)]


class _Ping(RequestBody):
    action: Literal["ping"]


_REQUEST: TypeAdapter[_Resume | _Ping] = TypeAdapter(Annotated[_Resume | _Ping, Field(discriminator="action")])


def admit(ticket: str, origin: str | None, now: datetime) -> Admission | None:
    """Whom a ticket lets in, and to which conversation; the ticket is used up. None for one that is of no use."""
    if not _is_ours(origin):
        return None
    found = tickets.redeem(ticket, now)
    return Admission(*found) if found else None


def _is_ours(origin: str | None) -> bool:
    """Whether a browser's page may open sockets; other clients send no origin."""
    allowed = settings().cors_origin
    return origin is None or allowed == "*" or origin in {allowed, settings().app_url}


def connect(follower: Follower, now: datetime) -> bool:
    """Have the coach send this socket what it writes; False when the conversation is gone since."""
    if repository.get_conversation(follower.user_id, follower.conversation_id) is None:
        return False
    _note(follower, now)
    return True


def disconnect(follower: Follower) -> None:
    """Send nothing more to it."""
    repository.remove_connection(follower.user_id, follower.connection_id)


def receive(follower: Follower, text: str, now: datetime) -> None:
    """Answer what a client sent, whatever it is."""
    try:
        asked = _REQUEST.validate_json(text if len(text) <= MOST_CHARACTERS else "")
    except ValidationError:
        _send(
            follower, _refusal("not_understood", None, "Send a resume or a ping, as the documentation describes them.")
        )
        return
    if isinstance(asked, _Ping):
        _send(follower, {"type": "pong"})
    else:
        _resume(follower, asked, now)


def _note(follower: Follower, now: datetime) -> None:
    expires_at = int((now + LONGEST_CONNECTION).timestamp())
    repository.add_connection(follower.user_id, follower.connection_id, follower.conversation_id, expires_at)


def _resume(follower: Follower, asked: _Resume, now: datetime) -> None:
    message = repository.get_message(follower.user_id, follower.conversation_id, asked.message_id)
    if message is None:
        _send(follower, _refusal("not_found", asked.message_id, "There is no such message in this conversation."))
        return
    # What was sent while the socket was being opened was refused, and the connection taken for one that is gone.
    _note(follower, now)
    # After the message: one that was finished then has all its events.
    events = [event.body for event in repository.events_after(asked.message_id, asked.after)]
    # The last event is not kept: the message says how the answer ended.
    found = message.at(now)
    end = last_event(found.status, found.reason, follower.language)
    if end is not None and not any(event["type"] in _LAST for event in events):
        sequence = events[-1]["sequence"] if events else asked.after
        events.append(end | {"message_id": asked.message_id, "sequence": sequence + 1})
    logger.info("resumed", events=len(events))
    for event in events:
        if not _send(follower, event):
            return


def _refusal(reason: str, message_id: str | None, words: str) -> dict[str, Any]:
    # Without a number, since it is not part of an answer.
    return {"type": "error", "message_id": message_id, "reason": reason, "message": words}


def _send(follower: Follower, event: dict[str, Any]) -> bool:
    """Whether the socket is still there; one that is not is forgotten."""
    if sockets.post(follower.connection_id, event):
        return True
    disconnect(follower)
    return False
