"""The rules of notifications: which devices are told."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from motiv8.accounts import repository
from motiv8.clock import rfc3339
from motiv8.errors import NotFound

if TYPE_CHECKING:
    from datetime import datetime

    from motiv8.aws.tables import UserRow

MOST_DEVICES = 5
"""Each is called when a picture is there; the one that subscribed first makes room."""
Device = dict[str, str]
_KEYS = ("id", "endpoint", "p256dh", "auth", "created_at")


def subscribe(user_id: str, endpoint: str, p256dh: str, auth: str, now: datetime) -> Device:
    """Tell this device, too; subscribing again renews its keys. Raises NotFound when the account is gone."""
    device = {
        "id": _id(endpoint),
        "endpoint": endpoint,
        "p256dh": p256dh,
        "auth": auth,
        "created_at": rfc3339(now),
    }

    def apply(row: UserRow) -> bool:
        others = [each for each in devices(row) if each["id"] != device["id"]]
        row.devices = [*others, device][-MOST_DEVICES:]
        return True

    if repository.change(user_id, apply) is None:
        raise NotFound("There is no such account.")
    return device


def unsubscribe(user_id: str, subscription_id: str) -> bool:
    """Tell this device no more; False where it was not told."""
    found = False

    def apply(row: UserRow) -> bool:
        nonlocal found
        kept = [each for each in devices(row) if each["id"] != subscription_id]
        found = len(kept) < len(devices(row))
        row.devices = kept or None
        return found

    repository.change(user_id, apply)
    return found


def devices(row: UserRow) -> list[Device]:
    """The devices of a person that are told, the oldest first; what is stored there and is no device is left out."""
    stored = row.devices if isinstance(row.devices, list) else []
    return [each for each in stored if isinstance(each, dict) and all(isinstance(each.get(key), str) for key in _KEYS)]


def _id(endpoint: str) -> str:
    return hashlib.sha256(endpoint.encode()).hexdigest()[:16]
