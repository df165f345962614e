"""What an account still lacks: quotas, mail, models, alarms. Each is looked at by itself, and nothing there is changed.

What the credentials may not see is a row that names the permission; it stops no other row.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from motiv8_tooling.operations.account_checks import CHECKS, pace
from motiv8_tooling.operations.checked_account import DENIED, OK, TO_DO, UNSEEN, CheckedAccount, Row
from motiv8_tooling.operations.environment import client, keep, of_kind, parameters
from motiv8_tooling.operations.errors import OperationError, explained
from motiv8_tooling.operations.needs import needs
from motiv8_tooling.operations.package import load_template
from motiv8_tooling.operations.stack import Stack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from motiv8_tooling.operations.environment import Environment

# The IAM action that each call needs.
PERMISSIONS = {
    "DescribeSecret": "secretsmanager:DescribeSecret",
    "DescribeStacks": "cloudformation:DescribeStacks",
    "DescribeUserPool": "cognito-idp:DescribeUserPool",
    "GetAccount": "ses:GetAccount",
    "GetAccountSettings": "lambda:GetAccountSettings",
    "GetAWSDefaultServiceQuota": "servicequotas:GetAWSDefaultServiceQuota",
    "GetEmailIdentity": "ses:GetEmailIdentity",
    "GetFoundationModel": "bedrock:GetFoundationModel",
    "GetFoundationModelAvailability": "bedrock:GetFoundationModelAvailability",
    "GetInferenceProfile": "bedrock:GetInferenceProfile",
    "GetServiceQuota": "servicequotas:GetServiceQuota",
    "ListCostAllocationTags": "ce:ListCostAllocationTags",
    "ListServiceQuotas": "servicequotas:ListServiceQuotas",
    "ListSubscriptionsByTopic": "sns:ListSubscriptionsByTopic",
}


def examine(environment: Environment, users: int, words: Sequence[str] = (), *, first: bool = False) -> list[Row]:
    """Look at everything; `words` are `Name=Value` of the template's parameters. No credentials make one row."""
    rows = list(_tools()) if first else []
    try:
        with explained():
            identity = client("sts").get_caller_identity()
            region = client("sts").meta.region_name
    except OperationError as error:
        return [*rows, Row("credentials", TO_DO, str(error), advice="aws configure sso, or AWS_PROFILE and AWS_REGION")]
    rows.append(Row("credentials", OK, f"account {identity['Account']}, region {region}"))
    stack, seen = _stack(environment, first=first)
    rows += seen
    kept = {
        parameter["ParameterKey"]: parameter.get("ParameterValue", "")
        for parameter in (stack or {}).get("Parameters", ())
    }
    values, missing = _values(environment, words, kept)
    rows += missing
    account = CheckedAccount(environment, identity, region, values, needs(users), stack, first)
    for name, check in CHECKS:
        rows += _look(name, check, account)
    return rows


def set_pace(environment: Environment) -> dict[str, str]:
    """Set in environments.toml how fast daily pictures are mailed: as SES lets the account. Returns what it set.

    The next deployment takes it. Raises OperationError.
    """
    with explained():
        values = pace(int(client("sesv2").get_account()["SendQuota"]["MaxSendRate"]))
    keep(environment.kind, values)
    return values


def report(rows: Sequence[Row]) -> str:
    """The rows as a table, and below each what is to be done."""
    widths = [max(len(str(getattr(row, name))) for row in rows) for name in ("state", "check", "found")]
    lines = []
    for row in rows:
        cells = (row.state, row.check, row.found)
        line = "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        lines.append(f"{line}  {f'needed: {row.needed}' if row.needed else ''}".rstrip())
        if row.advice:
            lines.append(f"{'':{widths[0]}}  -> {row.advice}")
    counts = {state: sum(row.state == state for row in rows) for state in (TO_DO, UNSEEN)}
    lines.append(f"{counts[TO_DO]} to do, {counts[UNSEEN]} that could not be checked")
    return "\n".join(lines)


def as_json(rows: Sequence[Row]) -> list[dict[str, str]]:
    """The rows for a script."""
    return [asdict(row) for row in rows]


def _look(name: str, check: Callable[[CheckedAccount], Iterable[Row]], account: CheckedAccount) -> list[Row]:
    try:
        return list(check(account))
    except ClientError as error:
        return [_unseen(name, error)]
    except BotoCoreError as error:
        return [Row(name, UNSEEN, type(error).__name__, advice="is the service in this region? Otherwise try again")]
    except KeyError as error:
        return [Row(name, UNSEEN, f"AWS's answer has no {error}", advice="look in the service's console")]


def _unseen(name: str, error: ClientError) -> Row:
    if error.response["Error"]["Code"] in DENIED:
        needed = PERMISSIONS.get(error.operation_name, error.operation_name)
        return Row(name, UNSEEN, "access denied", advice=f"needs the permission {needed}")
    said = " ".join(error.response["Error"].get("Message", "").split())[:200]
    return Row(name, UNSEEN, f"{error.operation_name}: {error.response['Error']['Code']}", advice=said)


def _tools() -> Iterator[Row]:
    """What this machine needs to deploy."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield Row("python", OK if sys.version_info >= (3, 11) else TO_DO, version, "3.11 or later")
    for name in ("git", "npm"):
        path = shutil.which(name)
        advice = (
            "" if path else f"install {name}{' (Node.js 20.19 or later), for the web app' if name == 'npm' else ''}"
        )
        yield Row(name, OK if path else TO_DO, path or "not there", advice=advice)
    answers = False
    if shutil.which("docker"):
        asked = subprocess.run(["docker", "info"], capture_output=True, check=False)  # noqa: S607 - the one on PATH
        answers = asked.returncode == 0
    found = "its engine answers" if answers else "no engine answers"
    advice = "" if answers else "install Docker and start it: both images are built and tried here"
    yield Row("docker", OK if answers else TO_DO, found, advice=advice)


def _stack(environment: Environment, *, first: bool) -> tuple[dict[str, Any] | None, list[Row]]:
    try:
        found = Stack(client("cloudformation"), environment.stack, lambda _: None).described()
    except ClientError as error:
        return None, [_unseen("stack", error)]
    if found is None:
        state, advice = (OK, "") if first else (TO_DO, f"scripts/deploy-phased.sh {environment.name}")
        return None, [Row("stack", state, f"{environment.stack} does not exist yet", advice=advice)]
    status = found["StackStatus"]
    well = status in {"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE"}
    advice = "" if well else 'docs/on-call.md, "When a script stops"'
    return found, [Row("stack", OK if well else TO_DO, f"{environment.stack} is in {status}", advice=advice)]


def _values(environment: Environment, words: Sequence[str], kept: dict[str, str]) -> tuple[dict[str, str], list[Row]]:
    """The template's parameters: its defaults, and over them what a deployment would take."""
    defaults = {name: str(each["Default"]) for name, each in load_template()["Parameters"].items() if "Default" in each}
    try:
        return defaults | parameters(environment, words, kept), []
    except OperationError as error:
        return defaults | of_kind(environment.kind) | kept, [Row("parameters", TO_DO, "incomplete", advice=str(error))]
