"""The mail that brings a picture: text and HTML, the picture inline, one click to unsubscribe. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import make_msgid
from html import escape
from typing import TYPE_CHECKING

from motiv8.catalogue.dates import day_range, long_date
from motiv8.catalogue.locales import language_of
from motiv8.catalogue.translation import translated
from motiv8.emails import layout
from motiv8.words import Words

if TYPE_CHECKING:
    from datetime import date

    from motiv8.catalogue.locales import Language

_WORDS = (
    "You are receiving this because you chose workout days in motiv8.",
    "Your picture is attached:",
    "Today's picture",
    "Change your schedule or style",
    "Unsubscribe",
)
_WEEK_ID = "week@motiv8"
_TEXT = """\
{line}

{day}. {attached} {alt}

{week}{why}
{preferences}{unsubscribe}: {url}
"""


@dataclass(frozen=True, slots=True)
class WeekReview:
    """The pictures of a week on one sheet (JPEG); `url` leads to it, and to the film, in the app if there is one."""

    sheet: bytes
    first: date
    last: date
    url: str = ""


@dataclass(frozen=True, slots=True)
class PictureEmail:
    """What goes into the mail; `picture` is a JPEG, `settings_url` leads to the app's settings if it has any.

    `locale` (BCP 47, such as `de` or `en-GB`) says in which language it is written, and how the date.
    """

    sender: str
    to: str
    line: str
    alt_text: str
    day: date
    picture: bytes
    unsubscribe_url: str
    correlation_id: str = ""
    settings_url: str = ""
    locale: str = "en-GB"
    week: WeekReview | None = None


def picture_message(email: PictureEmail) -> EmailMessage:
    """The whole message, as RFC 5322 and RFC 8058 (one-click unsubscribe) ask."""
    day, language = long_date(email.day, email.locale), language_of(email.locale)
    why, attached, subject, change, unsubscribe = (translated(words, language) for words in _WORDS)
    cid = make_msgid(idstring="picture", domain="motiv8")
    message = _headed(email, email.line or subject)
    preferences = f"{change}: {email.settings_url}\n" if email.settings_url else ""
    message.set_content(
        _TEXT.format(
            line=email.line,
            day=day,
            alt=email.alt_text,
            why=why,
            attached=attached,
            unsubscribe=unsubscribe,
            url=email.unsubscribe_url,
            preferences=preferences,
            week=_week_in_words(email.week, email.locale) if email.week else "",
        )
    )
    links = layout.link(email.unsubscribe_url, unsubscribe)
    if email.settings_url:
        links = f"{layout.link(email.settings_url, change)} ·\n{links}"
    html = layout.page(
        email.line,
        layout.picture(cid[1:-1], email.alt_text),
        layout.text("headline", escape(email.line)),
        layout.text("date", escape(day)),
        *(_week_rows(email.week, email.locale) if email.week else ()),
        layout.text("small", f"{escape(why)}<br>\n{links}"),
        language=language,
    )
    message.add_alternative(html, subtype="html")
    _add_inline(message, email.picture, cid, "motiv8.jpg")
    if email.week:
        _add_inline(message, email.week.sheet, f"<{_WEEK_ID}>", "motiv8-week.jpg")
    return message


def _headed(email: PictureEmail, subject: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = f"motiv8 <{email.sender}>"
    message["To"] = email.to
    message["Subject"] = subject
    if email.correlation_id:
        # What a bounce brings back then leads to the run that sent it.
        message["X-Correlation-Id"] = email.correlation_id
    message["List-Unsubscribe"] = f"<{email.unsubscribe_url}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return message


def _add_inline(message: EmailMessage, jpeg: bytes, cid: str, name: str) -> None:
    page = message.get_payload()[1]  # type: ignore[index]  # a list, since the message has alternatives
    page.add_related(  # type: ignore[union-attr]  # and each part of it is a message
        jpeg, "image", "jpeg", cid=cid, filename=name, disposition="inline"
    )


def _week_words(week: WeekReview, locale: str) -> tuple[str, str, str]:
    """Heading, what the sheet shows, and where it leads."""
    language: Language = language_of(locale)
    shows = Words("Your pictures of the week on one sheet: {days}.", days=day_range(week.first, week.last, locale))
    return translated("Your week", language), translated(shows, language), translated("Watch it as a film", language)


def _week_in_words(week: WeekReview, locale: str) -> str:
    heading, shows, film = _week_words(week, locale)
    return f"{heading}\n{shows}\n{f'{film}: {week.url}' if week.url else ''}".rstrip() + "\n\n"


def _week_rows(week: WeekReview, locale: str) -> list[str]:
    heading, shows, film = _week_words(week, locale)
    rows = [layout.text("headline", escape(heading)), layout.picture(_WEEK_ID, shows)]
    return [*rows, *([layout.button(week.url, film)] if week.url else [])]
