"""What tests rely on when they say what AWS answers: no call, and no answer, that AWS does not have."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError, ParamValidationError, ReadTimeoutError

from motiv8.aws import clients
from motiv8.aws.user_pool import directory
from motiv8.settings import settings
from stand_in.aws_calls import AwsCalls


def test_a_call_with_parameters_that_aws_does_not_take_gets_no_answer(cognito: AwsCalls) -> None:
    cognito.answer("admin_user_global_sign_out", {})
    with pytest.raises(ParamValidationError, match="Username"):
        clients.cognito().admin_user_global_sign_out(UserPoolId=settings().user_pool_id)  # type: ignore[call-arg]
    assert cognito.calls("admin_user_global_sign_out") == []


@pytest.mark.parametrize("answer", [{"Users": {}}, {"Persons": []}])
def test_an_answer_that_aws_does_not_give_is_an_error(cognito: AwsCalls, answer: dict[str, object]) -> None:
    with pytest.raises(ParamValidationError):
        cognito.answer("list_users", answer)


def test_an_operation_or_a_parameter_that_aws_does_not_have_is_an_error(cognito: AwsCalls) -> None:
    with pytest.raises(KeyError, match="list_people"):
        cognito.refuse("list_people", "TooManyRequestsException")
    with pytest.raises(AssertionError, match="Email"):
        cognito.refuse("list_users", "TooManyRequestsException", Email="ada@example.com")


def test_a_refusal_is_aws_error_for_so_many_calls_and_nothing_is_done(cognito: AwsCalls) -> None:
    cognito.refuse("admin_create_user", "TooManyRequestsException", times=1, Username="ada@example.com")
    directory.invite("bob@example.com", "UTC")
    with pytest.raises(clients.cognito().exceptions.TooManyRequestsException) as refused:
        directory.invite("ada@example.com", "UTC")
    assert refused.value.operation_name == "AdminCreateUser"
    assert directory.find("ada@example.com") is None
    assert directory.invite("ada@example.com", "UTC")
    assert [asked["Username"][:3] for asked in cognito.calls("admin_create_user")] == ["bob", "ada", "ada"]


def test_a_refusal_that_no_call_meets_fails_the_test() -> None:
    with pytest.raises(AssertionError, match="ListUsers"), AwsCalls(clients.cognito()) as cognito:
        cognito.refuse("list_users", "TooManyRequestsException")


def test_a_call_whose_answer_is_lost_is_done(cognito: AwsCalls) -> None:
    cognito.crash_after("admin_create_user", times=1)
    with pytest.raises(ReadTimeoutError):
        directory.invite("ada@example.com", "UTC")
    assert directory.find("ada@example.com") is not None


def test_the_rule_that_was_given_last_decides(cognito: AwsCalls) -> None:
    cognito.answer("list_users", {"Users": []})
    cognito.refuse("list_users", "TooManyRequestsException", times=1)
    with pytest.raises(ClientError, match="TooManyRequestsException"):
        directory.find("ada@example.com")
    assert directory.find("ada@example.com") is None


def test_a_clients_calls_are_its_own_again_after_the_block() -> None:
    with AwsCalls(clients.cognito()) as cognito:
        cognito.answer("list_users", {"Users": []})
    directory.invite("ada@example.com", "UTC")
    assert directory.find("ada@example.com") is not None
    assert cognito.made == []


def test_a_providers_account_signs_in_to_one_account() -> None:
    ada, bob = (directory.invite(f"{name}@example.com", "UTC") for name in ("ada", "bob"))
    assert directory.link(ada, "Google", "1")
    assert not directory.link(bob, "Google", "1")
    assert directory.link(ada, "SignInWithApple", "1")
    assert "identities" in directory.owner(ada)
