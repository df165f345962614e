"""The last step of a picture: mail it and tell the devices, once, and reschedule the person."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from motiv8.accounts import repository as accounts
from motiv8.accounts.schedule import delivery_on
from motiv8.accounts.service import reschedule
from motiv8.accounts.unsubscribe import unsubscribe_token
from motiv8.aws import keys, mail, storage
from motiv8.aws.secrets import link_secret
from motiv8.emails.picture import PictureEmail, WeekReview, picture_message
from motiv8.pipeline.isolation import sheet_optional
from motiv8.pipeline.notify import notify
from motiv8.portraits import repository, week
from motiv8.settings import settings
from motiv8.telemetry import count, logger

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from email.message import EmailMessage

    from motiv8.accounts.person import Person
    from motiv8.payloads import Delivered, MailOutcome
    from motiv8.portraits.picture import Picture


LATE = timedelta(minutes=15)
"""A delivery so long after its hour counts as late."""
_SENT = frozenset({"sending", "sent"})


def deliver(user_id: str, portrait_id: str, now: datetime, before_mail: Callable[[], None] = lambda: None) -> Delivered:
    """Mail the picture if that is wanted and did not happen yet, and tell the devices of a daily one.

    Outcomes in `mail`: `sent`, `off`, `refused` (the picture stays; a run an hour later tries again), `throttled` (SES
    would take it at another time), `gone`. A mail goes out at most once: the row says `sending` before SES is called,
    and that is never sent again. `before_mail` may wait.
    """
    picture = repository.get(user_id, portrait_id)
    person = accounts.get(user_id)
    if picture is None or person is None:
        return {"mail": "gone"}
    outcome = _mail(person, picture, now, before_mail) if person.preferences.mail_enabled else "off"
    if outcome in {"sent", "off"}:
        _note(person, picture, outcome, now)
    if picture.trigger == "daily":
        notify(person, picture, now)
        if outcome not in {"refused", "throttled"} or picture.is_given_up:
            received = picture.status == "ready" and outcome != "gone"
            reschedule(user_id, now, date.fromisoformat(picture.date), received=received)
    return {"mail": outcome}


def _note(person: Person, picture: Picture, outcome: MailOutcome, now: datetime) -> None:
    """Note that a picture is delivered, and count the first time of a daily one with how late it is."""

    def note(current: Picture) -> Picture:
        was_sent = outcome == "off" and current.mail_status in _SENT
        return current.delivered(current.mail_status if was_sent else outcome, now)

    changed = repository.change(picture.user_id, picture.portrait_id, note)
    if changed is None or changed.before.delivered_at is not None or picture.trigger != "daily":
        return
    count("DeliveriesMade")
    hour = delivery_on(person.schedule, date.fromisoformat(picture.date))
    if hour is not None and hour <= now:
        count("DeliveryLateness", (now - hour).total_seconds(), "Seconds")
        if now - hour > LATE:
            count("DeliveriesLate")


def _mail(person: Person, picture: Picture, now: datetime, before_mail: Callable[[], None]) -> MailOutcome:
    if picture.mail_status in _SENT:
        return "sent"
    file = storage.get(settings().media_bucket, keys.picture(person.user_id, picture.portrait_id, ".jpg"))
    if file is None:
        return "gone"
    message = _message(person, picture, file)
    before_mail()
    changed = repository.change(
        picture.user_id,
        picture.portrait_id,
        lambda current: current if current.mail_status in _SENT else current.with_mail("sending"),
    )
    if changed is None:
        return "gone"
    return "sent" if changed.before.mail_status in _SENT else _send(message, picture, now)


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
            week=_week(person, picture),
        )
    )


def _week(person: Person, picture: Picture) -> WeekReview | None:
    """The week's sheet, where it goes with this picture and was made."""
    monday = week.monday_of(date.fromisoformat(picture.date))
    with sheet_optional(portrait_id=picture.portrait_id):
        sheet_id = week.sheet_id(monday, week.mailed_with(picture, person))
        key = keys.week(person.user_id, sheet_id, ".jpg") if sheet_id else None
        sheet = storage.get(settings().media_bucket, key) if key else None
        url = f"{settings().app_url}/#/week/{week.name_of(monday)}" if settings().app_url else ""
        return WeekReview(sheet, monday, monday + timedelta(days=6), url) if sheet else None
    return None


def _send(message: EmailMessage, picture: Picture, now: datetime) -> MailOutcome:
    """Hand the message to SES and note what it says."""
    try:
        mail.send(message, picture.user_id)
    except mail.MailRefused as refused:
        logger.warning("mail refused", portrait_id=picture.portrait_id, code=refused.code)
        over_quota = refused.over_quota
        repository.change(
            picture.user_id,
            picture.portrait_id,
            lambda current: current.with_mail("refused") if over_quota else current.refused(now),
        )
        count("MailsFailed")
        return "throttled" if over_quota else "refused"
    count("MailsSent")
    return "sent"
