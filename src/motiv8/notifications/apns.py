"""The protocol of Apple's push service: who sends, what a device is sent, what an answer means. Pure.

https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns
https://developer.apple.com/documentation/usernotifications/handling-notification-responses-from-apns
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from motiv8 import tokens
from motiv8.notifications.app_push import Outcome, PushRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from motiv8.notifications.app_push import Notice

PRODUCTION, SANDBOX = "https://api.push.apple.com", "https://api.sandbox.push.apple.com"
TOKEN_SECONDS = 40 * 60
"""Apple refuses a token that is older than an hour, and tokens that change more often than every 20 minutes."""


@dataclass(frozen=True, slots=True)
class ApnsKey:
    """The key from Apple's developer account, and the app that it is for."""

    key_id: str
    team_id: str
    topic: str
    private_key: str = field(repr=False)
    sandbox: bool = False

    @classmethod
    def of(cls, secret: Mapping[str, Any]) -> ApnsKey:
        """From a secret with these names. Raises KeyError."""
        return cls(
            key_id=str(secret["key_id"]),
            team_id=str(secret["team_id"]),
            topic=str(secret["topic"]),
            private_key=str(secret["private_key"]),
            sandbox=secret.get("sandbox") is True,
        )

    @property
    def host(self) -> str:
        """Where apps of this kind are reached."""
        return SANDBOX if self.sandbox else PRODUCTION


def provider_token(key: ApnsKey, now: datetime) -> str:
    """What says who sends. Raises ValueError for a key that is none of P-256."""
    claims = {"iss": key.team_id, "iat": int(now.timestamp())}
    return tokens.sign(claims, key.private_key, "ES256", key.key_id)


def request(host: str, topic: str, provider: str, token: str, notice: Notice) -> PushRequest:
    """A notice to a device, which takes the place of an earlier one of the same picture."""
    body = {"aps": {"alert": {"title": notice.title, "body": notice.body}}, "portrait_id": notice.portrait_id}
    headers = {
        "authorization": f"bearer {provider}",
        "apns-topic": topic,
        "apns-push-type": "alert",
        "apns-priority": "5",
        "apns-expiration": str(int(notice.expires_at.timestamp())),
        "apns-collapse-id": notice.portrait_id,
    }
    return PushRequest(f"{host}/3/device/{token}", headers, json.dumps(body).encode())


def outcome(status: int, body: bytes, registered_at: str) -> Outcome:
    """What an answer means for a device that registered at that moment (RFC 3339)."""
    if status == 200:
        return Outcome.TOLD
    # Where an app got the same token anew after Apple had found it gone, it is the app's again.
    if status == 410 and not _is_before(_said(body).get("timestamp"), registered_at):
        return Outcome.GONE
    return Outcome.FAILED


def _is_before(milliseconds: Any, registered_at: str) -> bool:
    if not isinstance(milliseconds, int):
        return False
    return datetime.fromtimestamp(milliseconds / 1000, UTC) < datetime.fromisoformat(registered_at)


def _said(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
