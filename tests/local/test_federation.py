"""Signing in by Google: the real template with its parameters, Cognito's pages, and an identity provider to vouch."""

from __future__ import annotations

import base64
import hashlib
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from motiv8.waiting import wait_for
from motiv8_tooling.client.person import ApiError, Person
from motiv8_tooling.local.local_stack import SENDER, LocalStack, running
from motiv8_tooling.local.provisioning import STACK, client, deploy, deployed
from stand_in.identity_provider import IdentityProvider


def _sign_in(stack: LocalStack, **token: str) -> httpx.Response:
    """The whole way of a browser, up to the answer of /v1/auth/token."""
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    [provider] = httpx.get(f"{stack.front.url}/v1/auth/providers").json()["providers"]
    assert (provider["name"], provider["title"]) == ("google", "Google")
    home = f"{stack.front.url}/"
    more = {"redirect_uri": home, "state": "s", "code_challenge": challenge, "code_challenge_method": "S256"}
    answer = httpx.get(f"{provider['authorize_url']}&{urlencode(more)}")
    while answer.is_redirect and not answer.headers["Location"].startswith(home):
        answer = httpx.get(answer.headers["Location"])
    if not answer.is_redirect:
        return answer
    back = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert back["state"] == ["s"]
    grant = {
        "grant_type": "authorization_code",
        "code": back["code"][0],
        "code_verifier": verifier,
        "redirect_uri": home,
    }
    return httpx.post(f"{stack.front.url}/v1/auth/token", json=grant | token)


def _person(stack: LocalStack, answer: httpx.Response) -> Person:
    assert answer.status_code == 200, answer.text
    return Person(stack.front.url, "", token=answer.json()["access_token"])


def _me(stack: LocalStack, answer: httpx.Response) -> dict[str, Any]:
    me: dict[str, Any] = _person(stack, answer).expect("GET", "/v1/me")
    return me


def test_somebody_new_has_an_account(federated: LocalStack, google: IdentityProvider) -> None:
    google.claims = {"sub": "1", "email": "new@example.com", "email_verified": "true"}
    first, again = (_me(federated, _sign_in(federated)) for _ in range(2))
    assert first["email"] == "new@example.com"
    assert first["biometric_consent"] is False
    assert again["user_id"] == first["user_id"]
    # With a password, too, once they choose one.
    person = Person(federated.front.url, "new@example.com")
    person.expect("POST", "/v1/auth/password/forgot", {"email": person.email})
    new = {"email": person.email, "code": "654321", "password": person.password}
    person.expect("POST", "/v1/auth/password/reset", new)
    person.sign_in()
    assert person.expect("GET", "/v1/me")["user_id"] == first["user_id"]


def test_a_sign_in_is_renewed(federated: LocalStack, google: IdentityProvider) -> None:
    google.claims = {"sub": "2", "email": "renewed@example.com", "email_verified": "true"}
    refresh = _sign_in(federated).json()["refresh_token"]
    grant = {"grant_type": "refresh_token", "refresh_token": refresh}
    renewed = httpx.post(f"{federated.front.url}/v1/auth/token", json=grant)
    assert _me(federated, renewed)["email"] == "renewed@example.com"


def test_the_account_of_the_email_is_the_one_that_opens(federated: LocalStack, google: IdentityProvider) -> None:
    person = Person(federated.front.url, "both@example.com")
    person.register()
    person.sign_in()
    google.claims = {"sub": "3", "email": "both@example.com", "email_verified": "true"}
    assert _me(federated, _sign_in(federated))["user_id"] == person.expect("GET", "/v1/me")["user_id"]
    person.sign_in()


def test_an_email_that_is_not_verified_opens_nothing(federated: LocalStack, google: IdentityProvider) -> None:
    person = Person(federated.front.url, "victim@example.com")
    person.register()
    google.claims = {"sub": "4", "email": "victim@example.com", "email_verified": "false"}
    answer = _sign_in(federated)
    assert answer.status_code == 400
    assert "email-not-verified" in answer.text


def test_a_sign_up_that_nobody_confirmed_gives_way(federated: LocalStack, google: IdentityProvider) -> None:
    """Whoever signed up with somebody else's email must not share what its owner makes of it."""
    intruder = Person(federated.front.url, "owner@example.com", password="the intruder knows it")
    intruder.sign_up("UTC")
    google.claims = {"sub": "5", "email": "owner@example.com", "email_verified": "true"}
    assert _me(federated, _sign_in(federated))["email"] == "owner@example.com"
    with pytest.raises(ApiError):
        intruder.sign_in()
    with pytest.raises(ApiError):
        intruder.confirm()


