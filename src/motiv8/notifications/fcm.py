"""The protocol of Firebase Cloud Messaging, HTTP v1: who sends, what a device is sent, what an answer means. Pure.

https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages
https://developers.google.com/identity/protocols/oauth2/service-account#httprest
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from motiv8 import tokens
from motiv8.notifications.app_push import Outcome, PushRequest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from motiv8.notifications.app_push import Notice

HOST = "https://fcm.googleapis.com"
TOKENS = "https://oauth2.googleapis.com/token"
_SCOPE = "https://www.googleapis.com/auth/firebase.messaging"
_TTL_SECONDS = 12 * 3600


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """Who sends, as Google's file of a service account says it."""

    project_id: str
    client_email: str
    private_key: str = field(repr=False)

    @classmethod
    def of(cls, secret: Mapping[str, Any]) -> ServiceAccount:
        """From the file's JSON. Raises KeyError."""
        return cls(*(str(secret[name]) for name in ("project_id", "client_email", "private_key")))


def access_token_request(account: ServiceAccount, now: datetime) -> PushRequest:
    """Asks Google for an access token: it answers `access_token` and `expires_in` in JSON.

    Raises ValueError for a private key that is none of RSA.
    """
    moment = int(now.timestamp())
    claims = {"iss": account.client_email, "scope": _SCOPE, "aud": TOKENS, "iat": moment, "exp": moment + 3600}
    assertion = tokens.sign(claims, account.private_key, "RS256")
    body = urlencode({"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion})
    return PushRequest(TOKENS, {"content-type": "application/x-www-form-urlencoded"}, body.encode())


def request(project_id: str, access_token: str, token: str, notice: Notice) -> PushRequest:
    """A notice to a device, which takes the place of an earlier one of the same picture."""
    android = {
        "ttl": f"{_TTL_SECONDS}s",
        "collapse_key": notice.portrait_id,
        "notification": {"tag": notice.portrait_id},
    }
    message = {
        "token": token,
        "notification": {"title": notice.title, "body": notice.body},
        "data": {"portrait_id": notice.portrait_id},
        "android": android,
    }
    headers = {"authorization": f"Bearer {access_token}", "content-type": "application/json"}
    url = f"{HOST}/v1/projects/{project_id}/messages:send"
    return PushRequest(url, headers, json.dumps({"message": message}).encode())


def outcome(status: int, body: bytes) -> Outcome:
    """What an answer means: FCM's error code alone says that a device is gone, since a wrong project is 404, too."""
    if status == 200:
        return Outcome.TOLD
    return Outcome.GONE if "UNREGISTERED" in _codes(body) else Outcome.FAILED


def _codes(body: bytes) -> set[Any]:
    try:
        details = json.loads(body)["error"]["details"]
        return {each.get("errorCode") for each in details}
    except (ValueError, KeyError, TypeError, AttributeError):
        return set()
