"""The mail that tells somebody who has not come for long that their face will go, and how to keep it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from motiv8.catalogue.dates import long_date
from motiv8.catalogue.locales import language_of
from motiv8.catalogue.translation import translated
from motiv8.emails import layout
from motiv8.words import Words

if TYPE_CHECKING:
    from datetime import date
    from email.message import EmailMessage

_SUBJECT = "Your motiv8 photo will be deleted"
_WHAT = (
    "You last used motiv8 on {last}. On {removal} we will delete your photo and your face data, and stop making"
    " pictures of you."
)
_BUTTON = "Sign in to keep it"
_KEEP = "To keep it, sign in once before then."
_STAYS = "Your account and your pictures stay. You can upload a new photo at any time."
_WHY = "We send this once, because we do not keep the face data of people who no longer use motiv8."


@dataclass(frozen=True, slots=True)
class InactivityNotice:
    """What goes into the mail; `app_url` is empty without a web app, and `locale` says how it is written."""

    sender: str
    to: str
    last_visit: date
    removal: date
    app_url: str = ""
    locale: str = "en-GB"


def compose_notice(notice: InactivityNotice) -> EmailMessage:
    """The whole message."""
    language = language_of(notice.locale)
    last, removal = (long_date(day, notice.locale) for day in (notice.last_visit, notice.removal))
    what = translated(Words(_WHAT, last=last, removal=removal), language)
    subject, keep, stays, why, button = (
        translated(words, language) for words in (_SUBJECT, _KEEP, _STAYS, _WHY, _BUTTON)
    )
    return layout.message(
        notice.sender,
        notice.to,
        subject,
        "\n\n".join([what, f"{keep}\n{notice.app_url}".rstrip(), stays, why]) + "\n",
        layout.text("text", escape(what, quote=False)),
        layout.text("text", escape(keep, quote=False)),
        *([layout.button(f"{notice.app_url}/", button)] if notice.app_url else []),
        layout.text("text", escape(stays, quote=False)),
        layout.text("small", escape(why, quote=False)),
        language=language,
    )
