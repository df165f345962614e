"""The image worker function (`motiv8-studio-ENV`): the steps that work on pictures, in the studio image."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from motiv8 import clock
from motiv8.entrypoints.steps import Event, Outcome, run
from motiv8.pipeline.compose import compose
from motiv8.pipeline.extract_face import extract_face
from motiv8.pipeline.make_scene import make_scene
from motiv8.pipeline.uploaded import uploaded
from motiv8.studio import self_check
from motiv8.studio.design import Design
from motiv8.telemetry import logger

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.utilities.typing import LambdaContext


def _self_check() -> Outcome:
    self_check.run()
    return {"outcome": "ok"}


STEPS: dict[str, Callable[[Event], Outcome]] = {
    "extract_face": lambda e: extract_face(*uploaded(e), clock.now()),
    "make_scene": lambda e: make_scene(
        Design(e["mode"], date.fromisoformat(e["date"]), theme=e["theme"], form=e["format"]), e["engine"]
    ),
    "compose": lambda e: compose(e["user_id"], e["portrait_id"], clock.now()),
    "self_check": lambda _: _self_check(),
}


@logger.inject_lambda_context(correlation_id_path="correlation_id", clear_state=True)
def handler(event: Event, context: LambdaContext) -> Outcome:  # noqa: ARG001 - Lambda's signature
    """Run the step that the event names."""
    return run(STEPS, event)
