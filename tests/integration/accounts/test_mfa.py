"""The second factor: set up, asked for, switched off."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from motiv8 import clock, tokens
from motiv8.accounts.unsubscribe import unsubscribe_token
from motiv8.aws import one_time
from motiv8.aws.secrets import link_secret
from motiv8.aws.user_pool import sessions
from stand_in.aws_calls import AwsCalls

Call = Callable[..., Any]
EMAIL, PASSWORD = "you+mfa@example.com", "a long enough password"
PROOF = {"password": PASSWORD, "code": "123456"}


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


def _with_mfa(call: Call, token: str) -> None:
    call("POST", "/v1/auth/mfa", {"password": PASSWORD}, token=token)
    assert call("POST", "/v1/auth/mfa/verify", PROOF, token=token).json == {"enabled": True}


def test_a_secret_comes_with_what_a_qr_code_holds(call: Call, token: str) -> None:
    answer = call("POST", "/v1/auth/mfa", {"password": PASSWORD}, token=token).json
    assert answer["uri"] == f"otpauth://totp/motiv8:you%2Bmfa%40example.com?secret={answer['secret']}&issuer=motiv8"
    assert call("GET", "/v1/auth/mfa", token=token).json == {"enabled": False}, "not before a code proves it"


def _answer(call: Call, session: str, email: str = EMAIL) -> Any:
    return call(
        "POST", "/v1/auth/token", {"grant_type": "mfa_code", "email": email, "session": session, "code": "123456"}
    )


def _is_ended(answer: Any) -> bool:
    return answer.status == 401 and "Start again with your email and password" in answer.text


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
    assert call("POST", "/v1/auth/mfa/disable", PROOF, token=token).json == {"enabled": False}
    assert "access_token" in _sign_in(call)


def test_a_code_without_the_password_before_it_signs_nobody_in(call: Call, token: str) -> None:
    _with_mfa(call, token)
    unsubscribing = unsubscribe_token(EMAIL, link_secret())
    # Cognito's own session, without our signature, is none either.
    for made_up in ("x" * 30, _cognitos_own_session(), unsubscribing):
        assert _is_ended(_answer(call, made_up))


def _cognitos_own_session() -> str:
    """What Cognito hands to whoever asks it directly, past our API."""
    answer = sessions.sign_in(EMAIL, PASSWORD)
    assert isinstance(answer, sessions.CodeWanted)
    return answer.session


def test_a_challenge_signed_with_another_key_or_changed_is_refused(call: Call, token: str) -> None:
    _with_mfa(call, token)
    given = _sign_in(call)["session"]
    header, payload, signature = given.split(".")
    forged = tokens.sign(tokens.unverified(given), "a key of somebody else", "HS256")
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


def test_a_challenge_takes_five_wrong_codes(call: Call, token: str, cognito: AwsCalls) -> None:
    _with_mfa(call, token)
    given = _sign_in(call)["session"]
    cognito.refuse("admin_respond_to_auth_challenge", "CodeMismatchException", times=one_time.MOST_TRIES)
    assert [_answer(call, given).status for _ in range(one_time.MOST_TRIES)] == [422] * 5
    assert _is_ended(_answer(call, given))


def test_after_a_wrong_code_the_right_one_signs_in(call: Call, token: str, cognito: AwsCalls) -> None:
    _with_mfa(call, token)
    given = _sign_in(call)["session"]
    cognito.refuse("admin_respond_to_auth_challenge", "CodeMismatchException", times=1)
    assert _answer(call, given).status == 422
    assert _answer(call, given).status == 200


@pytest.mark.parametrize(
    ("code", "status", "says"),
    [
        ("CodeMismatchException", 422, "enter the code that your app shows now"),
        ("NotAuthorizedException", 401, "Start again with your email and password"),
        ("ExpiredCodeException", 401, "Start again with your email and password"),
        ("TooManyFailedAttemptsException", 429, "Please wait a minute"),
    ],
)
def test_a_code_that_is_refused_says_what_to_do(
    call: Call, token: str, cognito: AwsCalls, code: str, status: int, says: str
) -> None:
    _with_mfa(call, token)
    given = _sign_in(call)["session"]
    cognito.refuse("admin_respond_to_auth_challenge", code)
    answer = _answer(call, given)
    assert answer.status == status
    assert says in answer.text


@pytest.mark.parametrize(
    "code", ["CodeMismatchException", "EnableSoftwareTokenMFAException", "SoftwareTokenMFANotFoundException"]
)
def test_a_wrong_code_does_not_switch_it_on(call: Call, token: str, cognito: AwsCalls, code: str) -> None:
    call("POST", "/v1/auth/mfa", {"password": PASSWORD}, token=token)
    cognito.refuse("verify_software_token", code)
    answer = call("POST", "/v1/auth/mfa/verify", PROOF | {"code": "000000"}, token=token)
    assert answer.status == 422
    error = {
        "field": "body.code",
        "code": "wrong_second_factor",
        "message": "wrong; enter the code that your app shows now",
    }
    assert answer.json["errors"] == [error]
    assert call("GET", "/v1/auth/mfa", token=token).json == {"enabled": False}


@pytest.mark.parametrize("code", ["12345", "1234567", "abcdef", "", None, 123456])
def test_a_code_is_six_digits(call: Call, token: str, code: object) -> None:
    assert call("POST", "/v1/auth/mfa/verify", PROOF | {"code": code}, token=token).status == 422


CHANGES = [
    ("/v1/auth/mfa", {"password": PASSWORD}),
    ("/v1/auth/mfa/verify", PROOF),
    ("/v1/auth/mfa/disable", PROOF),
]


@pytest.mark.parametrize(("path", "body"), CHANGES)
def test_a_token_alone_changes_nothing(call: Call, token: str, path: str, body: dict[str, str]) -> None:
    assert call("POST", path, token=token).status in {400, 422}
    answer = call("POST", path, body | {"password": "a wrong password"}, token=token)
    assert (answer.status, answer.json["errors"]) == (
        422,
        [{"field": "body.password", "code": "wrong_password", "message": "wrong"}],
    )


def test_another_second_factor_does_not_take_the_place_of_the_one_that_there_is(call: Call, token: str) -> None:
    _with_mfa(call, token)
    for path, body in CHANGES[:2]:
        answer = call("POST", path, body, token=token)
        assert answer.status == 409
        assert "Turn it off" in answer.text


def test_switching_it_off_takes_a_code_of_it(call: Call, token: str, cognito: AwsCalls) -> None:
    _with_mfa(call, token)
    assert call("POST", "/v1/auth/mfa/disable", {"password": PASSWORD}, token=token).status == 422
    cognito.refuse("admin_respond_to_auth_challenge", "CodeMismatchException")
    answer = call("POST", "/v1/auth/mfa/disable", PROOF, token=token)
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, "body.code")
    assert call("GET", "/v1/auth/mfa", token=token).json == {"enabled": True}


def test_the_owner_is_told_by_mail(call: Call, token: str, mails: list[EmailMessage]) -> None:
    _with_mfa(call, token)
    call("POST", "/v1/auth/mfa/disable", PROOF, token=token)
    assert [mail["To"] for mail in mails] == [EMAIL, EMAIL]
    assert "verification is on" in mails[0]["Subject"]
    assert "verification is off" in mails[1]["Subject"]


def test_an_account_that_is_gone_has_none(call: Call, make_user: Callable[..., Any]) -> None:
    make_user()
    assert call("GET", "/v1/auth/mfa", user="user-1").status == 401


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("POST", ""), ("POST", "/verify"), ("POST", "/disable")])
def test_it_needs_a_token(call: Call, method: str, path: str) -> None:
    assert call(method, f"/v1/auth/mfa{path}").status == 401


def test_nothing_of_it_is_logged(call: Call, token: str, logged: Any) -> None:
    secret = call("POST", "/v1/auth/mfa", {"password": PASSWORD}, token=token).json["secret"]
    call("POST", "/v1/auth/mfa/verify", PROOF | {"code": "908172"}, token=token)
    session = _sign_in(call)["session"]
    said = logged.getvalue()
    assert secret not in said
    assert session not in said
    assert "908172" not in said
    assert PASSWORD not in said
