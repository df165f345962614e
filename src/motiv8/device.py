"""Where a request comes from, for Cognito to judge a sign-in by; like the correlation id it holds for one request."""

from __future__ import annotations

from contextvars import ContextVar
from typing import NamedTuple


class Device(NamedTuple):
    """The person's own address, what was called, and the headers that tell devices apart."""

    address: str
    server_name: str
    server_path: str
    headers: dict[str, str]


device: ContextVar[Device | None] = ContextVar("device", default=None)
"""None where a call is not somebody's request."""
