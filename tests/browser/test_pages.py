"""Every page in every language, light and dark, from a small phone to a large screen: without a stack."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from browser.conftest import Visit
from stand_in.app_pages import LOCALES, Answers, open_app

_LOG = logging.getLogger(__name__)
WIDTHS = (360, 768, 1280, 1920)
PAGES = ("#/today", "#/pictures", "#/settings", "#/coach", "#/selfie", "#/week")
# What opens a dialog on a page.
DIALOGS = {
    "#/today": ".actions-of-picture button",
    "#/pictures": ".calendar button",
    "#/settings": "[aria-labelledby=account] button.danger",
}
SHIFTED = """() => new Promise(said => {
    let sum = 0;
    new PerformanceObserver(list => { for (const entry of list.getEntries()) sum += entry.value; })
        .observe({ type: "layout-shift", buffered: true });
    setTimeout(() => said(sum), 100);
})"""
TOO_WIDE = "document.documentElement.scrollWidth - innerWidth"
WIDEST = """() => [...document.querySelectorAll("main *")]
    .filter(each => each.getBoundingClientRect().right > innerWidth + 1).map(each => each.outerHTML.slice(0, 90))"""
PAINTED = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"

OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Open the built app with answers that are made up; what it throws fails the test."""
    opened: list[Page] = []
    thrown: list[str] = []

    def visit(answers: Answers, at: str = "", **options: Any) -> Page:
        page = open_app(browser, answers, at, **options)
        page.on("pageerror", lambda error: thrown.append(str(error)))
        opened.append(page)
        return page

    yield visit
    for page in opened:
        page.context.close()
    assert thrown == []


def _findings(page: Page) -> list[str]:
    return Visit(page, page.context).serious_findings()


# Contrast does not depend on the language, nor names on the width: each language is looked at once, one of them twice.
@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    [("en", "light", 360), ("en", "dark", 1280), ("de", "dark", 360), ("es", "light", 1280), ("fr", "dark", 360)],
)
def test_axe_finds_nothing_serious_and_nothing_is_wider_than_the_screen(
    open_page: OpenPage, language: str, scheme: str, width: int
) -> None:
    size: ViewportSize = {"width": width, "height": 800}
    answers = Answers(locale=LOCALES[language])
    # With every button that there can be.
    shares = "navigator.canShare = () => true"
    options = {"viewport": size, "color_scheme": scheme, "bypass_csp": True, "before": shares}
    page = open_page(answers, PAGES[0], **options)
    for at in PAGES:
        page.evaluate("at => { location.hash = at }", at)
        others = page.locator("main.setup h1, main.week-page h1")
        page.locator(f'nav a[href="{at}"][aria-current]').or_(others).first.wait_for()
        page.locator("main h1").wait_for()
        assert _findings(page) == [], at
        for each in WIDTHS:
            page.set_viewport_size({"width": each, "height": 800})
            assert page.evaluate(TOO_WIDE) <= 0, (at, each, page.evaluate(WIDEST))
        page.set_viewport_size(size)
    assert page.evaluate("document.documentElement.lang") == language
    for at, button in DIALOGS.items():
        page.evaluate("at => { location.hash = at }", at)
        page.locator(button).last.click()
        page.locator("dialog[open] button.close").wait_for()
        assert _findings(page) == [], button
        page.keyboard.press("Escape")
    first = open_page(answers, signed_in=False, **options)
    first.get_by_role("textbox").first.wait_for()
    assert _findings(first) == []


def test_opening_the_app_moves_nothing_that_is_there(open_page: OpenPage) -> None:
    for size in ({"width": 360, "height": 740}, {"width": 1440, "height": 900}):
        for at in PAGES:
            page = open_page(Answers(), at, viewport=size, real_time=True)
            page.locator("main h1").wait_for()
            page.wait_for_load_state("networkidle")
            shifted = page.evaluate(SHIFTED)
            _LOG.info("%s at %d: first paint %d ms, shifted %.3f", at, size["width"], page.evaluate(PAINTED), shifted)
            assert shifted < 0.1, (at, size)


def test_arrow_keys_buttons_and_a_finger_turn_the_pictures_over(open_page: OpenPage) -> None:
    page = open_page(Answers(), "#/today", viewport={"width": 390, "height": 844})
    heading = page.get_by_role("heading", level=1)
    page.get_by_role("button", name="Earlier picture").wait_for()
    page.keyboard.press("ArrowLeft")
    page.get_by_role("heading", name="Thursday").wait_for()
    page.get_by_role("button", name="Later picture").click()
    page.get_by_role("heading", name="Today's picture").wait_for()
    page.keyboard.press("ArrowRight")
    assert heading.inner_text() == "Today's picture"
    box = page.locator(".deck").bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(100, middle)
    page.mouse.down()
    page.mouse.move(300, middle, steps=5)
    page.mouse.up()
    page.get_by_role("heading", name="Thursday").wait_for()
    page.get_by_role("button", name="Monday: show the picture").click()
    page.get_by_role("heading", name="Monday").wait_for()


