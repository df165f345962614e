"""Who is let in no more: a deleted account, and tokens from before a sign-out on all devices. On every route."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from motiv8 import clock
from motiv8.accounts import service, sign_ins
from motiv8.aws import clients
from motiv8.settings import settings
from stand_in.api_document import NEED_FRESH_SIGN_IN, OPERATIONS
from stand_in.aws_calls import AwsCalls

Call = Callable[..., Any]
Make = Callable[..., Any]
Sign = Callable[..., str]

SIGNED_OUT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
BEFORE, AT_ONCE = int(SIGNED_OUT.timestamp()) - 1, int(SIGNED_OUT.timestamp())
CLOSED = [
    (method, path.replace("{subscription_id}", "0" * 32).replace("{portrait_id}", "2026-11-20-daily"))
    for (method, path), operation in OPERATIONS.items()
    if "security" in operation
]
OF_DELETION = {("DELETE", "/v1/me"), ("POST", "/v1/me/deletion"), ("GET", "/v1/me/deletion")}


def test_the_document_has_the_routes_that_need_a_token() -> None:
    assert len(CLOSED) >= 22
    assert set(CLOSED) >= OF_DELETION


@pytest.mark.parametrize(("method", "path"), [each for each in CLOSED if each not in OF_DELETION])
def test_an_account_under_deletion_is_refused(call: Call, make_user: Make, method: str, path: str) -> None:
    make_user(deletion_id="d-1")
    answer = call(method, path, user="user-1")
    assert answer.status == 409
    assert answer.json["type"].endswith(":account-being-deleted")


def test_deleting_again_answers_with_the_same_deletion(
    call: Call, make_user: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("motiv8.aws.machines.start_deletion", lambda *_: None)
    make_user(deletion_id="d-1")
    for method, path in (("DELETE", "/v1/me"), ("DELETE", "/v1/me/"), ("POST", "/v1/me/deletion")):
        answer = call(method, path, user="user-1")
        assert (answer.status, answer.json["deletion_id"]) == (202, "d-1")


@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_a_token_from_before_the_sign_out_on_all_devices_is_refused(
    call: Call, make_user: Make, sign: Sign, method: str, path: str
) -> None:
    make_user(signed_out_at=SIGNED_OUT)
    answer = call(method, path, token=sign(iat=BEFORE))
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_from_before_the_sign_out_does_not_tell_that_the_account_is_being_deleted(
    call: Call, make_user: Make, sign: Sign
) -> None:
    make_user(signed_out_at=SIGNED_OUT, deletion_id="d-1")
    assert call("GET", "/v1/me", token=sign(iat=BEFORE)).status == 401


def test_a_token_of_the_moment_that_the_sign_out_names_is_let_in(call: Call, make_user: Make, sign: Sign) -> None:
    make_user(signed_out_at=SIGNED_OUT)
    assert call("GET", "/v1/me", token=sign(iat=AT_ONCE)).status == 200


def test_a_token_that_does_not_say_when_it_was_issued_is_refused(call: Call, make_user: Make, sign: Sign) -> None:
    make_user()
    assert call("GET", "/v1/me", token=sign(iat=None)).status == 401


def test_others_are_let_in_while_somebody_is_signed_out(call: Call, make_user: Make) -> None:
    make_user(signed_out_at=datetime(2100, 1, 1, tzinfo=UTC))
    make_user("user-2")
    assert [call("GET", "/v1/portraits", user=each).status for each in ("user-1", "user-2")] == [401, 200]


@pytest.mark.parametrize("attribute", ["signed_out_at", "deletion_id"])
def test_a_malformed_row_locks_out_its_owner_only(call: Call, make_user: Make, attribute: str) -> None:
    make_user()
    make_user("user-2")
    clients.dynamodb().update_item(
        TableName=settings().users_table,
        Key={"user_id": {"S": "user-1"}},
        UpdateExpression="SET #a = :a",
        ExpressionAttributeNames={"#a": attribute},
        ExpressionAttributeValues={":a": {"N": "7"}},
    )
    assert [call("GET", "/v1/portraits", user=each).status for each in ("user-1", "user-2")] == [500, 200]


class TestFreshSignIns:
    """What a token does for ten minutes after the sign-in alone."""

    SENSITIVE = sorted(NEED_FRESH_SIGN_IN)

    @pytest.mark.parametrize(("method", "path"), SENSITIVE)
    @pytest.mark.parametrize("session", ["session-of-an-hour-ago", None])
    def test_any_other_session_is_refused(
        self, call: Call, make_user: Make, sign: Sign, method: str, path: str, session: str | None
    ) -> None:
        make_user()
        answer = call(method, path, token=sign(origin_jti=session))
        assert answer.status == 403
        assert answer.json["type"] == "urn:motiv8:problem:fresh-sign-in-required"

    @pytest.mark.parametrize(("method", "path"), SENSITIVE)
    def test_a_sign_in_is_good_for_ten_minutes(
        self, call: Call, make_user: Make, sign: Sign, monkeypatch: pytest.MonkeyPatch, method: str, path: str
    ) -> None:
        make_user()
        monkeypatch.setattr("motiv8.aws.machines.start_deletion", lambda *_: None)
        monkeypatch.setattr("motiv8.aws.machines.start_export", lambda *_: None)
        token = sign(origin_jti="just-now")
        now = clock.now()
        sign_ins.note(token, now)
        for passed, refused in ((timedelta(minutes=10), True), (timedelta(minutes=9, seconds=58), False)):
            monkeypatch.setattr(clock, "now", lambda later=now + passed: later)
            assert (call(method, path, token=token).status == 403) is refused

    def test_what_is_not_sensitive_takes_any_session(self, call: Call, make_user: Make, sign: Sign) -> None:
        make_user()
        old = sign(origin_jti="session-of-an-hour-ago")
        assert call("GET", "/v1/me", token=old).status == 200
        assert call("PATCH", "/v1/me", {"delivery_hour": 7}, token=old).status == 200
        assert call("POST", "/v1/portraits", {}, token=old).status == 202

    def test_a_deletion_that_has_begun_goes_on(
        self, call: Call, make_user: Make, sign: Sign, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("motiv8.aws.machines.start_deletion", lambda *_: None)
        make_user(deletion_id="d-1")
        assert call("DELETE", "/v1/me", token=sign(origin_jti="session-of-an-hour-ago")).status == 202

    def test_a_renewal_is_no_sign_in_and_a_session_that_was_ended_is_not_fresh(
        self, call: Call, cognito: AwsCalls
    ) -> None:
        email, password = "fresh@example.com", "a long enough password"
        call("POST", "/v1/auth/register", {"email": email, "password": password})
        call("POST", "/v1/auth/confirm", {"email": email, "code": "123456", "password": password})
        grant = {"grant_type": "password", "email": email, "password": password}
        tokens = call("POST", "/v1/auth/token", grant).json
        assert call("GET", "/v1/me/export", token=tokens["access_token"]).status != 403
        renewal = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
        renewed = call("POST", "/v1/auth/token", renewal).json["access_token"]
        # The refresh token still renews: even then the session is not fresh.
        cognito.answer("revoke_token", {})
        assert call("POST", "/v1/auth/revoke", {"refresh_token": tokens["refresh_token"]}).status == 204
        ended = {asked["Token"] for asked in cognito.calls("revoke_token")}
        assert tokens["refresh_token"] in ended
        assert len(ended) == 2, "and the one that Cognito gave in its place"
        for token in (tokens["access_token"], renewed):
            assert call("GET", "/v1/me/export", token=token).status == 403
            assert call("GET", "/v1/me", token=token).status == 200
        again = call("POST", "/v1/auth/token", renewal).json["access_token"]
        assert call("GET", "/v1/me/export", token=again).status == 403


class TestSigningOut:
    """`POST /v1/auth/logout`."""

    @pytest.fixture(autouse=True)
    def sessions_end(self, cognito: AwsCalls) -> None:
        cognito.answer("admin_user_global_sign_out", {})

    def test_no_token_from_before_its_answer_is_let_in_and_every_later_one_is(
        self, call: Call, make_user: Make, sign: Sign
    ) -> None:
        make_user()
        issued = []
        for _ in range(2):
            issued.append(sign(iat=int(time.time())))
            assert call("POST", "/v1/auth/logout", token=issued[-1]).status == 204
        issued.append(sign(iat=int(time.time())))
        assert [call("GET", "/v1/me", token=each).status for each in issued] == [401, 401, 200]

    def test_a_token_issued_while_cognito_ends_the_sessions_is_refused(
        self, call: Call, make_user: Make, sign: Sign, cognito: AwsCalls, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make_user()
        at = [SIGNED_OUT]
        late = int(SIGNED_OUT.timestamp()) + 5
        monkeypatch.setattr(clock, "now", lambda: at[0])
        cognito.before("admin_user_global_sign_out", lambda _: at.append(at.pop().fromtimestamp(late + 0.25, UTC)))
        assert call("POST", "/v1/auth/logout", token=sign(iat=BEFORE)).status == 204
        assert call("GET", "/v1/me", token=sign(iat=late)).status == 401
        assert call("GET", "/v1/me", token=sign(iat=late + 1)).status == 200

    def test_a_try_of_which_the_first_half_was_done_is_ended_by_the_next(
        self, call: Call, make_user: Make, sign: Sign, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make_user()
        token = sign(iat=int(time.time()))
        with monkeypatch.context() as patch:
            patch.setattr(service, "refuse_tokens", _crash)
            assert call("POST", "/v1/auth/logout", token=token).status == 500
        assert call("POST", "/v1/auth/logout", token=token).status == 204
        assert call("GET", "/v1/portraits", token=token).status == 401

    def test_the_owner_is_told_by_mail(self, call: Call, make_user: Make, mails: list[EmailMessage]) -> None:
        make_user(mail_enabled=False)
        call("POST", "/v1/auth/logout", user="user-1")
        [notice] = mails
        assert notice["To"] == "user-1@example.com"
        assert "signed out of all devices" in notice["Subject"]


def _crash(*_: object) -> None:
    raise OSError
