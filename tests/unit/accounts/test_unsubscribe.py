"""The token in a mail's unsubscribe link."""

from __future__ import annotations

import pytest
from jose import jwt

from motiv8.accounts.unsubscribe import UnsubscribeLinkInvalid, unsubscribe_token, verify_unsubscribe_token

KEY = "a secret for links"


def test_it_names_the_person() -> None:
    assert verify_unsubscribe_token(unsubscribe_token("user-1", KEY), KEY) == "user-1"


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a.b.c",
        "\ud800.a.b",
        unsubscribe_token("user-1", "another secret"),
        jwt.encode({"sub": "user-1"}, KEY, "HS256"),
        jwt.encode({"sub": "user-1", "aud": "something else"}, KEY, "HS256"),
        jwt.encode({"aud": "motiv8:unsubscribe"}, KEY, "HS256"),
        jwt.encode({"sub": "user-1", "aud": "motiv8:unsubscribe"}, KEY, "HS512"),
    ],
)
def test_a_token_that_we_did_not_sign_for_this_is_refused(token: str) -> None:
    with pytest.raises(UnsubscribeLinkInvalid):
        verify_unsubscribe_token(token, KEY)
