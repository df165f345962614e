"""Sending events to the sockets that clients hold open."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from motiv8.aws.clients import sockets
from motiv8.telemetry import logger

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_BYTES = 32 * 1024
"""What one frame holds; a message is sent in one (API Gateway Developer Guide, "Quotas for … a WebSocket")."""


def post(connection_id: str, event: Mapping[str, Any]) -> bool:
    """Send one event; False when the connection is gone, and must be forgotten.

    An event that could not be sent for another reason is dropped, since it is kept: the client sees the gap and asks
    for it. In the place of one that is too large an event `cut` is sent: the client reads the message from the API.
    """
    try:
        sockets().post_to_connection(ConnectionId=connection_id, Data=_text(event))
    except ClientError as error:
        if error.response["Error"]["Code"] == "GoneException":
            return False
        logger.warning("event not sent", code=error.response["Error"]["Code"])
    except BotoCoreError as error:
        logger.warning("event not sent", exception_type=type(error).__qualname__)
    return True


def _text(event: Mapping[str, Any]) -> bytes:
    whole = _json(event)
    if len(whole) <= MOST_BYTES:
        return whole
    return _json({"type": "cut", "message_id": event["message_id"], "sequence": event["sequence"]})


def _json(event: Mapping[str, Any]) -> bytes:
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
