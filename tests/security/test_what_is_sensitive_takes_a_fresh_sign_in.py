"""Ten minutes after the sign-in a stolen token exports nothing, deletes nothing, and puts no other face in place."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from motiv8_tooling.client.person import Person
from motiv8_tooling.local.local_stack import LocalStack
from stand_in.api_document import NEED_FRESH_SIGN_IN
from stand_in.sign_ins import ten_minutes_pass

Somebody = Callable[..., Person]


def _refused(person: Person) -> set[tuple[str, str]]:
    answers = {each: person.call(*each) for each in NEED_FRESH_SIGN_IN}
    return {
        each
        for each, answer in answers.items()
        if answer.status_code == 403 and answer.json()["type"].endswith(":fresh-sign-in-required")
    }


def _renew(person: Person, refresh_token: str) -> None:
    grant = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    person.token = person.expect("POST", "/v1/auth/token", grant)["access_token"]


def _sign_in(person: Person) -> str:
    """Returns the refresh token."""
    grant = {"grant_type": "password", "email": person.email, "password": person.password}
    tokens = person.expect("POST", "/v1/auth/token", grant)
    person.token = tokens["access_token"]
    return str(tokens["refresh_token"])


def test_a_session_of_ten_minutes_ago_is_refused_and_renewing_it_does_not_help(
    stack: LocalStack, somebody: Somebody
) -> None:
    person = somebody()
    refresh_token = _sign_in(person)
    ten_minutes_pass(stack)
    assert _refused(person) == NEED_FRESH_SIGN_IN
    _renew(person, refresh_token)
    assert _refused(person) == NEED_FRESH_SIGN_IN
    assert person.expect("GET", "/v1/me")["email"] == person.email
    person.sign_in()
    assert person.call("GET", "/v1/me/export").status_code == 200


def test_a_session_that_was_ended_on_its_device_is_refused_at_once(somebody: Somebody) -> None:
    person = somebody()
    refresh_token = _sign_in(person)
    assert person.call("GET", "/v1/me/export").status_code == 200
    assert person.call("POST", "/v1/auth/revoke", {"refresh_token": refresh_token}).status_code == 204
    assert _refused(person) == NEED_FRESH_SIGN_IN


@pytest.mark.parametrize("path", ["/v1/me/export/", "/v1/me/export"])
def test_another_way_to_write_the_address_is_no_way_around(stack: LocalStack, somebody: Somebody, path: str) -> None:
    person = somebody()
    ten_minutes_pass(stack)
    assert person.call("GET", path).status_code in {403, 404}
