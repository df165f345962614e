"""Changing the email. Cognito's answers are stubbed against its own service description: no emulator has the calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.stub import ANY, Stubber

from motiv8.aws import clients, user_pool
from motiv8.aws.user_pool import CodeWanted
from motiv8.errors import Unauthorized

Make = Callable[..., Any]
NEW = {"email": "New@Example.com", "password": "a long password"}


@pytest.fixture
def cognito() -> Iterator[Stubber]:
    with Stubber(clients.cognito()) as stubbed:
        yield stubbed
        stubbed.assert_no_pending_responses()


@pytest.fixture(autouse=True)
def knows_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    def sign_in(email: str, password: str) -> CodeWanted:
        if (email, password) != ("user-1@example.com", NEW["password"]):
            raise Unauthorized("Email or password is wrong, or the email is not confirmed yet.")
        return CodeWanted("a second factor is on, which is no reason against it")

    monkeypatch.setattr(user_pool, "sign_in", sign_in)


def _owner(cognito: Stubber, email: str = "user-1@example.com", **more: str) -> None:
    attributes = [{"Name": name, "Value": value} for name, value in {"email": email, **more}.items()]
    cognito.add_response("get_user", {"Username": "user-1", "UserAttributes": attributes}, {"AccessToken": ANY})


def test_a_code_goes_to_the_new_address_and_the_old_one_stays(
    call: Make, make_user: Make, person: Make, cognito: Stubber
) -> None:
    make_user()
    _owner(cognito)
    asked = {"AccessToken": ANY, "UserAttributes": [{"Name": "email", "Value": "new@example.com"}]}
    cognito.add_response("update_user_attributes", {}, asked)
    assert call("POST", "/v1/auth/email", NEW, user="user-1").status == 202
    assert person().email == "user-1@example.com"


def test_an_address_that_another_account_has_is_answered_alike(call: Make, make_user: Make, cognito: Stubber) -> None:
    make_user()
    _owner(cognito)
    cognito.add_client_error("update_user_attributes", "AliasExistsException")
    taken = call("POST", "/v1/auth/email", NEW, user="user-1")
    _owner(cognito)
    cognito.add_response("update_user_attributes", {})
    assert call("POST", "/v1/auth/email", NEW, user="user-1").json == taken.json


def test_without_the_password_nothing_is_changed(call: Make, make_user: Make, cognito: Stubber) -> None:
    make_user()
    _owner(cognito)
    assert call("POST", "/v1/auth/email", NEW | {"password": "wrong"}, user="user-1").status == 401


def test_an_email_of_googles_or_apples_is_theirs_to_say(call: Make, make_user: Make, cognito: Stubber) -> None:
    make_user()
    _owner(cognito, identities='[{"providerName": "Google"}]')
    answer = call("POST", "/v1/auth/email", NEW, user="user-1")
    assert (answer.status, answer.json["detail"]) == (
        409,
        "You sign in with Google or Apple: your email comes from there.",
    )


@pytest.mark.parametrize(("reason", "mailed"), [("bounced", True), ("unsubscribed", False)])
def test_with_the_code_mails_go_to_the_new_address(
    call: Make, make_user: Make, person: Make, cognito: Stubber, reason: str, mailed: bool
) -> None:
    make_user(mail_enabled=False, mail_off_reason=reason)
    proof = {"AccessToken": ANY, "AttributeName": "email", "Code": "123456"}
    cognito.add_response("verify_user_attribute", {}, proof)
    _owner(cognito, "new@example.com")
    me = call("POST", "/v1/auth/email/verify", {"code": "123456"}, user="user-1").json
    assert me["email"] == person().email == "new@example.com"
    # An address that bounced says nothing of another one; who does not want mails does not want them there.
    assert me["mail_enabled"] is mailed


@pytest.mark.parametrize("error", ["CodeMismatchException", "ExpiredCodeException", "AliasExistsException"])
def test_a_wrong_code_changes_nothing(call: Make, make_user: Make, person: Make, cognito: Stubber, error: str) -> None:
    make_user()
    cognito.add_client_error("verify_user_attribute", error)
    _owner(cognito)
    answer = call("POST", "/v1/auth/email/verify", {"code": "000000"}, user="user-1")
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, "body.code")
    assert person().email == "user-1@example.com"


def test_a_crash_before_our_own_row_is_made_good_by_the_same_code(
    call: Make, make_user: Make, person: Make, cognito: Stubber
) -> None:
    make_user()
    cognito.add_client_error("verify_user_attribute", "ExpiredCodeException")
    _owner(cognito, "new@example.com")
    assert call("POST", "/v1/auth/email/verify", {"code": "123456"}, user="user-1").status == 200
    assert person().email == "new@example.com"


@pytest.mark.parametrize("email", ["a" * 300 + "@example.com", "<script>@example.com", "", "two@example.com,x@y.z"])
def test_what_is_no_email_is_422(call: Make, make_user: Make, email: str) -> None:
    make_user()
    assert call("POST", "/v1/auth/email", NEW | {"email": email}, user="user-1").status == 422


@pytest.mark.parametrize("error", ["NotAuthorizedException", "UnsupportedTokenTypeException"])
def test_ending_a_session_that_is_none_is_harmless(call: Make, cognito: Stubber, error: str) -> None:
    cognito.add_client_error("revoke_token", error)
    assert call("POST", "/v1/auth/revoke", {"refresh_token": "x"}).status == 204
