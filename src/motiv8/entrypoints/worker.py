"""The worker function (`motiv8-courier-ENV`): every step that needs no image library, in the API image."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from motiv8 import clock
from motiv8.entrypoints.steps import Event, Outcome, run
from motiv8.pipeline.delete_account import close_account, end_runs, erase_account
from motiv8.pipeline.deliver import deliver
from motiv8.pipeline.export_account import record_export_failure
from motiv8.pipeline.load_portrait import load_portrait
from motiv8.pipeline.mail_feedback import mail_feedback
from motiv8.pipeline.plan_day import plan_day
from motiv8.pipeline.purge_sign_ups import purge_sign_ups
from motiv8.pipeline.record_failure import record_portrait_failure, record_selfie_failure
from motiv8.pipeline.review_accounts import erase_orphans, review_accounts
from motiv8.pipeline.summarise_day import summarise_day
from motiv8.pipeline.uploaded import uploaded
from motiv8.telemetry import logger

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.utilities.typing import LambdaContext


def _now(order: Event) -> datetime:
    given = order.get("now", "")
    # The embedded AWS leaves the schedule's `<aws.scheduler.scheduled-time>` as it is.
    return clock.now() if not given or given.startswith("<") else datetime.fromisoformat(given)


def _plan(event: Event) -> Outcome:
    order = event["order"]
    return plan_day(_now(order), event["run"], order.get("date"), order.get("user_id"))


def _review(event: Event) -> Outcome:
    order = event["order"]
    before = order["review"]["value"] if "review" in order else None
    return review_accounts(_now(order), before, event["correlation_id"])


def _erase_orphans(event: Event) -> Outcome:
    confirmed = event.get("confirmed") is True
    return erase_orphans(clock.now(), event["review"], event["correlation_id"], confirmed=confirmed)


def _load(event: Event) -> Outcome:
    order = event["order"]
    return load_portrait(
        order["user_id"],
        order.get("portrait_id"),
        order["trigger"],
        order["task"],
        order.get("selfie_id"),
        clock.now(),
    )


STEPS: dict[str, Callable[[Event], Outcome]] = {
    "plan_day": _plan,
    "load_portrait": _load,
    "deliver": lambda e: deliver(e["user_id"], e["portrait_id"], clock.now()),
    "record_portrait_failure": lambda e: record_portrait_failure(
        e["user_id"], e["portrait_id"], e["reason"], clock.now()
    ),
    "record_selfie_failure": lambda e: record_selfie_failure(*uploaded(e), clock.now()),
    "record_export_failure": lambda e: record_export_failure(e["user_id"], e["export_id"]),
    "end_runs": lambda e: end_runs(e["user_id"], clock.now()),
    "erase_account": lambda e: erase_account(e["user_id"]),
    "close_account": lambda e: close_account(e["user_id"], e["deletion_id"], e["portraits"], e["object_versions"]),
    # A tag of SES's is a list of values.
    "mail_feedback": lambda e: mail_feedback(e["type"], *e["user_id"]),
    "summarise_day": lambda e: summarise_day(e["plan_key"]),
    "purge_sign_ups": lambda _: purge_sign_ups(clock.now()),
    "review_accounts": _review,
    "erase_orphans": _erase_orphans,
    # That it answers says that everything it imports is in the image.
    "self_check": lambda _: {"outcome": "ok"},
}


@logger.inject_lambda_context(correlation_id_path="correlation_id", clear_state=True)
def handler(event: Event, context: LambdaContext) -> Outcome:  # noqa: ARG001 - Lambda's signature
    """Run the step that the event names."""
    return run(STEPS, event)
