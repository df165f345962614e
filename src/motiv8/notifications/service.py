"""The rules of notifications: which devices are told."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from motiv8.accounts import repository
from motiv8.accounts.devices import Device
from motiv8.clock import rfc3339
from motiv8.errors import BeingDeleted
from motiv8.notifications.errors import PushServiceMissing
from motiv8.settings import settings

if TYPE_CHECKING:
    from datetime import datetime


def subscribe(user_id: str, endpoint: str, p256dh: str, auth: str, now: datetime) -> Device:
    """Tell this device, too; subscribing again renews its keys. Raises BeingDeleted."""
    return _keep(user_id, Device(_id(endpoint), endpoint, p256dh, auth, rfc3339(now)))


def register(user_id: str, push_service: str, token: str, now: datetime) -> Device:
    """Tell this app, too; registering its token again renews it. Raises BeingDeleted, PushServiceMissing."""
    if push_service not in settings().push_services:
        raise PushServiceMissing
    return _keep(user_id, Device(_id(f"{push_service}:{token}"), token, "", "", rfc3339(now), push_service))


def _keep(user_id: str, device: Device) -> Device:
    changed = repository.change(user_id, lambda person: replace(person, devices=person.devices.with_device(device)))
    if changed is None:
        raise BeingDeleted
    return device


def unsubscribe(user_id: str, subscription_id: str) -> bool:
    """Tell this device no more; False where it was not told."""
    changed = repository.change(
        user_id, lambda person: replace(person, devices=person.devices.without(subscription_id))
    )
    return changed is not None and changed.before.devices != changed.after.devices


def _id(endpoint: str) -> str:
    return hashlib.sha256(endpoint.encode()).hexdigest()[:16]
