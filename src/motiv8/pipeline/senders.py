"""How a device is told, whatever kind it is: by its browser's push service, Apple's or Google's."""

from __future__ import annotations

import hashlib
import http.client
import json
import urllib.error
import urllib.request
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, Protocol

from motiv8.aws.secrets import apns_secret, fcm_secret, link_secret
from motiv8.catalogue.translation import translated
from motiv8.notifications import apns, fcm, web_push
from motiv8.notifications.app_push import READY, Notice, Outcome, PushRequest
from motiv8.settings import settings
from motiv8.telemetry import count, logger

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    import httpx

    from motiv8.accounts.devices import Device
    from motiv8.catalogue.locales import Language
    from motiv8.portraits.picture import Picture

_SECONDS = 4
KEPT_SECONDS = 12 * 3600
"""How long a push service keeps it for a device that is off; the picture is of today."""
_GONE = frozenset({404, 410})


class Sender(Protocol):
    """Tells a device; raises nothing, and what fails is counted."""

    def send(self, device: Device, picture: Picture, language: Language, now: datetime) -> Outcome:
        """Tell it of this picture."""


class WebPush:
    """Browsers: what they are told is encrypted for them, so that it may say the picture's line."""

    def send(self, device: Device, picture: Picture, language: Language, now: datetime) -> Outcome:
        """Tell it of this picture."""
        try:
            with urllib.request.urlopen(self._request(device, picture, language, now), timeout=_SECONDS):  # noqa: S310
                return Outcome.TOLD
        except urllib.error.HTTPError as error:
            return Outcome.GONE if error.code in _GONE else _failed(str(error.code))
        # The last two: a device that was stored before its address and keys were checked as they are today.
        except (OSError, http.client.HTTPException, ValueError) as error:
            return _failed(type(error).__name__)

    @staticmethod
    def _request(device: Device, picture: Picture, language: Language, now: datetime) -> urllib.request.Request:
        title = translated("Today's picture", language)
        said = {"title": title, "body": picture.line or "", "tag": picture.portrait_id, "url": "/#/today"}
        key = web_push.sender_key(link_secret())
        return urllib.request.Request(  # noqa: S310 - of a push service: checked when the device subscribed
            device.endpoint,
            web_push.encrypt(json.dumps(said).encode(), device.p256dh, device.auth),
            {
                "Authorization": web_push.authorization(device.endpoint, key, settings().sender_address, now),
                "Content-Encoding": "aes128gcm",
                "Content-Type": "application/octet-stream",
                "TTL": str(KEPT_SECONDS),
                # A later one of the same picture takes the place of this one (RFC 8030, 5.4).
                "Topic": hashlib.sha256(picture.portrait_id.encode()).hexdigest()[:32],
            },
        )


class _Kept(NamedTuple):
    """A token that says who sends, and until when it is used."""

    value: str
    until: float


class Apns:
    """Apps on Apple's devices, by HTTP/2 on one connection."""

    def __init__(self) -> None:
        self._key = apns.ApnsKey.of(apns_secret())
        self._provider: _Kept | None = None

    def send(self, device: Device, picture: Picture, language: Language, now: datetime) -> Outcome:
        """Tell it of this picture."""
        if self._provider is None or self._provider.until <= now.timestamp():
            self._provider = _Kept(apns.provider_token(self._key, now), now.timestamp() + apns.TOKEN_SECONDS)
        request = apns.request(
            self._key.host, self._key.topic, self._provider.value, device.endpoint, _notice(picture, language, now)
        )
        answer = _post(request)
        return _counted(answer, apns.outcome(answer.status_code, answer.content, device.created_at))


class Fcm:
    """Apps that Google reaches."""

    def __init__(self) -> None:
        self._account = fcm.ServiceAccount.of(fcm_secret())
        self._access: _Kept | None = None

    def send(self, device: Device, picture: Picture, language: Language, now: datetime) -> Outcome:
        """Tell it of this picture."""
        if self._access is None or self._access.until <= now.timestamp():
            said = _post(fcm.access_token_request(self._account, now)).raise_for_status().json()
            self._access = _Kept(str(said["access_token"]), now.timestamp() + float(said["expires_in"]) - 60)
        notice = _notice(picture, language, now)
        request = fcm.request(self._account.project_id, self._access.value, device.endpoint, notice)
        answer = _post(request)
        return _counted(answer, fcm.outcome(answer.status_code, answer.content))


def tell(device: Device, picture: Picture, language: Language, now: datetime) -> Outcome:
    """Tell a device of any kind, in its owner's language; nothing is raised, and what fails is logged and counted."""
    import httpx  # what most runs do without

    try:
        return _sender(device.service).send(device, picture, language, now)
    except (httpx.HTTPError, KeyError, ValueError) as error:
        return _failed(type(error).__name__)


@cache
def _sender(service: str) -> Sender:
    kinds: dict[str, Callable[[], Sender]] = {"web_push": WebPush, "apns": Apns, "fcm": Fcm}
    return kinds[service]()


@cache
def _client() -> httpx.Client:
    """The process's connections: Apple takes HTTP/2 alone, and wants them kept."""
    import httpx

    return httpx.Client(http2=True, timeout=_SECONDS)


def _post(request: PushRequest) -> httpx.Response:
    return _client().post(request.url, headers=request.headers, content=request.body)


def _notice(picture: Picture, language: Language, now: datetime) -> Notice:
    return Notice(picture.portrait_id, now + timedelta(seconds=KEPT_SECONDS), translated(READY, language))


def _counted(answer: httpx.Response, outcome: Outcome) -> Outcome:
    return _failed(str(answer.status_code)) if outcome is Outcome.FAILED else outcome


def _failed(reason: str) -> Outcome:
    logger.warning("device not told", reason=reason)
    count("NotificationsFailed")
    return Outcome.FAILED
