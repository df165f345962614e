"""`make mail-preview`: each mail as a phone and a desktop show it, in light and dark, as PNG files."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from pathlib import Path

from playwright.sync_api import sync_playwright

from motiv8.emails.inactivity_notice import InactivityNotice, compose_notice
from motiv8.emails.invitation import compose_invitation
from motiv8.emails.picture import PictureEmail, WeekReview, picture_message
from motiv8.studio import photo, rendering, selfie
from motiv8.studio.design import Design
from motiv8.studio.week import sheet
from motiv8_tooling.local.browser import chromium
from motiv8_tooling.local.demo import SAMPLE
from motiv8_tooling.local.mailbox import html_of

WIDTHS = {"phone": 360, "desktop": 760}


def main(folder: Path) -> int:
    """Draw each mail four times; 0, or 2 without Chromium."""
    try:
        program = chromium()
    except RuntimeError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    mails = _mails()
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for scheme in ("light", "dark"):
            for (device, width), (mail, html) in product(WIDTHS.items(), mails.items()):
                page = browser.new_page(viewport={"width": width, "height": 600}, color_scheme=scheme)
                page.set_content(html, wait_until="load")
                file = folder / f"{mail}-{device}-{scheme}.png"
                page.screenshot(path=file, full_page=True)
                sys.stdout.write(f"{file}\n")
        browser.close()
    return 0


def _mails() -> dict[str, str]:
    """Each kind of mail as HTML, by its name."""
    day = date(2026, 11, 20)
    made = rendering.render(selfie.extract(SAMPLE.read_bytes()).cutout, Design("summit", day), 0)
    email = PictureEmail(
        sender="motiv8@example.com",
        to="you@example.com",
        line=made.line,
        alt_text=made.alt_text,
        day=day,
        picture=made.jpeg,
        unsubscribe_url="https://app.example/unsubscribe",
        settings_url="https://app.example/#/settings",
    )
    pictures = [photo.decode_own(made.jpeg)] * 5
    together = photo.encode_jpeg(sheet(pictures, "My week", "16 - 20 Nov"))
    monday = day - timedelta(days=day.weekday())
    week = WeekReview(together, monday, day, "https://app.example/#/week/2026-W47")
    invitation = compose_invitation("motiv8@example.com", "you@example.com", "https://app.example")
    notice = InactivityNotice(
        sender="motiv8@example.com",
        to="you@example.com",
        last_visit=day - timedelta(days=700),
        removal=day + timedelta(days=30),
        app_url="https://app.example",
    )
    return {
        "picture": html_of(picture_message(email)),
        "week": html_of(picture_message(replace(email, week=week))),
        "invitation": html_of(invitation),
        "inactivity-notice": html_of(compose_notice(notice)),
    }


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1])))
