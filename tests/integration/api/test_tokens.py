"""Who is let in: only an unexpired access token of our pool, for our client, signed RS256 by a key of the pool."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from motiv8.api import auth
from motiv8.errors import Unauthorized

Call = Callable[..., Any]
Sign = Callable[..., str]


def _encoded(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _claims(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims


def test_a_right_token_is_let_in(call: Call, make_user: Callable[..., Any], sign: Sign) -> None:
    make_user()
    assert call("GET", "/v1/me", token=sign()).status == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": int(time.time()) - 5},
        {"exp": None},
        {"iss": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_other"},
        {"iss": None},
        {"client_id": "another-client"},
        {"client_id": None, "aud": "client"},
        {"token_use": "id"},
        {"token_use": None},
        {"sub": None},
    ],
    ids=["expired", "endless", "other-pool", "no-pool", "other-client", "no-client", "id-token", "no-use", "nobody"],
)
def test_a_token_that_is_not_for_us_is_401(call: Call, sign: Sign, changes: dict[str, Any]) -> None:
    answer = call("GET", "/v1/me", token=sign(**changes))
    assert answer.status == 401
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_tampered_token_is_401(call: Call, sign: Sign) -> None:
    head, _, signature = sign().split(".")
    forged = _encoded(_claims(sign()) | {"sub": "user-2"})
    assert call("GET", "/v1/me", token=f"{head}.{forged}.{signature}").status == 401


def test_a_token_without_algorithm_is_401(call: Call, sign: Sign) -> None:
    unsigned = f"{_encoded({'alg': 'none', 'kid': 'one', 'typ': 'JWT'})}.{_encoded(_claims(sign()))}."
    assert call("GET", "/v1/me", token=unsigned).status == 401


def test_a_token_signed_with_our_public_key_as_a_shared_secret_is_401(call: Call, sign: Sign, public_key: str) -> None:
    signed = f"{_encoded({'alg': 'HS256', 'kid': 'one', 'typ': 'JWT'})}.{_encoded(_claims(sign()))}"
    digest = hmac.new(public_key.encode(), signed.encode(), hashlib.sha256).digest()
    forged = f"{signed}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"
    assert call("GET", "/v1/me", token=forged).status == 401


def test_a_token_signed_by_somebody_elses_key_is_401(call: Call, sign: Sign) -> None:
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    assert call("GET", "/v1/me", token=sign(key=stranger.decode())).status == 401
    assert call("GET", "/v1/me", token=sign(key=stranger.decode(), kid="unknown")).status == 401


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic dXNlcjpwYXNz", "Bearer a.b.c", "Bearer .", "nonsense"]
)
def test_an_odd_header_is_401(call: Call, header: str) -> None:
    assert call("GET", "/v1/me", headers={"Authorization": header}).status == 401


def test_the_header_name_and_scheme_are_taken_in_any_case(
    call: Call, make_user: Callable[..., Any], sign: Sign
) -> None:
    make_user()
    assert call("GET", "/v1/me", headers={"AUTHORIZATION": f"bearer {sign()}"}).status == 200


def test_a_wrong_token_is_refused_before_the_body_is_looked_at(call: Call) -> None:
    assert call("PATCH", "/v1/me", {"delivery_hour": 99}, token="a.b.c").status == 401


class _Pool:
    def __init__(self) -> None:
        self.asked = 0
        self.now = 0.0

    def fetch(self) -> list[dict[str, Any]]:
        self.asked += 1
        return []


def test_an_unknown_key_has_the_keys_read_again_but_not_for_every_invented_kid() -> None:
    pool = _Pool()
    keys = auth.KeySet(pool.fetch, clock=lambda: pool.now)
    for _ in range(5):
        with pytest.raises(Unauthorized):
            keys.key("invented")
    assert pool.asked == 1
    pool.now = 31
    with pytest.raises(Unauthorized):
        keys.key("invented")
    assert pool.asked == 2
