"""Who is due in some shards, page by page: what is to be made or delivered for them, and which scenes they share."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from motiv8.accounts import repository
from motiv8.accounts.schedule import MAKE_AHEAD
from motiv8.accounts.service import reschedule
from motiv8.aws import keys, storage
from motiv8.catalogue.formats import FormatName
from motiv8.catalogue.modes import ModeName
from motiv8.catalogue.themes import ThemeName
from motiv8.pipeline.due_work import Work, due_work, is_due_by, is_stuck, next_daily, ordered_work
from motiv8.pipeline.isolation import isolated
from motiv8.portraits import repository as portraits
from motiv8.settings import settings
from motiv8.telemetry import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from motiv8.accounts.person import Person
    from motiv8.daily_payloads import Batch, DueEntry, Part, PictureKey, PlanGroup, Planned
    from motiv8.payloads import PortraitOrder
    from motiv8.portraits.picture import Picture

BATCH = 40
"""Pictures that one call works on."""
MOST, SECONDS = 20_000, 60.0
"""How many people a part has, and how long one call plans: whatever comes first ends the part."""
_PAGE = 100

Pictures = dict[tuple[str, str], "Picture"]
_LOOK = TypeAdapter(tuple[ModeName, ThemeName, FormatName])


@dataclass(slots=True)
class _Plan:
    """A part while it is planned."""

    group: PlanGroup
    now: datetime
    people: int = 0
    overdue: int = 0
    orders: list[PictureKey] = field(default_factory=list)
    alone: list[PortraitOrder] = field(default_factory=list)
    looks: set[str] = field(default_factory=set)

    @property
    def day(self) -> str | None:
        return self.group["order"].get("date")

    @property
    def is_ordered(self) -> bool:
        return bool({"date", "user_id"} & self.group["order"].keys())


def plan_part(group: PlanGroup) -> Planned:
    """Plan some more people of a group of shards; `more` says that there are others, `after` whom to go on.

    A part is two objects: batches of pictures that one call makes or queues for delivery, one after another; and what
    needs an execution of its own. Who turns out to have nothing due is rescheduled.
    """
    before = group["planned"]["value"] if "planned" in group else None
    parts, looks = (before["parts"], before["looks"]) if before else ([], [])
    shard, after = (before["shard"], before["after"]) if before else (0, None)
    plan = _Plan(group, datetime.fromisoformat(group["now"]))
    until = time.monotonic() + SECONDS
    while shard < len(group["shards"]):
        people, after = _page(plan, group["shards"][shard], after)
        _add(plan, people)
        shard += after is None
        if plan.people >= MOST or time.monotonic() >= until:
            break
    if plan.overdue:
        count("DeliveriesOverdue", plan.overdue)
    return {
        "more": shard < len(group["shards"]),
        "shard": shard,
        "after": after,
        "parts": parts + _written(plan, f"{group['shards'][0]}-{len(parts)}"),
        "looks": sorted({*looks, *plan.looks}),
    }


def _page(plan: _Plan, shard: int, after: DueEntry | None) -> tuple[list[Person], DueEntry | None]:
    user_id = plan.group["order"].get("user_id")
    if user_id is not None:
        person = repository.get(user_id)
        return [person] if person else [], None
    until = None if plan.day else plan.now + MAKE_AHEAD
    user_ids, after = repository.due(shard, until, after, _PAGE)
    plan.people += len(user_ids)
    return list(repository.several(user_ids)), after


def _add(plan: _Plan, people: list[Person]) -> None:
    wanted = [(person, ids) for person in people if (ids := _wanted(plan, person)) is not None]
    keys_of_all = [(person.user_id, each) for person, ids in wanted for each in ids]
    pictures = {(each.user_id, each.portrait_id): each for each in portraits.several(keys_of_all)}
    for person, _ in wanted:
        with isolated("person", user_id=person.user_id):
            work = _work(plan, person, pictures)
            alone = list(_alone(plan, person, work, pictures))
            if work.done_on or (work.is_idle and not alone):
                reschedule(person.user_id, plan.now, work.done_on)
            in_batch = [work.portrait_id] if work.portrait_id and work.how == "batch" else []
            made = [*in_batch, *(line["portrait_id"] for line in alone if "portrait_id" in line)]
            look = person.preferences
            chosen = _LOOK.validate_python((look.mode, look.theme, look.format))
            plan.looks |= {"/".join((portrait_id[:10], *chosen)) for portrait_id in made}
            plan.orders += [{"user_id": person.user_id, "portrait_id": each} for each in in_batch]
            plan.alone += alone
            plan.overdue += work.is_overdue


def _wanted(plan: _Plan, person: Person) -> set[str] | None:
    """Which pictures must be looked at to know what there is to do; None of a person who cannot be worked on."""
    with isolated("person", user_id=person.user_id):
        if plan.is_ordered:
            return set()
        daily = next_daily(person, plan.now)
        asked = {use.subject for use in person.asked.all} if is_due_by(person, plan.now) else set()
        return asked | ({daily[0]} if daily else set())
    return None


def _work(plan: _Plan, person: Person, pictures: Pictures) -> Work:
    engine = settings().engine
    if plan.is_ordered:
        everybody = "user_id" not in plan.group["order"]
        return ordered_work(person, plan.now, plan.day, engine, everybody=everybody)
    daily = next_daily(person, plan.now)
    return due_work(person, pictures.get((person.user_id, daily[0])) if daily else None, plan.now, engine)


def _alone(plan: _Plan, person: Person, work: Work, pictures: Pictures) -> Iterator[PortraitOrder]:
    """What needs an execution of its own: the daily picture, a stuck photo, stuck pictures that were asked for."""
    run, user_id = plan.group["run"], person.user_id
    if work.portrait_id and work.how == "alone":
        yield {
            "user_id": user_id,
            "portrait_id": work.portrait_id,
            "trigger": "daily",
            "task": "portrait",
            "correlation_id": run,
        }
    if work.stuck_selfie_id:
        yield {
            "user_id": user_id,
            "selfie_id": work.stuck_selfie_id,
            "trigger": "daily",
            "task": "selfie",
            "correlation_id": run,
        }
    if person.photo.has_face or not work.portrait_id:
        for use in person.asked.all:
            picture = pictures.get((user_id, use.subject))
            if picture is not None and is_stuck(picture, plan.now):
                yield {
                    "user_id": user_id,
                    "portrait_id": picture.portrait_id,
                    "trigger": "asked",
                    "task": "portrait",
                    "correlation_id": run,
                }


def _written(plan: _Plan, name: str) -> list[Part]:
    """The part with its objects in S3; none where nothing is to be done."""
    if not plan.orders and not plan.alone:
        return []
    run, bucket = plan.group["run"], settings().media_bucket
    batches: list[Batch] = [
        {"run": run, "ordered": plan.is_ordered, "orders": plan.orders[start : start + BATCH]}
        for start in range(0, len(plan.orders), BATCH)
    ]
    part: Part = {
        "run": run,
        "bucket": bucket,
        "batches": keys.plan(run, f"{name}-batches"),
        "batch_count": len(batches),
        "alone": keys.plan(run, f"{name}-alone"),
        "alone_count": len(plan.alone),
        "concurrency": 1,
    }
    for plan_key, lines in ((part["batches"], batches), (part["alone"], plan.alone)):
        if lines:
            body = "".join(f"{json.dumps(line)}\n" for line in lines)
            storage.put(settings().media_bucket, plan_key, body.encode(), "application/jsonl")
    return [part]
