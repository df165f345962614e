"""Which photo an event is about, and which execution sent it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from motiv8.payloads import SentPhoto, UploadedPhoto


def uploaded(payload: UploadedPhoto | SentPhoto) -> tuple[str, str, str]:
    """User id, selfie id and run: S3 sends the object's key, `uploads/{user}/{selfie}`; a portrait, both ids."""
    # An execution that began before the release with `run` names none.
    run = payload.get("run", payload["correlation_id"])
    if "key" in payload:
        _, user_id, selfie_id = payload["key"].split("/")
        return user_id, selfie_id, run
    return payload["user_id"], payload["selfie_id"], run
