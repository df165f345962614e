"""Changing the email on the deployed stack."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from motiv8_tooling.client.person import ApiError, Person
from motiv8_tooling.local.local_stack import LocalStack

Somebody = Callable[..., Person]


def _mails(stack: LocalStack, address: str) -> list[str]:
    """Texts of what was mailed to an address by us, newest first."""
    mails = [stack.mailbox.read(path.name) for path in stack.mailbox.files()]
    bodies = [mail.get_body(("plain",)) for mail in mails if mail["To"] == address]
    return [body.get_content() for body in bodies if body]


def _code(stack: LocalStack, address: str) -> str:
    found = re.search(r"Your code is (\d{6})", _mails(stack, address)[0])
    assert found
    return found[1]


def _ask(person: Person, address: str) -> None:
    person.expect("POST", "/v1/auth/email", {"email": address, "password": person.password})


def test_the_email_is_changed_and_one_signs_in_with_the_new_one_alone(stack: LocalStack, somebody: Somebody) -> None:
    person, new = somebody(), "new-address@example.com"
    _ask(person, new)
    assert person.expect("GET", "/v1/me")["email"] == person.email
    person.sign_in()
    code = _code(stack, new)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    assert person.call("POST", "/v1/auth/email/verify", {"code": wrong}).status_code == 422
    assert person.expect("POST", "/v1/auth/email/verify", {"code": code})["email"] == new
    assert person.expect("GET", "/v1/me")["email"] == new
    assert person.call("POST", "/v1/auth/email/verify", {"code": code}).status_code == 422
    with pytest.raises(ApiError, match="wrong"):
        person.sign_in()
    old, person.email = person.email, new
    person.sign_in()
    changed, asked = _mails(stack, old)
    assert "with your new email" in changed
    assert "asked to change the email of your account" in asked
    # The address is the account's in Cognito, too: a forgotten password is reset by it, and others cannot have it.
    assert person.call("POST", "/v1/auth/password/forgot", {"email": new}).status_code == 202
    other = somebody()
    _ask(other, new)
    assert "Nothing was changed" in _mails(stack, new)[0]


def test_parallel_tries_are_counted_one_by_one(stack: LocalStack, somebody: Somebody) -> None:
    person, new = somebody(), "hurried@example.com"
    _ask(person, new)
    code = _code(stack, new)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    # As many as can all be settled by trying again: see `motiv8.aws.tables.change`.
    with ThreadPoolExecutor(8) as pool:
        tries = pool.map(lambda _: person.call("POST", "/v1/auth/email/verify", {"code": wrong}), range(8))
        assert {answer.status_code for answer in tries} == {422}
    assert person.call("POST", "/v1/auth/email/verify", {"code": code}).status_code == 422


def test_five_wrong_codes_end_the_right_one(stack: LocalStack, somebody: Somebody) -> None:
    person, new = somebody(), "guessed@example.com"
    _ask(person, new)
    code = _code(stack, new)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    for each in [wrong] * 5 + [code]:
        assert person.call("POST", "/v1/auth/email/verify", {"code": each}).status_code == 422
    assert person.expect("GET", "/v1/me")["email"] == person.email
    person.sign_in()
