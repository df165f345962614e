"""The scene that everybody with a mode shares on a date."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from motiv8.aws import keys, storage
from motiv8.settings import settings
from motiv8.studio import photo, scene

if TYPE_CHECKING:
    import numpy as np


def make_scene(day: str, mode: str) -> dict[str, Any]:
    """Make and store the scene unless it is there; `made` says which."""
    if storage.exists(settings().media_bucket, keys.scene(day, mode)):
        return {"made": False}
    _make(day, mode)
    return {"made": True}


def shared_scene(day: str, mode: str) -> np.ndarray:
    """The scene of a date and mode, `uint8[1350, 1080, 3]` RGB, made now where there is none yet.

    Everybody gets the stored one, read back, so that no picture depends on who came first.
    """
    stored = storage.get(settings().media_bucket, keys.scene(day, mode))
    return photo.decode_own(stored or _make(day, mode))


def _make(day: str, mode: str) -> bytes:
    encoded = photo.encode_webp(scene.make(mode, date.fromisoformat(day)))
    storage.put(settings().media_bucket, keys.scene(day, mode), encoded, "image/webp")
    return encoded
