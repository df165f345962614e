"""The last step of a picture: mail it and tell the devices, once, and reschedule the person."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from motiv8.accounts import repository as accounts
from motiv8.accounts.service import reschedule
from motiv8.accounts.unsubscribe import unsubscribe_token
from motiv8.aws import keys, mail, storage
from motiv8.aws.secrets import link_secret
from motiv8.emails.picture import PictureEmail, picture_message
from motiv8.pipeline.notify import notify
from motiv8.portraits import repository
from motiv8.settings import settings
from motiv8.telemetry import count, logger

if TYPE_CHECKING:
    from datetime import datetime
    from email.message import EmailMessage

    from motiv8.accounts.person import Person
    from motiv8.payloads import Delivered, MailOutcome
    from motiv8.portraits.picture import Picture


def deliver(user_id: str, portrait_id: str, now: datetime) -> Delivered:
    """Mail the picture if that is wanted and did not happen yet, and tell the devices of a daily one.

    Outcomes in `mail`: `sent`, `off`, `refused` (the picture stays; the next hourly run tries again), `gone`.
    A mail goes out at most once: the row says `sending` before SES is called, and that is never sent again.
    """
    picture = repository.get(user_id, portrait_id)
    person = accounts.get(user_id)
    if picture is None or person is None:
        return {"mail": "gone"}
    outcome = _mail(person, picture) if person.preferences.mail_enabled else _skip(picture)
    if picture.trigger == "daily":
        notify(person, picture, now)
        if outcome != "refused" or picture.is_given_up:
            reschedule(user_id, now)
    return {"mail": outcome}


def _skip(picture: Picture) -> MailOutcome:
    _set_mail_status(picture, "off", unless=frozenset({"sending", "sent", "off"}))
    return "off"


def _mail(person: Person, picture: Picture) -> MailOutcome:
    file = storage.get(settings().media_bucket, keys.picture(person.user_id, picture.portrait_id, ".jpg"))
    if file is None:
        return "gone"
    message = _message(person, picture, file)
    if not _set_mail_status(picture, "sending", unless=frozenset({"sending", "sent"})):
        return "sent"
    return _send(message, picture)


def _message(person: Person, picture: Picture, file: bytes) -> EmailMessage:
    token = unsubscribe_token(person.user_id, link_secret())
    return picture_message(
        PictureEmail(
            sender=settings().sender_address,
            to=person.email,
            line=picture.line or "",
            alt_text=picture.alt_text or "",
            day=date.fromisoformat(picture.date),
            picture=file,
            unsubscribe_url=f"{settings().public_url}/v1/mail/unsubscribe?token={token}",
            settings_url=f"{settings().app_url}/#/settings" if settings().app_url else "",
            locale=person.preferences.locale,
            correlation_id=logger.get_correlation_id() or "",
        )
    )


def _send(message: EmailMessage, picture: Picture) -> MailOutcome:
    """Hand the message to SES and note what it says."""
    try:
        mail.send(message, picture.user_id)
    except mail.MailRefused as refused:
        logger.warning("mail refused", portrait_id=picture.portrait_id, code=refused.code)
        _set_mail_status(picture, "refused", unless=frozenset(), counts=not refused.over_quota)
        count("MailsFailed")
        return "refused"
    _set_mail_status(picture, "sent", unless=frozenset())
    count("MailsSent")
    return "sent"


def _set_mail_status(picture: Picture, status: str, unless: frozenset[str], *, counts: bool = False) -> bool:
    """Note what becomes of the mail; False where it is one of `unless` already, or the picture is gone."""
    changed = repository.change(
        picture.user_id,
        picture.portrait_id,
        lambda current: current if current.mail_status in unless else current.with_mail(status, counts=counts),
    )
    return changed is not None and changed.before.mail_status not in unless
