"""Which sessions were begun just now: noted at each sign-in, beside the idempotency keys, for ten minutes.

Cognito's own `auth_time` does not say it: docs/adr/027-a-token-alone-changes-nothing-at-cognito.md.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from motiv8 import tokens
from motiv8.aws import one_time

if TYPE_CHECKING:
    from datetime import datetime

FRESH_FOR = timedelta(minutes=10)


def note(access_token: str, now: datetime) -> None:
    """Note the session that was begun by this token, which Cognito has just given us."""
    if session_id := _session_id(access_token):
        # Cognito may go on with a session that it remembers: a later sign-in counts.
        one_time.keep(_name(session_id), now + FRESH_FOR)


def is_fresh(session_id: str, now: datetime) -> bool:
    """Whether a session was begun in the last ten minutes and not ended here."""
    return one_time.is_claimed(_name(session_id), now)


def forget(access_token: str) -> None:
    """Have the session that this token belongs to be fresh no more."""
    one_time.remove(_name(_session_id(access_token)))


def _session_id(access_token: str) -> str:
    return str(tokens.unverified(access_token).get("origin_jti", ""))


def _name(session_id: str) -> str:
    return f"sign-in#{session_id}"