def test_a_private_relay_address_is_an_account_like_any(federated: LocalStack, google: IdentityProvider) -> None:
    google.claims = {"sub": "6", "email": "xyz@privaterelay.appleid.com", "email_verified": "true"}
    assert _me(federated, _sign_in(federated))["email"] == "xyz@privaterelay.appleid.com"


def test_leaving_takes_the_link_along(federated: LocalStack, google: IdentityProvider) -> None:
    google.claims = {"sub": "7", "email": "leaving@example.com", "email_verified": "true"}
    person = _person(federated, _sign_in(federated))
    before = person.expect("GET", "/v1/me")["user_id"]
    assert person.call("DELETE", "/v1/me").status_code == 202
    wait_for(lambda: person.call("GET", "/v1/me").status_code == 401, seconds=60)
    cognito = client("cognito-idp", federated.emulator)
    listed = cognito.list_users(UserPoolId=federated.outputs["UserPoolId"])["Users"]
    assert before not in [user["Username"] for user in listed]


@pytest.mark.parametrize("wrong", [{"code": "made-up-code"}, {"redirect_uri": "https://elsewhere.example/"}])
def test_a_code_that_does_not_hold_is_401(
    federated: LocalStack, google: IdentityProvider, wrong: dict[str, str]
) -> None:
    google.claims = {"sub": "8", "email": "code@example.com", "email_verified": "true"}
    answer = _sign_in(federated, **wrong)
    assert answer.status_code == 401
    assert answer.json()["detail"] == "This sign-in has expired or was already used. Please start again."


def test_the_pages_bring_nobody_anywhere_else(federated: LocalStack) -> None:
    [provider] = httpx.get(f"{federated.front.url}/v1/auth/providers").json()["providers"]
    more = urlencode({"redirect_uri": "https://elsewhere.example/", "state": "s"})
    assert httpx.get(f"{provider['authorize_url']}&{more}").status_code == 400


def test_without_a_provider_there_is_none(stack: LocalStack) -> None:
    assert httpx.get(f"{stack.front.url}/v1/auth/providers").json() == {"providers": []}


def _changes(stack: LocalStack, since: set[str]) -> list[tuple[str, str]]:
    """What CloudFormation did, in its order: each resource with its status."""
    pages = client("cloudformation", stack.emulator).get_paginator("describe_stack_events").paginate(StackName=STACK)
    events = [event for page in pages for event in page["StackEvents"] if event["EventId"] not in since]
    since |= {event["EventId"] for event in events}
    return [(event["LogicalResourceId"], event["ResourceStatus"]) for event in events[::-1]]


def test_switched_on_and_off_again_it_refuses_no_sign_up_with_a_password(tmp_path: Path) -> None:
    google = {"GoogleClientId": "google-client", "GoogleSecretArn": "arn:aws:secretsmanager:x"}
    with running(tmp_path, keep=False, wait_scale=0.1) as stack:
        cognito, pool = client("cognito-idp", stack.emulator), stack.outputs["UserPoolId"]
        kept = {"SenderAddress": SENDER, "PublicUrl": stack.front.url, "SignInUrl": stack.emulator.url}
        kept |= {"JwksUrl": f"{stack.emulator.url}/{pool}/.well-known/jwks.json"}
        seen: set[str] = set()
        _changes(stack, seen)

        deploy(stack.emulator, kept | google, functions=True)
        done = _changes(stack, seen)
        # The embedded AWS calls what it makes in an update UPDATE_COMPLETE, too.
        called = done.index(("UserPool", "UPDATE_COMPLETE"))
        assert {("SignUpFunction", "UPDATE_COMPLETE"), ("SignUpPermission", "UPDATE_COMPLETE")} <= set(done[:called])
        assert cognito.describe_user_pool(UserPoolId=pool)["UserPool"]["LambdaConfig"]["PreSignUp"].endswith("-local")
        Person(stack.front.url, "with-google@example.com").register()

        deploy(stack.emulator, kept | dict.fromkeys(google, ""), functions=True)
        assert "motiv8-sign-up-local" not in deployed(client("lambda", stack.emulator))
        assert "PreSignUp" not in cognito.describe_user_pool(UserPoolId=pool)["UserPool"].get("LambdaConfig", {})
        Person(stack.front.url, "without-google@example.com").register()
