"""The second factor on the deployed stack, with the codes of a real authenticator."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from motiv8_tooling.client.person import Person
from stand_in.authenticator import code


def test_the_authenticator_speaks_rfc_6238() -> None:
    # The first vector of RFC 6238's appendix B, its last six digits.
    assert code("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", 59) == "287082"


def test_a_sign_in_with_a_second_factor(somebody: Callable[..., Person]) -> None:
    person = somebody()
    given = {"password": person.password}
    secret = person.expect("POST", "/v1/auth/mfa", given)["secret"]
    wrong = f"{(int(code(secret)) + 1) % 1_000_000:06}"
    assert person.call("POST", "/v1/auth/mfa/verify", given | {"code": wrong}).status_code == 422
    assert person.expect("POST", "/v1/auth/mfa/verify", given | {"code": code(secret)}) == {"enabled": True}
    password = {"grant_type": "password", "email": person.email, "password": person.password}
    asked = person.expect("POST", "/v1/auth/token", password)
    assert asked["challenge"] == "mfa_code"
    step = {"grant_type": "mfa_code", "email": person.email, "session": asked["session"]}
    assert person.call("POST", "/v1/auth/token", step | {"code": wrong}).status_code in {401, 422}
    session = person.expect("POST", "/v1/auth/token", password)["session"]
    right = step | {"session": session, "code": code(secret)}
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: httpx.post(f"{person.api}/v1/auth/token", json=right, timeout=60), range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401], "a challenge signs in once"
    [person.token] = [answer.json()["access_token"] for answer in answers if answer.status_code == 200]
    assert person.expect("GET", "/v1/auth/mfa") == {"enabled": True}
    assert person.call("POST", "/v1/auth/mfa/disable", given | {"code": wrong}).status_code == 422
    assert person.expect("POST", "/v1/auth/mfa/disable", given | {"code": code(secret)}) == {"enabled": False}
    person.sign_in()
    assert person.expect("GET", "/v1/me")["email"] == person.email


def _with_second_factor(person: Person) -> str:
    """Switch one on; returns its secret."""
    secret: str = person.expect("POST", "/v1/auth/mfa", {"password": person.password})["secret"]
    person.expect("POST", "/v1/auth/mfa/verify", {"password": person.password, "code": code(secret)})
    return secret


def test_a_code_without_the_challenge_of_the_same_sign_in_signs_nobody_in(somebody: Callable[..., Person]) -> None:
    one, other = somebody(), somebody()
    secrets, challenges = {}, {}
    for person in (one, other):
        secret = _with_second_factor(person)
        password = {"grant_type": "password", "email": person.email, "password": person.password}
        secrets[person.email] = secret
        challenges[person.email] = person.expect("POST", "/v1/auth/token", password)["session"]
    for made_up in ("x" * 20, "x" * 2048, challenges[other.email]):
        step = {"grant_type": "mfa_code", "email": one.email, "session": made_up, "code": code(secrets[one.email])}
        assert one.call("POST", "/v1/auth/token", step).status_code == 401


@pytest.mark.parametrize("session", ["", "x", "x" * 4097])
def test_what_is_no_session_is_refused(somebody: Callable[..., Person], session: str) -> None:
    person = somebody()
    step = {"grant_type": "mfa_code", "email": person.email, "session": session, "code": "123456"}
    assert person.call("POST", "/v1/auth/token", step).status_code == 422
