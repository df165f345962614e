"""The rules of an account: who may, what follows, what a change does to the schedule."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from motiv8.accounts import challenge, consent, face_data, repository, sign_ins
from motiv8.accounts.challenge import VALID_FOR, Challenge
from motiv8.accounts.person import Person
from motiv8.accounts.schedule import (
    DEFAULT_HOUR,
    DEFAULT_WORKOUT_DAYS,
    MAKE_AHEAD,
    Schedule,
    delivery_on,
    is_time_zone,
    local_date,
)
from motiv8.aws import machines, one_time
from motiv8.aws.secrets import signing_key
from motiv8.aws.user_pool import directory, mailed_codes, second_factor, sessions
from motiv8.catalogue.locales import language_of
from motiv8.catalogue.translation import spoken
from motiv8.emails import security
from motiv8.errors import BeingDeleted, NotFound, SecondFactorIsOn, SignInEnded, Unauthorized, Unavailable, WrongCode
from motiv8.telemetry import count

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime
    from typing import Any

    from motiv8.accounts.models import MailOffReason
    from motiv8.aws.user_pool.sessions import CodeWanted, Tokens

_TIMES = frozenset({"time_zone", "delivery_hour", "workout_days"})
"""The preferences that are the schedule's."""


def register(email: str, time_zone: str, locale: str, now: datetime) -> None:
    """Make an account, or do what looks the same from outside where the email has one already.

    Whoever holds the mailed code gives the password (`confirm`), and consent once signed in.
    """
    language = language_of(locale)
    user_id = mailed_codes.sign_up(email, time_zone, language)
    if user_id is None and _gives_way(email, time_zone, locale):
        user_id = mailed_codes.sign_up(email, time_zone, language)
    if user_id is None:
        # Helps whoever lost the first code; nothing happens for a confirmed account.
        mailed_codes.resend(email, language)
        return
    person = new_person(user_id, email, time_zone, now)
    repository.create(replace(person, preferences=person.preferences.changed(locale=locale)))
    count("SignUps")


def _gives_way(email: str, time_zone: str, locale: str) -> bool:
    """Whether an unconfirmed account was removed that has no row: somebody made it at Cognito, with their password.

    One of ours stays, for the mailed codes, and takes the latest preferences.
    """
    account = directory.find(email)
    if account is None or account.confirmed:
        return False

    def take(person: Person) -> Person:
        schedule = person.schedule.moved_to(time_zone=time_zone)
        return replace(person, schedule=schedule, preferences=person.preferences.changed(locale=locale))

    if repository.change(account.user_id, take) is not None:
        return False
    directory.delete(account.user_id)
    return True


def confirm(email: str, code: str, password: str) -> None:
    """End a sign-up by the mailed code, whose holder gives the password. Raises WrongCode.

    A crash in between leaves a password that nobody knows: the email's owner resets it. Cognito makes the same calls
    for whatever has no sign-up of ours, so that the time that they take tells nothing.
    """
    account = directory.find(email)
    user_id = str(uuid4()) if account is None or account.confirmed else account.user_id
    ours = repository.get(user_id) is not None
    mailed_codes.confirm(user_id if ours else str(uuid4()), code)
    if not ours:
        raise WrongCode
    directory.set_password(user_id, password)
    sessions.end_sessions(user_id)


def reset_password(email: str, code: str, password: str, clock: Callable[[], datetime]) -> None:
    """Set a new password by a mailed code, and end what the old one had opened. Raises WrongCode."""
    mailed_codes.reset_password(email, code, password)
    account = directory.find(email)
    if account is not None:
        sessions.end_sessions(account.user_id)
        person = refuse_tokens(account.user_id, clock())
        language = person.preferences.language if person else spoken.get()
        security.notify(security.password_changed(email, language))


