"""`Prefer: wait=N` (RFC 7240): an answer that waits until there is news, for as long as the API can spare."""

from __future__ import annotations

import re
import time
from contextvars import ContextVar
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from motiv8 import clock
from motiv8.aws import waits
from motiv8.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable

State = TypeVar("State")

_WAIT = re.compile(r'(?:^|[,;])\s*wait\s*=\s*"?(\d{1,9})"?\s*(?=[,;]|$)', re.IGNORECASE)
_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 1.0
_RESERVE_SECONDS = 3
"""What an answer needs of the function's time beside the wait."""

_waited: ContextVar[float] = ContextVar("waited", default=0.0)


class Preference(NamedTuple):
    """What a request prefers: its Prefer header, who sends it, and the milliseconds that the function has left."""

    header: str | None
    user_id: str
    milliseconds_left: int

    @property
    def seconds(self) -> int:
        """For how long to wait; 0 for not at all. What is no `wait` of ours is ignored, as the standard says."""
        found = _WAIT.search(self.header or "")
        if found is None:
            return 0
        spare = self.milliseconds_left // 1000 - _RESERVE_SECONDS
        return max(0, min(int(found[1]), waits.LONGEST_SECONDS, spare))


def begin() -> None:
    """Nothing was waited for yet in this request."""
    _waited.set(0.0)


def waited() -> float:
    """The seconds of this request that were spent on waiting."""
    return _waited.get()


def follow(
    preference: Preference, state: State, read: Callable[[], State], is_news: Callable[[State], bool]
) -> tuple[State, dict[str, str]]:
    """The first state that is news, or the last one when the time is over; and the header that says what was applied.

    Who waits already in another request, or comes when as many wait as may, is answered with the present state at once.
    """
    seconds = preference.seconds
    if seconds == 0 or is_news(state) or not waits.begin(preference.user_id, clock.now()):
        return state, {}
    latest = [state]

    def ask() -> bool:
        latest[0] = read()
        return is_news(latest[0])

    begun = time.monotonic()
    try:
        time.sleep(_FIRST_PAUSE)
        wait_for(ask, seconds=seconds - _FIRST_PAUSE, pause=_FIRST_PAUSE, longest_pause=_LONGEST_PAUSE)
    except TimeoutError:
        pass
    finally:
        _waited.set(time.monotonic() - begun)
        waits.end(preference.user_id)
    return latest[0], {"Preference-Applied": f"wait={seconds}"}
