"""The rules of conversations: whose they are, when an answer begins, and what ends it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from ulid import ULID

from motiv8.aws import coach
from motiv8.coach import budget, repository
from motiv8.coach.conversation import (
    ANSWER_AFTER,
    MOST_MESSAGES,
    Conversation,
    Outcome,
    answer,
    question,
)
from motiv8.coach.errors import AnswerNotRetryable, AnswerUnderWay, ConversationFull, NothingToConfirm
from motiv8.errors import NotFound, Unavailable
from motiv8.library import service as library
from motiv8.library.readers import Reader

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from motiv8.coach.conversation import Feedback, Message
    from motiv8.payloads import AnswerOrder
    from motiv8.quota import Quota

ID = re.compile(r"[0-9a-hjkmnp-tv-z]{26}")


class Asker(NamedTuple):
    """Who asks, with the groups that decide what of the library they may read, and the request's correlation id."""

    user_id: str
    groups: frozenset[str]
    correlation_id: str


class Begun(NamedTuple):
    """An answer that is going to be written, and what is left of the person's budget."""

    answer: Message
    quota: Quota


def create(asker: Asker, title: str | None, namespace: str | None, now: datetime) -> Conversation:
    """A new conversation. Raises NotFound for a namespace that the person may not read."""
    if namespace is not None:
        library.chosen(Reader(asker.groups), namespace)
    conversation = Conversation(
        user_id=asker.user_id,
        conversation_id=_new_id(now),
        title=title,
        namespace=namespace,
        created_at=now,
        updated_at=now,
    )
    repository.create_conversation(conversation)
    return conversation


def get(user_id: str, conversation_id: str) -> Conversation:
    """One conversation of this person's. Raises NotFound, the same for somebody else's."""
    found = repository.get_conversation(user_id, conversation_id) if ID.fullmatch(conversation_id) else None
    if found is None:
        raise NotFound("There is no conversation with this id.")
    return found


def rename(user_id: str, conversation_id: str, title: str, now: datetime) -> Conversation:
    """Give a conversation another title. Raises NotFound."""
    get(user_id, conversation_id)
    if not repository.set_title(user_id, conversation_id, title, now):
        raise NotFound("There is no conversation with this id.")
    return get(user_id, conversation_id)


def remove(user_id: str, conversation_id: str) -> None:
    """Remove a conversation with all its messages. Raises NotFound."""
    get(user_id, conversation_id)
    repository.remove_conversation(user_id, conversation_id)


def messages(user_id: str, conversation_id: str, before: str | None, limit: int, now: datetime) -> list[Message]:
    """Messages of a conversation, the newest first. Raises NotFound."""
    get(user_id, conversation_id)
    return [_so_far(each.at(now)) for each in repository.messages(conversation_id, before, limit)]


def message(user_id: str, conversation_id: str, message_id: str, now: datetime) -> Message:
    """One message, an answer with what there is of it so far. Raises NotFound."""
    return _so_far(_message(user_id, conversation_id, message_id).at(now))


def ask(asker: Asker, conversation_id: str, text: str, now: datetime) -> Begun:
    """Have a question answered.

    Raises NotFound, ConversationFull, AnswerUnderWay and CoachBudgetUsedUp, with nothing stored, and Unavailable when
    the coach cannot be called: the answer failed then, and can be asked for again.
    """
    conversation = get(asker.user_id, conversation_id)
    asked = question(conversation, _new_id(now), text, now)
    written = _answer(conversation, asked.message_id, now)
    begun = _begin(asker, written, now, lambda: repository.add_question(asked, written, now))
    return begun or _refuse(written)


def retry(asker: Asker, conversation_id: str, message_id: str, now: datetime) -> Begun:
    """Have an answer that failed or was stopped written anew, in a new message.

    Raises AnswerNotRetryable, and as `ask`.
    """
    conversation, stored = _found(asker.user_id, conversation_id, message_id)
    old = stored.at(now)
    newest = next((each for each in repository.messages(conversation_id, None, 1)), None)
    over = old.status in {"failed", "stopped"} and old.question_id is not None
    if not over or newest is None or newest.message_id != message_id:
        raise AnswerNotRetryable
    written = _answer(conversation, str(old.question_id), now, old.confirms)
    begun = _begin(asker, written, now, lambda: repository.replace_answer(old, written, now))
    return begun or _refuse(written)


