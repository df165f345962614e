"""What a stranger begins with somebody's email gives the stranger nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from motiv8.aws import clients
from motiv8.aws.tables import UserRow
from motiv8.settings import settings
from stand_in.aws_calls import AwsCalls

Call = Callable[..., Any]
EMAIL = "victim@example.com"
STRANGERS, OWN = "known to the stranger", "known to the owner only"


def _register(call: Call, password: str, **changes: Any) -> Any:
    return call("POST", "/v1/auth/register", {"email": EMAIL, "password": password, **changes})


def _confirm(call: Call, password: str) -> Any:
    return call("POST", "/v1/auth/confirm", {"email": EMAIL, "code": "123456", "password": password})


def _sign_in(call: Call, password: str) -> Any:
    return call("POST", "/v1/auth/token", {"grant_type": "password", "email": EMAIL, "password": password})


def _at_cognito() -> None:
    """Anybody can call SignUp with the id of the web app's client."""
    clients.cognito().sign_up(
        ClientId=settings().user_pool_client_id,
        Username=EMAIL,
        Password=STRANGERS,
        UserAttributes=[{"Name": "email", "Value": EMAIL}],
    )


def test_the_password_is_the_one_that_came_with_the_code(call: Call, cognito: AwsCalls) -> None:
    first = _register(call, STRANGERS, time_zone="Asia/Tokyo", locale="ja")
    again = _register(call, OWN, time_zone="Europe/Berlin", locale="de")
    assert (again.status, again.text) == (first.status, first.text)
    assert [asked["Username"] for asked in cognito.calls("resend_confirmation_code")] == [EMAIL]
    assert _confirm(call, OWN).status == 200
    assert _sign_in(call, STRANGERS).status == 401
    me = call("GET", "/v1/me", token=_sign_in(call, OWN).json["access_token"]).json
    assert (me["time_zone"], me["locale"], me["biometric_consent"]) == ("Europe/Berlin", "de", False)


def test_a_crash_after_the_code_leaves_no_account_open(call: Call, cognito: AwsCalls) -> None:
    _register(call, STRANGERS)
    cognito.refuse("admin_set_user_password", "InternalErrorException")
    assert _confirm(call, OWN).status >= 500
    assert {_sign_in(call, password).status for password in (STRANGERS, OWN)} == {401}


def test_a_sign_up_made_at_cognito_is_not_confirmed_and_gives_way(call: Call) -> None:
    _at_cognito()
    assert _confirm(call, OWN).status == 422
    assert _register(call, OWN).status == 202
    assert _confirm(call, OWN).status == 200
    assert _sign_in(call, STRANGERS).status == 401
    assert _sign_in(call, OWN).status == 200
    assert len(list(UserRow.scan())) == 1


def test_a_confirmed_account_takes_no_password_with_a_code_and_no_preferences(call: Call) -> None:
    _register(call, OWN, time_zone="Europe/Berlin")
    _confirm(call, OWN)
    _register(call, STRANGERS, time_zone="Asia/Tokyo")
    assert _confirm(call, STRANGERS).status == 422
    assert _sign_in(call, STRANGERS).status == 401
    assert call("GET", "/v1/me", token=_sign_in(call, OWN).json["access_token"]).json["time_zone"] == "Europe/Berlin"


def test_an_unknown_email_and_a_confirmed_one_answer_a_code_alike(call: Call, cognito: AwsCalls) -> None:
    unknown = _confirm(call, OWN)
    for_unknown = [operation for operation, _ in cognito.made]
    _register(call, OWN)
    _confirm(call, OWN)
    cognito.made.clear()
    confirmed = _confirm(call, STRANGERS)
    assert (unknown.status, unknown.json["errors"]) == (confirmed.status, confirmed.json["errors"])
    assert for_unknown == [operation for operation, _ in cognito.made] == ["ListUsers", "ConfirmSignUp"]


def test_a_reset_ends_sessions_and_forgets_devices(call: Call, cognito: AwsCalls) -> None:
    _register(call, OWN)
    _confirm(call, OWN)
    renewal = {"grant_type": "refresh_token", "refresh_token": _sign_in(call, OWN).json["refresh_token"]}
    [row] = UserRow.scan()
    row.devices = [{"endpoint": "https://push.example/1"}]
    row.save()
    cognito.made.clear()
    body = {"email": EMAIL, "code": "654321", "password": "a brand new password"}
    assert call("POST", "/v1/auth/password/reset", body).status == 200
    assert [asked["Username"] for asked in cognito.calls("admin_user_global_sign_out")] == [row.user_id]
    assert call("POST", "/v1/auth/token", renewal).status == 401
    assert next(iter(UserRow.scan())).devices is None
