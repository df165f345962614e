"""The token in a mail's unsubscribe link."""

from __future__ import annotations

from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from motiv8.accounts.unsubscribe import UnsubscribeLinkInvalid, unsubscribe_token, verify_unsubscribe_token

KEY = "a secret for links"
IN_OLD_MAILS = (
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1c2VyLTEiLCJhdWQiOiJtb3Rpdjg6dW5zdWJzY3JpYmUifQ."
    "XKbPcublCfP80DrXNyON-NAD1Oj57GNlKFjsslVxDGY"
)


def _signed(claims: dict[str, Any], algorithm: str = "HS256") -> str:
    return jwt.encode({"alg": algorithm}, claims, OctKey.import_key(KEY), [algorithm])


def test_it_names_the_person() -> None:
    assert verify_unsubscribe_token(unsubscribe_token("user-1", KEY), KEY) == "user-1"


def test_the_link_of_a_mail_that_another_library_signed_still_works() -> None:
    assert verify_unsubscribe_token(IN_OLD_MAILS, KEY) == "user-1"


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a.b.c",
        "\ud800.a.b",
        unsubscribe_token("user-1", "another secret"),
        f"{IN_OLD_MAILS}.",
        f"{IN_OLD_MAILS[:-1]}z",
        "A" * 200_000,
        _signed({"sub": "user-1"}),
        _signed({"sub": "user-1", "aud": "something else"}),
        _signed({"sub": "user-1", "aud": 7}),
        _signed({"aud": "motiv8:unsubscribe"}),
        _signed({"sub": 7, "aud": "motiv8:unsubscribe"}),
        _signed({"sub": "user-1", "aud": "motiv8:unsubscribe", "exp": 1}),
        _signed({"sub": "user-1", "aud": "motiv8:unsubscribe", "nbf": 2**40}),
        _signed({"sub": "user-1", "aud": "motiv8:unsubscribe"}, "HS512"),
        # {"alg": "none"} and {"alg": "HS256", "crit": 1}
        f"eyJhbGciOiJub25lIn0.{IN_OLD_MAILS.split('.')[1]}.",
        f"eyJhbGciOiJIUzI1NiIsImNyaXQiOjF9.{IN_OLD_MAILS.split('.')[1]}.",
    ],
)
def test_a_token_that_we_did_not_sign_for_this_is_refused(token: str) -> None:
    with pytest.raises(UnsubscribeLinkInvalid):
        verify_unsubscribe_token(token, KEY)
