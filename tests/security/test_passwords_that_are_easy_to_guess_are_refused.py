"""Common passwords, and what is made of them, of patterns or of the email, are refused wherever one is chosen."""

from __future__ import annotations

import httpx
import pytest

from motiv8_tooling.local.local_stack import LocalStack

EMAIL = "maria.lindqvist@example.com"
EASY = [
    *("1234567890", "qwertyuiop", "1q2w3e4r5t", "password123", "Passw0rd!!", "iloveyou123", "liverpool1"),
    *("aaaaaaaaaaaa", "abc123abc123", "19901990199", "motiv8motiv8", EMAIL, "maria.lindqvist"),
]
CHOSEN: dict[str, dict[str, str]] = {
    "register": {"time_zone": "UTC"},
    "confirm": {"code": "123456"},
    "password/reset": {"code": "123456"},
}


def _choose(stack: LocalStack, route: str, password: str) -> httpx.Response:
    body = CHOSEN[route] | {"email": EMAIL, "password": password}
    return httpx.post(f"{stack.front.url}/v1/auth/{route}", json=body, timeout=60)


@pytest.mark.parametrize("route", CHOSEN)
def test_easy_ones_are_refused_and_the_answer_says_why(stack: LocalStack, route: str) -> None:
    for password in EASY:
        answer = _choose(stack, route, password)
        assert answer.status_code == 422, password
        [error] = answer.json()["errors"]
        assert error["field"] == "body.password"
        assert "easy to guess" in error["message"]


@pytest.mark.parametrize("password", ["three quiet lampposts", "x7" * 3 + "-Vq}Lm2" * 35])
def test_words_that_do_not_belong_together_and_long_ones_are_taken(stack: LocalStack, password: str) -> None:
    assert _choose(stack, "register", password).status_code == 202
