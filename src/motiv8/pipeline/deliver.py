"""The last step of a picture: mail it and tell the devices, once, and let the clock go on."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from motiv8.accounts import repository as accounts
from motiv8.accounts.unsubscribe import unsubscribe_token
from motiv8.aws import keys, mail, storage
from motiv8.aws.secrets import link_secret
from motiv8.emails.picture import PictureEmail, picture_message
from motiv8.pipeline.delivered import MOST_ATTEMPTS, wind_clock
from motiv8.pipeline.notify import notify
from motiv8.portraits import repository
from motiv8.settings import settings
from motiv8.telemetry import count, logger

if TYPE_CHECKING:
    from datetime import datetime

    from motiv8.aws.tables import PortraitRow, UserRow


def deliver(user_id: str, portrait_id: str, now: datetime) -> dict[str, Any]:
    """Mail the picture if that is wanted and did not happen yet, and tell the devices of a daily one.

    Outcomes in `mail`: `sent`, `off`, `refused` (the picture stays; the next hourly run tries again), `gone`.
    A mail goes out at most once: the row says `sending` before SES is called, and that is never sent again.
    """
    row = repository.get(user_id, portrait_id)
    user = accounts.get(user_id)
    if row is None or user is None:
        return {"mail": "gone"}
    outcome = _send(user, row) if user.mail_enabled else _skip(row)
    if row.trigger == "daily":
        notify(user, row, now)
    if row.trigger == "daily" and (outcome != "refused" or row.attempts >= MOST_ATTEMPTS):
        wind_clock(user_id, now)
    return {"mail": outcome}


def _skip(row: PortraitRow) -> str:
    _set_mail_status(row, "off", unless=frozenset({"sending", "sent", "off"}))
    return "off"


def _send(user: UserRow, row: PortraitRow) -> str:
    picture = storage.get(settings().media_bucket, keys.picture(user.user_id, row.portrait_id, ".jpg"))
    if picture is None:
        return "gone"
    token = unsubscribe_token(user.user_id, link_secret())
    message = picture_message(
        PictureEmail(
            sender=settings().sender_address,
            to=user.email,
            line=row.line or "",
            alt_text=row.alt_text or "",
            day=date.fromisoformat(row.date),
            picture=picture,
            unsubscribe_url=f"{settings().public_url}/v1/mail/unsubscribe?token={token}",
            settings_url=f"{settings().app_url}/#/settings" if settings().app_url else "",
            locale=user.locale,
            correlation_id=logger.get_correlation_id() or "",
        )
    )
    if not _set_mail_status(row, "sending", unless=frozenset({"sending", "sent"})):
        return "sent"
    try:
        mail.send(message, user.user_id)
    except mail.MailRefused as refused:
        logger.warning("mail refused", portrait_id=row.portrait_id, code=refused.code)
        _set_mail_status(row, "refused", unless=frozenset(), attempt=not refused.over_quota)
        count("MailsFailed")
        return "refused"
    _set_mail_status(row, "sent", unless=frozenset())
    count("MailsSent")
    return "sent"


def _set_mail_status(row: PortraitRow, status: str, unless: frozenset[str], *, attempt: bool = False) -> bool:
    applied = False

    def apply(current: PortraitRow) -> bool:
        nonlocal applied
        applied = current.mail_status not in unless
        if applied:
            current.mail_status = status
            current.attempts += attempt
        return applied

    return repository.change(row.user_id, row.portrait_id, apply) is not None and applied
