"""A session that lasts, and a client that waits when it is told to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from motiv8_tooling.client.service_user import ServiceUser, SignInFailed, Unreachable

Answer = Callable[[httpx.Request], httpx.Response]


class Api:
    """An API whose tokens are numbered, and each good for `good_for` requests."""

    def __init__(self, good_for: int = 1_000) -> None:
        self.good_for = good_for
        self.grants: list[dict[str, str]] = []
        self.spent: set[str] = set()
        self.session_holds = True
        self.answers: list[httpx.Response | Exception] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/auth/token":
            return self._grant(request)
        if self.answers:
            answer = self.answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer
        self.good_for -= 1
        if request.headers["Authorization"] != f"Bearer token-{len(self.grants)}" or self.good_for < 0:
            return httpx.Response(401, json={"detail": "expired"})
        return httpx.Response(200, json={"token": len(self.grants)})

    def _grant(self, request: httpx.Request) -> httpx.Response:
        given: dict[str, str] = httpx.Response(200, content=request.content).json()
        wrong = given.get("password", "right") != "right"
        used = given.get("refresh_token", "")
        if wrong or used in self.spent or (used and not self.session_holds):
            return httpx.Response(401, json={"detail": "This does not hold."})
        self.spent.add(used or "none")
        self.grants.append(given)
        self.good_for = 1_000
        number = len(self.grants)
        tokens = {"access_token": f"token-{number}", "refresh_token": f"refresh-{number}", "expires_in": 900}
        return httpx.Response(200, json=tokens)


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def signed_in(pauses: list[float]) -> Callable[[Answer], ServiceUser]:
    def make(api: Answer, **changes: Any) -> ServiceUser:
        user = ServiceUser(
            "https://api.example",
            "importer@example.com",
            "right",
            http=httpx.Client(transport=httpx.MockTransport(api)),
            pause=pauses.append,
            **changes,
        )
        user.sign_in()
        return user

    return make


def test_a_token_that_ends_is_renewed_with_the_newest_refresh_token(signed_in: Any) -> None:
    api = Api()
    user = signed_in(api)
    for number in (2, 3):
        api.good_for = 0
        assert user.expect("GET", "/v1/documents") == {"token": number}
    assert [each.get("refresh_token") for each in api.grants] == [None, "refresh-1", "refresh-2"]


def test_a_token_is_renewed_before_it_ends(signed_in: Any) -> None:
    api, now = Api(), [0.0]
    user = signed_in(api, clock=lambda: now[0])
    now[0] = 839.0
    assert user.expect("GET", "/v1/documents") == {"token": 1}
    now[0] = 841.0
    assert user.expect("GET", "/v1/documents") == {"token": 2}


def test_a_session_that_ended_begins_anew_with_the_password(signed_in: Any) -> None:
    api = Api()
    user = signed_in(api)
    api.good_for, api.session_holds = 0, False
    assert user.expect("GET", "/v1/documents") == {"token": 2}
    assert [each["grant_type"] for each in api.grants] == ["password", "password"]


def test_an_account_that_is_gone_ends_it_in_one_sentence(signed_in: Any) -> None:
    api = Api()
    user = signed_in(api)
    api.good_for, api.session_holds, user.password = 0, False, "wrong"
    with pytest.raises(SignInFailed, match=r"This does not hold\."):
        user.expect("GET", "/v1/documents")


def test_it_waits_as_long_as_the_answer_says(signed_in: Any, pauses: list[float]) -> None:
    api = Api()
    user = signed_in(api)
    api.answers += [
        httpx.Response(429, headers={"Retry-After": "7"}),
        httpx.Response(503, headers={"Retry-After": "2"}),
    ]
    assert user.expect("GET", "/v1/documents") == {"token": 1}
    assert [int(each) for each in pauses] == [7, 2]


def test_it_waits_longer_each_time_while_the_network_is_gone(signed_in: Any, pauses: list[float]) -> None:
    api = Api()
    user = signed_in(api)
    api.answers += [httpx.ConnectError("refused"), httpx.ReadTimeout("slow"), httpx.Response(502)]
    assert user.expect("GET", "/v1/documents") == {"token": 1}
    assert pauses == sorted(pauses)
    assert len(pauses) == 3
    api.answers += [httpx.ConnectError("refused")] * 7
    with pytest.raises(Unreachable, match=r"https://api\.example cannot be reached: refused"):
        user.expect("GET", "/v1/documents")


def test_a_work_that_is_stopped_waits_no_more(signed_in: Any) -> None:
    api = Api()
    user = signed_in(api)
    user.pause = lambda _: True
    api.answers += [httpx.Response(429, headers={"Retry-After": "100"})]
    with pytest.raises(Unreachable, match="stopped"):
        user.expect("GET", "/v1/documents")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (httpx.Response(401, json={"detail": "The email or password is wrong."}), "The email or password is wrong."),
        (httpx.Response(200, json={"challenge": "mfa_code", "session": "s"}), "without a second factor"),
        (httpx.Response(404, text="<html>"), "is it the API's URL?"),
        (httpx.Response(200, text="<html>"), "is not the API"),
    ],
)
def test_a_sign_in_that_fails_says_why(signed_in: Any, answer: httpx.Response, said: str) -> None:
    with pytest.raises(SignInFailed, match=said.replace("?", r"\?")):
        signed_in(lambda _: answer)


def test_it_never_shows_its_password(signed_in: Any) -> None:
    assert "right" not in repr(signed_in(Api()))


def test_before_the_sign_in_it_asks_as_nobody() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(401, json={"detail": "Sign in."})

    user = ServiceUser(
        "https://api.example", "a@b.example", "x", http=httpx.Client(transport=httpx.MockTransport(answer))
    )
    assert user.call("POST", "/v1/auth/register").status_code == 401
    assert [(each.url.path, "Authorization" in each.headers) for each in asked] == [("/v1/auth/register", False)]
