"""What both worker functions do with an event: run the step that it names."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from motiv8 import payloads
from motiv8.telemetry import count, logger

if TYPE_CHECKING:
    from collections.abc import Callable

Outcome = Mapping[str, Any]
Event = dict[str, Any]
Steps = Mapping[str, "Callable[[Any], Outcome]"]
"""Step → what runs it; the types of what each is given and answers are in `motiv8.payloads` and `library_payloads`."""


def self_check(_: payloads.Step) -> payloads.Done:
    """That it answers says that everything which the function imports is in the image."""
    return {"outcome": "ok"}


def run(steps: Steps, event: Event) -> Outcome:
    """Run one step; an expected outcome is a value, an exception is for Retry and Catch."""
    step = event["step"]
    started = time.perf_counter()
    outcome = steps[step](event)
    count("StageSeconds", time.perf_counter() - started, "Seconds", stage=step)
    logger.info("step done", step=step, outcome=outcome)
    return outcome
