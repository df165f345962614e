"""Who is let in: only an unexpired access token of our pool, for our client, signed RS256 by a key of the pool."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from joserfc.jwk import RSAKey

from motiv8.api import auth
from motiv8.errors import Unauthorized

Call = Callable[..., Any]
Sign = Callable[..., str]
# Each test has keys of its own in its place.
FETCH_KEYS = auth._fetch_keys


def _encoded(value: object) -> str:
    return _base64(value if isinstance(value, bytes) else json.dumps(value).encode())


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _claims(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims


@pytest.fixture(autouse=True)
def person(make_user: Callable[..., Any]) -> None:
    """The tokens' owner: for somebody unknown a right token is 401, too."""
    make_user()


@pytest.fixture
def signed(pool_key: RSAKey) -> Sign:
    """Make a token of any header and payload, signed by our pool's key."""

    def make(header: object, payload: object) -> str:
        signing_input = f"{_encoded(header)}.{_encoded(payload)}"
        signature = pool_key.get_op_key("sign").sign(signing_input.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{signing_input}.{_base64(signature)}"

    return make


def test_a_right_token_is_let_in(call: Call, sign: Sign) -> None:
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
        {"client_id": ["client"]},
        {"token_use": "id"},
        {"token_use": None},
        {"sub": None},
    ],
    ids=[
        "expired",
        "endless",
        "other-pool",
        "no-pool",
        "other-client",
        "no-client",
        "clients",
        "id-token",
        "no-use",
        "nobody",
    ],
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


def test_a_token_signed_with_our_public_key_as_a_shared_secret_is_401(call: Call, sign: Sign, pool_key: RSAKey) -> None:
    signed = f"{_encoded({'alg': 'HS256', 'kid': 'one', 'typ': 'JWT'})}.{_encoded(_claims(sign()))}"
    digest = hmac.new(pool_key.as_pem(), signed.encode(), hashlib.sha256).digest()
    forged = f"{signed}.{_base64(digest)}"
    assert call("GET", "/v1/me", token=forged).status == 401


def test_a_token_signed_by_somebody_elses_key_is_401(call: Call, sign: Sign) -> None:
    stranger = RSAKey.generate_key()
    assert call("GET", "/v1/me", token=sign(key=stranger)).status == 401
    assert call("GET", "/v1/me", token=sign(key=stranger, kid="unknown")).status == 401


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic dXNlcjpwYXNz", "Bearer a.b.c", "Bearer .", "nonsense"]
)
def test_an_odd_header_is_401(call: Call, header: str) -> None:
    assert call("GET", "/v1/me", headers={"Authorization": header}).status == 401


RIGHT = {"alg": "RS256", "kid": "one"}
ODD_HEADERS = {
    "no-key-named": {"alg": "RS256"},
    "key-number": {"alg": "RS256", "kid": 1},
    "key-list": {"alg": "RS256", "kid": ["one"]},
    "no-algorithm": {"kid": "one"},
    "algorithm-null": RIGHT | {"alg": None},
    "algorithm-list": RIGHT | {"alg": ["RS256"]},
    "algorithm-object": RIGHT | {"alg": {"RS256": 1}},
    "algorithm-in-lower-case": RIGHT | {"alg": "rs256"},
    "none": RIGHT | {"alg": "none"},
    "rs512": RIGHT | {"alg": "RS512"},
    "ps256": RIGHT | {"alg": "PS256"},
    "list": ["alg", "RS256"],
    "list-that-names-what-is-critical": ["alg", "crit", "b64"],
    "string": "alg crit b64",
    "number": 7,
    "null": None,
    "nested": b"[" * 380,
    "not-utf-8": b"\xff\xfe",
    "no-json": b"{",
    "critical-unknown": RIGHT | {"crit": ["exp"], "exp": 1},
    "critical-missing": RIGHT | {"crit": ["exp"]},
    "critical-number": RIGHT | {"crit": 1},
    "critical-list-of-numbers": RIGHT | {"crit": [1]},
    "critical-list-of-objects": RIGHT | {"crit": [{}]},
    "unencoded": RIGHT | {"b64": False, "crit": ["b64"]},
    "unencoded-but-not-critical": RIGHT | {"b64": False},
}


@pytest.mark.parametrize("header", ODD_HEADERS.values(), ids=ODD_HEADERS)
def test_an_odd_token_header_is_401_even_where_our_pool_signed_it(
    call: Call, sign: Sign, signed: Sign, header: object
) -> None:
    answer = call("GET", "/v1/me", token=signed(header, _claims(sign())))
    assert answer.status == 401
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("payload", [[], ["sub"], "sub", 7, None, b"", b"{", b"\xff", b"[" * 100_000])
def test_a_payload_that_is_no_object_is_401(call: Call, signed: Sign, payload: object) -> None:
    assert call("GET", "/v1/me", token=signed(RIGHT, payload)).status == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": "tomorrow"},
        {"exp": []},
        {"nbf": 2**40},
        {"nbf": "tomorrow"},
        {"iat": "yesterday"},
        {"iat": None},
        {"sub": 7},
        {"iss": ["https://cognito-idp.us-east-1.amazonaws.com/us-east-1_other"]},
        {"jti": 7},
    ],
    ids=lambda changes: "-".join(f"{name}-{type(value).__name__}" for name, value in changes.items()),
)
def test_claims_of_another_kind_and_moments_that_do_not_fit_are_401(
    call: Call, sign: Sign, changes: dict[str, Any]
) -> None:
    assert call("GET", "/v1/me", token=sign(**changes)).status == 401


def test_a_token_holds_where_cognitos_clock_is_ahead_of_ours(call: Call, sign: Sign) -> None:
    assert call("GET", "/v1/me", token=sign(iat=int(time.time()) + 30)).status == 200


def test_parameters_of_a_header_that_nobody_understands_are_passed_over(call: Call, sign: Sign, signed: Sign) -> None:
    assert call("GET", "/v1/me", token=signed(RIGHT | {"new": "parameter"}, _claims(sign()))).status == 200


@pytest.mark.parametrize("changed", ["{0}.", ".{0}", "{0}.{0}", "{0}=", "{0}!", "{0} {0}", "{0}é", "..", "a" * 9000])
def test_a_token_in_another_shape_is_401(call: Call, sign: Sign, changed: str) -> None:
    assert call("GET", "/v1/me", token=changed.format(sign())).status == 401


@pytest.mark.parametrize("part", range(3))
def test_a_huge_token_is_401(call: Call, sign: Sign, part: int) -> None:
    parts = sign().split(".")
    parts[part] = "A" * 1_000_000
    assert call("GET", "/v1/me", token=".".join(parts)).status == 401


def test_the_header_name_and_scheme_are_taken_in_any_case(call: Call, sign: Sign) -> None:
    assert call("GET", "/v1/me", headers={"AUTHORIZATION": f"bearer {sign()}"}).status == 200


def test_a_wrong_token_is_refused_before_the_body_is_looked_at(call: Call) -> None:
    assert call("PATCH", "/v1/me", {"delivery_hour": 99}, token="a.b.c").status == 401


@pytest.mark.parametrize("answer", [b"", b"<html>", b"[]", b"7", b"{}"])
def test_an_answer_that_is_no_set_of_keys_is_503_and_blames_no_token(
    call: Call, sign: Sign, monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    monkeypatch.setattr(auth, "_fetch_keys", FETCH_KEYS)
    monkeypatch.setattr("urllib3.request", lambda *_args, **_options: SimpleNamespace(data=answer))
    assert call("GET", "/v1/me", token=sign()).status == 503


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
