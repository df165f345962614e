"""With an access token alone nobody changes how its owner signs in: not by the API, and not at Cognito past it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from motiv8_tooling.client.person import Person
from motiv8_tooling.local.local_stack import LocalStack
from motiv8_tooling.local.provisioning import client
from stand_in.authenticator import code

Somebody = Callable[..., Person]

# What Cognito lets a person do by their access token, as far as the embedded AWS has it.
AT_COGNITO: dict[str, dict[str, Any]] = {
    "associate_software_token": {},
    "verify_software_token": {"UserCode": "123456"},
    "set_user_mfa_preference": {"SoftwareTokenMfaSettings": {"Enabled": False}},
    "change_password": {"PreviousPassword": "a long enough password", "ProposedPassword": "the thief knows it"},
    "update_user_attributes": {"UserAttributes": [{"Name": "email", "Value": "thief@example.com"}]},
    "get_user": {},
    "global_sign_out": {},
    "delete_user": {},
}


def _sign_in(person: Person) -> dict[str, str]:
    grant = {"grant_type": "password", "email": person.email, "password": person.password}
    tokens: dict[str, str] = person.expect("POST", "/v1/auth/token", grant)
    return tokens


def _renewed(person: Person) -> str:
    grant = {"grant_type": "refresh_token", "refresh_token": _sign_in(person)["refresh_token"]}
    return str(person.expect("POST", "/v1/auth/token", grant)["access_token"])


@pytest.mark.parametrize("operation", AT_COGNITO)
def test_cognito_does_nothing_for_the_token_of_a_sign_in_or_a_renewal(
    stack: LocalStack, somebody: Somebody, operation: str
) -> None:
    person = somebody()
    for stolen in (person.token, _renewed(person)):
        with pytest.raises(ClientError, match=r"NotAuthorizedException.*required scopes"):
            getattr(client("cognito-idp", stack.emulator), operation)(AccessToken=stolen, **AT_COGNITO[operation])
    person.sign_in()
    assert person.expect("GET", "/v1/me")["email"] == person.email


def test_the_refresh_token_gives_none_that_can_do_more_at_cognito_directly(
    stack: LocalStack, somebody: Somebody
) -> None:
    cognito = client("cognito-idp", stack.emulator)
    person = somebody()
    tokens = cognito.get_tokens_from_refresh_token(
        ClientId=stack.outputs["UserPoolClientId"], RefreshToken=_sign_in(person)["refresh_token"]
    )["AuthenticationResult"]
    with pytest.raises(ClientError, match="required scopes"):
        cognito.get_user(AccessToken=tokens["AccessToken"])


def test_the_api_asks_for_the_password_before_a_second_factor_or_another_email(somebody: Somebody) -> None:
    person = somebody()
    wrong = {"password": "what the thief guesses"}
    for path, body in (
        ("/v1/auth/mfa", {}),
        ("/v1/auth/mfa/verify", {"code": "123456"}),
        ("/v1/auth/mfa/disable", {"code": "123456"}),
        ("/v1/auth/email", {"email": "thief@example.com"}),
    ):
        assert person.call("POST", path, body).status_code == 422
        answer = person.call("POST", path, body | wrong)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "body.password")


def test_with_the_password_as_well_a_second_factor_stands_in_the_way(somebody: Somebody) -> None:
    person = somebody()
    password = {"password": person.password}
    secret = person.expect("POST", "/v1/auth/mfa", password)["secret"]
    person.expect("POST", "/v1/auth/mfa/verify", password | {"code": code(secret)})
    wrong = f"{(int(code(secret)) + 1) % 1_000_000:06}"
    assert person.call("POST", "/v1/auth/mfa", password).status_code == 409
    assert person.call("POST", "/v1/auth/mfa/verify", password | {"code": wrong}).status_code == 409
    assert person.call("POST", "/v1/auth/mfa/disable", password | {"code": wrong}).status_code == 422
    for changed in ({}, {"code": wrong}):
        answer = person.call("POST", "/v1/auth/email", password | {"email": "thief@example.com"} | changed)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "body.code")
    assert person.expect("GET", "/v1/auth/mfa") == {"enabled": True}
    with_code = password | {"email": "moved@example.com", "code": code(secret)}
    assert person.call("POST", "/v1/auth/email", with_code).status_code == 202


def test_the_owner_gets_a_mail_about_each_change(stack: LocalStack, somebody: Somebody) -> None:
    person = somebody()
    password = {"password": person.password}
    secret = person.expect("POST", "/v1/auth/mfa", password)["secret"]
    person.expect("POST", "/v1/auth/mfa/verify", password | {"code": code(secret)})
    person.expect("POST", "/v1/auth/mfa/disable", password | {"code": code(secret)})
    person.expect("POST", "/v1/auth/logout")
    person.token = ""
    person.expect("POST", "/v1/auth/password/forgot", {"email": person.email})
    reset = {"email": person.email, "code": "654321", "password": "another long password"}
    person.expect("POST", "/v1/auth/password/reset", reset)
    mails = [stack.mailbox.read(path.name) for path in stack.mailbox.files()]
    subjects = [str(mail["Subject"]) for mail in mails if mail["To"] == person.email]
    for said in (
        "verification is on",
        "verification is off",
        "signed out of all devices",
        "password of your motiv8 account",
    ):
        assert len([subject for subject in subjects if said in subject]) == 1, said
