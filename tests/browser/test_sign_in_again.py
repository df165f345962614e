"""What is sensitive takes a sign-in of the last minutes: the app asks in a dialog, and goes on."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Route

from motiv8_tooling.client.person import Person
from motiv8_tooling.local.local_stack import LocalStack
from stand_in.authenticator import code
from stand_in.identity_provider import IdentityProvider
from stand_in.sign_ins import ten_minutes_pass

Open = Callable[..., Any]


def test_the_password_is_asked_for_and_the_data_comes(
    visit: Open, somebody: Callable[[], Person], stack: LocalStack
) -> None:
    window = visit(somebody(), "#/settings")
    window.heading("Settings")
    ten_minutes_pass(stack)
    window.button("Download all my data").click()
    question = window.page.get_by_role("dialog", name="Confirm that it is you")
    question.get_by_label("Your password").fill("not the password")
    window.button("Continue").click()
    question.get_by_text("email or password is wrong").wait_for()
    question.get_by_label("Your password").fill("a long enough password")
    with window.page.expect_download():
        window.button("Continue").click()
    assert question.count() == 0


def test_with_a_second_factor_a_code_is_asked_for_as_well(
    visit: Open, somebody: Callable[[], Person], stack: LocalStack
) -> None:
    person = somebody()
    window = visit(person, "#/settings")
    window.heading("Settings")
    secret = person.expect("POST", "/v1/auth/mfa", {"password": person.password})["secret"]
    person.expect("POST", "/v1/auth/mfa/verify", {"password": person.password, "code": code(secret)})
    ten_minutes_pass(stack)
    window.button("Delete my account").click()
    window.page.get_by_label("Type “delete”").fill("delete")
    window.button("Delete everything").click()
    question = window.page.get_by_role("dialog", name="Confirm that it is you")
    question.get_by_label("Your password").fill(person.password)
    window.button("Continue").click()
    question.get_by_label("Six-digit code").fill(code(secret))
    window.button("Continue").click()
    window.heading("Sign in")
    assert person.call("GET", "/v1/me").status_code in {401, 409}


def test_whoever_would_not_is_told_why_it_did_not_go_on(
    visit: Open, somebody: Callable[[], Person], stack: LocalStack
) -> None:
    window = visit(somebody(), "#/settings")
    window.heading("Settings")
    ten_minutes_pass(stack)
    window.button("Download all my data").click()
    window.page.get_by_role("dialog", name="Confirm that it is you").wait_for()
    window.page.keyboard.press("Escape")
    assert "sign-in from the last ten minutes" in window.alert()


def test_whoever_came_by_a_provider_is_sent_there_again(
    visit: Open, federated: LocalStack, google: IdentityProvider
) -> None:
    google.claims = {"sub": "web-again", "email": "web-again@example.com", "email_verified": "true"}
    window = visit(at="", stack=federated)
    window.button("Continue with Google").click()
    window.heading("Your photo")
    window.page.get_by_role("link", name="Settings").click()
    window.heading("Settings")
    ten_minutes_pass(federated)
    window.button("Download all my data").click()
    question = window.page.get_by_role("dialog", name="Confirm that it is you")
    assert question.get_by_label("Your password").count() == 0
    with window.page.expect_response(lambda answer: "authorization_code" in (answer.request.post_data or "")):
        window.button("Continue with Google").click()
    window.heading("Settings")
    with window.page.expect_download():
        window.button("Download all my data").click()


def test_two_tabs_share_refresh_tokens_that_are_of_use_once(visit: Open, somebody: Callable[[], Person]) -> None:
    """The embedded AWS gives the same refresh token again; here there are new ones, of which AWS takes the last two."""
    window = visit(somebody(), "#/settings")
    window.heading("Settings")
    real = json.loads(window.page.evaluate("localStorage['motiv8.session']"))["refresh"]
    given, used = [real], []

    def renew(route: Route) -> None:
        asked = json.loads(route.request.post_data or "{}")["refresh_token"]
        used.append(asked)
        if asked not in given[-2:]:
            route.fulfill(status=401, json={"detail": "used"})
            return
        answer = route.fetch(post_data={"grant_type": "refresh_token", "refresh_token": real})
        given.append(f"rotated-{len(given)}")
        route.fulfill(response=answer, json=answer.json() | {"refresh_token": given[-1]})

    window.context.route("**/v1/auth/token", renew)
    other = window.context.new_page()
    other.goto(window.page.url)
    other.get_by_role("heading", name="Settings", level=1).wait_for()
    for page in (window.page, other):
        page.evaluate("location.reload()")
    for page in (window.page, other):
        page.get_by_role("heading", name="Settings", level=1).wait_for(timeout=30_000)
    window.page.get_by_label("Delivery time").select_option("21")
    window.page.get_by_text("Saved.").wait_for()
    assert len(used) >= 3
    assert set(used) <= set(given)
    assert json.loads(other.evaluate("localStorage['motiv8.session']"))["refresh"] == given[-1]
