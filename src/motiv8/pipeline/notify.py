"""A word on a person's devices when their daily picture is there."""

from __future__ import annotations

import hashlib
import http.client
import json
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

from motiv8.aws.secrets import link_secret
from motiv8.notifications import service, web_push
from motiv8.portraits import repository
from motiv8.settings import settings
from motiv8.telemetry import count, logger

if TYPE_CHECKING:
    from datetime import datetime

    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

    from motiv8.accounts.devices import Device
    from motiv8.accounts.person import Person
    from motiv8.portraits.picture import Picture

_SECONDS = 4
_KEPT_SECONDS = 12 * 3600
"""How long a push service keeps it for a device that is off; the picture is of today."""
_GONE = frozenset({404, 410})


def notify(person: Person, picture: Picture, now: datetime) -> int:
    """Tell each device, once; returns how many took it. A device that is gone is forgotten, and nothing is raised."""
    devices = person.devices.all
    if not devices or not _is_first(picture, now):
        return 0
    message = json.dumps(
        {"title": "Today's picture", "body": picture.line or "", "tag": picture.portrait_id, "url": "/#/today"}
    ).encode()
    key = web_push.sender_key(link_secret())
    told = sum(_tell(person.user_id, device, key, message, picture.portrait_id, now) for device in devices)
    count("NotificationsSent", told)
    return told


def _is_first(picture: Picture, now: datetime) -> bool:
    """Noted before the first is sent: a step that runs again tells nobody twice."""
    changed = repository.change(picture.user_id, picture.portrait_id, lambda current: current.notified(now))
    return changed is not None and changed.before.notified_at is None


def _tell(
    user_id: str,
    device: Device,
    key: EllipticCurvePrivateKey,
    message: bytes,
    portrait_id: str,
    now: datetime,
) -> bool:
    try:
        with urllib.request.urlopen(_request(device, key, message, portrait_id, now), timeout=_SECONDS):  # noqa: S310
            return True
    except urllib.error.HTTPError as error:
        if error.code in _GONE:
            service.unsubscribe(user_id, device.id)
            return False
        _failed(str(error.code))
    # The last two: a device that was stored before its address and keys were checked as they are today.
    except (OSError, http.client.HTTPException, ValueError) as error:
        _failed(type(error).__name__)
    return False


def _request(
    device: Device, key: EllipticCurvePrivateKey, message: bytes, portrait_id: str, now: datetime
) -> urllib.request.Request:
    return urllib.request.Request(  # noqa: S310 - of a push service: checked when the device subscribed
        device.endpoint,
        web_push.encrypt(message, device.p256dh, device.auth),
        {
            "Authorization": web_push.authorization(device.endpoint, key, settings().sender_address, now),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(_KEPT_SECONDS),
            # A later one of the same picture takes the place of this one (RFC 8030, 5.4).
            "Topic": hashlib.sha256(portrait_id.encode()).hexdigest()[:32],
        },
    )


def _failed(reason: str) -> None:
    logger.warning("device not told", reason=reason)
    count("NotificationsFailed")
