"""Answers and pictures are kept by no cache on the way, and no page of ours runs what was slipped into it."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest

from motiv8_tooling.client.person import Person
from motiv8_tooling.local.local_stack import LocalStack


def test_the_api_and_the_pictures_say_private_and_no_store(with_face: Callable[..., Person]) -> None:
    person = with_face()
    portrait = person.wait_for_portrait(person.call("POST", "/v1/portraits", {}).headers["Location"])
    answers = [
        person.call("GET", "/v1/me"),
        person.call("GET", "/v1/portraits"),
        person.call("GET", "/v1/nothing"),
        *(httpx.get(portrait[name]) for name in ("image_url", "thumbnail_url")),
    ]
    assert {answer.headers["cache-control"] for answer in answers} == {"private, no-store"}


def test_an_image_is_kept_by_its_owners_app_alone_who_asks_with_a_token(with_face: Callable[..., Person]) -> None:
    person = with_face()
    portrait = person.wait_for_portrait(person.call("POST", "/v1/portraits", {}).headers["Location"])
    redirect = person.call("GET", portrait["image_path"])
    assert (redirect.status_code, redirect.headers["cache-control"]) == (307, "private, max-age=240")
    image = httpx.get(redirect.headers["location"])
    assert image.content == httpx.get(portrait["image_url"]).content
    assert image.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert person.http.get(f"{person.api}{portrait['image_path']}").status_code == 401


@pytest.mark.parametrize("path", ["/v1/modes", "/docs", "/v1/mail/unsubscribe?token=x", "/health"])
def test_a_policy_is_sent_with_everything_and_lets_nobody_frame_it(stack: LocalStack, path: str) -> None:
    answer = httpx.get(f"{stack.front.url}{path}", timeout=60)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; frame-ancestors 'none'")
    # No script from elsewhere, and none inline but by what is in it.
    [scripts] = re.findall(r"script-src ([^;]+)", policy) or ["'none'"]
    assert re.fullmatch(r"'none'|'self' 'sha256-[\w+/=]{44}'", scripts)
