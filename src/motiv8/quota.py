"""How often a person may do something: so many times in any 24 hours, wherever they say they are. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from motiv8.clock import rfc3339
from motiv8.errors import TooManyRequests

if TYPE_CHECKING:
    from collections.abc import Sequence

WINDOW = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a quota: the id of what it was for, and when."""

    subject: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Quota:
    """How often something may be done, how often it still may, and seconds until it may again."""

    limit: int
    remaining: int
    reset_seconds: int

    def headers(self) -> dict[str, str]:
        """As response headers (draft-ietf-httpapi-ratelimit-headers)."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset_seconds),
        }

    def refusal(self, detail: str) -> TooManyRequests:
        """The error for one time too many, with when to try again."""
        return TooManyRequests(detail, headers=self.headers() | {"Retry-After": str(self.reset_seconds)})


def take(held: Any, limit: int, subject: str, now: datetime, refusal: str) -> tuple[list[list[str]], Quota]:
    """One use more than what a row holds: what it shall hold then, and what is left.

    Raises TooManyRequests with the sentence `refusal` where nothing is left.
    """
    uses = [use for use in parse(held) if use.at > now - WINDOW]
    if len(uses) >= limit:
        raise _left(limit, uses, now).refusal(refusal)
    uses.append(Use(subject, now))
    return _stored(uses), _left(limit, uses, now)


def give_back(held: Any, subject: str) -> list[list[str]] | None:
    """What a row shall hold once this use does not count."""
    return _stored([use for use in parse(held) if use.subject != subject]) or None


def parse(held: Any) -> list[Use]:
    """Uses from what a row holds; what is no use is left out."""
    found = []
    for entry in held if isinstance(held, list) else ():
        try:
            subject, at = entry
            found.append(Use(str(subject), datetime.fromisoformat(at)))
        except (TypeError, ValueError):
            continue
    return found


def _left(limit: int, uses: Sequence[Use], now: datetime) -> Quota:
    oldest = min((use.at for use in uses), default=now)
    return Quota(limit, max(0, limit - len(uses)), max(1, int((oldest + WINDOW - now).total_seconds())))


def _stored(uses: Sequence[Use]) -> list[list[str]]:
    return [[use.subject, rfc3339(use.at)] for use in uses]
