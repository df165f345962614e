"""A word on a person's devices when their daily picture is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motiv8.notifications import service
from motiv8.notifications.app_push import Outcome
from motiv8.pipeline.senders import tell
from motiv8.portraits import repository
from motiv8.telemetry import count

if TYPE_CHECKING:
    from datetime import datetime

    from motiv8.accounts.person import Person
    from motiv8.portraits.picture import Picture


def notify(person: Person, picture: Picture, now: datetime) -> int:
    """Tell each device, once; returns how many took it. A device that is gone is forgotten, and nothing is raised."""
    devices = person.devices.all
    if not devices or not _is_first(picture, now):
        return 0
    outcomes = {device.id: tell(device, picture, person.preferences.language, now) for device in devices}
    for device_id, outcome in outcomes.items():
        if outcome is Outcome.GONE:
            service.unsubscribe(person.user_id, device_id)
    told = sum(outcome is Outcome.TOLD for outcome in outcomes.values())
    count("NotificationsSent", told)
    return told


def _is_first(picture: Picture, now: datetime) -> bool:
    """Noted before the first is sent: a step that runs again tells nobody twice."""
    changed = repository.change(picture.user_id, picture.portrait_id, lambda current: current.notified(now))
    return changed is not None and changed.before.notified_at is None
