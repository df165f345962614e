"""Planning an hour: what is read when 1 % of the users are due, against moto in process."""

from __future__ import annotations

import os
import time
from collections import Counter
from datetime import timedelta
from typing import Any

from benchmarks.people import NOW, due_on_friday
from benchmarks.stand_in import environment
from benchmarks.table import show

SIZES = (1_000, 10_000, 100_000)


def main() -> None:
    """Load the users past the API, plan once, and print what the plan asked the table for."""
    os.environ.update(environment(""))
    del os.environ["AWS_ENDPOINT_URL"]
    from moto import mock_aws

    rows = []
    for users in SIZES:
        with mock_aws():
            rows.append(_plan(users))
    show(
        "Daily plan, 1 % due: reads grow with those due",
        ("users", "due", "index queries", "index items", "batch reads", "rows read", "other reads", "seconds (moto)"),
        rows,
    )


def _plan(users: int) -> tuple[object, ...]:
    from motiv8.aws import clients, tables

    for cached in (clients._client, clients.session, tables.connection):
        cached.cache_clear()
    tables.UserRow._connection = None
    tables.UserRow.create_table(billing_mode="PAY_PER_REQUEST")
    clients.s3().create_bucket(Bucket="media")
    _load(users)
    asked: Counter[str] = Counter()
    clients.session().register("before-parameter-build.dynamodb", lambda **event: asked.update([event["model"].name]))
    received: Counter[str] = Counter()
    clients.session().register(
        "after-call.dynamodb", lambda **event: received.update(_sizes(event["model"].name, event["parsed"]))
    )
    tables.connection.cache_clear()
    from motiv8.pipeline.plan_day import plan_day
    from motiv8.pipeline.plan_part import BATCH, plan_part

    begun, due = time.perf_counter(), 0
    for group in plan_day(NOW, "benchmark", {})["groups"]:
        more = True
        while more:
            group["planned"] = {"value": plan_part(group)}
            more = group["planned"]["value"]["more"]
        due += sum(part["batch_count"] for part in group["planned"]["value"]["parts"]) * BATCH
    seconds = time.perf_counter() - begun
    others = sum(asked.values()) - asked["Query"] - asked["BatchGetItem"]
    return (
        f"{users:,}",
        f"{due:,}",
        asked["Query"],
        received["Query"],
        asked["BatchGetItem"],
        received["BatchGetItem"],
        others,
        f"{seconds:.1f}",
    )


def _sizes(operation: str, parsed: dict[str, Any]) -> dict[str, int]:
    if operation == "Query":
        return {operation: len(parsed["Items"])}
    if operation == "BatchGetItem":
        return {operation: sum(len(items) for items in parsed["Responses"].values())}
    return {}


def _load(users: int) -> None:
    """Straight into moto's table: through the API a hundred thousand rows take minutes."""
    from moto.dynamodb.models import dynamodb_backends

    backend = dynamodb_backends["123456789012"]["us-east-1"]
    for number in range(users):
        user_id = f"user-{number}"
        is_due = number % 100 == 0
        later = {} if is_due else {"delivery_hour": 18, "next_due_at": NOW + timedelta(hours=12)}
        row = due_on_friday(user_id, version=1, **later)
        backend.get_table("users").put_item(row.serialize())


if __name__ == "__main__":
    main()
