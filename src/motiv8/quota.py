"""How often a person may do something: so many times in any 24 hours, wherever they say they are. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from motiv8.clock import rfc3339
from motiv8.errors import QuotaUsedUp

WINDOW = timedelta(hours=24)


class Use(NamedTuple):
    """One use of a quota: the id of what it was for, and when."""

    subject: str
    at: datetime


class Quota(NamedTuple):
    """How often something may be done, how often it still may, and seconds until it may again."""

    limit: int
    remaining: int
    reset_seconds: int


@dataclass(frozen=True, slots=True)
class Uses:
    """What a quota was used for, the oldest use first."""

    all: tuple[Use, ...] = ()

    @classmethod
    def parse(cls, stored: Any) -> Uses:
        """From what a row holds; what is not a use is left out."""
        found = []
        for entry in stored if isinstance(stored, list) else ():
            try:
                subject, at = entry
                found.append(Use(str(subject), datetime.fromisoformat(at)))
            except (TypeError, ValueError):
                continue
        return cls(tuple(found))

    def stored(self) -> list[list[str]] | None:
        """As a row holds them."""
        return [[use.subject, rfc3339(use.at)] for use in self.all] or None

    def with_use(self, subject: str, limit: int, now: datetime, refusal: str) -> Uses:
        """With one more. Raises QuotaUsedUp with the sentence `refusal` where nothing is left."""
        recent = self._recent(now)
        if len(recent) >= limit:
            raise QuotaUsedUp(refusal, self.left(limit, now).reset_seconds, limit)
        return Uses((*recent, Use(subject, now)))

    def without(self, subject: str) -> Uses:
        """Without a use that shall not count."""
        return Uses(tuple(use for use in self.all if use.subject != subject))

    def left(self, limit: int, now: datetime) -> Quota:
        """What is left of a quota."""
        recent = self._recent(now)
        oldest = min((use.at for use in recent), default=now)
        reset_seconds = max(1, int((oldest + WINDOW - now).total_seconds()))
        return Quota(limit, max(0, limit - len(recent)), reset_seconds)

    def _recent(self, now: datetime) -> tuple[Use, ...]:
        return tuple(use for use in self.all if use.at > now - WINDOW)
