"""The evaluator of IAM policies that the conformance tests decide with, against AWS's documented rules."""

from __future__ import annotations

from typing import Any

import pytest

from stand_in.iam import Request, allows

TABLE = "arn:aws:dynamodb:eu-central-1:123456789012:table/users-prod"


def _policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _allow(action: str = "*", resource: str = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def _condition(operator: str, key: str, *values: str) -> dict[str, Any]:
    return _policy(_allow(Condition={operator: {key: list(values)}}))


def test_what_no_statement_allows_is_refused() -> None:
    assert not allows([_policy()], Request("s3:GetObject"))
    assert not allows([_policy(_allow("s3:PutObject"))], Request("s3:GetObject"))


def test_a_deny_wins_over_every_allow() -> None:
    denied = {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}
    assert not allows([_policy(_allow()), _policy(denied)], Request("iam:CreateUser"))
    assert allows([_policy(_allow()), _policy(denied)], Request("s3:GetObject"))


def test_actions_match_in_any_case_and_by_wildcards() -> None:
    assert allows([_policy(_allow("Dynamodb:get*"))], Request("dynamodb:GetItem", TABLE))
    assert not allows([_policy(_allow("dynamodb:Get?"))], Request("dynamodb:GetItem", TABLE))


def test_not_action_is_every_other_action() -> None:
    statement = {"Effect": "Allow", "NotAction": ["iam:*"], "Resource": "*"}
    assert allows([_policy(statement)], Request("s3:GetObject"))
    assert not allows([_policy(statement)], Request("iam:CreateUser"))


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        (TABLE, True),
        ("arn:aws:dynamodb:*:123456789012:table/*-prod", True),
        ("arn:aws:dynamodb:eu-central-1:123456789012:table/users-*", True),
        ("arn:aws:dynamodb:eu-central-1:123456789012:table/*-dev-pr-*", False),
        ("arn:aws:dynamodb:*:table/users-prod", False),
        ("arn:aws:dynamodb:eu-central-1:123456789012:TABLE/users-prod", False),
    ],
)
def test_a_resource_matches_part_by_part(pattern: str, matches: bool) -> None:
    assert allows([_policy(_allow(resource=pattern))], Request("dynamodb:GetItem", TABLE)) is matches


@pytest.mark.parametrize(
    ("operator", "values", "given", "holds"),
    [
        ("StringEquals", ["prod"], "prod", True),
        ("StringEquals", ["prod*"], "prod-2", False),
        ("StringEquals", ["prod"], None, False),
        ("StringLike", ["dev-pr-*"], "dev-pr-7", True),
        ("StringLike", ["dev-pr-*"], None, False),
        ("StringNotEquals", ["prod"], "dev", True),
        ("StringNotEquals", ["prod"], None, True),
        ("StringEqualsIfExists", ["prod"], None, True),
        ("StringLikeIfExists", ["dev-pr-*"], "prod", False),
        ("Null", ["true"], None, True),
        ("Null", ["true"], "prod", False),
        ("Null", ["false"], "prod", True),
        ("Bool", ["false"], "false", True),
        ("ForAnyValue:StringEquals", ["a"], ["b", "a"], True),
        ("ForAnyValue:StringEquals", ["a"], None, False),
        ("ForAllValues:StringEquals", ["a", "b"], ["b", "a"], True),
        ("ForAllValues:StringEquals", ["a"], ["b", "a"], False),
        ("ForAllValues:StringEquals", ["a"], None, True),
    ],
)
def test_a_condition_holds(operator: str, values: list[str], given: Any, holds: bool) -> None:
    context = {} if given is None else {"AWS:ResourceTag/environment": given}
    policy = _condition(operator, "aws:ResourceTag/environment", *values)
    assert allows([policy], Request("s3:GetObject", context=context)) is holds


def test_an_arn_condition_matches_part_by_part() -> None:
    policy = _condition("ArnLike", "iam:PolicyARN", "arn:aws:iam::aws:policy/AWSXray*")
    assert allows([policy], Request("a:B", context={"iam:PolicyARN": "arn:aws:iam::aws:policy/AWSXrayWriteOnlyAccess"}))
    assert not allows(
        [policy], Request("a:B", context={"iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess"})
    )


def test_every_condition_of_a_statement_must_hold() -> None:
    both = _policy(_allow(Condition={"StringEquals": {"a:Key": "1", "b:Key": "2"}}))
    assert allows([both], Request("s3:GetObject", context={"a:Key": "1", "b:Key": "2"}))
    assert not allows([both], Request("s3:GetObject", context={"a:Key": "1"}))


def test_an_operator_that_is_not_known_is_an_error() -> None:
    with pytest.raises(ValueError, match="NumericLessThan"):
        allows([_condition("NumericLessThan", "a:Key", "1")], Request("s3:GetObject", context={"a:Key": "1"}))


def test_a_boundary_allows_nothing_by_itself_and_takes_away_what_it_does_not_name() -> None:
    boundary = _policy(_allow("s3:GetObject"))
    assert allows([_policy(_allow())], Request("s3:GetObject"), boundary)
    assert not allows([_policy(_allow())], Request("iam:CreateUser"), boundary)
    assert not allows([_policy()], Request("s3:GetObject"), boundary)
