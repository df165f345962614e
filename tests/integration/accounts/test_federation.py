"""Whose account it is that Google or Apple vouches for, and the event with which Cognito asks."""

from __future__ import annotations

import io
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from email.message import EmailMessage, Message
from pathlib import Path
from typing import Any

import pytest

from motiv8 import tokens
from motiv8.accounts import federation, repository
from motiv8.accounts.federation import SignInRefused
from motiv8.aws.user_pool import directory, mailed_codes
from motiv8.entrypoints.sign_up import handler
from motiv8.settings import settings
from stand_in.aws_calls import AwsCalls

Make = Callable[..., Any]
EVENT = Path(__file__).parents[3] / "events" / "sign-up-google.json"
VERIFIER = "v" * 43


def _links(cognito: AwsCalls) -> list[tuple[str, str, str]]:
    """What was linked: account, provider and the provider's id; always in the pool that there is."""
    asked = cognito.calls("admin_link_provider_for_user")
    assert {call["UserPoolId"] for call in asked} <= {settings().user_pool_id}
    return [
        (
            call["DestinationUser"]["ProviderAttributeValue"],
            call["SourceUser"]["ProviderName"],
            call["SourceUser"]["ProviderAttributeValue"],
        )
        for call in asked
    ]


def join(username: str, email: str, *, verified: bool) -> str:
    return federation.join(username, email, verified=verified, pool=settings().user_pool_id)


def _tokens(access_token: str, **claims: Any) -> bytes:
    """As Cognito's token endpoint answers."""
    id_token = tokens.sign(claims, "Cognito's own key", "HS256")
    return json.dumps(
        {"access_token": access_token, "id_token": id_token, "refresh_token": "r", "expires_in": 900}
    ).encode()


def _event() -> dict[str, Any]:
    """The sample event, sent by the pool that there is."""
    event: dict[str, Any] = json.loads(EVENT.read_text())
    return event | {"userPoolId": settings().user_pool_id}


def test_somebody_new_gets_an_account(cognito: AwsCalls) -> None:
    user_id = join("Google_1", "ada@example.com", verified=True)
    assert _links(cognito) == [(user_id, "Google", "1")]
    found = directory.find("ada@example.com")
    assert found is not None
    assert (found.user_id, found.confirmed, found.has_password) == (user_id, True, True)


def test_the_account_that_is_there_is_linked(cognito: AwsCalls) -> None:
    there = directory.invite("ada@example.com", "UTC")
    # Cognito writes the provider's name small where the pool's user names are case-insensitive.
    assert join("signinwithapple_000123.abc.0456", "ada@example.com", verified=True) == there
    assert _links(cognito) == [(there, "SignInWithApple", "000123.abc.0456")]


def test_the_owner_of_the_account_is_told_by_mail(mails: list[EmailMessage]) -> None:
    join("Google_1", "new@example.com", verified=True)
    assert mails == []
    directory.invite("ada@example.com", "UTC")
    join("signinwithapple_1", "ada@example.com", verified=True)
    [notice] = mails
    assert (notice["To"], notice["Subject"]) == ("ada@example.com", "Apple now signs in to your motiv8 account")


def test_an_account_with_a_second_factor_is_joined_by_nobody(cognito: AwsCalls, mails: list[EmailMessage]) -> None:
    there = directory.invite("ada@example.com", "UTC")
    cognito.answer(
        "admin_get_user",
        {"Username": there, "UserMFASettingList": ["SOFTWARE_TOKEN_MFA"]},
        UserPoolId=settings().user_pool_id,
        Username=there,
    )
    with pytest.raises(SignInRefused, match=r"^has-second-factor$"):
        join("Google_1", "ada@example.com", verified=True)
    assert (_links(cognito), mails) == ([], [])


def test_a_sign_up_that_nobody_confirmed_gives_way(make_user: Make) -> None:
    intruder = mailed_codes.sign_up("ada@example.com", "UTC")
    assert intruder is not None
    make_user(intruder)
    user_id = join("Google_1", "ada@example.com", verified=True)
    assert user_id != intruder
    assert repository.get(intruder) is None
    assert not directory.exists(intruder)


@pytest.mark.parametrize(
    ("username", "email", "verified", "said"),
    [
        ("Google_1", "ada@example.com", False, "email-not-verified"),
        ("Google_1", "", True, "email-not-verified"),
        ("Facebook_1", "ada@example.com", True, "unknown-provider"),
        ("ada", "ada@example.com", True, "unknown-provider"),
        ("Google_taken", "ada@example.com", True, "linked-to-another"),
    ],
)
def test_whoever_is_not_vouched_for_is_refused(username: str, email: str, verified: bool, said: str) -> None:
    assert directory.link(directory.invite("bob@example.com", "UTC"), "Google", "taken")
    with pytest.raises(SignInRefused, match=f"^{said}$"):
        join(username, email, verified=verified)


def test_an_account_that_is_being_deleted_is_not_revived(make_user: Make, cognito: AwsCalls) -> None:
    make_user(directory.invite("ada@example.com", "UTC"), deletion_id="d-1")
    with pytest.raises(SignInRefused, match="account-being-deleted"):
        join("Google_1", "ada@example.com", verified=True)
    assert _links(cognito) == []


