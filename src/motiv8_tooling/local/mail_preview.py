"""`make mail-preview`: each mail as a phone and a desktop show it, in each language, light and dark, as PNG files."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from playwright.sync_api import sync_playwright

from motiv8.catalogue.dates import day_range
from motiv8.catalogue.locales import LANGUAGES
from motiv8.catalogue.modes import MODES
from motiv8.catalogue.translation import translated
from motiv8.emails import security
from motiv8.emails.inactivity_notice import InactivityNotice, compose_notice
from motiv8.emails.invitation import compose_invitation
from motiv8.emails.picture import PictureEmail, WeekReview, picture_message
from motiv8.studio import photo, rendering, selfie
from motiv8.studio.design import Design
from motiv8.studio.week import sheet
from motiv8_tooling.local.browser import chromium
from motiv8_tooling.local.demo import SAMPLE
from motiv8_tooling.local.mailbox import html_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from email.message import EmailMessage

    import numpy as np

    from motiv8.catalogue.locales import Language

WIDTHS = {"phone": 360, "desktop": 760}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
_SENDER = "motiv8@example.com"
_DAY = date(2026, 11, 20)


def main(folder: Path, languages: Sequence[Language] = LANGUAGES) -> int:
    """Draw each mail four times in each language; 0, or 2 without Chromium."""
    try:
        program = chromium()
    except RuntimeError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    folder.mkdir(parents=True, exist_ok=True)
    cutout = selfie.extract(SAMPLE.read_bytes()).cutout
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for language in languages:
            mails = _mails(cutout, language)
            for (mail, message), scheme, (device, width) in product(mails.items(), SCHEMES, WIDTHS.items()):
                page = browser.new_page(viewport={"width": width, "height": 600}, color_scheme=scheme)
                page.set_content(html_of(message), wait_until="load")
                file = folder / f"{mail}-{device}-{language}-{scheme}.png"
                page.screenshot(path=file, full_page=True)
                page.close()
                sys.stdout.write(f"{file}\n")
        browser.close()
    return 0


def _mails(cutout: np.ndarray, language: Language) -> dict[str, EmailMessage]:
    """Each kind of mail by its name."""
    to, app = "you@example.com", "https://app.example"
    notice = InactivityNotice(_SENDER, to, _DAY - timedelta(days=700), _DAY + timedelta(days=30), app, language)
    return {
        "picture": picture_message(_picture(cutout, language)),
        "week": picture_message(replace(_picture(cutout, language), week=_week(cutout, language))),
        "invitation": compose_invitation(_SENDER, to, app, ["Google"], language),
        "inactivity-notice": compose_notice(notice),
        "code": security.code(to, "123456", language),
        "email-request": security.asked(to, language),
        "password": security.password_changed(to, language),
    }


def _picture(cutout: np.ndarray, language: Language) -> PictureEmail:
    made = rendering.render(cutout, Design("summit", _DAY, locale=language), 0)
    return PictureEmail(
        sender=_SENDER,
        to="you@example.com",
        line=made.line,
        alt_text=made.alt_text,
        day=_DAY,
        picture=made.jpeg,
        unsubscribe_url="https://app.example/unsubscribe",
        settings_url="https://app.example/#/settings",
        locale=language,
    )


def _week(cutout: np.ndarray, language: Language) -> WeekReview:
    days = [_DAY - timedelta(days=ago) for ago in range(4, -1, -1)]
    made = [
        rendering.render(cutout, Design(mode, day, locale=language), 0) for mode, day in zip(MODES, days, strict=False)
    ]
    sunday = days[0] + timedelta(days=6)
    heading, dated = translated("My week", language), day_range(days[0], sunday, language)
    together = sheet([photo.decode_own(each.jpeg) for each in made], heading, dated)
    return WeekReview(photo.encode_jpeg(together), days[0], sunday, "https://app.example/#/week/2026-W47")


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1])))
