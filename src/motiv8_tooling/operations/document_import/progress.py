"""How far an import is: a line that is drawn again on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable

_SECONDS_BETWEEN_LINES = 5.0
_ERASED = "\r\x1b[2K"


@dataclass(slots=True)
class Progress:
    """Tells of numbers as they grow, up to `total` files."""

    out: TextIO
    total: int
    clock: Callable[[], float] = time.monotonic
    _told_at: float = 0.0
    _told: str = ""

    def tell(self, looked_at: int, failed: int, working_on: int) -> None:
        """Have the numbers be seen; `working_on` are the documents that the library still works on."""
        text = f"{looked_at} of {self.total} files"
        text += f", {working_on} being processed" if working_on else ""
        text += f", {failed} failed" if failed else ""
        if text == self._told:
            return
        if self.out.isatty():
            print(_ERASED + text, end="", file=self.out, flush=True)
        elif self.clock() - self._told_at >= _SECONDS_BETWEEN_LINES:
            print(text, file=self.out, flush=True)
        else:
            return
        self._told, self._told_at = text, self.clock()

    def end(self) -> None:
        """Leave the line to what comes next."""
        if self.out.isatty():
            print(_ERASED, end="", file=self.out, flush=True)
