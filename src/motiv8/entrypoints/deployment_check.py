"""The check after a deployment: CodeDeploy calls it once a new version has all traffic, and heeds its word."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal

from motiv8.api import origin
from motiv8.aws.clients import code_deploy, functions
from motiv8.settings import settings
from motiv8.telemetry import logger
from motiv8.waiting import wait_for

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

_READINESS = {
    "httpMethod": "GET",
    "path": "/health/ready",
    "requestContext": {"requestId": "deployment-check", "stage": "check"},
    "body": None,
    "isBase64Encoded": False,
}
_PATIENCE_SECONDS, _PAUSE_SECONDS = 90.0, 6.0
_SELF_CHECK = {"step": "self_check", "correlation_id": "deployment-check"}
# By what the function is called in the template, which its deployment group is named by: what it is sent, and what a
# healthy one answers.
_CHECKS: dict[str, tuple[str, dict[str, Any], tuple[str, Any]]] = {
    "ApiHandlerFunction": ("api-handler", _READINESS, ("statusCode", 200)),
    "CourierFunction": ("courier", _SELF_CHECK, ("outcome", "ok")),
    "StudioFunction": ("studio", _SELF_CHECK, ("outcome", "ok")),
    "LibraryWorkerFunction": ("library-worker", _SELF_CHECK, ("outcome", "ok")),
    "LibrarySearchFunction": ("library-search", _SELF_CHECK, ("outcome", "ok")),
    "CoachFunction": ("coach", _SELF_CHECK, ("outcome", "ok")),
    "SocketFunction": ("socket", _SELF_CHECK, ("outcome", "ok")),
}


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """Call the `live` alias of the function that was deployed, and tell CodeDeploy whether it works.

    Not the other functions: each has a deployment of its own, and while a broken one waits for its fix, a check of all
    would take back the fix.
    """
    checks = {}
    group = code_deploy().get_deployment(deploymentId=event["DeploymentId"])["deploymentInfo"]["deploymentGroupName"]
    for logical_id, (name, request, (key, expected)) in _CHECKS.items():
        if f"-{logical_id}DeploymentGroup-" in group:
            headers = {"headers": origin.header()} if request is _READINESS else {}
            checks[name] = _settled(name, request | headers).get(key) == expected
    status: Literal["Succeeded", "Failed"] = "Succeeded" if checks and all(checks.values()) else "Failed"
    logger.info("deployment checked", status=status, checks=checks)
    code_deploy().put_lifecycle_event_hook_execution_status(
        deploymentId=event["DeploymentId"],
        lifecycleEventHookExecutionId=event["LifecycleEventHookExecutionId"],
        status=status,
    )
    return {"status": status, "checks": checks}


def _settled(name: str, event: dict[str, Any]) -> dict[str, Any]:
    """What the function answers, and again for a while as long as only the library fails.

    A new index lacks the passage that is asked for until the machine that the question starts has ended.
    """
    answer: dict[str, Any] = {}

    def is_settled() -> bool:
        nonlocal answer
        answer = _calls(name, event)
        return not _only_library_fails(answer)

    with suppress(TimeoutError):
        wait_for(is_settled, seconds=_PATIENCE_SECONDS, pause=_PAUSE_SECONDS)
    return answer


def _only_library_fails(answer: dict[str, Any]) -> bool:
    """Whether everything else is ready."""
    checks = json.loads(answer["body"]).get("checks", {}) if answer.get("statusCode") == 503 else {}
    return [name for name, state in checks.items() if state != "ok"] == ["library"]


def _calls(name: str, event: dict[str, Any]) -> dict[str, Any]:
    """What the function answers; an empty dict when it breaks or cannot be called, which fails every check."""
    try:
        answer = functions().invoke(
            FunctionName=f"motiv8-{name}-{settings().environment}:live", Payload=json.dumps(event).encode()
        )
        body: dict[str, Any] = json.loads(answer["Payload"].read())
    except Exception as error:  # noqa: BLE001 - whatever it is, CodeDeploy must hear of it at once and not at a time-out
        logger.warning("not callable", function=name, exception_type=type(error).__qualname__)
        return {}
    return {} if "FunctionError" in answer else body
