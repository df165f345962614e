"""The challenge between a right password and the second factor's code."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from motiv8 import tokens
from motiv8.accounts import challenge
from motiv8.errors import SignInEnded

KEY = "a secret for challenges"
EMAIL = "you@example.com"
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
GIVEN = challenge.Challenge("challenge-1", EMAIL, "Cognito's session", NOW + challenge.VALID_FOR)
CLAIMS = {
    "aud": "motiv8:second-factor",
    "jti": "challenge-1",
    "sub": EMAIL,
    "session": "Cognito's session",
    "exp": int(GIVEN.expires_at.timestamp()),
}


def test_it_says_what_was_signed() -> None:
    assert challenge.verify(challenge.sign(GIVEN, KEY), EMAIL, KEY, NOW) == GIVEN


def test_one_that_another_library_signed_before_a_release_still_holds() -> None:
    signed = (
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJhdWQiOiJtb3Rpdjg6c2Vjb25kLWZhY3RvciIsImp0aSI6ImNoYWxsZW5nZS0xIiwic3ViI"
        "joieW91QGV4YW1wbGUuY29tIiwic2Vzc2lvbiI6IkNvZ25pdG8ncyBzZXNzaW9uIiwiZXhwIjoxNzk1MTc2MTgwfQ."
        "notvT_ye5dd6bp4z9jAZhxz9LlMLk4ZNPW0fmHACMmM"
    )
    assert challenge.verify(signed, EMAIL, "a secret for links", NOW) == GIVEN


def test_it_holds_until_the_moment_at_which_it_expires() -> None:
    signed = challenge.sign(GIVEN, KEY)
    challenge.verify(signed, EMAIL, KEY, GIVEN.expires_at - timedelta(microseconds=1))
    with pytest.raises(SignInEnded):
        challenge.verify(signed, EMAIL, KEY, GIVEN.expires_at)


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "motiv8:unsubscribe"},
        {"aud": None},
        {"sub": "somebody.else@example.com"},
        {"sub": None},
        {"jti": None},
        {"jti": 7},
        {"exp": None},
        {"exp": "tomorrow"},
    ],
    ids=str,
)
def test_one_that_says_something_else_ends_the_sign_in(changes: dict[str, Any]) -> None:
    claims = {name: value for name, value in (CLAIMS | changes).items() if value is not None}
    with pytest.raises(SignInEnded):
        challenge.verify(tokens.sign(claims, KEY, "HS256"), EMAIL, KEY, NOW)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "\ud800.a.b", "A" * 200_000, challenge.sign(GIVEN, "a" * 64)])
def test_one_that_we_did_not_sign_ends_the_sign_in(token: str) -> None:
    with pytest.raises(SignInEnded):
        challenge.verify(token, EMAIL, KEY, NOW)
