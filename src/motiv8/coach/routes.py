"""/v1/conversations: HTTP in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Header, Query

from motiv8 import clock
from motiv8.catalogue.answer_failures import sentence_of
from motiv8.catalogue.translation import said
from motiv8.coach import models, repository, service, tickets
from motiv8.coach.conversation import Feedback
from motiv8.coach.errors import (
    AnswerNotRetryable,
    AnswerUnderWay,
    CoachBudgetUsedUp,
    ConversationFull,
    NothingToConfirm,
)
from motiv8.coach.models import (
    AnswerBegun,
    ConfirmationAnswer,
    Conversation,
    ConversationChange,
    ConversationPage,
    Message,
    MessagePage,
    NewConversation,
    Question,
    SocketTicket,
)
from motiv8.declarations import raises
from motiv8.errors import IdempotencyKeyReused, NotFound, RequestInProgress
from motiv8.pagination import cursor_after, position_of
from motiv8.rate_limit import rate_limit_headers
from motiv8.settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from motiv8.coach import conversation
    from motiv8.coach.service import Asker, Begun

router = Router()

Key = Annotated[str | None, Header(alias="Idempotency-Key")]
Limit = Annotated[int, Query(ge=1, le=100)]
Cursor = Annotated[str | None, Query(max_length=200)]


@router.post(
    "/v1/conversations",
    status_code=201,
    summary="Begin a conversation",
    tags=["coach"],
    operation_id="create_conversation",
)
@raises(NotFound)
def create_conversation(body: Annotated[NewConversation, Body()]) -> Response[Conversation]:
    """Begins a conversation with the coach, about one namespace of the library or all that you may read."""
    made = _conversation(service.create(_asker(), body.title, body.namespace, clock.now()))
    return Response(201, "application/json", made, headers={"Location": f"/v1/conversations/{made.conversation_id}"})


@router.get("/v1/conversations", summary="My conversations", tags=["coach"], operation_id="list_conversations")
def list_conversations(limit: Limit = 30, cursor: Cursor = None) -> ConversationPage:
    """Conversations, the one begun last first."""
    before = position_of(cursor, service.ID) if cursor is not None else None
    found = repository.conversations(_asker().user_id, before, limit + 1)
    page = found[:limit]
    next_cursor = cursor_after(page[-1].conversation_id) if len(found) > limit else None
    return ConversationPage(conversations=[_conversation(item) for item in page], next_cursor=next_cursor)


@router.get(
    "/v1/conversations/<conversation_id>",
    summary="One conversation",
    tags=["coach"],
    operation_id="get_conversation",
)
@raises(NotFound)
def get_conversation(conversation_id: str) -> Conversation:
    """A conversation; its messages have an address of their own."""
    return _conversation(service.get(_asker().user_id, conversation_id))


@router.patch(
    "/v1/conversations/<conversation_id>",
    summary="Rename a conversation",
    tags=["coach"],
    operation_id="change_conversation",
)
@raises(NotFound)
def change_conversation(conversation_id: str, body: Annotated[ConversationChange, Body()]) -> Conversation:
    """Gives a conversation another title; without one it stays as it is."""
    if body.title is None:
        return _conversation(service.get(_asker().user_id, conversation_id))
    return _conversation(service.rename(_asker().user_id, conversation_id, body.title, clock.now()))


@router.delete(
    "/v1/conversations/<conversation_id>",
    status_code=204,
    summary="Delete a conversation",
    tags=["coach"],
    operation_id="delete_conversation",
)
@raises(NotFound)
def delete_conversation(conversation_id: str) -> Response[None]:
    """Deletes a conversation with all its messages; an answer that is being written is lost."""
    service.remove(_asker().user_id, conversation_id)
    return Response(204)


@router.get(
    "/v1/conversations/<conversation_id>/messages",
    summary="Messages of a conversation",
    tags=["coach"],
    operation_id="list_messages",
)
@raises(NotFound)
def list_messages(conversation_id: str, limit: Limit = 30, cursor: Cursor = None) -> MessagePage:
    """Messages, the newest first; an answer that is being written has what there is of it so far."""
    before = position_of(cursor, service.ID) if cursor is not None else None
    found = service.messages(_asker().user_id, conversation_id, before, limit + 1, clock.now())
    page = found[:limit]
    next_cursor = cursor_after(page[-1].message_id) if len(found) > limit else None
    return MessagePage(messages=[_message(item) for item in page], next_cursor=next_cursor)


@router.get(
    "/v1/conversations/<conversation_id>/messages/<message_id>",
    summary="One message",
    tags=["coach"],
    operation_id="get_message",
)
@raises(NotFound)
def get_message(conversation_id: str, message_id: str) -> Message:
    """A message; ask for it again while it is `streaming` where no socket can be had."""
    return _message(service.message(_asker().user_id, conversation_id, message_id, clock.now()))


@router.post(
    "/v1/conversations/<conversation_id>/messages",
    status_code=202,
    summary="Ask the coach",
    tags=["coach"],
    operation_id="create_message",
)
@raises(
    AnswerUnderWay,
    CoachBudgetUsedUp,
    ConversationFull,
    IdempotencyKeyReused,
    NotFound,
    RequestInProgress,
)
def create_message(
    conversation_id: str, body: Annotated[Question, Body()], idempotency_key: Key = None
) -> Response[AnswerBegun]:
    """Stores a question and has it answered; follow `Location` or the socket until it is no longer `streaming`."""
    asker, now = _asker(), clock.now()
    request = body.model_dump() | {"path": f"/v1/conversations/{conversation_id}/messages"}
    return _once(idempotency_key, request, lambda: service.ask(asker, conversation_id, body.text, now))


@router.post(
    "/v1/conversations/<conversation_id>/messages/<message_id>/retry",
    status_code=202,
    summary="Ask again",
    tags=["coach"],
    operation_id="retry_message",
)
@raises(
    AnswerNotRetryable,
    AnswerUnderWay,
    CoachBudgetUsedUp,
    ConversationFull,
    NotFound,
)
def retry_message(conversation_id: str, message_id: str) -> Response[AnswerBegun]:
    """Has the last answer written anew where it failed or was stopped; a new message takes its place."""
    return _begun(service.retry(_asker(), conversation_id, message_id, clock.now()))


@router.post(
    "/v1/conversations/<conversation_id>/messages/<message_id>/confirmation",
    status_code=202,
    summary="Say yes or no",
    tags=["coach"],
    operation_id="confirm_message",
    responses={
        200: {"description": "Declined", "content": {"application/json": {"model": Message}}},
        202: {"description": "Accepted", "content": {"application/json": {"model": AnswerBegun}}},
    },
)
@raises(AnswerUnderWay, CoachBudgetUsedUp, ConversationFull, NothingToConfirm, NotFound)
def confirm_message(
    conversation_id: str, message_id: str, body: Annotated[ConfirmationAnswer, Body()]
) -> Response[AnswerBegun | Message]:
    """Answers what the coach asked before it changes something: after a yes it does so and goes on in a new message.

    After a no the message is answered (200).
    """
    asker, now = _asker(), clock.now()
    if body.accepted:
        return _begun(service.confirm(asker, conversation_id, message_id, now))
    return Response(200, "application/json", _message(service.decline(asker.user_id, conversation_id, message_id, now)))


@router.post(
    "/v1/conversations/<conversation_id>/messages/<message_id>/stop",
    summary="Stop an answer",
    tags=["coach"],
    operation_id="stop_message",
)
@raises(NotFound)
def stop_message(conversation_id: str, message_id: str) -> Message:
    """Has an answer end where it is, within a second or two; one that has ended stays as it is."""
    return _message(service.stop(_asker().user_id, conversation_id, message_id, clock.now()))


@router.post(
    "/v1/conversations/<conversation_id>/messages/<message_id>/feedback",
    summary="Rate an answer",
    tags=["coach"],
    operation_id="give_feedback",
)
@raises(NotFound)
def give_feedback(conversation_id: str, message_id: str, body: Annotated[models.Feedback, Body()]) -> Message:
    """Notes what you think of an answer; the last rating counts."""
    feedback = Feedback(body.rating, body.reason)
    return _message(service.give_feedback(_asker().user_id, conversation_id, message_id, feedback, clock.now()))


@router.post(
    "/v1/conversations/<conversation_id>/socket",
    status_code=201,
    summary="A ticket for a socket",
    tags=["coach"],
    operation_id="create_socket_ticket",
)
@raises(NotFound)
def create_socket_ticket(conversation_id: str) -> Response[SocketTicket]:
    """An address where answers of this conversation arrive as they are written; good for one socket, for a minute."""
    asker, now = _asker(), clock.now()
    service.get(asker.user_id, conversation_id)
    ticket = tickets.issue(asker.user_id, conversation_id, now)
    given = SocketTicket(
        url=f"{settings().socket_url}?ticket={ticket}", expires_at=clock.rfc3339(now + tickets.VALID_FOR)
    )
    return Response(201, "application/json", given)


def _asker() -> Asker:
    caller = router.context["caller"]
    return service.Asker(caller.user_id, caller.groups, router.context["correlation_id"])


def _once(key: str | None, request: dict[str, Any], act: Callable[[], Begun]) -> Response[AnswerBegun]:
    # Imported late: it costs a cold start as much as a second SDK.
    from motiv8.idempotency import once

    def begin() -> dict[str, Any]:
        answer, headers = _answer(act())
        return {"answer": answer.model_dump(), "headers": headers}

    kept = once(key, _asker().user_id, request, router.lambda_context, begin)
    return Response(202, "application/json", AnswerBegun(**kept["answer"]), headers=kept["headers"])


def _begun(begun: Begun) -> Response[Any]:
    answer, headers = _answer(begun)
    return Response(202, "application/json", answer, headers=headers)


def _answer(begun: Begun) -> tuple[AnswerBegun, dict[str, str]]:
    written = begun.answer
    location = f"/v1/conversations/{written.conversation_id}/messages/{written.message_id}"
    answer = AnswerBegun(message_id=written.message_id, question_id=str(written.question_id), status="streaming")
    return answer, {"Location": location} | rate_limit_headers(begun.quota)


def _conversation(found: conversation.Conversation) -> Conversation:
    return Conversation(
        conversation_id=found.conversation_id,
        title=found.title,
        namespace=found.namespace,
        messages=found.messages,
        created_at=clock.rfc3339(found.created_at),
        updated_at=clock.rfc3339(found.updated_at),
    )


def _message(found: conversation.Message) -> Message:
    return Message(
        message_id=found.message_id,
        role=found.role,
        status=found.status,
        text=found.text,
        citations=[models.Citation(**cited._asdict()) for cited in found.citations],
        tool=models.ToolUse(**found.tool._asdict()) if found.tool else None,
        confirmation=models.Confirmation(**found.confirmation._asdict()) if found.confirmation else None,
        reason=found.reason,
        message=said(sentence_of(found.reason)) if found.reason else None,
        feedback=models.GivenFeedback(**found.feedback._asdict()) if found.feedback else None,
        created_at=clock.rfc3339(found.created_at),
        finished_at=clock.rfc3339(found.finished_at) if found.finished_at else None,
    )
