"""For everybody: with a keyboard, with a screen reader, and before signing in; test_pages.py looks at every page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from motiv8_tooling.client.person import Person
from motiv8_tooling.operations.web import WEB

Open = Callable[..., Any]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_before_signing_in(visit: Open, scheme: str) -> None:
    window = visit(color_scheme=scheme, bypass_csp=True)
    ways = [
        {"name": name, "title": name.title(), "authorize_url": "https://x.example/?"} for name in ("google", "apple")
    ]
    window.page.route("**/v1/auth/providers", lambda route: route.fulfill(json={"providers": ways}))
    window.page.reload()
    window.button("Continue with Apple").wait_for()
    for button in (None, "Create an account", "Sign in", "Forgot your password?", "Sign in", "I have a code"):
        if button:
            window.page.get_by_role("navigation").get_by_role("button", name=button).click()
        assert window.serious_findings() == [], button


def test_with_a_keyboard_alone_one_signs_in_and_changes_a_setting(visit: Open, with_face: Callable[[], Person]) -> None:
    person = with_face()
    window = visit()
    page, press = window.page, window.page.keyboard.press
    window.heading("Sign in")
    press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Get started"
    press("Tab")
    press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "Sign in"
    press("Tab")
    page.keyboard.type(person.email)
    press("Tab")
    page.keyboard.type(person.password)
    press("Enter")
    window.heading("Today's picture")
    page.get_by_role("link", name="Settings").focus()
    press("Enter")
    window.heading("Settings")
    page.get_by_role("checkbox", name="Sunday").focus()
    press("Space")
    page.get_by_text("Saved.").wait_for()
    assert "sun" in person.expect("GET", "/v1/me")["workout_days"]


def test_where_one_is_gets_the_focus(visit: Open, known: Person) -> None:
    window = visit(known)
    for link, heading in (("Pictures", "Pictures"), ("Settings", "Settings"), ("Today", "Today's picture")):
        window.page.get_by_role("link", name=link).click()
        window.heading(heading)
        window.page.wait_for_function("heading => document.activeElement.textContent === heading", arg=heading)


def test_it_can_be_installed(visit: Open) -> None:
    window = visit()
    manifest = window.page.evaluate("fetch('/manifest.webmanifest').then(answer => answer.json())")
    assert manifest["display"] == "standalone"
    assert manifest["start_url"] == "/"
    for icon in manifest["icons"]:
        assert window.page.evaluate("path => fetch(path).then(answer => answer.status)", icon["src"]) == 200


def test_the_script_is_small() -> None:
    sizes = {file: file.stat().st_size for file in (WEB / "assets").glob("*.js")}
    # Of the languages a person loads one.
    languages = [size for file, size in sizes.items() if file.name[:3] in {"en-", "de-", "es-", "fr-"}]
    assert languages
    assert sum(sizes.values()) - sum(languages) + max(languages) < 150_000
