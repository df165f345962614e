"""The challenge between a right password and the second factor's code: signed, short-lived, for one account. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from jose import jwt
from jose.exceptions import JOSEError

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
    return jwt.encode(claims, key, algorithm="HS256")


def verify(token: str, email: str, key: str, now: datetime) -> Challenge:
    """The challenge in a token. Raises SignInEnded when it is not ours, has expired or is another email's."""
    try:
        # The caller's clock decides, so the library does not look at `exp`.
        options = {"require_aud": True, "require_exp": True, "require_jti": True, "verify_exp": False}
        claims = jwt.decode(token, key, algorithms=["HS256"], audience=_AUDIENCE, options=options)
    except (JOSEError, ValueError) as error:
        raise SignInEnded from error
    expires_at = datetime.fromtimestamp(claims["exp"], UTC)
    if expires_at <= now or claims["sub"] != email:
        raise SignInEnded
    return Challenge(claims["jti"], claims["sub"], claims["session"], expires_at)