def confirm(asker: Asker, conversation_id: str, message_id: str, now: datetime) -> Begun:
    """Say yes to what an answer asked for: it is done, and the coach goes on in a new message.

    Raises NothingToConfirm, and as `ask`.
    """
    conversation, asked = _found(asker.user_id, conversation_id, message_id)
    written = _answer(conversation, _waiting(asked), now, message_id)
    begun = _begin(asker, written, now, lambda: repository.confirm(asked, written, now))
    if begun is None:
        # Somebody else's yes or no may have come first.
        _waiting(_message(asker.user_id, conversation_id, message_id))
    return begun or _refuse(written)


def decline(user_id: str, conversation_id: str, message_id: str, now: datetime) -> Message:
    """Say no to what an answer asked for. Raises NotFound, NothingToConfirm."""
    asked = _message(user_id, conversation_id, message_id)
    _waiting(asked)
    if not repository.confirm(asked, None, now):
        raise NothingToConfirm
    return message(user_id, conversation_id, message_id, now)


def stop(user_id: str, conversation_id: str, message_id: str, now: datetime) -> Message:
    """Have an answer end where it is; one that has ended stays as it is. Raises NotFound."""
    repository.ask_to_stop(_message(user_id, conversation_id, message_id))
    return message(user_id, conversation_id, message_id, now)


def give_feedback(user_id: str, conversation_id: str, message_id: str, feedback: Feedback, now: datetime) -> Message:
    """Note what the person thinks of an answer. Raises NotFound, also for a message that is not an answer."""
    found = _message(user_id, conversation_id, message_id)
    if found.role != "assistant" or not repository.give_feedback(found, feedback):
        raise NotFound("There is no answer with this id.")
    return message(user_id, conversation_id, message_id, now)


def _begin(asker: Asker, written: Message, now: datetime, store: Callable[[], bool]) -> Begun | None:
    """Begin an answer that `store` stores, which says False where it cannot begin: None then."""
    quota = budget.reserve(asker.user_id, now)
    if not store():
        budget.give_back(asker.user_id, now)
        return None
    try:
        coach.answer(_order(asker, written))
    except coach.NotAsked as error:
        budget.give_back(asker.user_id, now)
        repository.finish(written, None, Outcome("failed", "", reason="unavailable"), now)
        raise Unavailable("The coach cannot be reached. Please try again.") from error
    return Begun(written, quota)


def _order(asker: Asker, written: Message) -> AnswerOrder:
    order: AnswerOrder = {
        "step": "answer",
        "user_id": written.user_id,
        "conversation_id": written.conversation_id,
        "message_id": written.message_id,
        "groups": sorted(asker.groups),
        "correlation_id": asker.correlation_id,
    }
    if written.confirms is not None:
        order["confirmed"] = written.confirms
    return order


def _refuse(written: Message) -> NoReturn:
    """Say why an answer could not be begun. Raises NotFound, ConversationFull, AnswerUnderWay."""
    conversation = get(written.user_id, written.conversation_id)
    if conversation.messages > MOST_MESSAGES - 2:
        raise ConversationFull(MOST_MESSAGES)
    raise AnswerUnderWay


def _waiting(found: Message) -> str:
    """The question of an answer that waits for a yes. Raises NothingToConfirm."""
    if found.confirmation is None or found.confirmation.status != "waiting" or found.question_id is None:
        raise NothingToConfirm
    return found.question_id


def _found(user_id: str, conversation_id: str, message_id: str) -> tuple[Conversation, Message]:
    conversation = get(user_id, conversation_id)
    found = repository.get_message(user_id, conversation_id, message_id) if ID.fullmatch(message_id) else None
    if found is None:
        raise NotFound("There is no message with this id.")
    return conversation, found


def _message(user_id: str, conversation_id: str, message_id: str) -> Message:
    return _found(user_id, conversation_id, message_id)[1]


def _so_far(found: Message) -> Message:
    """An answer that did not end by itself has what was kept of it."""
    if found.role != "assistant" or (found.status != "streaming" and found.reason != "interrupted"):
        return found
    return found.with_events(repository.events_after(found.message_id, -1))


def _answer(conversation: Conversation, question_id: str, now: datetime, confirms: str | None = None) -> Message:
    return answer(conversation, _new_id(now + ANSWER_AFTER), question_id, now, confirms)


def _new_id(moment: datetime) -> str:
    return str(ULID.from_datetime(moment)).lower()
