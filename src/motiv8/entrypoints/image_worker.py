"""The image worker function (`motiv8-studio-ENV`): the steps that work on pictures, in the studio image."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from motiv8 import clock, daily_payloads, payloads
from motiv8.entrypoints.steps import Event, Outcome, Steps, run
from motiv8.pipeline.compose import compose
from motiv8.pipeline.extract_face import extract_face
from motiv8.pipeline.make_scene import make_scene
from motiv8.pipeline.make_week import make_week
from motiv8.pipeline.serve_batch import serve_batch
from motiv8.pipeline.uploaded import uploaded
from motiv8.portraits.week import SHEET_ID
from motiv8.studio import self_check
from motiv8.studio.design import Design
from motiv8.telemetry import logger

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


def _extract_face(given: payloads.UploadedPhoto | payloads.SentPhoto) -> payloads.Extracted:
    return extract_face(*uploaded(given), clock.now())


def _make_scene(given: payloads.SceneStep) -> payloads.SceneMade:
    day = date.fromisoformat(given["date"])
    return make_scene(Design(given["mode"], day, theme=given["theme"], form=given["format"]), given["engine"])


def _compose(given: payloads.PictureStep) -> payloads.Composed:
    if SHEET_ID.fullmatch(given["portrait_id"]):
        return make_week(given["user_id"], given["portrait_id"], clock.now())
    return compose(given["user_id"], given["portrait_id"], clock.now())


def _serve_batch(given: daily_payloads.ServeBatch) -> daily_payloads.Served:
    return serve_batch(given["batch"], clock.now)


def _self_check(_: payloads.Step) -> payloads.Done:
    self_check.run()
    return {"outcome": "ok"}


STEPS: Steps = {
    "extract_face": _extract_face,
    "make_scene": _make_scene,
    "compose": _compose,
    "serve_batch": _serve_batch,
    "self_check": _self_check,
}


@logger.inject_lambda_context(correlation_id_path="correlation_id", clear_state=True)
def handler(event: Event, context: LambdaContext) -> Outcome:  # noqa: ARG001 - Lambda's signature
    """Run the step that the event names."""
    return run(STEPS, event)
