"""Which photo an event is about."""

from __future__ import annotations

from typing import Any


def uploaded(event: dict[str, Any]) -> tuple[str, str]:
    """User id and selfie id: from S3 comes the object's key, `uploads/{user}/{selfie}`; from a portrait, the ids."""
    if "key" in event:
        _, user_id, selfie_id = event["key"].split("/")
        return user_id, selfie_id
    return event["user_id"], event["selfie_id"]
