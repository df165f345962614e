"""Cognito's hosted pages, by way of which Google and Apple sign people in: OAuth 2.0's code flow with PKCE."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from urllib.parse import urlencode

from motiv8.aws.user_pool.sessions import Tokens
from motiv8.errors import SignInEnded, Unavailable
from motiv8.settings import settings

SCOPES = "openid email"
_SECONDS = 10


def authorize_url(provider: str) -> str:
    """Where to send somebody; the client adds `redirect_uri`, `state`, `code_challenge` and its method, S256."""
    asked = {
        "response_type": "code",
        "client_id": settings().user_pool_client_id,
        "identity_provider": provider,
        "scope": SCOPES,
    }
    return f"{settings().sign_in_url}/oauth2/authorize?{urlencode(asked)}"


def exchange(code: str, code_verifier: str, redirect_uri: str) -> Tokens:
    """Tokens for the code that somebody came back with (RFC 6749, 4.1.3; RFC 7636, 4.5).

    Raises SignInEnded for a code that does not hold, Unavailable when Cognito does not answer.
    """
    form = {
        "grant_type": "authorization_code",
        "client_id": settings().user_pool_client_id,
        "code": code,
        "code_verifier": code_verifier,
        "redirect_uri": redirect_uri,
    }
    request = urllib.request.Request(  # noqa: S310 - an address of ours
        f"{settings().sign_in_url}/oauth2/token",
        urlencode(form).encode(),
        {"Content-Type": "application/x-www-form-urlencoded"},
    )
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
            tokens = json.load(answer)
    except urllib.error.HTTPError as error:
        if error.code >= 500:
            raise Unavailable("The sign-in service is not responding. Please try again.") from error
        raise SignInEnded("This sign-in has expired or was already used. Please start again.") from error
    except OSError as error:
        raise Unavailable("The sign-in service is not responding. Please try again.") from error
    return Tokens(tokens["access_token"], tokens["id_token"], tokens["refresh_token"], tokens["expires_in"])
