"""Mails no faster than SES takes them from this account."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Pace:
    """What waits before each mail, so that two of one process are at least so many seconds apart."""

    def __init__(
        self,
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.seconds = seconds
        self._clock, self._sleep = clock, sleep
        self._next = 0.0

    def wait(self) -> None:
        """Wait until the next mail may go out."""
        missing = self._next - self._clock()
        if missing > 0:
            self._sleep(missing)
        self._next = self._clock() + self.seconds


def pace_of(mails_per_second: int, workers: int) -> Pace:
    """The pace of one of so many workers that send together so many mails a second."""
    return Pace(workers / mails_per_second)
