"""The face of somebody who does not come any more: they are told, and a month later it goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from motiv8.accounts import face_data, repository
from motiv8.accounts.inactivity import last_visit, next_step, removal_day
from motiv8.aws import mail
from motiv8.emails.inactivity_notice import InactivityNotice, compose_notice
from motiv8.settings import settings
from motiv8.telemetry import logger

if TYPE_CHECKING:
    from datetime import datetime

    from motiv8.accounts.person import Person

_NEVER_TAKEN = frozenset({"BadRequestException", "MessageRejected"})
"""What SES says of an address that no mail will ever reach."""


class _Came(Exception):
    """They came, or did it themselves, while the face was about to go."""


def see_to_inactive_face(person: Person, now: datetime) -> None:
    """Do what is due for one person, if anything. Raises MailRefused where the notice must be sent by a later run."""
    step = next_step(person, now.date(), _limit())
    if step == "notice":
        _tell(person, now)
    elif step == "removal":
        _remove(person.user_id, now)


def _tell(person: Person, now: datetime) -> None:
    # Noted before it is sent, so that nobody is told twice (docs/adr/001-a-mail-goes-out-at-most-once.md).
    if not _note(person.user_id, now, now):
        return
    notice = InactivityNotice(
        sender=settings().sender_address,
        to=person.email,
        last_visit=last_visit(person),
        removal=removal_day(person, now.date(), _limit()),
        app_url=settings().app_url,
        locale=person.preferences.locale,
    )
    try:
        mail.send(compose_notice(notice), person.user_id)
    except mail.MailRefused as refused:
        if refused.code not in _NEVER_TAKEN:
            _note(person.user_id, None, now)
            raise
        logger.warning("inactivity notice refused", code=refused.code, user_id=person.user_id)
    else:
        logger.info("inactivity notice sent", user_id=person.user_id)


def _note(user_id: str, at: datetime | None, now: datetime) -> bool:
    """Note the notice, or that it did not go out; False where none is due (any more)."""

    def is_due(person: Person) -> bool:
        return at is None or next_step(person, now.date(), _limit()) == "notice"

    def note(person: Person) -> Person:
        return replace(person, visits=person.visits._replace(notice_at=at)) if is_due(person) else person

    changed = repository.change(user_id, note)
    return changed is not None and is_due(changed.before)


def _remove(user_id: str, now: datetime) -> None:
    def check(person: Person) -> Person:
        if next_step(person, now.date(), _limit()) != "removal":
            raise _Came
        return person

    try:
        face_data.remove(user_id, now, check)
    except _Came:
        return
    # Last, so that a run that was cut off is repeated until no file is left.
    _note(user_id, None, now)
    logger.info("face of somebody inactive removed", user_id=user_id)


def _limit() -> timedelta:
    return timedelta(days=settings().inactive_days)
