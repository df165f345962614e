"""A fair share of the API for each caller: so many requests in a window of seconds, so that one leaves room for others.

Whoever sends a token is counted as that person, anybody else by the address that they come from.
"""

from __future__ import annotations

import math
import time
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from motiv8.aws import request_counts
from motiv8.declarations import raises
from motiv8.errors import TooManyRequests
from motiv8.quota import Quota
from motiv8.rate_limit import rate_limit_headers
from motiv8.settings import settings
from motiv8.telemetry import count, logger

if TYPE_CHECKING:
    from collections.abc import Callable

WINDOW_SECONDS = 10
# Costs as much as a refusal, and whoever watches an API asks it.
FREE = frozenset({"/health"})

_left: ContextVar[Quota | None] = ContextVar("left", default=None)


class Taken(NamedTuple):
    """Whether a request is within its caller's share, and what is left of it."""

    allowed: bool
    left: Quota


class Windows:
    """Who used their share up in the present window, as far as this process knows: they are not counted any further."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._window = 0
        self._spent: set[str] = set()

    def take(self, caller: str, count_one: Callable[[str, int], int]) -> Taken:
        """Take one request more out of the caller's share.

        `count_one` gets the caller and the second at which the window ends, and returns how many requests there were.
        """
        now = self._clock()
        window = int(now // WINDOW_SECONDS)
        end = (window + 1) * WINDOW_SECONDS
        if window != self._window:
            self._window, self._spent = window, set()
        limit, reset = settings().request_limit, max(1, math.ceil(end - now))
        used = limit + 1 if caller in self._spent else count_one(caller, end)
        if used > limit:
            self._spent.add(caller)
        return Taken(used <= limit, Quota(limit, max(0, limit - used), reset))


@cache
def windows() -> Windows:
    """Those of this process."""
    return Windows()


def begin() -> None:
    """Nothing is known yet of the caller of this request."""
    _left.set(None)


@raises(TooManyRequests)
def take_for_person(user_id: str) -> None:
    """Count a request of this person. Raises TooManyRequests; lets it pass where it cannot be counted."""
    _take(user_id, request_counts.of_person)


@raises(TooManyRequests)
def take_for_network(network: str | None, path: str) -> None:
    """Count a request of nobody in particular from there. Raises TooManyRequests; lets pass what cannot be counted."""
    if network is not None and path not in FREE:
        _take(network, request_counts.of_network)


def _take(caller: str, count_one: Callable[[str, int], int]) -> None:
    try:
        taken = windows().take(caller, count_one)
    except request_counts.NotCounted as error:
        # A table that does not answer must not close the API.
        logger.warning("request not counted", exception_type=type(error.__cause__).__qualname__)
        count("RequestsUncounted")
        return
    _left.set(taken.left)
    if not taken.allowed:
        detail = "You sent too many requests within seconds. Please wait a moment."
        raise TooManyRequests(detail, taken.left.reset_seconds, taken.left.limit)


def headers() -> dict[str, str]:
    """What the caller of this request has left, as response headers; all of it where nothing was counted."""
    limit = settings().request_limit
    return rate_limit_headers(_left.get() or Quota(limit, limit, WINDOW_SECONDS))
