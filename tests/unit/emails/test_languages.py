"""Each mail is wholly in the language of the person."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from email.message import EmailMessage

import pytest

from motiv8.catalogue.locales import LANGUAGES, Language
from motiv8.emails import security
from motiv8.emails.inactivity_notice import InactivityNotice, compose_notice
from motiv8.emails.invitation import compose_invitation
from motiv8.emails.picture import PictureEmail, WeekReview, picture_message

Write = Callable[[Language], EmailMessage]
FRIDAY = date(2026, 11, 20)
MAILS: dict[str, Write] = {
    "code": lambda language: security.code("you@example.com", "123456", language),
    "taken": lambda language: security.taken("you@example.com", language),
    "asked": lambda language: security.asked("you@example.com", language),
    "changed": lambda language: security.changed("you@example.com", language),
    "factor set": lambda language: security.factor_set("you@example.com", language),
    "factor removed": lambda language: security.factor_removed("you@example.com", language),
    "password changed": lambda language: security.password_changed("you@example.com", language),
    "provider linked": lambda language: security.provider_linked("you@example.com", "Google", language),
    "signed out": lambda language: security.signed_out("you@example.com", language),
    "invitation": lambda language: compose_invitation("a@b.example", "you@example.com", "", ["Google"], language),
    "invitation, app": lambda language: compose_invitation(
        "a@b.example", "you@example.com", "https://app.example", ["Google", "Apple"], language
    ),
    "inactivity notice": lambda language: compose_notice(
        InactivityNotice("a@b.example", "you@example.com", FRIDAY, FRIDAY, "https://app.example", language)
    ),
    "picture": lambda language: picture_message(
        PictureEmail(
            sender="a@b.example",
            to="you@example.com",
            line="",
            alt_text="",
            day=FRIDAY,
            picture=b"",
            unsubscribe_url="https://app.example/u",
            settings_url="https://app.example/s",
            locale=language,
            week=WeekReview(b"", FRIDAY, FRIDAY, "https://app.example/w"),
        )
    ),
}


@pytest.fixture(autouse=True)
def _sender(monkeypatch: pytest.MonkeyPatch) -> None:
    class Settings:
        sender_address = "motiv8@example.com"

    monkeypatch.setattr(security, "settings", Settings)


def _sentences(message: EmailMessage) -> set[str]:
    """What the mail says: its subject, and what stands in its text and on its page."""
    said = str(message["Subject"])
    for part in message.walk():
        if part.get_content_maintype() == "text":
            said += "\n" + re.sub(r"<style.*?</style>|<!--.*?-->|<[^>]+>", "\n", part.get_content(), flags=re.DOTALL)
    return {line.strip() for line in said.splitlines() if " " in line.strip()}


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
@pytest.mark.parametrize("name", MAILS)
def test_nothing_of_a_mail_is_left_in_english(name: str, language: Language) -> None:
    english, spoken = _sentences(MAILS[name]("en")), _sentences(MAILS[name](language))
    assert min(len(english), len(spoken)) > 2
    assert english & spoken == set()
    assert f'lang="{language}"' in MAILS[name](language).as_string().replace("=3D", "=")
