"""Who signs up with somebody else's email, and who has an old session, on the deployed stack."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from motiv8_tooling.client.person import ApiError, Person
from motiv8_tooling.local.local_stack import LocalStack
from motiv8_tooling.local.provisioning import client


def _grant(person: Person) -> dict[str, str]:
    return {"grant_type": "password", "email": person.email, "password": person.password}


def test_the_password_counts_that_comes_with_the_code(stack: LocalStack) -> None:
    stranger = Person(stack.front.url, "first@example.com", password="known to the stranger")
    owner = Person(stack.front.url, "first@example.com", password="known to the owner only")
    body = {"email": owner.email, "time_zone": "UTC"}
    first = stranger.call("POST", "/v1/auth/register", body | {"password": stranger.password})
    again = owner.call("POST", "/v1/auth/register", body | {"password": owner.password})
    assert (first.status_code, first.content) == (again.status_code, again.content)
    owner.confirm()
    with pytest.raises(ApiError):
        stranger.sign_in()
    owner.sign_in()
    with pytest.raises(ApiError):
        stranger.confirm()
    owner.sign_in()


def test_a_sign_up_made_at_cognito_gives_way(stack: LocalStack) -> None:
    stranger = Person(stack.front.url, "direct@example.com", password="known to the stranger")
    owner = Person(stack.front.url, "direct@example.com", password="known to the owner only")
    client("cognito-idp", stack.emulator).sign_up(
        ClientId=stack.outputs["UserPoolClientId"], Username=stranger.email, Password=stranger.password
    )
    owner.register()
    with pytest.raises(ApiError):
        stranger.sign_in()
    owner.sign_in()


def test_a_reset_ends_every_session(somebody: Callable[..., Person]) -> None:
    person = somebody()
    refresh = person.expect("POST", "/v1/auth/token", _grant(person))["refresh_token"]
    renewal = {"grant_type": "refresh_token", "refresh_token": refresh}
    assert person.call("POST", "/v1/auth/token", renewal).status_code == 200
    person.call("POST", "/v1/auth/password/forgot", {"email": person.email})
    proof = {"email": person.email, "code": "654321", "password": "another long password"}
    person.expect("POST", "/v1/auth/password/reset", proof)
    assert person.call("POST", "/v1/auth/token", renewal).status_code == 401
