"""A ticket opens one socket on one conversation, once and within a minute: a browser sends no token with a socket.

Only its digest is stored, so that nobody opens a socket with what stands in the table.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from motiv8.coach import ticket_repository

if TYPE_CHECKING:
    from datetime import datetime

VALID_FOR = timedelta(minutes=1)


def issue(user_id: str, conversation_id: str, now: datetime) -> str:
    """A new ticket for this conversation."""
    ticket = secrets.token_urlsafe(32)
    ticket_repository.keep_ticket(_digest(ticket), user_id, conversation_id, int((now + VALID_FOR).timestamp()))
    return ticket


def redeem(ticket: str, now: datetime) -> tuple[str, str] | None:
    """Whose ticket it is and for which conversation; None for one that is unknown, too old, or was used."""
    return ticket_repository.take_ticket(_digest(ticket), now)


def _digest(ticket: str) -> str:
    return hashlib.sha256(ticket.encode()).hexdigest()
