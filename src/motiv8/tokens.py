"""Signed tokens (RFC 7519): made, and read with their signature checked. Pure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import UnsupportedAlgorithm
from joserfc import jws, jwt
from joserfc.errors import InvalidClaimError, JoseError
from joserfc.jwk import ECKey, OctKey, RSAKey

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal

    from joserfc.jwk import KeyFlexible

    Algorithm = Literal["ES256", "HS256", "RS256"]

_KINDS: dict[Algorithm, type[ECKey | OctKey | RSAKey]] = {"ES256": ECKey, "HS256": OctKey, "RS256": RSAKey}


class TokenInvalid(Exception):
    """A token that is malformed, not signed by the key, or does not claim what is expected."""


class Expected(jwt.JWTClaimsRegistry):
    """What the claims of a token have to be; `exp` and `nbf`, where they are there, hold at `now` in any case."""

    def validate_iat(self, value: object) -> None:
        """Any moment will do: the clock of whoever issued the token may be ahead of ours."""
        if type(value) is not int:
            raise InvalidClaimError("iat")


def sign(claims: Mapping[str, Any], key: str, algorithm: Algorithm, kid: str | None = None) -> str:
    """A token; the key is a shared secret for HS256, and a private key (PEM) otherwise.

    Raises ValueError for a key that is none of the algorithm's.
    """
    header = {"alg": algorithm} if kid is None else {"alg": algorithm, "kid": kid}
    try:
        return jwt.encode(header, dict(claims), _KINDS[algorithm].import_key(key))
    # A key of another kind; one with a password; one of a kind that nothing here knows.
    except (JoseError, TypeError, UnsupportedAlgorithm) as error:
        raise ValueError(f"the key does not sign {algorithm}") from error


def verified(token: str, key: str | KeyFlexible, algorithm: Algorithm, expected: Expected) -> dict[str, Any]:
    """The claims of a token; the key is a shared secret, a key, or what finds one by the token's header.

    Raises TokenInvalid unless the token is signed by the key, with this algorithm, and claims what is expected.
    """
    # Parameters of a header that are not understood are ignored, unless they are critical (RFC 7515, 4).
    registry = jws.JWSRegistry(algorithms=[algorithm], strict_check_header=False)
    meant = OctKey.import_key(key) if isinstance(key, str) else key
    try:
        claims = jwt.decode(token, meant, registry=registry).claims
        expected.validate(claims)
    # Headers of another shape make the library raise what is built in.
    except (JoseError, RecursionError, TypeError, ValueError) as error:
        raise TokenInvalid from error
    return claims


def unverified(token: str) -> dict[str, Any]:
    """The claims of a token from somebody trusted; its signature is not looked at. Raises TokenInvalid."""
    try:
        claims = json.loads(jws.extract_compact(token.encode()).payload)
    except (JoseError, RecursionError, TypeError, ValueError) as error:
        raise TokenInvalid from error
    if not isinstance(claims, dict):
        raise TokenInvalid
    return claims
