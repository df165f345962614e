"""Changing the email: a code of ours to the new address, and Cognito's admin API once it was entered."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from motiv8 import clock
from motiv8.accounts import pending_email
from motiv8.aws import clients
from motiv8.aws.tables import UserRow
from motiv8.aws.user_pool import directory
from motiv8.settings import settings
from stand_in.aws_calls import AwsCalls
from stand_in.mail_text import text_of

Call = Callable[..., Any]
OLD, NEW, PASSWORD = "old@example.com", "new@example.com", "a long enough password"
CHANGE = {"email": "New@Example.com", "password": PASSWORD}


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch, noon: datetime) -> Callable[[datetime], None]:
    """The clock stands at noon; set another moment."""

    def at(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    at(noon)
    return at


@pytest.fixture(autouse=True)
def no_mail_names_somebody(ses: AwsCalls) -> Iterator[None]:
    """A bounce of the new address must not switch off mails to the old one."""
    yield
    assert [call["EmailTags"] for call in ses.calls("send_email") if call["EmailTags"]] == []


def _sign_up(call: Call, address: str) -> None:
    call("POST", "/v1/auth/register", {"email": address, "password": PASSWORD})
    call("POST", "/v1/auth/confirm", {"email": address, "code": "123456", "password": PASSWORD})


def _sign_in(call: Call, address: str) -> dict[str, str]:
    grant = {"grant_type": "password", "email": address, "password": PASSWORD}
    tokens: dict[str, str] = call("POST", "/v1/auth/token", grant).json
    return tokens


@pytest.fixture
def token(call: Call) -> str:
    """Of somebody who is signed in with the old address."""
    _sign_up(call, OLD)
    return _sign_in(call, OLD)["access_token"]


def _ask(call: Call, token: str, **changes: str) -> Any:
    return call("POST", "/v1/auth/email", CHANGE | changes, token=token)


def _enter(call: Call, token: str, code: str) -> Any:
    return call("POST", "/v1/auth/email/verify", {"code": code}, token=token)


def _code(mails: list[EmailMessage]) -> str:
    """The one that was mailed last."""
    [*_, code] = [found[1] for mail in mails if (found := re.search(r"Your code is (\d{6})", text_of(mail)))]
    return code


def _row() -> UserRow:
    [row] = UserRow.scan()
    return row


def _in_cognito() -> dict[str, str]:
    [user] = clients.cognito().list_users(UserPoolId=settings().user_pool_id)["Users"]
    return {each["Name"]: each["Value"] for each in user["Attributes"]}


def _is_wrong(answer: Any) -> bool:
    errors = [{"field": "body.code", "code": "wrong_code", "message": "wrong or expired; request a new one"}]
    return bool(answer.status == 422 and answer.json["errors"] == errors)


def test_a_code_goes_to_the_new_address_and_a_notice_to_the_old_one_which_stays(
    call: Call, token: str, mails: list[EmailMessage]
) -> None:
    assert _ask(call, token).status == 202
    assert [mail["To"] for mail in mails] == [NEW, OLD]
    assert _code(mails) not in text_of(mails[1])
    assert "If this was not you" in text_of(mails[1])
    assert _row().email == _in_cognito()["email"] == OLD
    assert _code(mails) not in str(_row().attribute_values), "the row has an HMAC of it"


def test_with_the_code_one_signs_in_and_is_mailed_at_the_new_address(
    call: Call, token: str, mails: list[EmailMessage]
) -> None:
    _ask(call, token)
    answer = _enter(call, token, _code(mails))
    assert (answer.status, answer.json["email"]) == (200, NEW)
    assert _row().email == NEW
    assert (_in_cognito()["email"], _in_cognito()["email_verified"]) == (NEW, "true")
    assert [mail["To"] for mail in mails] == [NEW, OLD, OLD]
    assert "was changed" in mails[2]["Subject"]
    assert NEW not in text_of(mails[2]), "who reads the old mailbox need not know the new one"
    assert call("GET", "/v1/me", token=token).json["email"] == NEW, "sessions belong to the account"


@pytest.mark.parametrize(("reason", "mailed"), [("bounced", True), ("unsubscribed", False)])
def test_what_the_old_address_was_switched_off_for_says_nothing_of_the_new_one(
    call: Call, token: str, mails: list[EmailMessage], reason: str, mailed: bool
) -> None:
    row = _row()
    row.mail_enabled, row.mail_off_reason = False, reason
    row.save()
    _ask(call, token)
    assert _enter(call, token, _code(mails)).json["mail_enabled"] is mailed


def test_a_code_is_of_use_once(call: Call, token: str, mails: list[EmailMessage]) -> None:
    _ask(call, token)
    assert _enter(call, token, _code(mails)).status == 200
    assert _is_wrong(_enter(call, token, _code(mails)))


def test_a_code_ends_after_fifteen_minutes(
    call: Call, token: str, mails: list[EmailMessage], now: Callable[[datetime], None], noon: datetime
) -> None:
    _ask(call, token)
    now(noon + timedelta(minutes=15))
    assert _is_wrong(_enter(call, token, _code(mails)))
    assert _row().email == OLD


def test_five_wrong_codes_end_the_right_one(call: Call, token: str, mails: list[EmailMessage]) -> None:
    _ask(call, token)
    wrong = f"{(int(_code(mails)) + 1) % 1_000_000:06}"
    for _ in range(pending_email.MOST_TRIES):
        assert _is_wrong(_enter(call, token, wrong))
    assert _is_wrong(_enter(call, token, _code(mails)))
    assert _row().email == _in_cognito()["email"] == OLD


def test_a_wrong_code_leaves_the_right_one(call: Call, token: str, mails: list[EmailMessage]) -> None:
    _ask(call, token)
    assert _is_wrong(_enter(call, token, "no-code"))
    assert _enter(call, token, _code(mails)).status == 200


def test_without_a_code_asked_for_none_is_right(call: Call, token: str) -> None:
    assert _is_wrong(_enter(call, token, "000000"))


def test_a_later_code_takes_the_place_of_an_earlier_one(call: Call, token: str, mails: list[EmailMessage]) -> None:
    _ask(call, token)
    earlier = _code(mails)
    _ask(call, token, email="newer@example.com")
    assert _is_wrong(_enter(call, token, earlier))
    assert _enter(call, token, _code(mails)).json["email"] == "newer@example.com"


def test_five_codes_are_mailed_in_a_day(
    call: Call, token: str, mails: list[EmailMessage], now: Callable[[datetime], None], noon: datetime
) -> None:
    for minute in range(pending_email.MOST_MAILS):
        now(noon + timedelta(minutes=minute))
        assert _ask(call, token).status == 202
    mails.clear()
    refused = _ask(call, token)
    assert (refused.status, refused.headers["Retry-After"]) == (429, str(24 * 3600 - 4 * 60))
    assert mails == []
    now(noon + timedelta(days=1))
    assert _ask(call, token).status == 202


def test_an_address_that_another_account_has_is_told_so_and_the_answers_are_alike(
    call: Call, token: str, mails: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    free = _ask(call, token)
    _sign_up(call, "taken@example.com")
    mails.clear()
    monkeypatch.setattr(secrets, "randbelow", lambda _: 123456)
    taken = _ask(call, token, email="taken@example.com")
    assert (taken.status, taken.json) == (free.status, free.json)
    assert [mail["To"] for mail in mails] == ["taken@example.com", OLD]
    assert "already has a motiv8 account" in mails[0]["Subject"]
    assert "123456" not in text_of(mails[0])
    for code in ("123456", "0000"):
        assert _is_wrong(_enter(call, token, code))


@pytest.mark.parametrize("at_the_last_moment", [False, True])
def test_an_address_that_was_taken_meanwhile_stays_with_its_account(
    call: Call, token: str, mails: list[EmailMessage], cognito: AwsCalls, at_the_last_moment: bool
) -> None:
    _ask(call, token)
    if at_the_last_moment:
        cognito.refuse("admin_update_user_attributes", "AliasExistsException")
    else:
        _sign_up(call, NEW)
    assert _is_wrong(_enter(call, token, _code(mails)))
    assert call("GET", "/v1/me", token=token).json["email"] == OLD


def test_a_crash_between_cognito_and_our_row_is_made_good_by_the_same_code(
    call: Call, token: str, mails: list[EmailMessage], cognito: AwsCalls
) -> None:
    _ask(call, token)
    cognito.crash_after("admin_update_user_attributes", times=1)
    assert _enter(call, token, _code(mails)).status == 500
    assert (_row().email, _in_cognito()["email"]) == (OLD, NEW)
    assert _enter(call, token, _code(mails)).json["email"] == NEW


def test_without_the_password_nothing_is_mailed(call: Call, token: str, mails: list[EmailMessage]) -> None:
    answer = _ask(call, token, password="wrong")
    assert (answer.status, answer.json["errors"]) == (
        422,
        [{"field": "body.password", "code": "wrong_password", "message": "wrong"}],
    )
    assert mails == []


def test_with_a_second_factor_its_code_is_needed_as_well(call: Call, token: str, mails: list[EmailMessage]) -> None:
    proof = {"password": PASSWORD, "code": "123456"}
    call("POST", "/v1/auth/mfa", {"password": PASSWORD}, token=token)
    assert call("POST", "/v1/auth/mfa/verify", proof, token=token).status == 200
    mails.clear()
    answer = _ask(call, token)
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, "body.code")
    assert mails == []
    assert _ask(call, token, code="123456").status == 202


def test_the_email_that_one_has_is_no_new_one(call: Call, token: str, mails: list[EmailMessage]) -> None:
    answer = _ask(call, token, email=OLD)
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, "body.email")
    assert mails == []


def test_an_email_of_googles_or_apples_is_theirs_to_say(call: Call, token: str) -> None:
    assert directory.link(_row().user_id, "Google", "104512345678901234567")
    answer = _ask(call, token)
    assert answer.status == 409
    assert answer.json["detail"] == "You sign in with Google or Apple. Change your email there."


def test_a_mail_that_ses_refuses_is_503_and_a_refused_notice_is_not(
    call: Call, token: str, mails: list[EmailMessage], ses: AwsCalls
) -> None:
    ses.refuse("send_email", "MessageRejected", Destination={"ToAddresses": [NEW]}, times=1)
    assert _ask(call, token).status == 503
    ses.refuse("send_email", "MessageRejected", Destination={"ToAddresses": [OLD]})
    assert _ask(call, token).status == 202
    assert _enter(call, token, _code(mails)).status == 200


def test_nothing_of_it_is_logged(call: Call, token: str, mails: list[EmailMessage], logged: Any) -> None:
    _ask(call, token)
    _enter(call, token, _code(mails))
    assert _code(mails) not in logged.getvalue()
    assert "@" not in logged.getvalue()


@pytest.mark.parametrize("address", ["a" * 300 + "@example.com", "<script>@example.com", "", "two@example.com,x@y.z"])
def test_what_is_no_email_is_422(call: Call, make_user: Callable[..., Any], address: str) -> None:
    make_user()
    assert call("POST", "/v1/auth/email", CHANGE | {"email": address}, user="user-1").status == 422


@pytest.mark.parametrize("error", ["NotAuthorizedException", "UnsupportedTokenTypeException"])
def test_ending_a_session_that_is_none_is_harmless(call: Call, cognito: AwsCalls, error: str) -> None:
    assert call("POST", "/v1/auth/revoke", {"refresh_token": "x"}).status == 204
    _sign_up(call, OLD)
    cognito.refuse("revoke_token", error)
    assert call("POST", "/v1/auth/revoke", {"refresh_token": _sign_in(call, OLD)["refresh_token"]}).status == 204
