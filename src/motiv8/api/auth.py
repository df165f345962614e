"""The auth guard: checks an access token of our user pool.

The Cognito authorizer at the gateway does so too; this is the check that holds where no gateway stands in front.
"""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import urllib3
from joserfc.jwk import RSAKey

from motiv8 import tokens
from motiv8.errors import Unauthorized, Unavailable
from motiv8.settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from joserfc.jwk import GuestProtocol

# An unknown kid makes us ask for the keys again, but never more often than this: kids are the caller's to invent.
_SECONDS_BETWEEN_REFRESHES = 30.0


class Caller(NamedTuple):
    """Who sent the request: the Cognito `sub`, the token's session, when it was issued, and the person's groups."""

    user_id: str
    session_id: str
    issued_at: datetime
    groups: frozenset[str] = frozenset()


class KeySet:
    """The pool's public keys by `kid`, each built once and kept."""

    def __init__(self, fetch: Callable[[], list[dict[str, Any]]], clock: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._clock = clock
        self._keys: dict[str, RSAKey] = {}
        self._fetched_at: float | None = None

    def key(self, kid: str) -> RSAKey:
        """The key named `kid`; raises Unauthorized when the pool has none, Unavailable when it does not answer."""
        if kid not in self._keys and self._may_refresh():
            self.refresh()
        if kid not in self._keys:
            raise Unauthorized
        return self._keys[kid]

    def refresh(self) -> None:
        """Ask the pool for its keys."""
        self._keys = {key["kid"]: RSAKey.import_key(key) for key in self._fetch() if key.get("kty") == "RSA"}
        self._fetched_at = self._clock()

    def _may_refresh(self) -> bool:
        return self._fetched_at is None or self._clock() - self._fetched_at >= _SECONDS_BETWEEN_REFRESHES


@cache
def key_set() -> KeySet:
    """The keys of our user pool."""
    return KeySet(_fetch_keys)


def _fetch_keys() -> list[dict[str, Any]]:
    try:
        answer = urllib3.request("GET", settings().jwks_url, timeout=3.0, retries=2)
        keys: list[dict[str, Any]] = json.loads(answer.data)["keys"]
    except (urllib3.exceptions.HTTPError, ValueError, KeyError, TypeError) as error:
        raise Unavailable("The sign-in keys are temporarily unavailable. Please try again.") from error
    return keys


def caller(headers: Mapping[str, str]) -> Caller:
    """Who the `Authorization: Bearer` header says it is.

    Raises Unauthorized unless it is an unexpired access token, signed with RS256 by a key of our pool, for our client.
    """
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthorized("Send the access token as `Authorization: Bearer …`.")
    claims = _verified_claims(token.strip())
    if claims.get("token_use") != "access" or claims.get("client_id") != settings().user_pool_client_id:
        raise Unauthorized
    groups = frozenset(str(group) for group in claims.get("cognito:groups") or ())
    issued_at = datetime.fromtimestamp(int(claims["iat"]), UTC)
    # What all access tokens of one sign-in have in common.
    session_id = str(claims.get("origin_jti", ""))
    return Caller(user_id=str(claims["sub"]), session_id=session_id, issued_at=issued_at, groups=groups)


def _verified_claims(token: str) -> dict[str, Any]:
    expected = tokens.Expected(
        iss={"essential": True, "value": settings().token_issuer},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
    )
    try:
        return tokens.verified(token, _named_key, "RS256", expected)
    except tokens.TokenInvalid as error:
        raise Unauthorized from error


def _named_key(token: GuestProtocol) -> RSAKey:
    return key_set().key(str(token.headers().get("kid")))
