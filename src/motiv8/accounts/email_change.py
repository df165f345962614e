"""A new email: a code of ours proves the new address, then Cognito and our row take it over."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from motiv8.accounts import repository
from motiv8.accounts.pending_email import with_code
from motiv8.aws import mail
from motiv8.aws.secrets import signing_key
from motiv8.aws.user_pool import directory, sessions
from motiv8.emails import security
from motiv8.errors import BeingDeleted, EmailFromProvider, FieldError, Invalid, Unavailable, WrongCode

if TYPE_CHECKING:
    from datetime import datetime

    from motiv8.accounts.pending_email import PendingEmail
    from motiv8.accounts.person import Person


def begin(user: Person, email: str, password: str, code: str | None, now: datetime) -> None:
    """Mail a code to a new address of somebody who knows their password and has their second factor.

    The old address gets a notice. A later code takes the place of an earlier one. An address that another account has
    gets a mail that says so, and the caller sees no difference.

    Raises EmailFromProvider; Invalid for the email that the account has already; WrongPassword, WrongSecondFactor,
    SecondFactorMissing; QuotaUsedUp; Unavailable when SES does not take the mail.
    """
    owner = directory.owner(user.user_id)
    if "identities" in owner:
        raise EmailFromProvider
    # An access token alone, left on a shared computer, must not take an account away.
    sessions.prove(user.user_id, password, code)
    if email == owner["email"] == user.email:
        raise Invalid(FieldError("body.email", "email_unchanged", "already the email of this account"))
    mailed = f"{secrets.randbelow(1_000_000):06}"
    free = _holder(email) in {None, user.user_id}
    _keep(user.user_id, email, _digest(user.user_id, email, mailed) if free else "", now)
    language = user.preferences.language
    # Whoever holds a taken address is written to in the asker's language: nothing of theirs is read for it.
    message = security.code(email, mailed, language) if free else security.taken(email, language)
    try:
        mail.send(message)
    except mail.MailRefused as refused:
        raise Unavailable("We could not send the email. Please try again later.") from refused
    security.notify(security.asked(user.email, language))


def end(user: Person, code: str, now: datetime) -> Person:
    """Put the new address in the old one's place once its code is right; the old one gets a notice.

    Sessions stay as they are: they belong to the account and not to its email. Raises WrongCode also when there are no
    tries left or another account took the address meanwhile.
    """
    pending = _take_a_try(user.user_id, now)
    email = pending.email
    if not hmac.compare_digest(_digest(user.user_id, email, code), pending.code):
        raise WrongCode
    # A crash from here on is made good by the same code: Cognito has the new email then.
    holder = _holder(email)
    if holder != user.user_id and (holder is not None or not directory.set_email(user.user_id, email)):
        raise WrongCode
    changed = repository.change(
        user.user_id, lambda person: replace(person.with_email(email), pending_email=pending.used())
    )
    if changed is None:
        raise BeingDeleted
    if user.email != email:
        security.notify(security.changed(user.email, user.preferences.language))
    return changed.after


def _holder(email: str) -> str | None:
    account = directory.find(email)
    return None if account is None else account.user_id


def _keep(user_id: str, email: str, code: str, now: datetime) -> None:
    changed = repository.change(
        user_id, lambda person: replace(person, pending_email=with_code(person.pending_email, email, code, now))
    )
    if changed is None:
        raise BeingDeleted


def _take_a_try(user_id: str, now: datetime) -> PendingEmail:
    changed = repository.change(user_id, lambda person: replace(person, pending_email=_pending(person).tried(now)))
    if changed is None:
        raise BeingDeleted
    return _pending(changed.after)


def _pending(person: Person) -> PendingEmail:
    if person.pending_email is None:
        raise WrongCode
    return person.pending_email


def _digest(user_id: str, email: str, code: str) -> str:
    words = f"{user_id}\n{email}\n{code}"
    return hmac.digest(signing_key("email change").encode(), words.encode(), "sha256").hex()
