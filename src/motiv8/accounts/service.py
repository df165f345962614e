"""The rules of an account: who may, what follows, what a change does to the delivery clock."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from motiv8.accounts import challenge, consent, face_data, repository, sign_ins
from motiv8.accounts.challenge import VALID_FOR, Challenge
from motiv8.accounts.delivery_clock import is_time_zone
from motiv8.accounts.due import rewind
from motiv8.aws import keys, machines, one_time, storage, user_pool
from motiv8.aws.secrets import signing_key
from motiv8.aws.tables import UserRow
from motiv8.catalogue.formats import DEFAULT_FORMAT
from motiv8.catalogue.modes import DEFAULT_MODE
from motiv8.catalogue.themes import DEFAULT_THEME
from motiv8.catalogue.tones import DEFAULT_TONE
from motiv8.emails import security
from motiv8.errors import BeingDeleted, Conflict, SignInEnded, Unauthorized, Unavailable, WrongCode
from motiv8.settings import settings
from motiv8.telemetry import count

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from typing import Any

    from motiv8.accounts.models import MailOffReason
    from motiv8.aws.user_pool import CodeWanted, Tokens

DEFAULT_HOUR = 6
DEFAULT_WORKOUT_DAYS = frozenset({"mon", "tue", "wed", "thu", "fri"})


def register(email: str, time_zone: str, locale: str, now: datetime) -> None:
    """Make an account, or do what looks the same from outside where the email has one already.

    Whoever holds the mailed code gives the password (`confirm`), and consent once signed in.
    """
    user_id = user_pool.sign_up(email, time_zone)
    if user_id is None and _gives_way(email, time_zone, locale):
        user_id = user_pool.sign_up(email, time_zone)
    if user_id is None:
        # Helps whoever lost the first code; nothing happens for a confirmed account.
        user_pool.resend(email)
        return
    row = new_row(user_id, email, time_zone, now)
    row.locale = locale
    repository.create(row)
    count("SignUps")


def _gives_way(email: str, time_zone: str, locale: str) -> bool:
    """Whether an unconfirmed account was removed that has no row: somebody made it at Cognito, with their password.

    One of ours stays, for the mailed codes, and takes the latest preferences.
    """
    account = user_pool.find(email)
    if account is None or account.confirmed:
        return False

    def apply(row: UserRow) -> bool:
        row.time_zone, row.locale = time_zone, locale
        return True

    if repository.change(account.user_id, apply) is not None:
        return False
    user_pool.delete(account.user_id)
    return True


def confirm(email: str, code: str, password: str) -> None:
    """End a sign-up by the mailed code, whose holder gives the password. Raises WrongCode.

    A crash in between leaves a password that nobody knows: the email's owner resets it. Cognito makes the same calls
    for whatever has no sign-up of ours, so that the time that they take tells nothing.
    """
    account = user_pool.find(email)
    user_id = str(uuid4()) if account is None or account.confirmed else account.user_id
    ours = repository.get(user_id) is not None
    user_pool.confirm(user_id if ours else str(uuid4()), code)
    if not ours:
        raise WrongCode
    user_pool.set_password(user_id, password)
    user_pool.end_sessions(user_id)


def reset_password(email: str, code: str, password: str, clock: Callable[[], datetime]) -> None:
    """Set a new password by a mailed code, and end what the old one had opened. Raises WrongCode."""
    user_pool.reset_password(email, code, password)
    account = user_pool.find(email)
    if account is not None:
        user_pool.end_sessions(account.user_id)
        refuse_tokens(account.user_id, clock())
        security.notify(security.password_changed(email))


def sign_in(email: str, password: str, now: datetime) -> Tokens | CodeWanted:
    """Tokens for a password, or the challenge that the second factor's code answers. Raises Unauthorized."""
    answer = user_pool.sign_in(email, password)
    if isinstance(answer, user_pool.Tokens):
        return answer
    given = Challenge(str(uuid4()), email, answer.session, now + VALID_FOR)
    return user_pool.CodeWanted(challenge.sign(given, _challenge_key()))


