"""An answer of the coach's: taken on once, written piece by piece where the person can follow, and ended once.

Nothing of a conversation reaches a log line.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from motiv8 import clock
from motiv8.accounts import repository as accounts
from motiv8.answering import safety
from motiv8.answering.fixed_texts import language_of
from motiv8.answering.grounding import Cited
from motiv8.answering.prompt import HISTORY_MESSAGES, build
from motiv8.answering.quoting import QuotingModel
from motiv8.answering.turn import (
    Confirm,
    ConfirmedCall,
    Done,
    Failed,
    Spent,
    Text,
    ToolDone,
    ToolStarted,
    answer,
)
from motiv8.aws.sockets import post
from motiv8.coach import budget, repository
from motiv8.coach.conversation import Outcome
from motiv8.coach.tools import ToolContext, described, person_settings
from motiv8.errors import Unavailable
from motiv8.pipeline.answer_writer import AnswerWriter
from motiv8.pipeline.answering_tools import offered_tools, sources_of
from motiv8.portraits import repository as portraits
from motiv8.settings import settings
from motiv8.telemetry import count, logger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from motiv8.accounts.person import Person
    from motiv8.answering.model import ChatModel, Role
    from motiv8.answering.turn import AnswerEvent
    from motiv8.coach.conversation import Conversation, Message
    from motiv8.payloads import Answered, AnswerOrder

_LOOK_SECONDS = 1.0
"""How often it is looked whether the person is still there and wants to hear more."""
_SPARE_SECONDS = 8.0
"""Of the function's time, for the end."""
_LAST_PICTURES = 3


def answer_message(order: AnswerOrder, seconds_left: Callable[[], float]) -> Answered:
    """Write the answer that the order names. Outcomes: `ready`, `stopped`, `failed`, `interrupted`, `gone`.

    An invocation that comes upon another one's answer ends it as interrupted: Lambda calls again after a crash, and
    nothing is done twice.
    """
    message = repository.get_message(order["user_id"], order["conversation_id"], order["message_id"])
    if message is None or message.status != "streaming":
        return {"outcome": "gone"}
    # Lambda's id of a request is the same when it calls again.
    run = str(uuid4())
    if not repository.claim(message, run):
        repository.finish(message, None, Outcome("failed", "", reason="interrupted"), clock.now())
        return {"outcome": "interrupted"}
    writer = AnswerWriter(message, run, post)
    try:
        status, reason = _write(order, message, writer, seconds_left)
        writer.flush()
    except _Gone:
        return _over(message, writer, "gone", None)
    except Exception as error:  # noqa: BLE001 - whatever it is, the person is told that there is no answer
        # Its text may hold what was said.
        logger.error("answer broke", exception_type=type(error).__qualname__, at=_place(error))
        status, reason = "failed", "internal_error"
    ended = writer.end(status, reason)
    return _over(message, writer, status if ended else "gone", reason)


class _Gone(Exception):
    """There is nobody to answer, or nothing."""


def engine() -> ChatModel:
    """What writes answers: the model that the settings name, or the engine without one."""
    if not settings().coach_model:
        return QuotingModel()
    from motiv8.aws.chat_model import BedrockModel

    return BedrockModel()


def _write(
    order: AnswerOrder, message: Message, writer: AnswerWriter, seconds_left: Callable[[], float]
) -> tuple[Any, str | None]:
    """Write it, and say how it ended and, where it failed, why. Raises _Gone."""
    person = accounts.get(order["user_id"])
    conversation = repository.get_conversation(order["user_id"], order["conversation_id"])
    question = _message(order, message.question_id)
    if person is None or conversation is None or question is None:
        raise _Gone
    writer.language = person.preferences.language
    fixed = safety.fixed_answer(question.text, person.preferences.locale)
    if fixed is not None:
        writer.text(fixed)
        count("SafetyAnswers")
        return "ready", None
    halt = _Halt(message, writer, seconds_left)
    ended: tuple[Any, str | None] = ("failed", "ended_early")
    try:
        events = _events(order, person, conversation, question, halt)
    except Unavailable:
        return "failed", "unavailable"
    for event in events:
        match event:
            case Done(status):
                ended = (status, None)
            case Failed(reason):
                ended = ("failed", reason)
            case _:
                _show(event, writer)
    return ("failed", "interrupted") if halt.out_of_time else ended


