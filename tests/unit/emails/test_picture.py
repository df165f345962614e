"""The mail that brings a picture."""

from __future__ import annotations

import email
import re
from datetime import date
from email import policy
from email.message import EmailMessage
from typing import Any

import pytest

from motiv8.emails.picture import PictureEmail, WeekReview, picture_message


def _received(**changes: Any) -> EmailMessage:
    values: dict[str, Any] = {"line": "Show up.", "alt_text": "You, on a mountain."} | changes
    letter = PictureEmail(
        sender="motiv8@example.com",
        to="you@example.com",
        day=date(2026, 11, 20),
        picture=b"\xff\xd8picture",
        unsubscribe_url="https://api.example/v1/mail/unsubscribe?token=a.b.c",
        **values,
    )
    return email.message_from_bytes(picture_message(letter).as_bytes(), policy=policy.default)


def test_it_has_text_html_and_the_picture_inline() -> None:
    message = _received()
    assert message.get_content_type() == "multipart/alternative"
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    [picture] = [part for part in message.walk() if part.get_content_type() == "image/jpeg"]
    assert picture.get_content() == b"\xff\xd8picture"
    assert picture.get_content_disposition() == "inline"
    assert f"cid:{picture['Content-ID'].strip('<>')}" in html.get_content()
    assert "Friday, 20 November 2026" in text.get_content()
    assert "You, on a mountain." in text.get_content()


@pytest.mark.parametrize(
    ("locale", "written"),
    [
        ("de", "Freitag, 20. November 2026"),
        ("en-US", "Friday, November 20, 2026"),
        ("pt-BR", "sexta-feira, 20 de novembro de 2026"),
        ("ja", "2026年11月20日金曜日"),
        ("zh-Hant-TW", "2026年11月20日 星期五"),
        ("tlh", "Friday, November 20, 2026"),
    ],
)
def test_the_date_is_written_as_people_of_the_locale_write_it(locale: str, written: str) -> None:
    message = _received(locale=locale)
    assert written in _html(message)
    assert written in _plain(message)


def test_one_click_unsubscribes() -> None:
    message = _received()
    assert message["List-Unsubscribe"] == "<https://api.example/v1/mail/unsubscribe?token=a.b.c>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_the_line_is_the_subject_and_cannot_break_the_html() -> None:
    message = _received(line='<b>"Up" & away</b>', alt_text='"><script>')
    assert message["Subject"] == '<b>"Up" & away</b>'
    html = message.get_body(("html",))
    assert html is not None
    assert "&lt;b&gt;" in html.get_content()
    assert "<script>" not in html.get_content()


def test_it_leads_back_to_the_run_that_sent_it() -> None:
    assert _received(correlation_id="from-the-phone")["X-Correlation-Id"] == "from-the-phone"
    assert _received()["X-Correlation-Id"] is None


def test_letters_beyond_ascii_arrive() -> None:
    assert _received(line="Los geht es, Zoë!")["Subject"] == "Los geht es, Zoë!"


def test_the_apps_settings_are_one_click_away_where_it_has_an_address() -> None:
    message = _received(settings_url="https://app.example/#/settings")
    assert 'href="https://app.example/#/settings"' in _html(message)
    assert "https://app.example/#/settings" in _plain(message)
    bare = _received()
    assert "Change your schedule" not in _html(bare) + _plain(bare)


def test_dark_mode_and_outlook_are_provided_for() -> None:
    html = _html(_received())
    assert '<meta name="color-scheme" content="light dark">' in html
    assert "@media (prefers-color-scheme: dark)" in html
    # Word knows widths as attributes alone.
    assert '<table role="presentation" width="540"' in html
    assert re.search(r'<img [^>]*width="540"', html)
    assert "<div" not in html


def _html(message: EmailMessage) -> str:
    part = message.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def _plain(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


@pytest.mark.parametrize(
    ("locale", "said"),
    [("de-AT", "weil du in motiv8 Trainingstage gewählt hast"), ("fr", "Ton image est jointe"), ("ja", "Unsubscribe")],
)
def test_it_is_written_in_the_language_of_the_person(locale: str, said: str) -> None:
    message = _received(locale=locale)
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert said in plain.get_content()
    assert f'lang="{locale[:2] if locale != "ja" else "en"}"' in html.get_content()


@pytest.mark.parametrize(("url", "leads"), [("https://app.example/#/week/2026-W47", 1), ("", 0)])
def test_the_sheet_of_a_week_is_inline_and_leads_to_the_film(url: str, leads: int) -> None:
    review = WeekReview(b"\xff\xd8week", date(2026, 11, 16), date(2026, 11, 22), url)
    message = _received(week=review, locale="en-GB")
    pictures = [part for part in message.walk() if part.get_content_type() == "image/jpeg"]
    assert [each.get_content() for each in pictures] == [b"\xff\xd8picture", b"\xff\xd8week"]
    assert f"cid:{pictures[1]['Content-ID'].strip('<>')}" in _html(message)
    assert 'alt="Your pictures of the week on one sheet: 16\N{EN DASH}22 Nov."' in _html(message)
    assert _html(message).count("#/week/2026-W47") == _plain(message).count("#/week/2026-W47") == leads
    assert ("Watch it as a film" in _html(message)) is ("Watch it as a film" in _plain(message)) is bool(leads)