class TestTheTrigger:
    def test_it_answers_the_sample_event_as_it_came(self, lambda_context: Any, cognito: AwsCalls) -> None:
        assert handler(_event(), lambda_context) == _event()
        assert [link[1:] for link in _links(cognito)] == [("Google", "104512345678901234567")]

    def test_it_lets_a_sign_up_with_a_password_pass(self, lambda_context: Any, cognito: AwsCalls) -> None:
        event = _event() | {"triggerSource": "PreSignUp_SignUp"}
        assert handler(event, lambda_context) == event
        assert _links(cognito) == []

    def test_it_takes_the_pool_from_the_event(self, lambda_context: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        """The pool waits for the function in the template, so that the function cannot know it beforehand."""
        event = _event()
        monkeypatch.setenv("MOTIV8_USER_POOL_ID", "")
        settings.cache_clear()
        handler(event, lambda_context)
        assert directory.find("somebody@example.com", event["userPoolId"]) is not None

    def test_it_reads_emails_as_the_api_does(self, lambda_context: Any, cognito: AwsCalls) -> None:
        there = directory.invite("somebody@example.com", "UTC")
        event = _event()
        event["request"]["userAttributes"]["email"] = " Somebody@Example.com"
        handler(event, lambda_context)
        assert _links(cognito)[0][0] == there

    def test_a_refusal_is_an_error_that_names_nobody(self, lambda_context: Any, logged: io.StringIO) -> None:
        event = _event()
        event["request"]["userAttributes"]["email_verified"] = "false"
        with pytest.raises(SignInRefused, match="email-not-verified"):
            handler(event, lambda_context)
        assert "email-not-verified" in logged.getvalue()
        assert "somebody@" not in logged.getvalue()


class TestOverHttp:
    @pytest.fixture(autouse=True)
    def pages(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("MOTIV8_SIGN_IN_URL", "https://pages.example")
        monkeypatch.setenv("MOTIV8_IDENTITY_PROVIDERS", ",apple")
        settings.cache_clear()

    def test_providers_are_those_that_are_set_up(self, call: Make) -> None:
        [apple] = call("GET", "/v1/auth/providers").json["providers"]
        assert (apple["name"], apple["title"]) == ("apple", "Apple")
        assert apple["authorize_url"] == (
            f"https://pages.example/oauth2/authorize?response_type=code&client_id={settings().user_pool_client_id}"
            "&identity_provider=SignInWithApple&scope=openid+email"
        )

    def _exchange(self, call: Make, **changes: Any) -> Any:
        grant = {
            "grant_type": "authorization_code",
            "code": "0b6f2f5e-6c0a",
            "code_verifier": VERIFIER,
            "redirect_uri": "https://app.example/",
        }
        return call("POST", "/v1/auth/token", grant | changes)

    def test_a_code_becomes_tokens(self, call: Make, sign: Make, monkeypatch: pytest.MonkeyPatch) -> None:
        sent: list[urllib.request.Request] = []

        def answer(request: urllib.request.Request, timeout: float) -> io.BytesIO:
            assert timeout <= 10
            sent.append(request)
            return io.BytesIO(_tokens(sign(), sub="user-1", email="ada@example.com"))

        monkeypatch.setattr(urllib.request, "urlopen", answer)
        assert self._exchange(call).json["refresh_token"] == "r"
        assert sent[0].full_url == "https://pages.example/oauth2/token"
        assert f"code_verifier={VERIFIER}" in str(sent[0].data)

    @pytest.mark.parametrize(
        ("verified", "kept"),
        [(True, "renamed@example.com"), ("true", "renamed@example.com"), (False, "old@example.com")],
    )
    def test_the_email_follows_the_provider_that_vouches_for_it(
        self, call: Make, make_user: Make, person: Make, sign: Make, mails: list[EmailMessage],
        monkeypatch: pytest.MonkeyPatch, verified: object, kept: str,
    ) -> None:  # fmt: skip
        make_user(email="old@example.com", mail_enabled=False, mail_off_reason="bounced")
        answer = _tokens(sign(), sub="user-1", email="Renamed@example.com", email_verified=verified)
        monkeypatch.setattr(urllib.request, "urlopen", lambda *_, **__: io.BytesIO(answer))
        for _ in range(2):
            assert self._exchange(call).status == 200
        assert person().email == kept
        assert person().mail_enabled is (kept != "old@example.com")
        assert [notice["To"] for notice in mails] == ["old@example.com"] * (kept != "old@example.com")

    @pytest.mark.parametrize(
        ("error", "status"),
        [
            (urllib.error.HTTPError("", 400, "invalid_grant", Message(), None), 401),
            (urllib.error.HTTPError("", 500, "", Message(), None), 503),
            (urllib.error.URLError("no route"), 503),
            (TimeoutError(), 503),
        ],
    )
    def test_what_goes_wrong_is_told(
        self, call: Make, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
    ) -> None:
        def fail(*_: Any, **__: Any) -> None:
            raise error

        monkeypatch.setattr(urllib.request, "urlopen", fail)
        assert self._exchange(call).status == status

    @pytest.mark.parametrize(
        "changes", [{"code_verifier": "short"}, {"code": "a b"}, {"redirect_uri": None}, {"email": "ada@example.com"}]
    )
    def test_a_grant_is_whole_or_422(self, call: Make, changes: dict[str, Any]) -> None:
        assert self._exchange(call, **changes).status == 422
