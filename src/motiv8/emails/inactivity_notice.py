"""The mail that tells somebody who has not come for long that their face will go, and how to keep it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from motiv8.emails import layout
from motiv8.emails.picture import long_date

if TYPE_CHECKING:
    from datetime import date
    from email.message import EmailMessage

_SUBJECT = "Your photo at motiv8 will be deleted"
_KEEP = "To keep it, sign in once before then."
_STAYS = "Your account and the pictures that were made of you stay. You can send a new photo at any time."
_WHY = "You get this once, because we keep no faces of people who do not come any more."


@dataclass(frozen=True, slots=True)
class InactivityNotice:
    """What goes into the mail; `app_url` is empty without a web app, and `locale` says how dates are written."""

    sender: str
    to: str
    last_visit: date
    removal: date
    app_url: str = ""
    locale: str = "en-GB"


def compose_notice(notice: InactivityNotice) -> EmailMessage:
    """The whole message."""
    last, removal = (long_date(day, notice.locale) for day in (notice.last_visit, notice.removal))
    what = (
        f"You were last here on {last}. On {removal} we delete your photo, what we cut out of it and the code of your"
        " face, and make no more pictures of you."
    )
    return layout.message(
        notice.sender,
        notice.to,
        _SUBJECT,
        "\n\n".join([what, f"{_KEEP}\n{notice.app_url}".rstrip(), _STAYS, _WHY]) + "\n",
        layout.text("text", escape(what)),
        layout.text("text", _KEEP),
        *([layout.button(f"{notice.app_url}/", "Sign in and keep it")] if notice.app_url else []),
        layout.text("text", _STAYS),
        layout.text("small", _WHY),
    )
