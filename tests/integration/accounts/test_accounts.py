"""Signing up and in, the profile, and leaving without a trace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from motiv8 import clock, tokens
from motiv8.accounts.unsubscribe import unsubscribe_token
from motiv8.aws import storage
from motiv8.aws.tables import UserRow
from motiv8.catalogue.weekdays import WEEK
from motiv8.settings import settings
from stand_in.aws_calls import AwsCalls

Call = Callable[..., Any]
Make = Callable[..., Any]
EMAIL, PASSWORD = "you@example.com", "a long enough password"


@pytest.fixture
def sign_up(call: Call) -> Callable[..., str]:
    """Register, confirm as the code in the mail would, sign in; returns the access token."""

    def do(email: str = EMAIL, **changes: Any) -> str:
        call("POST", "/v1/auth/register", {"email": email, "password": PASSWORD, **changes})
        assert call("POST", "/v1/auth/confirm", {"email": email, "code": "123456", "password": PASSWORD}).status == 200
        return str(_sign_in(call, email).json["access_token"])

    return do


def _sign_in(call: Call, email: str = EMAIL, password: str = PASSWORD) -> Any:
    return call("POST", "/v1/auth/token", {"grant_type": "password", "email": email, "password": password})


def test_an_email_that_cognito_takes_for_none_is_refused_by_name(call: Call, cognito: AwsCalls) -> None:
    cognito.refuse("sign_up", "InvalidParameterException")
    given = {"email": "|qj@example.com", "password": PASSWORD, "time_zone": "UTC"}
    answer = call("POST", "/v1/auth/register", given)
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, "body.email")


def test_a_new_person_begins_with_sensible_preferences(call: Call, sign_up: Make) -> None:
    me = call("GET", "/v1/me", token=sign_up(time_zone="Europe/Berlin", locale="de")).json
    assert me["email"] == EMAIL
    assert me["time_zone"] == "Europe/Berlin"
    assert me["workout_days"] == ["mon", "tue", "wed", "thu", "fri"]
    assert (me["mode"], me["tone"], me["delivery_hour"], me["mail_enabled"]) == ("summit", "motivate", 6, True)
    assert (me["locale"], me["biometric_consent"], me["consent_at"]) == ("de", False, None)
    assert me["next_delivery_at"] is None


def test_sign_up_writes_only_what_the_client_may_write(call: Call, cognito: AwsCalls) -> None:
    call("POST", "/v1/auth/register", {"email": EMAIL, "password": PASSWORD})
    [asked] = cognito.calls("sign_up")
    assert [each["Name"] for each in asked["UserAttributes"]] == ["zoneinfo"]


def test_email_addresses_are_the_same_in_any_case(call: Call, sign_up: Make) -> None:
    sign_up("You@Example.com")
    assert _sign_in(call, "yOU@eXAMPLE.COM").status == 200


def test_registering_a_known_email_looks_the_same(call: Call, cognito: AwsCalls) -> None:
    body = {"email": EMAIL, "password": PASSWORD}
    first = call("POST", "/v1/auth/register", body)
    again = call("POST", "/v1/auth/register", body | {"password": "another long password"})
    assert (again.status, again.text) == (first.status, first.text) == (202, first.text)
    assert [asked["Username"] for asked in cognito.calls("resend_confirmation_code")] == [EMAIL]
    assert len(list(UserRow.scan())) == 1


def test_own_lines_are_shown_replaced_as_a_whole_and_refused_with_the_reason(call: Call, make_user: Make) -> None:
    make_user("ann")
    assert call("GET", "/v1/me", user="ann").json["own_lines"] == {}
    lines = {"wed": "Halb geschafft.", "mon": "  Los, Ann! "}
    shown = call("PATCH", "/v1/me", {"own_lines": lines}, user="ann").json["own_lines"]
    assert list(shown.items()) == [("mon", "Los, Ann!"), ("wed", "Halb geschafft.")]
    refused = call("PATCH", "/v1/me", {"own_lines": {"tue": "שלום", "wed": "Lauf 🏃"}}, user="ann")
    assert refused.status == 422
    assert {(each["field"], each["code"]) for each in refused.json["errors"]} == {
        ("body.own_lines.tue", "right_to_left"),
        ("body.own_lines.wed", "letter_missing"),
    }
    assert call("PATCH", "/v1/me", {"own_lines": {"someday": "Run"}}, user="ann").status == 422
    assert call("PATCH", "/v1/me", {"own_lines": None}, user="ann").status == 422
    assert call("GET", "/v1/me", user="ann").json["own_lines"] == shown
    assert call("PATCH", "/v1/me", {"own_lines": {}}, user="ann").json["own_lines"] == {}


@pytest.mark.parametrize(("days_ago", "shown"), [(0, 4), (1, 4), (2, 0)])
def test_a_streak_is_shown_as_of_today_and_outlives_other_workout_days(
    call: Call, make_user: Make, days_ago: int, shown: int
) -> None:
    through = (clock.now() - timedelta(days=days_ago)).date()
    make_user("ann", streak=[4, through.isoformat()], workout_days=set(WEEK))
    assert call("GET", "/v1/me", user="ann").json["streak"] == shown
    other = WEEK[through.weekday()]
    assert call("PATCH", "/v1/me", {"workout_days": [other]}, user="ann").json["streak"] == shown
    assert call("PATCH", "/v1/me", {"workout_days": list(WEEK)}, user="ann").json["streak"] == shown


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "nobody"}, "body.email"),
        ({"email": None}, "body.email"),
        ({"password": "short"}, "body.password"),
        ({"password": "with\x00control characters"}, "body.password"),
        ({"password": "a space at the end "}, "body.password"),
        ({"time_zone": "Mars/Olympus"}, "body.time_zone"),
        ({"time_zone": "../../etc/passwd"}, "body.time_zone"),
        ({"biometric_consent": True}, "body.biometric_consent"),
        ({"admin": True}, "body.admin"),
    ],
)
def test_a_bad_registration_names_the_field(call: Call, changes: dict[str, Any], field: str) -> None:
    answer = call("POST", "/v1/auth/register", {"email": EMAIL, "password": PASSWORD} | changes)
    assert answer.status == 422
    assert [each["field"] for each in answer.json["errors"]] == [field]
    assert PASSWORD not in answer.text


@pytest.mark.parametrize("code", ["InvalidPasswordException", "PasswordHistoryPolicyViolationException"])
def test_a_password_against_the_pools_policy_names_the_field(call: Call, cognito: AwsCalls, code: str) -> None:
    cognito.refuse("confirm_forgot_password", code)
    answer = call("POST", "/v1/auth/password/reset", {"email": EMAIL, "code": "654321", "password": PASSWORD})
    assert answer.status == 422
    assert answer.json["errors"][0]["field"] == "body.password"


def test_every_failed_sign_in_sounds_the_same(call: Call, sign_up: Make, cognito: AwsCalls) -> None:
    sign_up()
    answers = [_sign_in(call, password="a wrong password"), _sign_in(call, "unknown@example.com")]
    # moto signs the unconfirmed in by the admin operation; AWS does not: see tests/security.
    for code in ("UserNotConfirmedException", "PasswordResetRequiredException"):
        cognito.refuse("admin_initiate_auth", code)
        answers.append(_sign_in(call))
    assert {answer.status for answer in answers} == {401}
    assert len({answer.json["detail"] for answer in answers}) == 1


def test_a_refresh_token_gives_a_new_access_token(call: Call, sign_up: Make) -> None:
    sign_up()
    tokens = _sign_in(call).json
    assert tokens["token_type"] == "Bearer"
    answer = call("POST", "/v1/auth/token", {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]})
    assert answer.status == 200
    assert call("GET", "/v1/me", token=answer.json["access_token"]).status == 200


@pytest.mark.parametrize(
    "body",
    [
        {"grant_type": "password", "email": EMAIL},
        {"grant_type": "password", "email": EMAIL, "password": PASSWORD, "refresh_token": "x"},
        {"grant_type": "refresh_token"},
        {"grant_type": "refresh_token", "refresh_token": "x", "email": EMAIL},
        {"grant_type": "magic"},
    ],
)
def test_a_grant_takes_its_own_fields(call: Call, body: dict[str, str]) -> None:
    assert call("POST", "/v1/auth/token", body).status == 422


def test_a_bad_refresh_token_is_401(call: Call, cognito: AwsCalls) -> None:
    cognito.refuse("get_tokens_from_refresh_token", "NotAuthorizedException")
    answer = call("POST", "/v1/auth/token", {"grant_type": "refresh_token", "refresh_token": "x"})
    assert answer.status == 401
    assert "refresh token" in answer.json["detail"]


def test_a_challenge_that_we_do_not_have_is_said_clearly(call: Call, cognito: AwsCalls) -> None:
    cognito.answer("admin_initiate_auth", {"ChallengeName": "SMS_MFA"})
    answer = _sign_in(call)
    assert answer.status == 401
    assert "step" in answer.json["detail"]


@pytest.mark.parametrize(
    ("path", "operation"),
    [
        ("/v1/auth/register", "sign_up"),
        ("/v1/auth/confirm", "confirm_sign_up"),
        ("/v1/auth/resend", "resend_confirmation_code"),
        ("/v1/auth/token", "admin_initiate_auth"),
        ("/v1/auth/password/forgot", "forgot_password"),
        ("/v1/auth/password/reset", "confirm_forgot_password"),
    ],
)
def test_too_many_attempts_are_429(call: Call, cognito: AwsCalls, path: str, operation: str) -> None:
    cognito.refuse(operation, "TooManyRequestsException")
    fields = {
        "/v1/auth/confirm": {"code": "123456", "password": PASSWORD},
        "/v1/auth/register": {"password": PASSWORD},
        "/v1/auth/token": {"grant_type": "password", "password": PASSWORD},
        "/v1/auth/password/reset": {"code": "123456", "password": PASSWORD},
    }
    answer = call("POST", path, {"email": EMAIL} | fields.get(path, {}))
    assert answer.status == 429
    assert answer.headers["Retry-After"]


@pytest.mark.parametrize(
    ("path", "operation", "fields"),
    [
        ("/v1/auth/confirm", "confirm_sign_up", {"code": "123456", "password": PASSWORD}),
        ("/v1/auth/resend", "resend_confirmation_code", {}),
        ("/v1/auth/password/forgot", "forgot_password", {}),
        ("/v1/auth/password/reset", "confirm_forgot_password", {"code": "123456", "password": PASSWORD}),
    ],
)
@pytest.mark.parametrize("code", ["LimitExceededException", "TooManyFailedAttemptsException"])
def test_what_cognito_limits_for_one_account_sounds_as_for_an_unknown_email(
    call: Call, cognito: AwsCalls, path: str, operation: str, fields: dict[str, str], code: str
) -> None:
    cognito.refuse(operation, "UserNotFoundException")
    unknown = call("POST", path, {"email": EMAIL} | fields)
    cognito.refuse(operation, code)
    limited = call("POST", path, {"email": EMAIL} | fields)
    assert (limited.status, limited.json.get("detail")) == (unknown.status, unknown.json.get("detail"))


@pytest.mark.parametrize(
    ("path", "operation", "fields"),
    [
        ("/v1/auth/confirm", "confirm_sign_up", {"code": "123456", "password": PASSWORD}),
        ("/v1/auth/password/reset", "confirm_forgot_password", {"code": "123456", "password": PASSWORD}),
    ],
)
def test_a_wrong_code_sounds_the_same_for_known_and_unknown_emails(
    call: Call, cognito: AwsCalls, path: str, operation: str, fields: dict[str, str]
) -> None:
    answers = set()
    for code in ("CodeMismatchException", "ExpiredCodeException", "UserNotFoundException", "NotAuthorizedException"):
        cognito.refuse(operation, code)
        answer = call("POST", path, {"email": EMAIL} | fields)
        answers.add((answer.status, answer.json["errors"][0]["field"], answer.json["errors"][0]["message"]))
    assert len(answers) == 1
    assert next(iter(answers))[:2] == (422, "body.code")


@pytest.mark.parametrize(
    ("path", "operation"),
    [("/v1/auth/resend", "resend_confirmation_code"), ("/v1/auth/password/forgot", "forgot_password")],
)
def test_asking_for_a_code_sounds_the_same_for_known_and_unknown_emails(
    call: Call, cognito: AwsCalls, path: str, operation: str
) -> None:
    cognito.answer(operation, {})
    known = call("POST", path, {"email": EMAIL})
    for code in ("UserNotFoundException", "InvalidParameterException"):
        cognito.refuse(operation, code)
        unknown = call("POST", path, {"email": EMAIL})
        assert (unknown.status, unknown.text) == (known.status, known.text) == (202, known.text)


def test_a_password_can_be_reset_by_code(call: Call, cognito: AwsCalls) -> None:
    cognito.answer("confirm_forgot_password", {})
    body = {"email": EMAIL, "code": "654321", "password": "a brand new password"}
    assert call("POST", "/v1/auth/password/reset", body).status == 200
    [sent] = cognito.calls("confirm_forgot_password")
    assert (sent["ConfirmationCode"], sent["Password"]) == ("654321", "a brand new password")


def test_signing_out_ends_the_sessions(call: Call, sign_up: Make, cognito: AwsCalls) -> None:
    token = sign_up()
    renewal = {"grant_type": "refresh_token", "refresh_token": _sign_in(call).json["refresh_token"]}
    assert call("POST", "/v1/auth/token", renewal).status == 200
    cognito.made.clear()
    assert call("POST", "/v1/auth/logout", token=token).status == 204
    ended = [asked["Username"] for asked in cognito.calls("admin_user_global_sign_out")]
    assert ended == [tokens.unverified(token)["sub"]]
    assert call("POST", "/v1/auth/token", renewal).status == 401


def test_signing_out_of_one_session_leaves_the_others(call: Call, sign_up: Make) -> None:
    sign_up()
    ended, other = (_sign_in(call).json["refresh_token"] for _ in range(2))
    assert call("POST", "/v1/auth/revoke", {"refresh_token": ended}).status == 204
    renewals = [{"grant_type": "refresh_token", "refresh_token": token} for token in (ended, other)]
    assert [call("POST", "/v1/auth/token", renewal).status for renewal in renewals] == [401, 200]


def test_changing_preferences_moves_the_delivery_clock(
    call: Call, make_user: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_user()
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 20, 12, 0, tzinfo=UTC))
    changes = {"time_zone": "Asia/Tokyo", "delivery_hour": 7, "workout_days": ["sun", "sat"], "mode": "desert"}
    me = call("PATCH", "/v1/me", changes, user="user-1").json
    assert me["next_delivery_at"] == "2026-11-20T22:00:00Z"
    assert me["workout_days"] == ["sat", "sun"]
    assert me["mode"] == "desert"
    assert me["tone"] == "motivate"
    row = UserRow.get("user-1")
    assert row.next_due_at == datetime(2026, 11, 20, 22, 0, tzinfo=UTC)


def test_what_is_due_already_stays_due_when_preferences_change(
    call: Call, make_user: Make, person: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
    make_user(next_due_at=due, due_shard=1)
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 20, 6, 0, 5, tzinfo=UTC))
    call("PATCH", "/v1/me", {"tone": "tease"}, user="user-1")
    assert person().next_due_at == due


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"delivery_hour": 24}, "body.delivery_hour"),
        ({"delivery_hour": -1}, "body.delivery_hour"),
        ({"delivery_hour": "6"}, "body.delivery_hour"),
        ({"delivery_hour": 6.5}, "body.delivery_hour"),
        ({"delivery_hour": True}, "body.delivery_hour"),
        ({"delivery_hour": None}, "body.delivery_hour"),
        ({"workout_days": []}, "body.workout_days"),
        ({"workout_days": ["mon", "mon"]}, "body.workout_days"),
        ({"workout_days": ["someday"]}, "body.workout_days.0"),
        ({"workout_days": "mon"}, "body.workout_days"),
        ({"time_zone": "CEST+2"}, "body.time_zone"),
        ({"mode": "moonwalk"}, "body.mode"),
        ({"tone": "angry"}, "body.tone"),
        ({"mail_enabled": "no"}, "body.mail_enabled"),
        ({"email": "other@example.com"}, "body.email"),
    ],
)
def test_a_bad_preference_names_the_field_and_changes_nothing(
    call: Call, make_user: Make, person: Make, body: dict[str, Any], field: str
) -> None:
    before = make_user()
    answer = call("PATCH", "/v1/me", {"tone": "tease"} | body, user="user-1")
    assert answer.status == 422
    assert field in [each["field"] for each in answer.json["errors"]]
    assert person().tone == before.tone == "motivate"


def test_an_empty_change_changes_nothing(call: Call, make_user: Make) -> None:
    make_user()
    assert call("PATCH", "/v1/me", {}, user="user-1").json == call("GET", "/v1/me", user="user-1").json


def test_withdrawn_consent_takes_the_face_along(call: Call, make_user: Make, objects: Make, person: Make) -> None:
    make_user()
    storage.put(settings().uploads_bucket, "uploads/user-1/selfie-1", b"photo", "image/jpeg")
    storage.put(settings().media_bucket, "faces/user-1/selfie-1.npy", b"face", "application/octet-stream")
    storage.put(settings().media_bucket, "pictures/user-1/2026-11-20-daily.jpg", b"picture", "image/jpeg")
    call("DELETE", "/v1/me/consent", user="user-1")
    me = call("GET", "/v1/me", user="user-1").json
    assert me["biometric_consent"] is False
    assert me["consent_at"] is me["next_delivery_at"] is None
    assert objects(settings().uploads_bucket) == []
    assert objects(settings().media_bucket) == ["pictures/user-1/2026-11-20-daily.jpg"]
    assert person().next_due_at is None


def test_a_row_that_a_crash_lost_is_made_again(call: Call, sign_up: Make) -> None:
    token = sign_up()
    user_id = call("GET", "/v1/me", token=token).json["user_id"]
    UserRow.get(user_id).delete()
    me = call("GET", "/v1/me", token=token).json
    assert (me["user_id"], me["email"]) == (user_id, EMAIL)
    assert me["biometric_consent"] is False


def test_an_unsubscribe_link_asks_first_and_its_button_switches_mails_off(
    call: Call, make_user: Make, person: Make
) -> None:
    make_user()
    query = {"token": unsubscribe_token("user-1", "a secret for links")}
    page = call("GET", "/v1/mail/unsubscribe", query=query)
    assert page.headers["Content-Type"].startswith("text/html")
    assert 'method="post"' in page.text
    assert person().mail_enabled is True
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for _ in range(2):
        answer = call("POST", "/v1/mail/unsubscribe", "List-Unsubscribe=One-Click", query=query, headers=form)
        assert answer.status == 200
    assert person().mail_enabled is False


@pytest.mark.parametrize("token", ["nonsense", unsubscribe_token("user-1", "another secret")])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_forged_unsubscribe_link_is_400(call: Call, make_user: Make, person: Make, method: str, token: str) -> None:
    make_user()
    assert call(method, "/v1/mail/unsubscribe", query={"token": token}).status == 400
    assert person().mail_enabled is True


def test_unsubscribing_without_a_token_is_422(call: Call) -> None:
    assert call("POST", "/v1/mail/unsubscribe").json["errors"][0]["field"] == "query.token"


def test_nothing_personal_is_logged(call: Call, sign_up: Make, logged: Any) -> None:
    token = sign_up()
    _sign_in(call, password="a wrong password")
    call("GET", "/v1/me", token=token)
    for secret in (EMAIL, PASSWORD, token):
        assert secret not in logged.getvalue()
