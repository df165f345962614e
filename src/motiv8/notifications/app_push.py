"""What apps on phones are told, whichever service brings it: one notice, one request, one outcome. Pure."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime


READY = "Today's picture is ready."


class Notice(NamedTuple):
    """A word on a picture. Apple and Google can read it, so it says nothing of what the picture says."""

    portrait_id: str
    expires_at: datetime
    body: str = READY
    title: str = "motiv8"


class PushRequest(NamedTuple):
    """What is posted to a service."""

    url: str
    headers: dict[str, str]
    body: bytes


class Outcome(Enum):
    """What became of a notice: `GONE` for a device that the service will not reach again."""

    TOLD = "told"
    GONE = "gone"
    FAILED = "failed"
