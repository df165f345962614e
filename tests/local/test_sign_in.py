"""Passwords on the deployed stack: by way of the API, and past it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError

from motiv8.local.deploy import client
from motiv8.local.person import Person
from motiv8.local.stack import Stack


def test_an_unconfirmed_sign_up_sounds_like_a_wrong_password(stack: Stack, somebody: Callable[..., Person]) -> None:
    unconfirmed = Person(stack.front.url, "unconfirmed@example.com")
    unconfirmed.sign_up("UTC")
    grants = [
        {"email": unconfirmed.email, "password": unconfirmed.password},
        {"email": somebody().email, "password": "a wrong password"},
    ]
    answers = [unconfirmed.call("POST", "/v1/auth/token", {"grant_type": "password"} | each) for each in grants]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert len({answer.json()["detail"] for answer in answers}) == 1


def test_cognito_itself_takes_no_password_from_anybody(stack: Stack, somebody: Callable[..., Person]) -> None:
    person = somebody()
    with pytest.raises(ClientError, match="USER_PASSWORD_AUTH"):
        client("cognito-idp", stack.emulator).initiate_auth(
            ClientId=stack.outputs["UserPoolClientId"],
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": person.email, "PASSWORD": person.password},
        )
