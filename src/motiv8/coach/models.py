"""What the routes of conversations take and give."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from motiv8.coach.conversation import ConfirmationStatus, MessageStatus, Rating, Role
from motiv8.library.models import Name
from motiv8.schema import PartialBody, RequestBody, ResponseBody

LONGEST_QUESTION = 8_000
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]


class NewConversation(PartialBody):
    """What a conversation begins with, all of which can be left out."""

    title: Annotated[Title | None, Field(description="Made from the first question when it is left out")] = None
    namespace: Annotated[Name | None, Field(description="Where the coach looks; all that you may read if left out")] = (
        None
    )


class ConversationChange(PartialBody):
    """What to change."""

    title: Title | None = None


class Conversation(ResponseBody):
    """A conversation; `title` is null until the first question."""

    conversation_id: str
    title: str | None
    namespace: str | None
    messages: Annotated[int, Field(description="Questions and answers so far")]
    created_at: str
    updated_at: str


class ConversationPage(ResponseBody):
    """Newest first; `next_cursor` is null on the last page."""

    conversations: list[Conversation]
    next_cursor: str | None


class Question(RequestBody):
    """What the person says."""

    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_QUESTION)]


class AnswerBegun(ResponseBody):
    """The answer is going to be written in the message `message_id`."""

    message_id: str
    question_id: Annotated[str, Field(description="The message that it answers")]
    status: Literal["streaming"]


class Citation(ResponseBody):
    """A passage of the library that the answer rests on, marked `[number]` in its text."""

    number: int
    passage_id: str
    document_id: str
    title: str
    page: int | None
    last_page: int | None
    heading: str
    url: str | None
    quote: Annotated[str, Field(description="The words that the answer took from it")]


class ToolUse(ResponseBody):
    """A tool that the coach used."""

    name: str
    arguments: dict[str, Any]
    result: dict[str, Any]
    status: Literal["done", "failed"]


class Confirmation(ResponseBody):
    """What the coach would do for the person, once they say yes."""

    tool: str
    summary: Annotated[str, Field(description="What exactly, for the person")]
    arguments: dict[str, Any]
    status: ConfirmationStatus


class ConfirmationAnswer(RequestBody):
    """Yes or no."""

    accepted: bool


class Feedback(RequestBody):
    """What the person thinks of an answer."""

    rating: Rating
    reason: Annotated[str | None, StringConstraints(strip_whitespace=True, max_length=1_000)] = None


class GivenFeedback(ResponseBody):
    """What the person thought of an answer."""

    rating: Rating
    reason: str | None


class Message(ResponseBody):
    """A message; the text of an answer grows until its status is no longer `streaming`."""

    message_id: str
    role: Role
    status: MessageStatus
    text: str
    citations: list[Citation]
    tool: ToolUse | None
    confirmation: Confirmation | None
    reason: Annotated[str | None, Field(description="Why an answer failed")]
    message: Annotated[str | None, Field(description="What the person can do about it")]
    feedback: GivenFeedback | None
    created_at: str
    finished_at: str | None


class MessagePage(ResponseBody):
    """Newest first; `next_cursor` is null on the last page."""

    messages: list[Message]
    next_cursor: str | None


class SocketTicket(ResponseBody):
    """Where to open a socket, once and before `expires_at`."""

    url: Annotated[str, Field(description="A `wss:` address with a ticket that is good for one socket")]
    expires_at: str
