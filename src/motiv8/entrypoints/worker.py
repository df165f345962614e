"""The worker function (`motiv8-courier-ENV`): every step that needs no image library, in the API image."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from motiv8 import clock, daily_payloads, payloads
from motiv8.entrypoints.steps import Event, Outcome, Steps, run, self_check
from motiv8.pipeline.delete_account import close_account, end_runs, erase_account
from motiv8.pipeline.deliver import deliver
from motiv8.pipeline.export_account import record_export_failure
from motiv8.pipeline.load_portrait import load_portrait
from motiv8.pipeline.mail_feedback import mail_feedback
from motiv8.pipeline.plan_day import gather_plan, plan_day
from motiv8.pipeline.plan_part import plan_part
from motiv8.pipeline.purge_sign_ups import purge_sign_ups
from motiv8.pipeline.record_failure import record_portrait_failure, record_selfie_failure
from motiv8.pipeline.review_accounts import erase_orphans, review_accounts
from motiv8.pipeline.summarise_day import summarise_day, summarise_part
from motiv8.pipeline.uploaded import uploaded
from motiv8.telemetry import logger

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from motiv8.payloads import DayOrder


def _now(order: DayOrder) -> datetime:
    given = order.get("now", "")
    # The embedded AWS leaves the schedule's `<aws.scheduler.scheduled-time>` as it is.
    return clock.now() if not given or given.startswith("<") else datetime.fromisoformat(given)


def _plan_day(given: daily_payloads.PlanDay) -> daily_payloads.DayPlan:
    return plan_day(_now(given["order"]), given["run"], given["order"])


def _plan_part(given: daily_payloads.PlanPart) -> daily_payloads.Planned:
    return plan_part(given["group"])


def _gather_plan(given: daily_payloads.GatherPlan) -> daily_payloads.Gathered:
    return gather_plan(given["groups"])


def _load_portrait(given: payloads.LoadPortrait) -> payloads.Loaded:
    order = given["order"]
    return load_portrait(
        order["user_id"],
        order.get("portrait_id"),
        order["trigger"],
        order["task"],
        order.get("selfie_id"),
        given["correlation_id"],
        clock.now(),
    )


def _deliver(given: payloads.PictureStep) -> payloads.Delivered:
    return deliver(given["user_id"], given["portrait_id"], clock.now())


def _record_portrait_failure(given: payloads.FailedPicture) -> payloads.Recorded:
    return record_portrait_failure(given["user_id"], given["portrait_id"], given["reason"], clock.now())


def _record_selfie_failure(given: payloads.UploadedPhoto | payloads.SentPhoto) -> payloads.Recorded:
    return record_selfie_failure(*uploaded(given), clock.now())


def _record_export_failure(given: payloads.ExportStep) -> payloads.Recorded:
    return record_export_failure(given["user_id"], given["export_id"])


def _end_runs(given: payloads.AccountStep) -> payloads.Done:
    return end_runs(given["user_id"], clock.now())


def _erase_account(given: payloads.AccountStep) -> payloads.Erased:
    return erase_account(given["user_id"])


def _close_account(given: payloads.CloseAccount) -> payloads.Done:
    return close_account(given["user_id"], given["deletion_id"], given["portraits"], given["object_versions"])


def _mail_feedback(given: payloads.MailFeedback) -> payloads.Done:
    return mail_feedback(given["type"], *given["user_id"])


def _summarise_part(given: daily_payloads.SummarisePart) -> daily_payloads.DaySummary:
    return summarise_part(given["part"])


def _summarise_day(given: daily_payloads.SummariseDay) -> daily_payloads.DaySummary:
    return summarise_day(given["parts"])


def _purge_sign_ups(_: payloads.Step) -> payloads.Purged:
    return purge_sign_ups(clock.now())


def _review_accounts(given: payloads.ReviewAccounts) -> payloads.AccountReview:
    order = given["order"]
    before = order["review"]["value"] if "review" in order else None
    return review_accounts(_now(order), before, given["correlation_id"])


def _erase_orphans(given: payloads.EraseOrphans) -> payloads.OrphansErased:
    confirmed = given.get("confirmed") is True
    return erase_orphans(clock.now(), given["review"], given["correlation_id"], confirmed=confirmed)


STEPS: Steps = {
    "plan_day": _plan_day,
    "plan_part": _plan_part,
    "gather_plan": _gather_plan,
    "load_portrait": _load_portrait,
    "deliver": _deliver,
    "record_portrait_failure": _record_portrait_failure,
    "record_selfie_failure": _record_selfie_failure,
    "record_export_failure": _record_export_failure,
    "end_runs": _end_runs,
    "erase_account": _erase_account,
    "close_account": _close_account,
    "mail_feedback": _mail_feedback,
    "summarise_part": _summarise_part,
    "summarise_day": _summarise_day,
    "purge_sign_ups": _purge_sign_ups,
    "review_accounts": _review_accounts,
    "erase_orphans": _erase_orphans,
    "self_check": self_check,
}


@logger.inject_lambda_context(correlation_id_path="correlation_id", clear_state=True)
def handler(event: Event, context: LambdaContext) -> Outcome:  # noqa: ARG001 - Lambda's signature
    """Run the step that the event names."""
    return run(STEPS, event)
