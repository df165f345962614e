"""An environment away, with all that it holds."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from motiv8_tooling.operations import edge
from motiv8_tooling.operations.environment import Environment, client
from motiv8_tooling.operations.errors import OperationError
from motiv8_tooling.operations.stack import Stack

if TYPE_CHECKING:
    from collections.abc import Callable

_GONE = frozenset(
    {
        "NoSuchBucket",
        "NotFoundException",
        "RepositoryNotFoundException",
        "ResourceNotFoundException",
        "404",
    }
)
_SHORTEST_KEY_WAIT_DAYS = 7


def tear_down(environment: Environment, say: Callable[[str], None], confirm: Callable[[str], None]) -> None:
    """Remove the stack, what it keeps on deletion (tables, buckets with every version, pool with its trigger, secret,
    key, images), and its artifacts. Running it again goes on where it stopped. Raises OperationError, for prod and what
    is protected too.

    Dev's sender stays with its configuration set, since previews mail by it.
    """
    if environment.name == "prod":
        raise OperationError("prod cannot be torn down by a script.")
    if held := protections(environment):
        raise OperationError(
            f"{environment.name} is protected ({', '.join(held)}), since it serves people: nothing was done. Lift that "
            f"with scripts/deploy-phased.sh {environment.name} {environment.account} --phase base --parameter Tier=dev "
            "if nobody needs it any more."
        )
    confirm(environment.name)
    stack = Stack(client("cloudformation"), environment.stack, say)
    pool, key = _pool(environment), _key(environment) or _key_of_pictures(environment)
    for bucket in environment.buckets:
        _empty(bucket, say)
    if stack.delete():
        say(f"  stack {environment.stack} is gone")
    # AWS deletes no firewall while CloudFront uses it.
    edge.stack(environment, say).delete()
    _remove_retained(environment, pool, key, say)
    Stack(client("cloudformation"), environment.artifacts_stack, say).delete()
    for bucket in [*environment.buckets, environment.artifacts_bucket]:
        _empty(bucket, say)
        if _unless_gone(client("s3").delete_bucket, Bucket=bucket):
            say(f"  bucket {bucket} is gone")
    left = remains(environment)
    if left:
        raise OperationError(f"{environment.name} still has {', '.join(left)}. Run this again.")
    say(f"nothing is left of {environment.name}")


def protections(environment: Environment) -> list[str]:
    """What keeps the environment from being deleted."""
    stack = Stack(client("cloudformation"), environment.stack, lambda _: None).described() or {}
    held = [environment.stack] if stack.get("EnableTerminationProtection") else []
    for table in _tables(environment):
        with suppress(client("dynamodb").exceptions.ResourceNotFoundException):
            found = client("dynamodb").describe_table(TableName=table)["Table"]
            held += [table] if found.get("DeletionProtectionEnabled") else []
    if pool := _pool(environment):
        described = client("cognito-idp").describe_user_pool(UserPoolId=pool)["UserPool"]
        held += ["user pool"] if described.get("DeletionProtection") == "ACTIVE" else []
    return held


def remains(environment: Environment) -> list[str]:
    """What is still there under the environment's names."""
    found = [
        each
        for each in (environment.stack, environment.artifacts_stack)
        if Stack(client("cloudformation"), each, lambda _: None).described()
    ]
    found += [environment.edge_stack] if edge.stack(environment, lambda _: None).described() else []
    found += [
        table for table in _tables(environment) if _unless_gone(client("dynamodb").describe_table, TableName=table)
    ]
    buckets = [*environment.buckets, environment.artifacts_bucket]
    found += [bucket for bucket in buckets if _unless_gone(client("s3").head_bucket, Bucket=bucket)]
    found += [
        repository
        for repository in _repositories(environment)
        if _unless_gone(client("ecr").describe_repositories, repositoryNames=[repository])
    ]
    found += [
        f"configuration set {name}"
        for name in _configuration_sets(environment)
        if _unless_gone(client("sesv2").get_configuration_set, ConfigurationSetName=name)
    ]
    found += [f"secret {secret}" for secret in _tool_server_secrets(environment)]
    return found + not_importable(environment)


def not_importable(environment: Environment) -> list[str]:
    """What of it CloudFormation would not take over into a new stack: what AWS gives its identifier, and the pool's
    trigger, which goes with the pool."""
    found = [f"user pool motiv8-{environment.name}"] if _pool(environment) else []
    if _unless_gone(client("lambda").get_function_configuration, FunctionName=_trigger(environment)):
        found.append(f"function {_trigger(environment)}")
    if _unless_gone(client("secretsmanager").describe_secret, SecretId=_secret(environment)):
        found.append(f"secret {_secret(environment)}")
    if key := _key_of_pictures(environment):
        found.append(f"key {key}")
    return found


