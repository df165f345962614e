"""Cognito's pre-sign-up trigger: it asks before it makes an account for somebody whom Google or Apple vouches for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from motiv8.accounts.federation import SignInRefused, join
from motiv8.telemetry import logger

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """Link a first sign-in by a provider; sign-ups with a password pass as they are.

    https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-sign-up.html
    """
    if event["triggerSource"] == "PreSignUp_ExternalProvider":
        attributes = event["request"]["userAttributes"]
        verified = str(attributes.get("email_verified", "")).lower() == "true"
        try:
            email = attributes.get("email", "").strip().lower()
            join(event["userName"], email, verified=verified, pool=event["userPoolId"])
        except SignInRefused as refused:
            logger.warning("sign-in by a provider refused", reason=str(refused))
            raise
    return event
