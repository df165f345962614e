"""Starting the portrait state machine."""

import json

from botocore.exceptions import ClientError

from motiv8.aws.clients import step_functions
from motiv8.settings import settings


def start_portrait(user_id: str, portrait_id: str, correlation_id: str) -> None:
    """Have a picture made. Starting the same one twice starts it once."""
    order = {
        "user_id": user_id,
        "portrait_id": portrait_id,
        "trigger": "asked",
        "task": "portrait",
        "correlation_id": correlation_id,
    }
    try:
        step_functions().start_execution(
            stateMachineArn=settings().portrait_state_machine_arn,
            name=f"{portrait_id}-{user_id}",
            input=json.dumps(order),
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ExecutionAlreadyExists":
            raise
