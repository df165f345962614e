"""The challenge between a right password and the second factor's code: signed, short-lived, for one account. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from motiv8 import tokens
from motiv8.errors import SignInEnded

VALID_FOR = timedelta(minutes=3)
"""As long as Cognito's own session (AuthSessionValidity)."""
_AUDIENCE = "motiv8:second-factor"


@dataclass(frozen=True, slots=True)
class Challenge:
    """Whose sign-in it is, Cognito's session of it, and the id by which it is used once."""

    challenge_id: str
    email: str
    session: str
    expires_at: datetime


def sign(challenge: Challenge, key: str) -> str:
    """The challenge as a token for the client."""
    claims = {
        "aud": _AUDIENCE,
        "jti": challenge.challenge_id,
        "sub": challenge.email,
        "session": challenge.session,
        "exp": int(challenge.expires_at.timestamp()),
    }
    return tokens.sign(claims, key, "HS256")


def verify(token: str, email: str, key: str, now: datetime) -> Challenge:
    """The challenge in a token. Raises SignInEnded when it is not ours, has expired or is another email's."""
    expected = tokens.Expected(
        now=int(now.timestamp()),
        aud={"essential": True, "value": _AUDIENCE},
        sub={"essential": True, "value": email},
        exp={"essential": True},
        jti={"essential": True},
    )
    try:
        claims = tokens.verified(token, key, "HS256", expected)
    except tokens.TokenInvalid as error:
        raise SignInEnded from error
    return Challenge(claims["jti"], email, claims["session"], datetime.fromtimestamp(claims["exp"], UTC))