def _events(
    order: AnswerOrder, person: Person, conversation: Conversation, question: Message, halt: _Halt
) -> Iterator[AnswerEvent]:
    """The answer's events. Raises Unavailable where the library cannot be searched."""
    now = clock.now()
    groups = frozenset(order["groups"])
    sources = sources_of(groups, conversation.namespace)
    sources.retrieve(question.text)
    confirmed, operation_id = _confirmed(order)
    context = ToolContext(
        person.user_id,
        groups,
        conversation.namespace,
        now,
        operation_id,
        order["correlation_id"],
        person.preferences.language,
    )
    prompt = build(
        question.text,
        _history(conversation, question),
        tuple(sources.passages),
        _known(person),
        language_of(person.preferences.locale),
    )
    return answer(engine(), prompt, offered_tools(context, sources), halt, confirmed, sources.passages)


def _confirmed(order: AnswerOrder) -> tuple[ConfirmedCall | None, str]:
    """What the person said yes to, and the id of the operation. Raises _Gone for a yes that is none."""
    asked = _message(order, order.get("confirmed"))
    if asked is None:
        if "confirmed" in order:
            raise _Gone
        return None, order["message_id"]
    if asked.confirmation is None or asked.confirmation.status != "accepted":
        raise _Gone
    return ConfirmedCall(asked.confirmation.tool, asked.confirmation.arguments), asked.message_id


def _message(order: AnswerOrder, message_id: str | None) -> Message | None:
    if message_id is None:
        return None
    return repository.get_message(order["user_id"], order["conversation_id"], message_id)


def _history(conversation: Conversation, question: Message) -> Iterator[tuple[Role, str]]:
    before = repository.messages(conversation.conversation_id, question.message_id, HISTORY_MESSAGES)
    for message in reversed(before):
        if message.role == "tool":
            continue
        asked = (
            f"\n(Asked for a yes: {message.confirmation.summary} {message.confirmation.status})"
            if message.confirmation
            else ""
        )
        yield ("assistant" if message.role == "assistant" else "user"), f"{message.text}{asked}"


def _known(person: Person) -> dict[str, Any]:
    """What the coach knows of somebody: no email, no photo."""
    last = portraits.between(person.user_id, None, None, None, _LAST_PICTURES)
    return person_settings(person, clock.now()) | {"last_pictures": [described(each) for each in last]}


def _show(event: AnswerEvent, writer: AnswerWriter) -> None:
    match event:
        case Text(text):
            writer.text(text)
        case Cited():
            writer.cite(event)
        case ToolStarted():
            writer.tool_started(event)
        case ToolDone():
            writer.tool_done(event)
        case Confirm():
            writer.confirm(event)
        case Spent(given, written):
            writer.spent(given, written)


class _Halt:
    """Whether to write no more: the person stopped the answer, it or they are gone, or the function's time is over."""

    def __init__(self, message: Message, writer: AnswerWriter, seconds_left: Callable[[], float]) -> None:
        self._message = message
        self._writer = writer
        self._seconds_left = seconds_left
        self._looked_at = time.monotonic()
        self._halted = False
        self.out_of_time = False

    def __call__(self) -> bool:
        self.out_of_time = self.out_of_time or self._seconds_left() < _SPARE_SECONDS
        if not self._halted and time.monotonic() - self._looked_at >= _LOOK_SECONDS:
            self._looked_at = time.monotonic()
            self._halted = self._is_unwanted()
        return self._halted or self.out_of_time or self._writer.lost

    def _is_unwanted(self) -> bool:
        message = self._message
        found = repository.get_message(message.user_id, message.conversation_id, message.message_id)
        return found is None or found.stop_asked or accounts.get(message.user_id) is None


def _over(message: Message, writer: AnswerWriter, outcome: Any, reason: str | None) -> Answered:
    """Count what was used, whatever became of the answer."""
    tokens = writer.input_tokens + writer.output_tokens
    budget.settle(message.user_id, tokens, clock.now())
    if tokens:
        count("AnswerInputTokens", writer.input_tokens)
        count("AnswerOutputTokens", writer.output_tokens)
    if writer.first_word_seconds is not None:
        count("FirstWordSeconds", writer.first_word_seconds, "Seconds")
    if reason:
        count("AnswersFailed")
    if reason == "throttled":
        count("ModelThrottled")
    if outcome == "ready":
        count("AnswersReady")
    logger.info("answered", outcome=outcome, reason=reason, tokens=tokens)
    return {"outcome": outcome}


def _place(error: Exception) -> str:
    """Where it was raised."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "" if trace is None else f"{trace.tb_frame.f_globals.get('__name__', '')}:{trace.tb_lineno}"
