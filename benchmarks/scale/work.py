"""What a picture takes: seconds as measured here, and calls as `motiv8 cost` counts them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from motiv8.accounts.schedule import SHARDS
from motiv8.pipeline.plan_part import BATCH
from motiv8_tooling.operations import cost
from motiv8_tooling.operations.habits import MAIL_SHARE

MEASURED = Path(__file__).with_name("measured.json")
ENTRY_MOVED = 2
"""Write units of an index whose entry is taken out and put back, when a person is rescheduled."""
GROUPS_FROM = 1_000
"""People due from whom on each shard is a group of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Seconds and calls for one picture, unless the name says otherwise.

    `plan`, `compose`, `queue` and `deliver` are a person's; `call` is what a call takes before it begins, `cold` what
    the first one of an environment takes besides.
    """

    plan: float
    compose: float
    queue: float
    deliver: float
    call: float = 0.0
    cold: float = 0.0
    batch: int = BATCH
    shards: int = SHARDS
    mail_share: float = MAIL_SHARE
    making_reads: float = 0.0
    making_writes: float = 0.0
    making_gets: float = 0.0
    puts: float = 0.0
    delivery_reads: float = 0.0
    delivery_writes: float = 0.0
    delivery_gets: float = 0.0
    objects_a_key: float = 100.0

    def groups(self, due: int) -> int:
        """How many groups plan at once."""
        return self.shards if due > GROUPS_FROM else 1


def measured() -> tuple[Work, dict[str, Any]]:
    """What a picture takes, and where and when that was measured."""
    found = json.loads(MEASURED.read_text(encoding="utf-8"))
    seconds = found["seconds"]
    delivery = found["delivery"]
    work = Work(
        **seconds,
        making_reads=cost.PORTRAIT_READS - delivery["reads"],
        making_writes=cost.PORTRAIT_WRITES - delivery["writes"],
        making_gets=cost.PORTRAIT_GETS - delivery["gets"],
        puts=cost.PORTRAIT_PUTS,
        delivery_reads=delivery["reads"],
        delivery_writes=delivery["writes"],
        delivery_gets=delivery["gets"],
    )
    return work, found
