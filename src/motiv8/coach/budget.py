"""How many tokens the coach may use on a day (UTC): for one person, and for everybody together."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from motiv8.coach import budget_repository
from motiv8.coach.errors import CoachBudgetUsedUp
from motiv8.errors import Unavailable
from motiv8.quota import Quota
from motiv8.settings import settings
from motiv8.telemetry import logger

RESERVED = 2_000
"""Tokens that an answer is taken to need until it has ended: parallel questions do not pass the budget by much."""
_KEPT = timedelta(days=2)


def reserve(user_id: str, now: datetime) -> Quota:
    """Count a new answer, and say what is left. Raises CoachBudgetUsedUp; Unavailable over everybody's budget."""
    limit = settings().coach_tokens_a_day
    person = _spend(user_id, RESERVED, now)
    if person - RESERVED >= limit:
        _spend(user_id, -RESERVED, now)
        detail = "You have used up today's budget for the coach. It starts anew at midnight UTC."
        raise CoachBudgetUsedUp(detail, _until_midnight(now), limit)
    most = settings().coach_environment_tokens_a_day
    everybody = _spend(budget_repository.ENVIRONMENT, RESERVED, now)
    if most and everybody - RESERVED >= most:
        give_back(user_id, now)
        logger.warning("everybody's budget for the coach is used up", limit=most)
        raise Unavailable(
            "The coach has answered all that it can today. Please come back tomorrow.", _until_midnight(now)
        )
    return Quota(limit, max(0, limit - person), _until_midnight(now))


def tokens_left(user_id: str, now: datetime) -> Quota:
    """What is left of a person's budget of the day."""
    limit = settings().coach_tokens_a_day
    spent = budget_repository.spent(now.astimezone(UTC).date(), user_id)
    return Quota(limit, max(0, limit - spent), _until_midnight(now))


def give_back(user_id: str, now: datetime) -> None:
    """Take back what `reserve` counted for an answer that is not written after all."""
    settle(user_id, 0, now)


def settle(user_id: str, tokens: int, now: datetime) -> None:
    """Count what an answer took in place of what was reserved for it."""
    for owner in (user_id, budget_repository.ENVIRONMENT):
        _spend(owner, tokens - RESERVED, now)


def _spend(owner: str, tokens: int, now: datetime) -> int:
    return budget_repository.spend(now.astimezone(UTC).date(), owner, tokens, int((now + _KEPT).timestamp()))


def _until_midnight(now: datetime) -> int:
    midnight = datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)
    return max(1, int((midnight - now).total_seconds()))
