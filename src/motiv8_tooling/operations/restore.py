"""Tables and buckets as they were at a moment, in a stack of their own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from motiv8 import clock
from motiv8_tooling.operations import artifacts, edge
from motiv8_tooling.operations.deploy import roll_out
from motiv8_tooling.operations.environment import Environment, client, parameters
from motiv8_tooling.operations.errors import OperationError
from motiv8_tooling.operations.package import package
from motiv8_tooling.operations.stack import Stack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KEPT_DAYS = 35
"""How far back DynamoDB's point-in-time recovery reaches."""
_TABLES = ("users", "portraits", "documents", "namespaces", "conversations")
_BUCKETS = ("uploads", "media", "library")
# It follows from the documents, and its old versions are kept for a day alone.
_LEFT_OUT = {"library": "index/"}
_COPIES_AT_ONCE = 16


def moment(text: str) -> datetime:
    """The moment to go back to, as `2026-11-20T06:00:00Z`. Raises OperationError."""
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise OperationError(f"{text!r} is not a time. Use 2026-11-20T06:00:00Z.") from None
    if given.tzinfo is None:
        raise OperationError(f"{text!r} has no time zone. Add Z for UTC.")
    now = clock.now()
    if not now - timedelta(days=KEPT_DAYS) <= given <= now:
        raise OperationError(f"{text} cannot be restored. Backups cover the last {KEPT_DAYS} days.")
    return given.astimezone(UTC)


def restore(
    source: Environment, at: datetime, target: Environment, say: Callable[[str], None], confirm: Callable[[str], None]
) -> None:
    """Make the base of `target` (restore-N) and fill it with what `source` held at that moment.

    Its accounts stay in the source's user pool, which no backup holds. Nothing of the source is changed.
    Raises OperationError; a restore that stopped half-way is torn down and begun again.
    """
    if target.kind != "restore":
        raise OperationError(f"A restore goes to an environment of its own, restore-N, not to {target.name}.")
    cloudformation = client("cloudformation")
    old = Stack(cloudformation, source.stack, say)
    outputs = old.outputs()
    if not outputs:
        raise OperationError(f"There is no stack {source.stack} in this account.")
    if Stack(cloudformation, target.stack, say).described():
        raise OperationError(
            f"{target.name} already exists. Use another number, or run scripts/teardown.sh {target.name}."
        )
    for table in _TABLES:
        check_reachable(f"{table}-{source.name}", at)
    artifacts.ensure_bucket(target, say)
    given = parameters_for(source, old.parameters(), outputs, target)
    roll_out(target, package(), given, say, confirm)
    for table in _TABLES:
        rows = _restore_table(f"{table}-{source.name}", f"{table}-{target.name}", at, say)
        say(f"  {table}-{target.name}: {rows:,} rows of {at:%Y-%m-%d %H:%M:%S} UTC")
    for bucket in _BUCKETS:
        names = [each.bucket(bucket) for each in (source, target)]
        copied = _restore_bucket(names[0], names[1], at, _LEFT_OUT.get(bucket))
        say(f"  {names[1]}: {copied:,} objects of {at:%Y-%m-%d %H:%M:%S} UTC")


def parameters_for(
    source: Environment, old: dict[str, str], outputs: dict[str, str], target: Environment
) -> dict[str, str]:
    """The new stack's parameters: the old one's and its tier, but for what one stack alone can have."""
    # A boundary holds roles to the environment that it was made for.
    own = {"ManageSenderIdentity", "DomainName", "PermissionsBoundary", "Release", *edge.OPEN}
    kept = {name: value for name, value in old.items() if name not in own}
    return parameters(target, (), kept) | {
        "EnvironmentName": target.name,
        "Tier": source.tier,
        "DeployFunctions": "false",
        "ImageTag": "none",
        "SharedUserPoolId": outputs["UserPoolId"],
        "SharedUserPoolClientId": outputs["UserPoolClientId"],
    }


def check_reachable(table: str, at: datetime) -> None:
    """That DynamoDB can bring the table back to that moment. Raises OperationError.

    The newest moment is typically five minutes ago (DynamoDB API Reference, PointInTimeRecoveryDescription).
    """
    found = client("dynamodb").describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
    newest = found.get("PointInTimeRecoveryDescription", {}).get("LatestRestorableDateTime")
    if newest and at > newest:
        raise OperationError(
            f"{at:%Y-%m-%dT%H:%M:%SZ} is too new for {table}: nothing was done. DynamoDB follows about five minutes "
            f"behind and reaches {newest.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ} now: wait, or give an earlier moment."
        )


def _restore_table(source: str, target: str, at: datetime, say: Callable[[str], None]) -> int:
    """By way of a table that DynamoDB restores, since it does so into new ones alone; returns the rows."""
    dynamodb = client("dynamodb")
    between = f"{target}-at-{at:%Y%m%d%H%M%S}"
    say(f"  restoring {source} (DynamoDB takes its time: from minutes to an hour)")
    dynamodb.restore_table_to_point_in_time(SourceTableName=source, TargetTableName=between, RestoreDateTime=at)
    dynamodb.get_waiter("table_exists").wait(TableName=between, WaiterConfig={"Delay": 5, "MaxAttempts": 1440})
    try:
        return sum(_put(dynamodb, target, page["Items"]) for page in _scan(dynamodb, between))
    finally:
        dynamodb.delete_table(TableName=between)


def _scan(dynamodb: Any, table: str) -> Iterator[dict[str, Any]]:
    yield from dynamodb.get_paginator("scan").paginate(TableName=table)


def _put(dynamodb: Any, table: str, items: list[dict[str, Any]]) -> int:
    for start in range(0, len(items), 25):
        waiting = {table: [{"PutRequest": {"Item": item}} for item in items[start : start + 25]]}
        while waiting:
            waiting = dynamodb.batch_write_item(RequestItems=waiting).get("UnprocessedItems", {})
    return len(items)


def _restore_bucket(source: str, target: str, at: datetime, left_out: str | None) -> int:
    """Copy the version of each object that was current then; returns how many there were."""
    s3 = client("s3")

    def copy(version: dict[str, Any]) -> None:
        origin = {"Bucket": source, "Key": version["Key"], "VersionId": version["VersionId"]}
        s3.copy_object(Bucket=target, Key=version["Key"], CopySource=origin)

    found = current_at(_versions(s3, source), at)
    kept = [each for each in found if left_out is None or not each["Key"].startswith(left_out)]
    with ThreadPoolExecutor(_COPIES_AT_ONCE) as copies:
        return sum(1 for _ in copies.map(copy, kept))


def _versions(s3: Any, bucket: str) -> Iterator[dict[str, Any]]:
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        yield from page.get("Versions", ())
        yield from ({**marker, "Deleted": True} for marker in page.get("DeleteMarkers", ()))


def current_at(versions: Iterator[dict[str, Any]], at: datetime) -> Iterator[dict[str, Any]]:
    """Of each key's versions and delete markers, the one that was current then, unless it is a marker."""
    newest: dict[str, dict[str, Any]] = {}
    for version in versions:
        if version["LastModified"] <= at:
            known = newest.get(version["Key"])
            if known is None or version["LastModified"] > known["LastModified"]:
                newest[version["Key"]] = version
    return (version for version in newest.values() if not version.get("Deleted"))
