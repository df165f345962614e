"""What is sensitive takes a sign-in of the last minutes: the app asks in a dialog, and goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from motiv8.local.person import Person
from motiv8.local.stack import Stack
from stand_in.authenticator import code
from stand_in.identity_provider import IdentityProvider
from stand_in.sign_ins import ten_minutes_pass

Open = Callable[..., Any]


def test_the_password_is_asked_for_and_the_data_comes(
    visit: Open, somebody: Callable[[], Person], stack: Stack
) -> None:
    window = visit(somebody(), "#/settings")
    window.heading("Settings")
    ten_minutes_pass(stack)
    window.button("Download all my data").click()
    question = window.page.get_by_role("dialog", name="Is it you?")
    question.get_by_label("Your password").fill("not the password")
    window.button("Go on").click()
    question.get_by_text("Email or password is wrong").wait_for()
    question.get_by_label("Your password").fill("a long enough password")
    with window.page.expect_download():
        window.button("Go on").click()
    assert question.count() == 0


def test_with_a_second_factor_a_code_is_asked_for_as_well(
    visit: Open, somebody: Callable[[], Person], stack: Stack
) -> None:
    person = somebody()
    window = visit(person, "#/settings")
    window.heading("Settings")
    secret = person.expect("POST", "/v1/auth/mfa", {"password": person.password})["secret"]
    person.expect("POST", "/v1/auth/mfa/verify", {"password": person.password, "code": code(secret)})
    ten_minutes_pass(stack)
    window.button("Delete my account").click()
    window.page.get_by_label("Type").fill("delete")
    window.button("Delete everything").click()
    question = window.page.get_by_role("dialog", name="Is it you?")
    question.get_by_label("Your password").fill(person.password)
    window.button("Go on").click()
    question.get_by_label("Six digits").fill(code(secret))
    window.button("Go on").click()
    window.heading("Sign in")
    assert person.call("GET", "/v1/me").status_code in {401, 409}


def test_whoever_would_not_is_told_why_it_did_not_go_on(
    visit: Open, somebody: Callable[[], Person], stack: Stack
) -> None:
    window = visit(somebody(), "#/settings")
    window.heading("Settings")
    ten_minutes_pass(stack)
    window.button("Download all my data").click()
    window.page.get_by_role("dialog", name="Is it you?").wait_for()
    window.page.keyboard.press("Escape")
    assert "sign-in of the last ten minutes" in window.alert()


def test_whoever_came_by_a_provider_is_sent_there_again(
    visit: Open, federated: Stack, google: IdentityProvider
) -> None:
    google.claims = {"sub": "web-again", "email": "web-again@example.com", "email_verified": "true"}
    window = visit(at="", stack=federated)
    window.button("Continue with Google").click()
    window.heading("One photo of you")
    window.page.get_by_role("link", name="Settings").click()
    window.heading("Settings")
    ten_minutes_pass(federated)
    window.button("Download all my data").click()
    question = window.page.get_by_role("dialog", name="Is it you?")
    assert question.get_by_label("Your password").count() == 0
    window.button("Continue with Google").click()
    window.heading("Settings")
    with window.page.expect_download():
        window.button("Download all my data").click()
