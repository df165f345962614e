"""What keeps an environment from being deleted."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from motiv8_tooling.operations import teardown
from motiv8_tooling.operations.environment import Environment
from motiv8_tooling.operations.errors import OperationError
from motiv8_tooling.operations.teardown import not_importable, protections, tear_down

_POLICY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "logs:*", "Resource": "*"}]}'


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The stack, as CloudFormation describes it."""
    described: dict[str, Any] = {"EnableTerminationProtection": False}

    class Deployed:
        def __init__(self, *_: object) -> None: ...

        @staticmethod
        def described() -> dict[str, Any]:
            return described

    monkeypatch.setattr(teardown, "Stack", Deployed)
    return described


def _table(name: str, *, protected: bool) -> None:
    boto3.client("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        DeletionProtectionEnabled=protected,
        AttributeDefinitions=[{"AttributeName": "user_id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "user_id", "KeyType": "HASH"}],
    )


def test_a_table_a_user_pool_and_a_stack_can_each_be_protected(stack: dict[str, Any]) -> None:
    given = Environment("restore-1")
    assert protections(given) == []
    _table("users-restore-1", protected=True)
    _table("portraits-restore-1", protected=False)
    boto3.client("cognito-idp").create_user_pool(PoolName="motiv8-restore-1", DeletionProtection="ACTIVE")
    assert protections(given) == ["users-restore-1", "user pool"]
    stack["EnableTerminationProtection"] = True
    assert protections(given) == ["motiv8-restore-1", "users-restore-1", "user pool"]


@pytest.mark.usefixtures("stack")
def test_what_is_protected_is_refused_before_anybody_is_asked() -> None:
    _table("users-restore-1", protected=True)
    asked: list[str] = []
    with pytest.raises(OperationError) as refused:
        tear_down(Environment("restore-1"), lambda _: None, asked.append)
    assert "is protected (users-restore-1)" in str(refused.value)
    assert "--phase base --parameter Tier=dev" in str(refused.value)
    assert asked == []
    boto3.client("dynamodb").describe_table(TableName="users-restore-1")


def test_what_a_new_stack_could_not_take_over_is_named_with_the_key_that_the_bucket_still_names() -> None:
    given = Environment("restore-1")
    assert not_importable(given) == []
    boto3.client("secretsmanager").create_secret(Name="motiv8-links-restore-1", SecretString="x")
    boto3.client("s3").create_bucket(Bucket=given.bucket("media"))
    by_key: Any = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "arn:aws:kms:us-east-1:123456789012:key/1234"}
    boto3.client("s3").put_bucket_encryption(
        Bucket=given.bucket("media"),
        ServerSideEncryptionConfiguration={"Rules": [{"ApplyServerSideEncryptionByDefault": by_key}]},
    )
    assert not_importable(given) == ["secret motiv8-links-restore-1", "key 1234"]


def test_the_trigger_of_the_pool_goes_with_its_role() -> None:
    iam, functions = boto3.client("iam"), boto3.client("lambda")
    role = iam.create_role(RoleName="motiv8-restore-1-TokenFunctionRole-AbC", AssumeRolePolicyDocument="{}")["Role"]
    policy = iam.create_policy(PolicyName="logs", PolicyDocument=_POLICY)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName=role["RoleName"], PolicyArn=policy)
    functions.create_function(
        FunctionName="motiv8-tokens-restore-1",
        Runtime="python3.13",
        Role=role["Arn"],
        Handler="index.handler",
        Code={"ZipFile": b"x"},
    )
    given = Environment("restore-1")
    assert not_importable(given) == ["function motiv8-tokens-restore-1"]
    for _ in range(2):
        teardown._remove_trigger("motiv8-tokens-restore-1", lambda _: None)
        assert not_importable(given) == []
        assert iam.list_roles()["Roles"] == []


def test_secrets_of_tool_servers_are_part_of_their_environment_alone() -> None:
    for name in ("restore-1", "restore-10"):
        boto3.client("secretsmanager").create_secret(Name=f"motiv8/{name}/tool-servers/everybody", SecretString="x")
    found = teardown._tool_server_secrets(Environment("restore-1"))
    assert found == ["motiv8/restore-1/tool-servers/everybody"]
