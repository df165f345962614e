"""Signed tokens: which keys sign, and what is no token."""

from __future__ import annotations

import pytest
from joserfc.jwk import ECKey, RSAKey

from motiv8 import tokens

SECRET = "a secret for tokens"
RSA = RSAKey.generate_key()
P256 = ECKey.generate_key("P-256")
EXPECTED = tokens.Expected(sub={"essential": True})


def _pem(key: RSAKey | ECKey, password: str | None = None) -> str:
    return key.as_pem(private=True, password=password).decode()


def test_each_algorithm_signs_with_its_own_kind_of_key() -> None:
    claims = {"sub": "user-1"}
    assert tokens.verified(tokens.sign(claims, SECRET, "HS256"), SECRET, "HS256", EXPECTED) == claims
    assert tokens.verified(tokens.sign(claims, _pem(RSA), "RS256"), RSA, "RS256", EXPECTED) == claims
    assert tokens.verified(tokens.sign(claims, _pem(P256), "ES256"), P256, "ES256", EXPECTED) == claims


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (_pem(RSA), "ES256"),
        (_pem(P256), "RS256"),
        (_pem(ECKey.generate_key("P-384")), "ES256"),
        (_pem(P256, "a password"), "ES256"),
        (P256.as_pem().decode(), "ES256"),
        (RSA.as_pem().decode(), "HS256"),
        ("no key", "RS256"),
        ("", "ES256"),
        ("", "HS256"),
    ],
    ids=["rsa", "p-256", "p-384", "with-password", "public", "public-as-secret", "no-key", "nothing", "no-secret"],
)
def test_a_key_of_another_kind_signs_nothing(key: str, algorithm: tokens.Algorithm) -> None:
    with pytest.raises(ValueError, match=r"."):
        tokens.sign({"sub": "user-1"}, key, algorithm)


def test_a_token_of_another_algorithm_is_refused_although_the_key_signed_it() -> None:
    with pytest.raises(tokens.TokenInvalid):
        tokens.verified(tokens.sign({"sub": "user-1"}, SECRET, "HS256"), RSA, "RS256", EXPECTED)
    with pytest.raises(tokens.TokenInvalid):
        tokens.verified(tokens.sign({"sub": "user-1"}, _pem(RSA), "RS256"), RSA, "HS256", EXPECTED)


@pytest.mark.parametrize("token", ["", "a.b.c", "e30.e30.", "eyJhbGciOjF9.W10.", "eyJhbGciOjF9.IiI.", "\ud800.a.b"])
def test_what_is_no_token_claims_nothing(token: str) -> None:
    with pytest.raises(tokens.TokenInvalid):
        tokens.unverified(token)
