"""What both worker functions do with an event: run the step that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from motiv8.telemetry import flush_metrics, logger

if TYPE_CHECKING:
    from collections.abc import Callable

Outcome = dict[str, Any]
Event = dict[str, Any]


def run(steps: dict[str, Callable[[Event], Outcome]], event: Event) -> Outcome:
    """Run one step; an expected outcome is a value, an exception is for Retry and Catch."""
    try:
        outcome = steps[event["step"]](event)
    finally:
        flush_metrics()
    logger.info("step done", step=event["step"], outcome=outcome)
    return outcome
