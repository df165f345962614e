"""How the plan of a run of the daily machine is divided, and put together again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motiv8.accounts import repository
from motiv8.accounts.schedule import MAKE_AHEAD, SHARDS
from motiv8.settings import settings

if TYPE_CHECKING:
    from datetime import datetime

    from motiv8.daily_payloads import DayPlan, Gathered, Part, PlanGroup
    from motiv8.payloads import DayOrder, Scene

_FEW = 60
"""So many people in each of the shards are planned by one step."""


def plan_day(now: datetime, run: str, order: DayOrder) -> DayPlan:
    """Which shards have somebody whom a run must look at, in groups that are planned beside each other.

    That is who is due within the next hour. An order of the team names a local date (everybody whose workout day it
    is), one person (whatever the day), or both.
    """
    until = None if "date" in order else now + MAKE_AHEAD
    if "user_id" in order:
        groups = [[0]]
    else:
        found = {shard: len(repository.due(shard, until, None, _FEW)[0]) for shard in range(SHARDS)}
        shards = [shard for shard, people in found.items() if people]
        groups = [[shard] for shard in shards] if max(found.values()) == _FEW else [shards] if shards else []
    return {
        "groups": [{"run": run, "now": now.isoformat(), "shards": each, "order": order} for each in groups],
    }


def gather_plan(groups: list[PlanGroup]) -> Gathered:
    """The parts of all groups, of which each works on as many batches at once as it has of all, and their scenes."""
    planned = [each["planned"]["value"] for each in groups if "planned" in each]
    parts = [part for each in planned for part in each["parts"]]
    batches = sum(part["batch_count"] for part in parts)
    looks = {look for each in planned for look in each["looks"]}
    return {"parts": [_with_share(part, batches) for part in parts], "scenes": [_scene(each) for each in sorted(looks)]}


def _with_share(part: Part, batches: int) -> Part:
    share = part["batch_count"] / batches if batches else 0
    return {**part, "concurrency": max(1, round(settings().making_concurrency * share))}


def _scene(look: str) -> Scene:
    day, mode, theme, form = look.split("/")
    return {"date": day, "mode": mode, "theme": theme, "format": form, "engine": settings().engine}
