"""The function that writes the coach's answers (`motiv8-coach-ENV`), in the API image; called asynchronously."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motiv8 import payloads
from motiv8.entrypoints.steps import Event, Outcome, Steps, run, self_check
from motiv8.pipeline.answer_message import answer_message
from motiv8.telemetry import logger

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@logger.inject_lambda_context(correlation_id_path="correlation_id", clear_state=True)
def handler(event: Event, context: LambdaContext) -> Outcome:
    """Write the answer that the event orders."""

    def answer(order: payloads.AnswerOrder) -> payloads.Answered:
        return answer_message(order, lambda: context.get_remaining_time_in_millis() / 1_000)

    steps: Steps = {"answer": answer, "self_check": self_check}
    return run(steps, event)