def _remove_retained(environment: Environment, pool: str | None, key: str | None, say: Callable[[str], None]) -> None:
    for table in _tables(environment):
        if _unless_gone(client("dynamodb").delete_table, TableName=table):
            client("dynamodb").get_waiter("table_not_exists").wait(TableName=table, WaiterConfig={"Delay": 2})
            say(f"  table {table} is gone")
    for repository in _repositories(environment):
        if _unless_gone(client("ecr").delete_repository, repositoryName=repository, force=True):
            say(f"  registry {repository} is gone")
    if pool and _unless_gone(client("cognito-idp").delete_user_pool, UserPoolId=pool):
        say(f"  user pool motiv8-{environment.name} is gone")
    _remove_trigger(_trigger(environment), say)
    for name in _configuration_sets(environment):
        if _unless_gone(client("sesv2").delete_configuration_set, ConfigurationSetName=name):
            say(f"  configuration set {name} is gone")
    for secret in (_secret(environment), *_tool_server_secrets(environment)):
        if _unless_gone(client("secretsmanager").delete_secret, SecretId=secret, ForceDeleteWithoutRecovery=True):
            say(f"  secret {secret} is gone")
    if key and _unless_gone(
        client("kms").schedule_key_deletion, KeyId=key, PendingWindowInDays=_SHORTEST_KEY_WAIT_DAYS
    ):
        say(f"  key {key} goes in {_SHORTEST_KEY_WAIT_DAYS} days, which is the soonest that AWS lets it")


def _remove_trigger(name: str, say: Callable[[str], None]) -> None:
    """The function that the pool asks before each token; its role first, whose name is in nothing else."""
    functions, iam = client("lambda"), client("iam")
    try:
        role = functions.get_function_configuration(FunctionName=name)["Role"].rpartition("/")[2]
    except functions.exceptions.ResourceNotFoundException:
        return
    with suppress(iam.exceptions.NoSuchEntityException):
        for policy in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
            iam.detach_role_policy(RoleName=role, PolicyArn=policy["PolicyArn"])
        iam.delete_role(RoleName=role)
    functions.delete_function(FunctionName=name)
    say(f"  function {name} is gone")


def _trigger(environment: Environment) -> str:
    return f"motiv8-tokens-{environment.name}"


def _tables(environment: Environment) -> list[str]:
    return [
        f"{name}-{environment.name}"
        for name in ("users", "portraits", "documents", "namespaces", "conversations", "idempotency")
    ]


def _repositories(environment: Environment) -> list[str]:
    return [f"motiv8-{name}-{environment.name}" for name in ("api-handler", "library", "studio")]


def _configuration_sets(environment: Environment) -> list[str]:
    return [] if environment.name == "dev" else [f"motiv8-{environment.name}"]


def _secret(environment: Environment) -> str:
    return f"motiv8-links-{environment.name}"


def _tool_server_secrets(environment: Environment) -> list[str]:
    """Those that operators gave the API."""
    beginning = f"motiv8/{environment.name}/tool-servers/"
    pages = (
        client("secretsmanager")
        .get_paginator("list_secrets")
        .paginate(Filters=[{"Key": "name", "Values": [beginning]}])
    )
    return [secret["Name"] for page in pages for secret in page["SecretList"] if secret["Name"].startswith(beginning)]


def _pool(environment: Environment) -> str | None:
    """The pool's id by its name: a restored stack has none of its own, and uses one that must stay."""
    pages = client("cognito-idp").get_paginator("list_user_pools").paginate(MaxResults=60)
    pools = (pool for page in pages for pool in page["UserPools"])
    return next((pool["Id"] for pool in pools if pool["Name"] == f"motiv8-{environment.name}"), None)


def _key(environment: Environment) -> str | None:
    try:
        metadata = client("kms").describe_key(KeyId=f"alias/motiv8-faces-{environment.name}")["KeyMetadata"]
    except ClientError:
        return None
    return str(metadata["KeyId"])


def _key_of_pictures(environment: Environment) -> str | None:
    """The key that the pictures are encrypted with: its alias went with the stack, and the bucket still names it."""
    try:
        answer = client("s3").get_bucket_encryption(Bucket=environment.bucket("media"))
    except ClientError as error:
        if error.response["Error"]["Code"] in {*_GONE, "ServerSideEncryptionConfigurationNotFoundError"}:
            return None
        raise
    [rule] = answer["ServerSideEncryptionConfiguration"]["Rules"]
    key: str | None = rule["ApplyServerSideEncryptionByDefault"].get("KMSMasterKeyID")
    return key and key.rpartition("/")[2]


def _empty(bucket: str, say: Callable[[str], None]) -> None:
    s3 = client("s3")
    gone = 0
    try:
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
            found = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
            if found:
                objects = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in found]
                answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True})
                if failed := answer.get("Errors"):
                    raise OperationError(f"{len(failed)} objects of {bucket} stay: {failed[0].get('Message')}")
                gone += len(found)
    except ClientError as error:
        if error.response["Error"]["Code"] not in _GONE:
            raise
    if gone:
        say(f"  bucket {bucket}: {gone} object versions are gone")


def _unless_gone(call: Any, **arguments: Any) -> bool:
    """Make a call; False when what it is about is not there."""
    try:
        call(**arguments)
    except ClientError as error:
        if error.response["Error"]["Code"] in _GONE:
            return False
        raise
    return True
