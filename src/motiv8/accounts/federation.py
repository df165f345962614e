"""Whose account it is that Google or Apple vouches for: one email is one account, by verified email only."""

from __future__ import annotations

from motiv8 import tokens
from motiv8.accounts import repository
from motiv8.aws.user_pool import directory, second_factor
from motiv8.emails import security
from motiv8.telemetry import count

PROVIDERS = {"google": "Google", "apple": "SignInWithApple"}
"""Our name of each identity provider → Cognito's."""
_BY_ITS_NAME = {name: ours.title() for ours, name in PROVIDERS.items()}
_BY_PREFIX = {name.lower(): name for name in PROVIDERS.values()}


class SignInRefused(Exception):
    """Nobody is let in; the text is for Cognito, which hands it to the app."""


def join(username: str, email: str, *, verified: bool, pool: str) -> str:
    """Have somebody's first sign-in by a provider lead to the account of their email, made where there is none.

    `username` is Cognito's for it, `Google_1234`, and `pool` the user pool that asks. Returns the account's id. Raises
    SignInRefused.

    An account whose email was never confirmed gives way: whoever began it has not shown that the email is theirs, and
    its password must not open what the owner of the email makes of it. An account with a second factor is joined by
    nobody: Cognito asks for no code of those who come by a provider.
    """
    prefix, _, subject = username.partition("_")
    provider = _BY_PREFIX.get(prefix.lower())
    if provider is None or not subject:
        raise SignInRefused("unknown-provider")
    if not verified or not email:
        raise SignInRefused("email-not-verified")
    found = directory.find(email, pool)
    if found is not None and repository.deletion(found.user_id) is not None:
        raise SignInRefused("account-being-deleted")
    if found is not None and not found.confirmed:
        directory.delete(found.user_id, pool)
        repository.delete(found.user_id)
        found = None
    if found is not None and second_factor.is_on(found.user_id, pool):
        raise SignInRefused("has-second-factor")
    user_id = found.user_id if found else directory.invite(email, "UTC", pool)
    if not directory.link(user_id, provider, subject, pool):
        raise SignInRefused("linked-to-another")
    if found is None:
        count("SignUps")
    else:
        person = repository.get(user_id)
        language = person.preferences.language if person else "en"
        security.notify(security.provider_linked(email, _BY_ITS_NAME[provider], language))
    return user_id


def follow_email(id_token: str) -> None:
    """Take over the email that a provider gave at this sign-in, if it vouches for it; the old address gets a notice.

    The token comes from Cognito itself over TLS, so its signature is not looked at (OpenID Connect Core, 3.1.3.7).
    """
    claims = tokens.unverified(id_token)
    email = str(claims.get("email", "")).strip().lower()
    if not email or str(claims.get("email_verified", "")).lower() != "true":
        return
    changed = repository.change(
        claims["sub"], lambda person: person if person.email == email else person.with_email(email)
    )
    if changed is not None and changed.before.email != email:
        security.notify(security.changed(changed.before.email, changed.before.preferences.language))
