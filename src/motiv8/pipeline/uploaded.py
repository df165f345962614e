"""Which photo an event is about, and which execution sent it."""

from __future__ import annotations

from typing import Any


def uploaded(event: dict[str, Any]) -> tuple[str, str, str]:
    """User id, selfie id and run: S3 sends the object's key, `uploads/{user}/{selfie}`; a portrait, both ids."""
    # An execution that began before the release with `run` names none.
    run = event.get("run", event["correlation_id"])
    if "key" in event:
        _, user_id, selfie_id = event["key"].split("/")
        return user_id, selfie_id, run
    return event["user_id"], event["selfie_id"], run
