"""A change that is made again when another writer was quicker."""

from __future__ import annotations

import random
import re
import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    Result = TypeVar("Result")

_TRIES = 12
_LONGEST_WAIT = 2.0
_CONFLICT = re.compile(r"conflict|concurrent|already exists", re.IGNORECASE)


class IndexBusy(Exception):
    """Other writers were quicker each time: nothing was written, and the write can be tried again."""


def until_no_conflict(change: Callable[[], Result]) -> Result:
    """What the change gives, once no other writer came in between. Raises IndexBusy."""
    for attempt in range(_TRIES):
        try:
            return change()
        except (RuntimeError, OSError, ValueError) as error:
            if not _CONFLICT.search(str(error)):
                raise
            # As AWS advises: the more often, the longer, and never two at once.
            time.sleep(random.uniform(0, min(_LONGEST_WAIT, 0.05 * 2**attempt)))  # noqa: S311 - no secret
    raise IndexBusy("other writers were quicker each time")
