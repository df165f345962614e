"""Planning an hour in which everybody is due: time and peak memory of the function, calls of AWS answered in process.

`python -m benchmarks.plan_everybody [PEOPLE …]`. The stand-in makes each row as it is asked for, so that what memory
grows by is the plan's own. Each size has a process of its own.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from benchmarks.people import NOW, due_on_friday
from benchmarks.stand_in import environment
from benchmarks.table import show

SIZES = (1_000, 100_000, 1_000_000)
_ANSWERED = SimpleNamespace(status_code=200)


def main(sizes: tuple[int, ...] = SIZES) -> None:
    """Plan each size once, and print what it took."""
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        rows = pool.map(_plan, sizes, chunksize=1)
    show(
        "Plan of an hour, everybody due",
        ("due", "calls", "planned", "CPU s", "µs a person", "longest call, CPU s", "peak MB", "grown by"),
        rows,
    )


@dataclass
class _Tables:
    """Rows of people who are all due, as many in each shard, and nobody's picture."""

    in_shard: int
    row: dict[str, Any]
    planned: int = 0

    def answer(self, operation: str, body: Any) -> tuple[Any, dict[str, Any]]:
        """What AWS would say to a call, which botocore then does not make."""
        if operation == "PutObject":
            self.planned += body.getvalue().count(b'"portrait_id"')
            return _ANSWERED, {}
        asked = json.loads(body)
        return _ANSWERED, self._page(asked) if operation == "Query" else self._rows(asked)

    def _page(self, asked: dict[str, Any]) -> dict[str, Any]:
        [shard] = [value["N"] for value in asked["ExpressionAttributeValues"].values() if "N" in value]
        start = asked.get("ExclusiveStartKey")
        first = int(start["user_id"]["S"].partition("-")[2]) + 1 if start else 0
        last = min(first + asked["Limit"], self.in_shard)
        ids = [f"{shard}-{number:07}" for number in range(first, last)]
        items = [{"user_id": {"S": each}} for each in ids]
        answer: dict[str, Any] = {"Items": items, "Count": len(ids), "ScannedCount": len(ids)}
        if last < self.in_shard:
            entry = {"user_id": {"S": ids[-1]}, "next_due_at": self.row["next_due_at"], "due_shard": {"N": shard}}
            answer["LastEvaluatedKey"] = entry
        return answer

    def _rows(self, asked: dict[str, Any]) -> dict[str, Any]:
        [(table, wanted)] = asked["RequestItems"].items()
        found = [] if table == "portraits" else [self.row | each for each in wanted["Keys"]]
        return {"Responses": {table: found}, "UnprocessedKeys": {}}


def _plan(people: int) -> tuple[object, ...]:
    os.environ.update(environment(""))
    del os.environ["AWS_ENDPOINT_URL"]
    from motiv8.accounts.schedule import SHARDS
    from motiv8.aws import clients
    from motiv8.pipeline.plan_day import plan_day
    from motiv8.pipeline.plan_part import plan_part

    tables = _Tables(people // SHARDS, due_on_friday("somebody", version=1).serialize())
    for service in ("dynamodb", "s3"):
        clients.session().register(
            f"before-call.{service}",
            # Its answer is the call's, which the stubs do not know of.
            cast("Any", lambda **event: tables.answer(event["model"].name, event["params"]["body"])),
        )
    plan_day(NOW, "benchmark", {})
    before, begun = _peak_mb(), time.process_time()
    calls: list[float] = []
    for group in plan_day(NOW, "benchmark", {})["groups"]:
        more = True
        while more:
            called = time.process_time()
            group["planned"] = {"value": plan_part(group)}
            calls.append(time.process_time() - called)
            more = group["planned"]["value"]["more"]
    spent = time.process_time() - begun
    return (
        f"{people // SHARDS * SHARDS:,}",
        len(calls),
        f"{tables.planned:,}",
        f"{spent:.1f}",
        f"{spent / people * 1e6:.0f}",
        f"{max(calls):.1f}",
        f"{_peak_mb():.0f}",
        f"{_peak_mb() - before:.0f}",
    )


def _peak_mb() -> float:
    # Not `ru_maxrss`: that keeps the peak of the process that started this one.
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024


if __name__ == "__main__":
    main(tuple(int(each) for each in sys.argv[1:]) or SIZES)