def sign_in(email: str, password: str, now: datetime) -> Tokens | CodeWanted:
    """Tokens for a password, or the challenge that the second factor's code answers. Raises WrongCredentials."""
    answer = sessions.sign_in(email, password)
    if isinstance(answer, sessions.Tokens):
        return answer
    given = Challenge(str(uuid4()), email, answer.session, now + VALID_FOR)
    return sessions.CodeWanted(challenge.sign(given, _challenge_key()))


def answer_challenge(email: str, token: str, code: str, now: datetime) -> Tokens:
    """Tokens for the second factor's code and the challenge that the password gave.

    A challenge signs in once, takes a few wrong codes, and is worth nothing with another email. Raises
    WrongSecondFactor, SignInEnded for a challenge that is none (any more).
    """
    given = challenge.verify(token, email, _challenge_key(), now)
    name = f"second-factor#{given.challenge_id}"
    if not one_time.claim(name, given.expires_at):
        raise SignInEnded
    try:
        return sessions.answer_mfa(email, given.session, code)
    except Exception:
        one_time.release(name)
        raise


def begin_mfa(user: Person, password: str) -> str:
    """A new secret for the authenticator app of somebody who knows their password.

    Raises SecondFactorIsOn: it is switched off first, which takes a code of it; WrongPassword, TooManyRequests.
    """
    _check_no_mfa(user)
    return second_factor.begin(sessions.prove(user.user_id, password, None))


def enable_mfa(user: Person, password: str, code: str) -> None:
    """Ask for the new app's code at each sign-in from now on, and tell by mail. Raises like `begin_mfa`."""
    _check_no_mfa(user)
    second_factor.enable(sessions.prove(user.user_id, password, None), code)
    security.notify(security.factor_set(user.email, user.preferences.language))


def _check_no_mfa(user: Person) -> None:
    if second_factor.is_on(user.user_id):
        raise SecondFactorIsOn


def disable_mfa(user: Person, password: str, code: str) -> None:
    """Ask for no code any more, and tell by mail. Raises WrongPassword, WrongSecondFactor, TooManyRequests."""
    second_factor.disable(sessions.prove(user.user_id, password, code))
    security.notify(security.factor_removed(user.email, user.preferences.language))


def _challenge_key() -> str:
    return signing_key("second factor")


def person(user_id: str, now: datetime) -> Person:
    """The signed-in person, with the preferences that one begins with where a crash at sign-up lost their row.

    Raises BeingDeleted while the account is being deleted, and Unauthorized when Cognito does not know it (any more):
    no deleted account comes back.
    """
    found = repository.get(user_id)
    if found is not None:
        return found
    if repository.deletion(user_id) is not None:
        raise BeingDeleted
    owner = directory.owner(user_id)
    # Whoever calls Cognito's SignUp directly writes there what they like.
    zone = owner.get("zoneinfo", "")
    created = new_person(user_id, owner["email"], zone if is_time_zone(zone) else "UTC", now)
    return created if repository.create(created) else person(user_id, now)


def new_person(user_id: str, email: str, time_zone: str, now: datetime) -> Person:
    """A person with the preferences that one begins with; not stored yet."""
    schedule = Schedule(time_zone, DEFAULT_HOUR, DEFAULT_WORKOUT_DAYS)
    return Person(user_id=user_id, email=email, created_at=now, schedule=schedule)


def change_preferences(
    user_id: str, changes: dict[str, Any], now: datetime, precondition: Callable[[Person], object] = lambda _: None
) -> Person | None:
    """Apply validated changes (fields of ProfileChange) and reschedule; the person as they are then, None when gone.

    `precondition` gets the person that is changed, under the lock, and may raise.
    """
    times = {name: value for name, value in changes.items() if name in _TIMES}
    others = {name: value for name, value in changes.items() if name not in _TIMES}

    def choose(person: Person) -> Person:
        precondition(person)
        chosen = replace(person, preferences=person.preferences.changed(**others))
        if times:
            yesterday = local_date(person.schedule.time_zone, now) - timedelta(days=1)
            streak = person.streak.carried_to(yesterday, person.schedule.workout_days)
            chosen = replace(chosen, streak=streak)
        return chosen.with_schedule(person.schedule.moved_to(**times), now)

    changed = repository.change(user_id, choose)
    return None if changed is None else changed.after


