"""Running the daily machine by hand."""

from __future__ import annotations

import json
from typing import Any

import boto3

from motiv8.waiting import wait_for

_LONGEST_RUN_SECONDS = 24 * 3600.0


class DailyRunFailed(Exception):
    """The machine itself ended badly; failures of single portraits are counted, not raised."""


def daily_machine(environment: str) -> tuple[Any, str]:
    """A Step Functions client with the caller's own credentials, and the name of an environment's daily machine."""
    account = boto3.client("sts").get_caller_identity()["Account"]
    step_functions = boto3.client("stepfunctions")
    region = step_functions.meta.region_name
    return step_functions, f"arn:aws:states:{region}:{account}:stateMachine:motiv8-daily-{environment}"


def ended(step_functions: Any, execution: str) -> dict[str, Any]:
    """An execution as Step Functions describes it, once it has ended."""

    def ask() -> dict[str, Any] | None:
        found: dict[str, Any] = step_functions.describe_execution(executionArn=execution)
        return None if found["status"] == "RUNNING" else found

    return wait_for(ask, seconds=_LONGEST_RUN_SECONDS, pause=0.2, longest_pause=1)


def run_daily(step_functions: Any, machine: str, order: dict[str, Any]) -> dict[str, int]:
    """Start the daily machine with an order (`now`, `date`, `user_id`), wait, and return due, made and failed.

    Raises DailyRunFailed.
    """
    execution = step_functions.start_execution(stateMachineArn=machine, input=json.dumps(order))["executionArn"]
    found = ended(step_functions, execution)
    if found["status"] != "SUCCEEDED":
        raise DailyRunFailed(f"the daily run {found['status'].lower()}: {found.get('error', '')}")
    summary: dict[str, int] = json.loads(found["output"])["summary"]["value"]
    return summary
