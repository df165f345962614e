"""A change of the email that waits for its code. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from motiv8.errors import QuotaUsedUp, WrongCode

if TYPE_CHECKING:
    from datetime import datetime

VALID_FOR = timedelta(minutes=15)
MOST_TRIES = 5
MOST_MAILS = 5
"""Codes that one person may have mailed within a day."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PendingEmail:
    """The new address and its code, of which an HMAC is kept; times are seconds since 1970."""

    email: str
    code: str
    expires_at: int
    tries_left: int
    mailed_at: tuple[int, ...]

    @classmethod
    def parse(cls, stored: Any) -> PendingEmail | None:
        """From what a row holds; None for what is not such a change."""
        try:
            return cls(
                str(stored["email"]),
                str(stored["code"]),
                int(stored["expires_at"]),
                int(stored["tries_left"]),
                tuple(int(second) for second in stored["mailed_at"]),
            )
        except (KeyError, TypeError, ValueError, OverflowError):
            return None

    def stored(self) -> dict[str, Any]:
        """As a row holds it."""
        return asdict(self) | {"mailed_at": list(self.mailed_at)}

    def tried(self, now: datetime) -> PendingEmail:
        """With a try less. Raises WrongCode where there is none left or the code has expired."""
        if self.tries_left < 1 or self.expires_at <= now.timestamp():
            raise WrongCode
        return replace(self, tries_left=self.tries_left - 1)

    def used(self) -> PendingEmail:
        """Of no use any more, and still counted among the day's codes."""
        return replace(self, tries_left=0)


def with_code(before: PendingEmail | None, email: str, code: str, now: datetime) -> PendingEmail:
    """A change to this address, in place of one before. Raises QuotaUsedUp after too many codes in a day."""
    seconds, day = int(now.timestamp()), int(_DAY.total_seconds())
    recent = tuple(second for second in (before.mailed_at if before else ()) if second > seconds - day)
    if len(recent) >= MOST_MAILS:
        wait = recent[0] + day - seconds
        raise QuotaUsedUp("You have requested too many codes today. Please try again later.", wait)
    return PendingEmail(email, code, seconds + int(VALID_FOR.total_seconds()), MOST_TRIES, (*recent, seconds))
