"""The check after a deployment: CodeDeploy calls it once all traffic is on the new versions, and heeds its word."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

from motiv8.api import origin
from motiv8.aws.clients import code_deploy, functions
from motiv8.settings import settings
from motiv8.telemetry import logger

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

_READINESS = {
    "httpMethod": "GET",
    "path": "/health/ready",
    "requestContext": {"requestId": "deployment-check", "stage": "check"},
    "body": None,
    "isBase64Encoded": False,
}
_SELF_CHECK = {"step": "self_check", "correlation_id": "deployment-check"}


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """Call each function's `live` alias, and tell CodeDeploy whether all of them work."""
    checks = {
        "api-handler": _calls("api-handler", {**_READINESS, "headers": origin.header()}).get("statusCode") == 200,
        "courier": _calls("courier", _SELF_CHECK).get("outcome") == "ok",
        "studio": _calls("studio", _SELF_CHECK).get("outcome") == "ok",
    }
    status: Literal["Succeeded", "Failed"] = "Succeeded" if all(checks.values()) else "Failed"
    logger.info("deployment checked", status=status, checks=checks)
    code_deploy().put_lifecycle_event_hook_execution_status(
        deploymentId=event["DeploymentId"],
        lifecycleEventHookExecutionId=event["LifecycleEventHookExecutionId"],
        status=status,
    )
    return {"status": status, "checks": checks}


def _calls(name: str, event: dict[str, Any]) -> dict[str, Any]:
    """What the function answers; nothing when it breaks or cannot be called, which no check takes for well."""
    try:
        answer = functions().invoke(
            FunctionName=f"motiv8-{name}-{settings().environment}:live", Payload=json.dumps(event).encode()
        )
        body: dict[str, Any] = json.loads(answer["Payload"].read())
    except Exception as error:  # noqa: BLE001 - whatever it is, CodeDeploy must hear of it at once and not at a time-out
        logger.warning("not callable", function=name, exception_type=type(error).__qualname__)
        return {}
    return {} if "FunctionError" in answer else body