def test_a_picture_that_is_being_made_is_waited_for_and_shown(open_page: OpenPage) -> None:
    answers = Answers(pending=1)
    page = open_page(answers, "#/today")
    page.get_by_text("Making your picture…").first.wait_for()
    answers.pending = 0
    answers.made = True
    page.get_by_role("group", name="Your pictures").get_by_role("img", name="The line says").wait_for()


def test_sharing_hands_the_picture_to_another_app_as_a_file(open_page: OpenPage) -> None:
    page = open_page(
        Answers(),
        "#/today",
        before="""
        navigator.canShare = () => true;
        navigator.share = async ({ files, text }) => { window.shared = [files[0].name, files[0].size > 1000, text]; };
    """,
    )
    page.get_by_role("button", name="Share").click()
    page.wait_for_function("window.shared")
    assert page.evaluate("window.shared") == ["motiv8-2026-11-27.jpg", True, "Make your future self jealous."]


def test_a_week_is_waited_for_shown_and_shared_as_sheet_and_as_film(open_page: OpenPage) -> None:
    answers = Answers(sheet="making")
    page = open_page(
        answers,
        "#/today",
        before="""
        navigator.canShare = () => true;
        navigator.share = async ({ files }) => { window.shared = files[0].name; };
    """,
    )
    page.get_by_role("link", name="See it on one sheet").click()
    page.get_by_text("Putting your week together…").wait_for()
    answers.sheet = "ready"
    page.get_by_role("img", name="My pictures of the week on one sheet").wait_for()
    page.get_by_role("button", name="Film").click()
    page.get_by_role("img", name="My pictures of the week as a film").wait_for()
    page.get_by_role("button", name="Share").click()
    page.wait_for_function("window.shared")
    assert page.evaluate("window.shared") == "motiv8-2026-W48.webp"
    page.get_by_role("button", name="Earlier week").click()
    page.get_by_role("heading", name="16", exact=False).wait_for()
    assert page.url.endswith("#/week/2026-W47")
    page.evaluate("location.hash = '#/week/2026-W30'")
    page.get_by_text("No pictures in this week.").wait_for()


@pytest.mark.parametrize(
    ("at", "asked"), [("#/today", "GET /v1/portraits"), ("#/week", "GET /v1/portraits/week")], ids=["today", "week"]
)
def test_an_address_that_does_not_load_is_asked_for_once_more(open_page: OpenPage, at: str, asked: str) -> None:
    there = Answers(days_with_picture=(0,))
    gone = Answers(days_with_picture=(0,), image=lambda _name: b"expired")
    for answers in (there, gone):
        open_page(answers, at).wait_for_load_state("networkidle")
    assert gone.asked.count(asked) == there.asked.count(asked) + 1


def test_a_person_without_a_photo_is_asked_for_nothing_that_is_not_there(open_page: OpenPage) -> None:
    answers = Answers(has_face=False, days_with_picture=())
    page = open_page(answers)
    page.get_by_role("heading", name="Your photo").wait_for()
    page.wait_for_load_state("networkidle")
    assert "GET /v1/selfies/current" not in answers.asked
    assert "GET /v1/portraits/today" not in answers.asked


def test_setting_up_goes_on_where_it_was_left_and_each_step_can_be_gone_back_to(open_page: OpenPage) -> None:
    kept = '{"email":"ann@example.com","step":"look"}'
    page = open_page(
        Answers(days_with_picture=(0,)), before=f"localStorage.setItem('motiv8.setup', localStorage.left ?? '{kept}')"
    )
    page.get_by_role("heading", name="Your look").wait_for()
    page.get_by_role("button", name="Back to your days").click()
    page.get_by_role("heading", name="Your days").wait_for()
    page.get_by_role("navigation", name="Step 2 of 3").get_by_role("button", name="Photo").click()
    page.get_by_role("heading", name="Your photo").wait_for()
    page.get_by_role("button", name="Keep this photo").click()
    page.get_by_role("button", name="Continue to your look").click()
    page.get_by_role("button", name="Finish").click()
    page.get_by_role("heading", name="Today's picture").wait_for()
    assert page.evaluate("localStorage['motiv8.setup']") is None


def test_a_browser_in_no_language_of_the_app_gets_english_and_says_its_own_at_sign_up(open_page: OpenPage) -> None:
    page = open_page(Answers(), signed_in=False, locale="nl-NL")
    page.get_by_role("heading", name="Sign in").wait_for()
    page.get_by_role("combobox", name="Language").select_option("es")
    page.get_by_role("heading", name="Iniciar sesión").wait_for()
    page.reload()
    page.get_by_role("heading", name="Iniciar sesión").wait_for()
