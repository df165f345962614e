"""A picture of a person for a local date: what it is to show, how far it is, and whom it was sent to. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from motiv8.catalogue.formats import DEFAULT_FORMAT
from motiv8.catalogue.themes import DEFAULT_THEME

if TYPE_CHECKING:
    from datetime import datetime

    from motiv8.accounts.person import Person

MOST_ATTEMPTS = 3
"""Hourly runs that try the same picture, or its mail, before it is given up."""
_NEEDS_MAIL = frozenset({"waiting", "refused"})
_UNFINISHED = frozenset({"queued", "making"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One picture; its id begins with its `date`. `engine` is None for the environment's usual one."""

    user_id: str
    portrait_id: str
    date: str
    trigger: str
    status: str
    mode: str
    tone: str
    mail_status: str
    created_at: datetime
    theme: str = DEFAULT_THEME
    format: str = DEFAULT_FORMAT
    reason: str | None = None
    engine: str | None = None
    line: str | None = None
    alt_text: str | None = None
    attempts: int = 0
    ready_at: datetime | None = None
    notified_at: datetime | None = None

    @property
    def is_unfinished(self) -> bool:
        """Whether it is still to be made."""
        return self.status in _UNFINISHED

    @property
    def needs_mail(self) -> bool:
        """Whether it was made and not mailed, though that was wanted."""
        return self.status == "ready" and self.mail_status in _NEEDS_MAIL

    @property
    def is_given_up(self) -> bool:
        """Whether no hourly run tries again."""
        return self.attempts >= MOST_ATTEMPTS

    def begun(self) -> Picture:
        """Being made (again), unless it is ready; one that failed for good stays as it is."""
        if self.status == "ready" or (self.status == "failed" and self.reason != "internal_error"):
            return self
        return replace(self, status="making", attempts=self.attempts + 1)

    def made(self, line: str, alt_text: str, now: datetime) -> Picture:
        """Ready to be looked at."""
        return replace(self, status="ready", reason=None, line=line, alt_text=alt_text, ready_at=now)

    def failed(self, reason: str) -> Picture:
        """Not made, for a reason that the app tells; one that is ready stays ready."""
        return self if self.status == "ready" else replace(self, status="failed", reason=reason)

    def with_mail(self, status: str, *, counts: bool = False) -> Picture:
        """With what became of its mail, which may count as an attempt."""
        return replace(self, mail_status=status, attempts=self.attempts + counts)

    def notified(self, now: datetime) -> Picture:
        """With the devices told; when they were told first stays."""
        return self if self.notified_at is not None else replace(self, notified_at=now)


def new_picture(person: Person, portrait_id: str, trigger: Literal["daily", "asked"], now: datetime) -> Picture:
    """A picture that is not made yet, with the person's preferences as they are now."""
    preferences = person.preferences
    return Picture(
        user_id=person.user_id,
        portrait_id=portrait_id,
        date=portrait_id[:10],
        trigger=trigger,
        status="queued",
        mode=preferences.mode,
        tone=preferences.tone,
        theme=preferences.theme,
        format=preferences.format,
        mail_status="waiting" if preferences.mail_enabled else "off",
        created_at=now,
    )
