"""How many pictures a person may ask for: so many in any 24 hours, wherever they say they are. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from motiv8.clock import rfc3339

if TYPE_CHECKING:
    from collections.abc import Sequence

WINDOW = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Ask:
    """A picture that was asked for, and when."""

    portrait_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Quota:
    """Pictures that a person may ask for in 24 hours, what is left, and seconds until the next one is free."""

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


def quota(limit: int, asks: Sequence[Ask], now: datetime) -> Quota:
    """The state of the quota after these asks of the last 24 hours."""
    oldest = min((ask.at for ask in asks), default=now)
    return Quota(limit, max(0, limit - len(asks)), max(1, int((oldest + WINDOW - now).total_seconds())))


def recent(asks: Sequence[Ask], now: datetime) -> list[Ask]:
    """Those of the last 24 hours."""
    return [ask for ask in asks if ask.at > now - WINDOW]


def parse(stored: Any) -> list[Ask]:
    """Asks from what a row holds; what is no ask is left out."""
    found = []
    for entry in stored if isinstance(stored, list) else ():
        try:
            portrait_id, at = entry
            found.append(Ask(str(portrait_id), datetime.fromisoformat(at)))
        except (TypeError, ValueError):
            continue
    return found


def stored(asks: Sequence[Ask]) -> list[list[str]] | None:
    """What a row holds of these asks."""
    return [[ask.portrait_id, rfc3339(ask.at)] for ask in asks] or None
