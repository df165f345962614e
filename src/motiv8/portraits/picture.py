"""A picture of a person for a local date: what it is to show, how far it is, and whom it was sent to. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from motiv8.catalogue.formats import DEFAULT_FORMAT
from motiv8.catalogue.themes import DEFAULT_THEME

if TYPE_CHECKING:
    from datetime import datetime

    from motiv8.accounts.person import Person

MOST_ATTEMPTS = 3
"""How often the same picture, or its mail, is tried before it is given up."""
LEASE = timedelta(minutes=10)
"""How long a picture is one run's alone: longer than the call that makes it may take."""
LONG_LEASE = timedelta(minutes=70)
"""The same for one that is made as a Batch job, which has an hour."""
QUEUED = timedelta(hours=6)
"""How long a delivery that lies in the queue is not put there again."""
PAUSE = timedelta(minutes=55)
"""How long a picture that failed, or whose mail was refused, is left alone."""
QUEUE = "delivery"
"""Who holds a picture that waits in the queue for its delivery."""
_NEEDS_MAIL = frozenset({"waiting", "refused"})
_UNFINISHED = frozenset({"queued", "making"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One picture; its id begins with its `date`. `engine` is None for the environment's usual one.

    `layout` is the one that was asked for, and once it is made the one that it has.
    """

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
    layout: str | None = None
    reason: str | None = None
    engine: str | None = None
    line: str | None = None
    alt_text: str | None = None
    attempts: int = 0
    ready_at: datetime | None = None
    notified_at: datetime | None = None
    delivered_at: datetime | None = None
    lease_until: datetime | None = None
    lease_run: str | None = None

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
        """Whether no run tries again."""
        return self.attempts >= MOST_ATTEMPTS

    @property
    def is_over(self) -> bool:
        """Whether it failed, and trying again would not help or was tried often enough."""
        return self.status == "failed" and (self.reason != "internal_error" or self.is_given_up)

    @property
    def version(self) -> str | None:
        """What tells its files from those that had its id before; None while it has none."""
        return str(int((self.ready_at or self.created_at).timestamp())) if self.status == "ready" else None

    def is_held(self, now: datetime, run: str) -> bool:
        """Whether another run works on it at the moment, or the queue has it."""
        return self.lease_run not in {None, run} and self._is_leased(now)

    def is_free(self, now: datetime) -> bool:
        """Whether nobody works on it, and it need not be left alone for a while either."""
        return not self._is_leased(now)

    def _is_leased(self, now: datetime) -> bool:
        return self.lease_until is not None and now < self.lease_until

    def was_broken_off(self, now: datetime, run: str) -> bool:
        """Whether whoever made it ended without a word, as if the picture had ended the process."""
        return self.status == "making" and self.attempts > 0 and not self.is_held(now, run)

    def begun(self, now: datetime, run: str, lease: timedelta = LEASE) -> Picture:
        """Being made (again) by this run, unless it is ready, failed for good, or another run's."""
        for_good = self.status == "failed" and self.reason != "internal_error"
        if self.status == "ready" or for_good or self.is_held(now, run):
            return self
        return replace(self, status="making", attempts=self.attempts + 1, lease_until=now + lease, lease_run=run)

    def put_back(self, run: str) -> Picture:
        """As before this run began it, where it still is this run's: what went wrong was not the picture's fault."""
        if self.status != "making" or self.lease_run != run:
            return self
        return replace(self, attempts=self.attempts - 1, lease_until=None, lease_run=None)

    def queued(self, now: datetime) -> Picture:
        """In the queue for its delivery."""
        return replace(self, lease_until=now + QUEUED, lease_run=QUEUE)

    def made(self, line: str, alt_text: str, layout: str | None, now: datetime) -> Picture:
        """Ready to be looked at."""
        made = replace(self, status="ready", reason=None, line=line, alt_text=alt_text, layout=layout, ready_at=now)
        return replace(made, lease_until=None, lease_run=None)

    def failed(self, reason: str, now: datetime) -> Picture:
        """Not made, for a reason that the app tells; one that is ready stays ready."""
        if self.status == "ready":
            return self
        return replace(self, status="failed", reason=reason, lease_until=now + PAUSE, lease_run=None)

    def with_mail(self, status: str) -> Picture:
        """With what became of its mail."""
        return replace(self, mail_status=status)

    def refused(self, now: datetime) -> Picture:
        """With a mail that SES did not take, which counts as an attempt."""
        again = replace(self, mail_status="refused", attempts=self.attempts + 1)
        return replace(again, lease_until=now + PAUSE, lease_run=None)

    def delivered(self, mail_status: str, now: datetime) -> Picture:
        """With all done that there is to do about its mail; when it was delivered first stays."""
        done = replace(self, mail_status=mail_status, lease_until=None, lease_run=None)
        return replace(done, delivered_at=self.delivered_at or now)

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
