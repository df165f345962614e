"""What the coach refuses, below the errors that every feature shares."""

from __future__ import annotations

from motiv8.errors import Conflict, QuotaUsedUp
from motiv8.words import Words


class AnswerUnderWay(Conflict):
    """One answer is written at a time in a conversation."""

    slug = "answer-under-way"
    title = "An answer is under way"

    def __init__(self) -> None:
        super().__init__("The coach is still writing in this conversation. Wait until the answer ends, or stop it.")


class AnswerNotRetryable(Conflict):
    """Only an answer that failed or was stopped is asked for again."""

    slug = "answer-not-retryable"
    title = "This message cannot be asked for again"

    def __init__(self) -> None:
        super().__init__("Only the last answer can be asked for again, and only once it has failed or was stopped.")


class ConversationFull(Conflict):
    """A conversation has an end."""

    slug = "conversation-full"
    title = "This conversation is full"

    def __init__(self, most: int) -> None:
        super().__init__(Words("A conversation has at most {most} messages. Start a new one.", most=f"{most:,}"))


class NothingToConfirm(Conflict):
    """The message asks for no yes, or had its answer."""

    slug = "nothing-to-confirm"
    title = "There is nothing to confirm"

    def __init__(self) -> None:
        super().__init__("This message asks for no confirmation, or it was already answered.")


class CoachBudgetUsedUp(QuotaUsedUp):
    """Over the tokens that a person has a day."""

    slug = "coach-budget-used-up"
    title = "Nothing is left of today's budget for the coach"
