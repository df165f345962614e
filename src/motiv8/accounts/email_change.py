"""A new email: a code of ours proves the new address, then Cognito and our row take it over."""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, TypedDict

from motiv8.accounts import repository
from motiv8.aws import mail, user_pool
from motiv8.aws.secrets import signing_key
from motiv8.emails import security
from motiv8.errors import BeingDeleted, Conflict, FieldError, Invalid, TooManyRequests, Unavailable, WrongCode

if TYPE_CHECKING:
    from datetime import datetime

    from motiv8.aws.tables import UserRow

VALID_FOR = timedelta(minutes=15)
MOST_TRIES = 5
MOST_MAILS = 5
"""Codes that one person may have mailed within a day."""
_DAY = timedelta(days=1)


class Pending(TypedDict):
    """What the row keeps of a change; times are seconds since 1970, and the code is there as an HMAC only."""

    email: str
    code: str
    expires_at: int
    tries_left: int
    mailed_at: list[int]


def begin(user: UserRow, email: str, password: str, code: str | None, now: datetime) -> None:
    """Mail a code to a new address of somebody who knows their password and has their second factor.

    The old address gets a notice. A later code takes the place of an earlier one. An address that another account has
    gets a mail that says so, and the caller sees no difference.

    Raises Conflict where the email is Google's or Apple's to say, Invalid for the email that the account has already
    and for a wrong password or second factor, TooManyRequests, and Unavailable when SES does not take the mail.
    """
    owner = user_pool.owner(user.user_id)
    if "identities" in owner:
        raise Conflict("You sign in with Google or Apple: your email comes from there.")
    # An access token alone, left on a shared computer, must not take an account away.
    user_pool.prove(user.user_id, password, code)
    if email == owner["email"] == user.email:
        raise Invalid("See `errors` for what to change.", (FieldError("body.email", "is this account's already"),))
    mailed = f"{secrets.randbelow(1_000_000):06}"
    free = _holder(email) in {None, user.user_id}
    _keep(user.user_id, email, _digest(user.user_id, email, mailed) if free else "", now)
    message = security.code(email, mailed) if free else security.taken(email)
    try:
        mail.send(message)
    except mail.MailRefused as refused:
        raise Unavailable("The mail could not be sent. Please try again in a while.") from refused
    security.notify(security.asked(user.email))


def end(user: UserRow, code: str, now: datetime) -> UserRow:
    """Put the new address in the old one's place once its code is right; the old one gets a notice.

    Sessions stay as they are: they belong to the account and not to its email. Raises WrongCode also when there are no
    tries left or another account took the address meanwhile.
    """
    pending = _take_a_try(user.user_id, now)
    email = pending["email"]
    if not hmac.compare_digest(_digest(user.user_id, email, code), pending["code"]):
        raise WrongCode
    # A crash from here on is made good by the same code: Cognito has the new email then.
    holder = _holder(email)
    if holder != user.user_id and (holder is not None or not user_pool.set_email(user.user_id, email)):
        raise WrongCode

    def apply(row: UserRow) -> bool:
        row.email = email
        row.email_change = pending | {"tries_left": 0}
        # What the old address was switched off for says nothing of the new one.
        if row.mail_off_reason == "bounced":
            row.mail_enabled, row.mail_off_reason = True, None
        return True

    changed = repository.change(user.user_id, apply)
    if changed is None:
        raise BeingDeleted
    if user.email != email:
        security.notify(security.changed(user.email))
    return changed


def _holder(email: str) -> str | None:
    account = user_pool.find(email)
    return None if account is None else account.user_id


def _keep(user_id: str, email: str, code: str, now: datetime) -> None:
    seconds = int(now.timestamp())

    def apply(row: UserRow) -> bool:
        before: list[int] = row.email_change["mailed_at"] if row.email_change else []
        recent = [each for each in before if each > seconds - _DAY.total_seconds()]
        if len(recent) >= MOST_MAILS:
            wait = int(recent[0] + _DAY.total_seconds() - seconds)
            raise TooManyRequests("Too many codes were mailed today.", headers={"Retry-After": str(wait)})
        row.email_change = Pending(
            email=email,
            code=code,
            expires_at=seconds + int(VALID_FOR.total_seconds()),
            tries_left=MOST_TRIES,
            mailed_at=[*recent, seconds],
        )
        return True

    if repository.change(user_id, apply) is None:
        raise BeingDeleted


def _take_a_try(user_id: str, now: datetime) -> Pending:
    def apply(row: UserRow) -> bool:
        pending: Pending | None = row.email_change
        if pending is None or pending["tries_left"] < 1 or pending["expires_at"] <= now.timestamp():
            raise WrongCode
        row.email_change = pending | {"tries_left": pending["tries_left"] - 1}
        return True

    row = repository.change(user_id, apply)
    if row is None:
        raise BeingDeleted
    taken: Pending = row.email_change
    return taken


def _digest(user_id: str, email: str, code: str) -> str:
    words = f"{user_id}\n{email}\n{code}"
    return hmac.digest(signing_key("email change").encode(), words.encode(), "sha256").hex()