def reschedule(user_id: str, now: datetime, day: date | None = None, *, received: bool = False) -> None:
    """Set when the daily run looks at this person next: what was due up to now is done or given up.

    So is the picture of a local date, whose delivery may be still ahead; one that was `received` counts for the streak.
    """

    def move_on(current: Person) -> Person:
        if received and day is not None:
            current = current.with_picture_on(day)
        delivery = None if day is None else delivery_on(current.schedule, day)
        if delivery is None or delivery > now + MAKE_AHEAD:
            return current.rescheduled(now)
        return current.rescheduled(max(now, delivery))

    repository.change(user_id, move_on)


def give_consent(user_id: str, version: str, language: str, now: datetime) -> Person | None:
    """Record that a person agrees to the current text, unless they do already; None when they are gone.

    Raises Invalid for a text that is none, ConsentTextOutdated for an earlier one, ConsentedTooOften.
    """
    text = consent.shown(version, language)
    record = consent.Record(text.version, text.language, now)

    def agree(person: Person) -> Person:
        return person if person.consents.is_current else replace(person, consents=person.consents.given(record))

    changed = repository.change(user_id, agree)
    return None if changed is None else changed.after


def withdraw_consent(user_id: str, now: datetime) -> Person | None:
    """Record that a person agrees no more, and remove photo, face and embedding; harmless without consent."""
    return face_data.remove(user_id, now, lambda person: replace(person, consents=person.consents.withdrawn(now)))


def switch_mail_off(user_id: str, reason: MailOffReason) -> None:
    """Send this person no more pictures by mail; pictures are still made. The app tells the reason."""
    repository.change(user_id, lambda person: replace(person, preferences=person.preferences.with_mail_off(reason)))


def sign_out(refresh_token: str) -> None:
    """End the one session that a refresh token belongs to; nothing happens for a token that is not one (RFC 7009)."""
    try:
        tokens = sessions.refresh(refresh_token)
    except Unauthorized:
        return
    sign_ins.forget(tokens.access_token)
    # Where the refresh gave another one, the first holds for some seconds more.
    for each in {refresh_token, tokens.refresh_token}:
        sessions.end_session(each)


def sign_out_everywhere(user_id: str, clock: Callable[[], datetime]) -> None:
    """End all sessions; the devices are told of no picture any more, either. Raises Unauthorized."""
    sessions.end_sessions(user_id)
    # The time is taken now: until here a refresh token gave new access tokens.
    signed_out = refuse_tokens(user_id, clock())
    if signed_out is not None:
        security.notify(security.signed_out(signed_out.email, signed_out.preferences.language))


def refuse_tokens(user_id: str, now: datetime) -> Person | None:
    """Have every access token refused that was issued up to now, and forget the devices; returns the person.

    Tokens name whole seconds, so this second's are all refused. Returns once it is over: who signs in then is let in.
    """
    second_is_over = now.replace(microsecond=0) + timedelta(seconds=1)
    changed = repository.change(user_id, lambda person: person.signed_out(second_is_over))
    time.sleep((second_is_over - now).total_seconds())
    return None if changed is None else changed.after


def hour_of(now: datetime) -> str:
    """What executions are named by of which there is one an hour: an archive, an attempt to delete."""
    return f"{now:%Y-%m-%dT%H}"


def deletion(user_id: str) -> str | None:
    """The id of the deletion that an account is in; None once nothing of the account is left.

    Raises NotFound for an account that is not being deleted.
    """
    deletion_id = repository.deletion(user_id)
    # The row goes last; without one there may also be somebody whose row a crash at sign-up lost.
    if deletion_id is None and (repository.get(user_id) is not None or directory.exists(user_id)):
        raise NotFound("Your account is not being deleted.")
    return deletion_id


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
        raise Unavailable("We could not start the deletion. Please try again.") from error
    return deletion_id
