"""Signing in by Google in the browser, from the button and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from motiv8_tooling.local.local_stack import LocalStack
from stand_in.identity_provider import IdentityProvider


@pytest.fixture
def app(federated: LocalStack, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open the app at an address, as somebody who is in Berlin and speaks English, or what `locale` says."""
    contexts: list[BrowserContext] = []

    def visit(at: str = "", locale: str = "en-GB") -> Page:
        viewport: ViewportSize = {"width": 360, "height": 740}
        context = browser.new_context(timezone_id="Europe/Berlin", locale=locale, viewport=viewport)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{federated.front.url}/{at}")
        return page

    yield visit
    for context in contexts:
        context.close()


def test_somebody_new_is_in_by_one_button_in_their_language(app: Callable[..., Page], google: IdentityProvider) -> None:
    google.claims = {"sub": "web-1", "email": "web@example.com", "email_verified": "true"}
    page = app(locale="de-DE")
    page.get_by_role("button", name="Weiter mit Google").click()
    page.get_by_role("heading", name="Dein Foto", level=1).wait_for()
    assert "code=" not in page.url
    page.get_by_role("link", name="Einstellungen").click()
    page.get_by_text("Geht an web@example.com").wait_for()
    assert page.get_by_label("Zeitzone").input_value() == "Europe/Berlin"
    assert page.get_by_label("Datumsformat").input_value() == "de-DE"
    page.reload()
    page.get_by_role("heading", name="Einstellungen", level=1).wait_for()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("error=access_denied&state={state}", "You cancelled the sign-in."),
        ("error=server_error&error_description=PreSignUp+failed+email-not-verified&state={state}", "is not verified"),
        ("error=server_error&state={state}", "The sign-in did not work. Please try again."),
        ("code=made-up-code&state={state}", "has expired or was already used"),
        ("code=made-up-code&state=another", "was not started in this tab"),
    ],
)
def test_what_came_to_nothing_is_told(app: Callable[..., Page], query: str, said: str) -> None:
    page = app()
    page.evaluate("sessionStorage.setItem('motiv8.sign-in', JSON.stringify({state: 'mine', verifier: 'v'.repeat(43)}))")
    page.goto(f"{page.url.partition('?')[0]}?{query.format(state='mine')}")
    page.get_by_role("alert").filter(has_text=said).wait_for()
    assert "?" not in page.url
    page.get_by_role("button", name="Continue with Google").wait_for()


def test_the_first_time_of_a_linked_account_goes_round_once_more(
    app: Callable[..., Page], google: IdentityProvider
) -> None:
    """As Cognito answers when its trigger linked the account just then."""
    google.claims = {"sub": "web-2", "email": "linked@example.com", "email_verified": "true"}
    page = app()
    url = page.evaluate("fetch('/v1/auth/providers').then((a) => a.json()).then((a) => a.providers[0].authorize_url)")
    provider = f"{{title: 'Google', url: {url!r}}}"
    begun = f"JSON.stringify({{state: 'mine', verifier: 'v'.repeat(43), again: false, hash: '', provider: {provider}}})"
    page.evaluate(f"sessionStorage.setItem('motiv8.sign-in', {begun})")
    said = "error=invalid_request&error_description=Already+found+an+entry+for+username+Google_web-2"
    page.goto(f"{page.url.partition('?')[0]}?{said}&state=mine")
    page.get_by_role("heading", name="Your photo", level=1).wait_for()
