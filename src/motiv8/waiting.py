"""The one loop that waits for something: it asks, pauses, and asks again."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Answer = TypeVar("Answer")


def wait_for(
    ask: Callable[[], Answer | None],
    *,
    seconds: float,
    pause: float = 0.1,
    longest_pause: float = 0.0,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], object] = time.sleep,
) -> Answer:
    """The first answer that is true; it is asked for at once, after each pause, and once more when time is up.

    Each pause is twice the last one, up to `longest_pause`; without that, all are the same. Raises TimeoutError.
    """
    give_up = clock() + seconds
    while not (answer := ask()):
        left = give_up - clock()
        if left <= 0:
            raise TimeoutError(f"What was waited for did not come within {seconds:g} s.")
        sleep(min(pause, left))
        pause = min(2 * pause, max(pause, longest_pause))
    return answer
