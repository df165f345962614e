"""/v1/auth/token takes one body for each grant, and says which field of it is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from stand_in.aws_calls import AwsCalls

Call = Callable[..., Any]
EMAIL = {"email": "ada@example.com"}


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "body.grant_type", "union_tag_not_found"),
        ({"grant_type": "implicit"}, "body.grant_type", "union_tag_invalid"),
        ({"grant_type": "password", **EMAIL}, "body.password", "missing"),
        ({"grant_type": "password", **EMAIL, "password": 7}, "body.password", "string_type"),
        ({"grant_type": "password", "email": "ada", "password": "x"}, "body.email", "value_error"),
        ({"grant_type": "password", **EMAIL, "password": "x", "code": "123456"}, "body.code", "extra_forbidden"),
        (
            {"grant_type": "mfa_code", **EMAIL, "session": "s" * 20, "code": "12345x"},
            "body.code",
            "string_pattern_mismatch",
        ),
        ({"grant_type": "refresh_token", "refresh_token": None}, "body.refresh_token", "string_type"),
    ],
)
def test_what_is_wrong_is_named_by_its_field_and_a_code(call: Call, body: object, field: str, code: str) -> None:
    answer = call("POST", "/v1/auth/token", body)
    assert answer.status == 422
    assert [(each["field"], each["code"]) for each in answer.json["errors"]] == [(field, code)]


def test_an_email_that_nobody_has_is_refused_like_a_wrong_password(call: Call) -> None:
    """Nothing tells that there is no such account."""
    answer = call("POST", "/v1/auth/token", {"grant_type": "password", **EMAIL, "password": "any"})
    assert (answer.status, answer.json["type"]) == (401, "urn:motiv8:problem:wrong-credentials")


def test_a_refresh_token_that_renews_nothing_ends_the_session(call: Call) -> None:
    answer = call("POST", "/v1/auth/token", {"grant_type": "refresh_token", "refresh_token": "any"})
    assert (answer.status, answer.json["type"]) == (401, "urn:motiv8:problem:session-ended")


def test_renewing_does_not_make_a_sign_in_fresh(call: Call, sign: Callable[..., str], cognito: AwsCalls) -> None:
    token = sign(origin_jti="session-of-an-hour-ago")
    tokens = {"AccessToken": token, "IdToken": "id", "RefreshToken": "refresh", "ExpiresIn": 900}
    cognito.answer("get_tokens_from_refresh_token", {"AuthenticationResult": tokens})
    assert call("POST", "/v1/auth/token", {"grant_type": "refresh_token", "refresh_token": "any"}).status == 200
    assert call("GET", "/v1/me/export", token=token).status == 403
