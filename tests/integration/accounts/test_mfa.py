"""The second factor: set up, asked for, switched off."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from jose import jwt

from motiv8 import clock
from motiv8.accounts.unsubscribe import unsubscribe_token
from motiv8.aws import clients, one_time, user_pool
from motiv8.aws.secrets import link_secret

Call = Callable[..., Any]
EMAIL, PASSWORD = "you+mfa@example.com", "a long enough password"


@pytest.fixture
def token(call: Call) -> str:
    """Of somebody who is signed in."""
    call("POST", "/v1/auth/register", {"email": EMAIL, "password": PASSWORD})
    call("POST", "/v1/auth/confirm", {"email": EMAIL, "code": "123456", "password": PASSWORD})
    return str(_sign_in(call)["access_token"])


def _sign_in(call: Call) -> dict[str, Any]:
    answer = call("POST", "/v1/auth/token", {"grant_type": "password", "email": EMAIL, "password": PASSWORD})
    assert answer.status == 200
    found: dict[str, Any] = answer.json
    return found


def _refuse(monkeypatch: pytest.MonkeyPatch, operation: str, code: str) -> None:
    def refuse(**_: object) -> None:
        raise ClientError({"Error": {"Code": code, "Message": "no"}}, "Operation")

    monkeypatch.setattr(clients.cognito(), operation, refuse)


def _with_mfa(call: Call, token: str) -> None:
    call("POST", "/v1/auth/mfa", token=token)
    assert call("POST", "/v1/auth/mfa/verify", {"code": "123456"}, token=token).json == {"enabled": True}


def test_a_secret_comes_with_what_a_qr_code_holds(call: Call, token: str) -> None:
    answer = call("POST", "/v1/auth/mfa", token=token).json
    assert answer["uri"] == f"otpauth://totp/motiv8:you%2Bmfa%40example.com?secret={answer['secret']}&issuer=motiv8"
    assert call("GET", "/v1/auth/mfa", token=token).json == {"enabled": False}, "not before a code proves it"


def _answer(call: Call, session: str, email: str = EMAIL) -> Any:
    return call(
        "POST", "/v1/auth/token", {"grant_type": "mfa_code", "email": email, "session": session, "code": "123456"}
    )


def _is_ended(answer: Any) -> bool:
    return answer.status == 401 and "Begin again with email and password" in answer.text


def test_with_it_a_password_alone_does_not_sign_in(call: Call, token: str) -> None:
    _with_mfa(call, token)
    assert call("GET", "/v1/auth/mfa", token=token).json == {"enabled": True}
    asked = _sign_in(call)
    assert set(asked) == {"challenge", "session"}
    assert asked["challenge"] == "mfa_code"
    answer = _answer(call, asked["session"])
    assert answer.status == 200
    assert call("GET", "/v1/me", token=answer.json["access_token"]).status == 200


def test_switched_off_a_password_is_enough(call: Call, token: str) -> None:
    _with_mfa(call, token)
    assert call("DELETE", "/v1/auth/mfa", token=token).json == {"enabled": False}
    assert "access_token" in _sign_in(call)


def test_a_code_without_the_password_before_it_signs_nobody_in(call: Call, token: str) -> None:
    _with_mfa(call, token)
    unsubscribing = unsubscribe_token(EMAIL, link_secret())
    # Cognito's own session, without our signature, is none either.
    for made_up in ("x" * 30, _cognitos_own_session(), unsubscribing):
        assert _is_ended(_answer(call, made_up))


def _cognitos_own_session() -> str:
    """What Cognito hands to whoever asks it directly, past our API."""
    answer = user_pool.sign_in(EMAIL, PASSWORD)
    assert isinstance(answer, user_pool.CodeWanted)
    return answer.session


def test_a_challenge_signed_with_another_key_or_changed_is_refused(call: Call, token: str) -> None:
    _with_mfa(call, token)
    given = _sign_in(call)["session"]
    header, payload, signature = given.split(".")
    forged = jwt.encode(jwt.get_unverified_claims(given), "another key", algorithm="HS256")
    no_algorithm = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    unsigned = f"{no_algorithm}.{payload}."
    for changed in (forged, unsigned, f"{header}.{payload}.{signature[::-1]}"):
        assert _is_ended(_answer(call, changed))
    assert _answer(call, given).status == 200


def test_a_challenge_is_worth_nothing_with_another_email(call: Call, token: str) -> None:
    _with_mfa(call, token)
    assert _is_ended(_answer(call, _sign_in(call)["session"], "somebody.else@example.com"))


def test_a_challenge_ends_after_three_minutes(call: Call, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _with_mfa(call, token)
    given, now = _sign_in(call)["session"], clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=3))
    assert _is_ended(_answer(call, given))


def test_a_challenge_signs_in_once(call: Call, token: str) -> None:
    _with_mfa(call, token)
    given = _sign_in(call)["session"]
    assert _answer(call, given).status == 200
    assert _is_ended(_answer(call, given))


def test_a_challenge_takes_five_wrong_codes(call: Call, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _with_mfa(call, token)
    given, respond = _sign_in(call)["session"], clients.cognito().admin_respond_to_auth_challenge
    _refuse(monkeypatch, "admin_respond_to_auth_challenge", "CodeMismatchException")
    assert [_answer(call, given).status for _ in range(one_time.MOST_TRIES)] == [422] * 5
    monkeypatch.setattr(clients.cognito(), "admin_respond_to_auth_challenge", respond)
    assert _is_ended(_answer(call, given))


def test_after_a_wrong_code_the_right_one_signs_in(call: Call, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _with_mfa(call, token)
    given, respond = _sign_in(call)["session"], clients.cognito().admin_respond_to_auth_challenge
    _refuse(monkeypatch, "admin_respond_to_auth_challenge", "CodeMismatchException")
    assert _answer(call, given).status == 422
    monkeypatch.setattr(clients.cognito(), "admin_respond_to_auth_challenge", respond)
    assert _answer(call, given).status == 200


@pytest.mark.parametrize(
    ("code", "status", "says"),
    [
        ("CodeMismatchException", 422, "take the one that the app shows now"),
        ("NotAuthorizedException", 401, "Begin again with email and password"),
        ("ExpiredCodeException", 401, "Begin again with email and password"),
        ("TooManyFailedAttemptsException", 429, "Please wait a while"),
    ],
)
def test_a_code_that_is_refused_says_what_to_do(
    call: Call, token: str, monkeypatch: pytest.MonkeyPatch, code: str, status: int, says: str
) -> None:
    _with_mfa(call, token)
    given = _sign_in(call)["session"]
    _refuse(monkeypatch, "admin_respond_to_auth_challenge", code)
    answer = _answer(call, given)
    assert answer.status == status
    assert says in answer.text


@pytest.mark.parametrize(
    "code", ["CodeMismatchException", "EnableSoftwareTokenMFAException", "SoftwareTokenMFANotFoundException"]
)
def test_a_wrong_code_does_not_switch_it_on(call: Call, token: str, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    call("POST", "/v1/auth/mfa", token=token)
    _refuse(monkeypatch, "verify_software_token", code)
    answer = call("POST", "/v1/auth/mfa/verify", {"code": "000000"}, token=token)
    assert answer.status == 422
    assert answer.json["errors"] == [{"field": "body.code", "message": "wrong; take the one that the app shows now"}]
    assert call("GET", "/v1/auth/mfa", token=token).json == {"enabled": False}


@pytest.mark.parametrize("code", ["12345", "1234567", "abcdef", "", None, 123456])
def test_a_code_is_six_digits(call: Call, token: str, code: object) -> None:
    assert call("POST", "/v1/auth/mfa/verify", {"code": code}, token=token).status == 422


@pytest.mark.parametrize(
    ("method", "path", "operation"),
    [
        ("GET", "/v1/auth/mfa", "get_user"),
        ("POST", "/v1/auth/mfa", "associate_software_token"),
        ("DELETE", "/v1/auth/mfa", "set_user_mfa_preference"),
    ],
)
def test_a_session_that_was_ended_is_401(
    call: Call, token: str, monkeypatch: pytest.MonkeyPatch, method: str, path: str, operation: str
) -> None:
    _refuse(monkeypatch, operation, "NotAuthorizedException")
    assert call(method, path, token=token).status == 401


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("POST", ""), ("POST", "/verify"), ("DELETE", "")])
def test_it_needs_a_token(call: Call, method: str, path: str) -> None:
    assert call(method, f"/v1/auth/mfa{path}").status == 401


def test_nothing_of_it_is_logged(call: Call, token: str, logged: Any) -> None:
    secret = call("POST", "/v1/auth/mfa", token=token).json["secret"]
    call("POST", "/v1/auth/mfa/verify", {"code": "908172"}, token=token)
    session = _sign_in(call)["session"]
    said = logged.getvalue()
    assert secret not in said
    assert session not in said
    assert "908172" not in said
