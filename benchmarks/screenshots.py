"""`make screenshots`: every page of the web app at two widths, with pictures of the public-domain sample."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from motiv8.catalogue.modes import MODES
from motiv8.studio import photo, rendering, selfie
from motiv8.studio.design import Design
from motiv8.studio.week import sheet
from motiv8_tooling.local.browser import chromium
from stand_in.app_pages import LOCALES, NOW, Answers, open_app

PROJECT = Path(__file__).parents[1]
SAMPLE = PROJECT / "samples" / "astronaut.jpg"
SIZES = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1440, "height": 900}}
IN_README = ("today-desktop-en-light", "week-phone-en-light", "today-phone-en-dark")
FIRST_MODE = list(MODES).index("sunrise")


@cache
def _face() -> Any:
    return selfie.extract(SAMPLE.read_bytes()).cutout


@cache
def _image(name: str) -> bytes:
    name, _, small = name.partition("?")
    if name in {"sheet", "film"}:
        return photo.encode_webp(sheet([photo.decode_own(_picture(ago).jpeg) for ago in range(4, -1, -1)], *_WEEK))
    if name == "face":
        return photo.encode_webp(np.asarray(Image.fromarray(_face()).reduce(2)))
    if small:
        image = Image.fromarray(photo.decode_own(_image(name))).resize((240, 300))
        return photo.encode_webp(np.asarray(image))
    return _picture(int(name.removeprefix("picture-"))).jpeg


@cache
def _picture(ago: int) -> rendering.PictureFiles:
    mode = list(MODES)[(FIRST_MODE + ago) % len(MODES)]
    return rendering.render(_face(), Design(mode, NOW.date() - timedelta(days=ago)), ago)


def _first_page(page: Page) -> None:
    page.get_by_role("heading", level=1).wait_for()


def _make(page: Page) -> None:
    page.locator(".actions-of-picture button").last.click()


def _open_picture(page: Page) -> None:
    page.locator(".calendar button").last.click()


def _set_up(step: str) -> str:
    kept = f'{{"email":"ann@example.com","step":"{step}"}}'
    return f"localStorage.setItem('motiv8.setup', '{kept}'); location.reload()"


def _days(page: Page) -> None:
    page.evaluate(_set_up("days"))


def _look(page: Page) -> None:
    page.evaluate(_set_up("look"))


_ANSWER = {
    "message_id": "2",
    "role": "assistant",
    "status": "ready",
    "text": "Run so slowly that you can **speak in whole sentences**. [1]\n\n- Three times a week is enough\n- Walk"
    " when you are out of breath",
    "citations": [
        {
            "number": 1,
            "document_id": "1",
            "title": "Your first weeks of running",
            "heading": "How fast to run",
            "url": "https://plan.example/run",
            "page": 3,
            "last_page": None,
            "quote": "Run so slowly that you can speak in whole sentences.",
        }
    ],
    "tool": None,
    "confirmation": None,
    "reason": None,
    "message": None,
    "feedback": None,
    "created_at": "2026-11-27T08:30:00Z",
    "finished_at": "2026-11-27T08:30:05Z",
}
_QUESTION = _ANSWER | {
    "message_id": "1",
    "role": "user",
    "text": "How fast should I run as a beginner?",
    "citations": [],
}

_WEEK = ("My week", "23\N{EN DASH}29 Nov")

Step = Callable[[Page], None]
PAGES: dict[str, tuple[str, dict[str, Any], bool, Step]] = {
    "first": ("", {}, False, _first_page),
    "today": ("#/today", {}, True, _first_page),
    "today-empty": ("#/today", {"days_with_picture": (), "streak": 0}, True, _first_page),
    "today-making": ("#/today", {"pending": 1}, True, _first_page),
    "week": ("#/week", {}, True, _first_page),
    "week-making": ("#/week", {"sheet": "making"}, True, _first_page),
    "week-empty": ("#/week/2026-W30", {}, True, _first_page),
    "make": ("#/today", {}, True, _make),
    "pictures": ("#/pictures", {}, True, _first_page),
    "picture": ("#/pictures", {}, True, _open_picture),
    "coach": ("#/coach", {}, True, _first_page),
    "conversation": ("#/coach/1", {"messages": [_QUESTION, _ANSWER]}, True, _first_page),
    "settings": ("#/settings", {"own_lines": {"mon": "Monday is mine."}}, True, _first_page),
    "setup-photo": ("", {"has_face": False, "days_with_picture": ()}, True, _first_page),
    "setup-days": ("", {"days_with_picture": (0,), "pending": 1}, True, _days),
    "setup-look": ("", {"days_with_picture": (0,)}, True, _look),
}


def main(folder: Path, languages: list[str], schemes: list[str], names: list[str]) -> None:
    """Write each page of each size, language and colour scheme into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for language in languages:
            for scheme in schemes:
                for size, viewport in SIZES.items():
                    for name in names or PAGES:
                        at, changes, signed_in, then = PAGES[name]
                        answers = Answers(locale=LOCALES[language], image=_image, line=_picture(0).line, **changes)
                        page = open_app(
                            browser,
                            answers,
                            at,
                            signed_in=signed_in,
                            before="navigator.canShare = () => true",
                            viewport=viewport,
                            color_scheme=scheme,
                        )
                        _first_page(page)
                        then(page)
                        page.wait_for_load_state("networkidle")
                        page.wait_for_timeout(200)
                        page.screenshot(path=folder / f"{name}-{size}-{language}-{scheme}.png")
                        page.context.close()
        browser.close()
    if "en" in languages and not names and {"light", "dark"} <= set(schemes):
        _sheet(folder)


def _sheet(folder: Path) -> None:
    """The picture of the README: the app on a desktop and on two phones."""
    height, gap = 700, 24
    shots = [Image.open(folder / f"{name}.png").convert("RGB") for name in IN_README]
    small = [shot.resize((shot.width * height // shot.height, height), Image.Resampling.LANCZOS) for shot in shots]
    sheet = Image.new("RGB", (sum(each.width + gap for each in small) + gap, height + 2 * gap), "white")
    left = gap
    for each in small:
        sheet.paste(each, (left, gap))
        left += each.width + gap
    sheet.save(PROJECT / "docs" / "pictures" / "app.jpg", quality=82, optimize=True)


if __name__ == "__main__":
    chosen = dict(each.split("=", 1) for each in sys.argv[1:])
    main(
        Path(chosen.get("folder", PROJECT / "build" / "screenshots")),
        chosen.get("languages", "en").split(","),
        chosen.get("schemes", "light,dark").split(","),
        [name for name in chosen.get("pages", "").split(",") if name],
    )
