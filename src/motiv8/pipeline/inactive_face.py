"""The face of somebody who does not come any more: they are told, and a month later it goes."""

from __future__ import annotations

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

    from motiv8.aws.tables import UserRow

_NEVER_TAKEN = frozenset({"BadRequestException", "MessageRejected"})
"""What SES says of an address that no mail will ever reach."""


class _Came(Exception):
    """They came, or did it themselves, while the face was about to go."""


def see_to_inactive_face(row: UserRow, now: datetime) -> None:
    """Do what is due for one person, if anything. Raises MailRefused where the notice must be sent by a later run."""
    step = next_step(row, now.date(), _limit())
    if step == "notice":
        _tell(row, now)
    elif step == "removal":
        _remove(row.user_id, now)


def _tell(row: UserRow, now: datetime) -> None:
    # Noted before it is sent, so that nobody is told twice (docs/adr/001-a-mail-goes-out-at-most-once.md).
    if not _note(row.user_id, now, now):
        return
    notice = InactivityNotice(
        sender=settings().sender_address,
        to=row.email,
        last_visit=last_visit(row),
        removal=removal_day(row, now.date(), _limit()),
        app_url=settings().app_url,
        locale=row.locale,
    )
    try:
        mail.send(compose_notice(notice), row.user_id)
    except mail.MailRefused as refused:
        if refused.code not in _NEVER_TAKEN:
            _note(row.user_id, None, now)
            raise
        logger.warning("inactivity notice refused", code=refused.code, user_id=row.user_id)
    else:
        logger.info("inactivity notice sent", user_id=row.user_id)


def _note(user_id: str, at: datetime | None, now: datetime) -> bool:
    """Note the notice, or that it did not go out; False where none is due (any more)."""
    noted: list[bool] = []

    def apply(row: UserRow) -> bool:
        noted[:] = [at is None or next_step(row, now.date(), _limit()) == "notice"]
        if noted[0]:
            row.inactivity_notice_at = at
        return noted[0]

    return repository.change(user_id, apply) is not None and noted[0]


def _remove(user_id: str, now: datetime) -> None:
    def check(row: UserRow) -> None:
        if next_step(row, now.date(), _limit()) != "removal":
            raise _Came

    try:
        face_data.remove(user_id, now, check)
    except _Came:
        return
    # Last, so that a run that was cut off is repeated until no file is left.
    _note(user_id, None, now)
    logger.info("face of somebody inactive removed", user_id=user_id)


def _limit() -> timedelta:
    return timedelta(days=settings().inactive_days)
