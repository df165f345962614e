"""The function behind the WebSocket API (`motiv8-socket-ENV`): lets a socket in by its ticket, and answers it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from motiv8 import clock
from motiv8.catalogue.locales import language_of
from motiv8.catalogue.translation import preferred
from motiv8.pipeline import follow_answer
from motiv8.pipeline.follow_answer import Follower
from motiv8.telemetry import logger

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.utilities.typing import LambdaContext

Event = dict[str, Any]


def _authorize(event: Event) -> dict[str, Any]:
    """The policy by which API Gateway lets a socket in, or answers 403; its context is in each later event."""
    ticket = (event.get("queryStringParameters") or {}).get("ticket") or ""
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    admitted = follow_answer.admit(ticket, headers.get("origin"), clock.now())
    language = preferred(headers.get("accept-language") or "")
    logger.info("socket asked for", admitted=admitted is not None)
    statement = {
        "Action": "execute-api:Invoke",
        "Effect": "Allow" if admitted else "Deny",
        "Resource": event["methodArn"],
    }
    return {
        "principalId": admitted.user_id if admitted else "nobody",
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": admitted._asdict() | {"language": language} if admitted else {},
    }


def _follower(event: Event) -> Follower:
    context = event["requestContext"]
    admitted = context["authorizer"]
    # A socket that was opened before a release has no language.
    language = language_of(admitted.get("language") or "")
    return Follower(admitted["user_id"], admitted["conversation_id"], context["connectionId"], language)


def _connect(event: Event) -> int:
    return 200 if follow_answer.connect(_follower(event), clock.now()) else 403


def _disconnect(event: Event) -> int:
    follow_answer.disconnect(_follower(event))
    return 200


def _message(event: Event) -> int:
    # API Gateway hands over no frame of bytes as text.
    text = "" if event.get("isBase64Encoded") else event.get("body") or ""
    follow_answer.receive(_follower(event), text, clock.now())
    return 200


_EVENTS: dict[str, Callable[[Event], int]] = {"CONNECT": _connect, "DISCONNECT": _disconnect, "MESSAGE": _message}


@logger.inject_lambda_context(clear_state=True)
def handler(event: Event, context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """Answer API Gateway: as its authorizer, or to what happens on a socket."""
    if event.get("step") == "self_check":
        # That it answers says that everything it imports is in the image.
        return {"outcome": "ok"}
    if event.get("type") == "REQUEST":
        return _authorize(event)
    logger.append_keys(connection_id=event["requestContext"]["connectionId"])
    return {"statusCode": _EVENTS[event["requestContext"]["eventType"]](event)}