def answer_challenge(email: str, token: str, code: str, now: datetime) -> Tokens:
    """Tokens for the second factor's code and the challenge that the password gave.

    A challenge signs in once, takes a few wrong codes, and is worth nothing with another email. Raises Invalid for a
    wrong code, SignInEnded for a challenge that is none (any more).
    """
    given = challenge.verify(token, email, _challenge_key(), now)
    name = f"second-factor#{given.challenge_id}"
    if not one_time.claim(name, given.expires_at):
        raise SignInEnded
    try:
        return user_pool.answer_mfa(email, given.session, code)
    except Exception:
        one_time.release(name)
        raise


def begin_mfa(user: UserRow, password: str) -> str:
    """A new secret for the authenticator app of somebody who knows their password.

    Raises Conflict while there is a second factor: it is switched off first, which takes a code of it. Invalid for a
    wrong password, TooManyRequests.
    """
    _check_no_mfa(user)
    return user_pool.begin_mfa(user_pool.prove(user.user_id, password, None))


def enable_mfa(user: UserRow, password: str, code: str) -> None:
    """Ask for the new app's code at each sign-in from now on, and tell by mail. Raises like `begin_mfa`."""
    _check_no_mfa(user)
    user_pool.enable_mfa(user_pool.prove(user.user_id, password, None), code)
    security.notify(security.factor_set(user.email))


def _check_no_mfa(user: UserRow) -> None:
    if user_pool.has_mfa(user.user_id):
        raise Conflict("There is a second factor already. Switch it off before you set another one up.")


def disable_mfa(user: UserRow, password: str, code: str) -> None:
    """Ask for no code any more, and tell by mail. Raises Invalid for a wrong password or code, TooManyRequests."""
    user_pool.disable_mfa(user_pool.prove(user.user_id, password, code))
    security.notify(security.factor_removed(user.email))


def _challenge_key() -> str:
    return signing_key("second factor")


def person(user_id: str, now: datetime) -> UserRow:
    """The caller's row; made anew where a crash at sign-up lost it.

    Raises BeingDeleted; Unauthorized when Cognito does not know the caller (any more), so that no deleted account comes
    back.
    """
    row = repository.get(user_id)
    if row is None:
        if repository.deletion(user_id) is not None:
            raise BeingDeleted
        owner = user_pool.owner(user_id)
        # Whoever calls Cognito's SignUp directly writes there what they like.
        zone = owner.get("zoneinfo", "")
        row = new_row(user_id, owner["email"], zone if is_time_zone(zone) else "UTC", now)
        if not repository.create(row):
            return person(user_id, now)
    return row


def new_row(user_id: str, email: str, time_zone: str, now: datetime) -> UserRow:
    """A person with the preferences that one begins with; not stored yet."""
    return UserRow(
        user_id,
        email=email,
        created_at=now,
        time_zone=time_zone,
        delivery_hour=DEFAULT_HOUR,
        workout_days=set(DEFAULT_WORKOUT_DAYS),
        mode=DEFAULT_MODE,
        tone=DEFAULT_TONE,
        theme=DEFAULT_THEME,
        format=DEFAULT_FORMAT,
        mail_enabled=True,
    )


def change_preferences(user_id: str, changes: dict[str, Any], now: datetime) -> UserRow | None:
    """Apply validated changes (fields of ProfileChange) and set the delivery clock anew."""

    def apply(row: UserRow) -> bool:
        for name, value in changes.items():
            setattr(row, name, set(value) if name == "workout_days" else value)
        if "mail_enabled" in changes:
            row.mail_off_reason = None
        rewind(row, now)
        return True

    return repository.change(user_id, apply)


def give_consent(user_id: str, version: str, language: str, now: datetime) -> UserRow | None:
    """Record that a person agrees to the current text, unless they do already.

    Raises Invalid for a text that is none, ConsentTextOutdated for an earlier one, Conflict after too many.
    """
    text = consent.shown(version, language)

    def apply(row: UserRow) -> bool:
        if consent.is_current(row.consents, row.consent_at):
            return False
        record_consent(row, consent.Record(text.version, text.language, now))
        return True

    return repository.change(user_id, apply)


