"""What the notification routes take and give."""

import re
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from motiv8.notifications.web_push import check_keys
from motiv8.schema import RequestBody, ResponseBody

# The push services of Chrome, Firefox, Edge and Safari. A server that calls whatever address it is given could be
# sent to places that only it can reach.
PUSH_SERVICES = ("fcm.googleapis.com", "push.services.mozilla.com", "notify.windows.com", "push.apple.com")

# What a URL can hold (RFC 3986, 2); an HTTP client refuses to send anything else.
_URL_CHARACTERS = re.compile(r"[0-9A-Za-z._~:/?#\[\]@!$&'()*+,;=%-]+")


def _of_a_push_service(endpoint: str) -> str:
    parts = urlsplit(endpoint)
    host = parts.hostname or ""
    known = any(host == service or host.endswith(f".{service}") for service in PUSH_SERVICES)
    if parts.scheme != "https" or not known or parts.netloc != host or not _URL_CHARACTERS.fullmatch(endpoint):
        raise ValueError("must be an address of a browser's push service")
    return endpoint


Key = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{16,128}={0,2}$")]


class SubscriptionKeys(RequestBody):
    """`keys` of a browser's PushSubscription."""

    p256dh: Key
    auth: Key

    @model_validator(mode="after")
    def _keys(self) -> "SubscriptionKeys":
        check_keys(self.p256dh, self.auth)
        return self


class SubscriptionRequest(RequestBody):
    """A browser's PushSubscription, as `toJSON` gives it."""

    endpoint: Annotated[str, Field(max_length=1024), AfterValidator(_of_a_push_service)]
    keys: SubscriptionKeys


class ApnsRegistration(RequestBody):
    """An app on an Apple device: its token in hexadecimal digits."""

    service: Literal["apns"]
    token: Annotated[str, Field(pattern=r"^[0-9a-fA-F]{64,512}$")]


class FcmRegistration(RequestBody):
    """An app that Google reaches: its registration token."""

    service: Literal["fcm"]
    token: Annotated[str, Field(pattern=r"^[0-9A-Za-z_:-]{20,1024}$")]


Registration = ApnsRegistration | FcmRegistration
"""What /v1/notifications/apps takes, told apart by `service`."""
PushService = Literal["web_push", "apns", "fcm"]


class Subscription(ResponseBody):
    """A device that is told."""

    subscription_id: str
    service: PushService
    created_at: str


class Notifications(ResponseBody):
    """The devices that are told, and what a new one subscribes with."""

    services: Annotated[list[PushService], Field(description="Which kinds of devices can be told here")]
    public_key: Annotated[str, Field(description="`applicationServerKey` of PushManager.subscribe")]
    subscriptions: list[Subscription]