def record_consent(row: UserRow, record: consent.Record) -> None:
    """Add a consent to a row, not stored yet. Raises Conflict after too many."""
    row.consents = consent.with_consent(row.consents, row.consent_at, record)
    row.consent_at = record.given_at


def withdraw_consent(user_id: str, now: datetime) -> UserRow | None:
    """Record that a person agrees no more, and remove photo, face and embedding; harmless without consent."""

    def withdraw(row: UserRow) -> None:
        row.consents = consent.with_withdrawal(row.consents, row.consent_at, now) or None
        row.consent_at = None

    return face_data.remove(user_id, now, withdraw)


def switch_mail_off(user_id: str, reason: MailOffReason) -> None:
    """Send this person no more pictures by mail; pictures are still made. The app tells the reason."""

    def apply(row: UserRow) -> bool:
        changed = row.mail_enabled
        row.mail_enabled = False
        row.mail_off_reason = reason
        return changed

    repository.change(user_id, apply)


def sign_out(refresh_token: str) -> None:
    """End the one session that a refresh token belongs to; nothing happens for a token that is not one (RFC 7009)."""
    try:
        tokens = user_pool.refresh(refresh_token)
    except Unauthorized:
        return
    sign_ins.forget(tokens.access_token)
    # Where the refresh gave another one, the first holds for some seconds more.
    for each in {refresh_token, tokens.refresh_token}:
        user_pool.end_session(each)


def sign_out_everywhere(user_id: str, clock: Callable[[], datetime]) -> None:
    """End all sessions; the devices are told of no picture any more, either. Raises Unauthorized."""
    user_pool.end_sessions(user_id)
    # The time is taken now: until here a refresh token gave new access tokens.
    row = refuse_tokens(user_id, clock())
    if row is not None:
        security.notify(security.signed_out(row.email))


def refuse_tokens(user_id: str, now: datetime) -> UserRow | None:
    """Have every access token refused that was issued up to now, and forget the devices; returns the person's row.

    Tokens name whole seconds, so this second's are all refused. Returns once it is over: who signs in then is let in.
    """
    second_is_over = now.replace(microsecond=0) + timedelta(seconds=1)

    def apply(row: UserRow) -> bool:
        row.devices = None
        row.signed_out_at = second_is_over
        return True

    row = repository.change(user_id, apply)
    time.sleep((second_is_over - now).total_seconds())
    return row


def export(user_id: str, now: datetime, correlation_id: str) -> str | None:
    """Where the archive of a person's data can be fetched, or None while it is being made. One an hour.

    Raises Unavailable when this hour's archive could not be made.
    """
    export_id = hour_of(now)
    media = settings().media_bucket
    archive_key = keys.export(user_id, f"{export_id}.zip")
    if storage.exists(media, archive_key):
        return storage.presigned_get(media, archive_key)
    if storage.exists(media, keys.export(user_id, f"{export_id}.failed")):
        raise Unavailable("The export could not be made. Please try again in an hour.")
    try:
        machines.start_export(user_id, export_id, correlation_id)
    except machines.NotStarted as error:
        raise Unavailable("The export could not be started. Please try again.") from error
    return None


def hour_of(now: datetime) -> str:
    """What executions are named by of which there is one an hour: an archive, an attempt to delete."""
    return f"{now:%Y-%m-%dT%H}"


def delete(user_id: str, now: datetime, correlation_id: str) -> str:
    """Begin the end of an account and return the deletion's id; asking again goes on with the same one.

    From here on the person is gone for everything else. Raises Unauthorized when Cognito does not know the caller (any
    more); Unavailable when the machine could not be started, which asking again does.
    """
    deletion_id = repository.deletion(user_id)
    if deletion_id is None:
        person(user_id, now)
        deletion_id = repository.begin_deletion(user_id, str(uuid4()))
    try:
        machines.start_deletion(user_id, deletion_id, hour_of(now), correlation_id)
    except machines.NotStarted as error:
        raise Unavailable("The deletion could not be started. Please try again.") from error
    return deletion_id
