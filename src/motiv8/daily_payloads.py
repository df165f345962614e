"""What the machine `daily` and its steps pass to each other; `motiv8.payloads` has what they share with others."""

# Without `from __future__ import annotations`: at run time a TypedDict must know which of its keys are required.
from typing import NotRequired, TypedDict

from motiv8.payloads import DayOrder, Scene, Step


class DueEntry(TypedDict):
    """An entry of the index `due` within a shard: after it a plan goes on."""

    user_id: str
    next_due_at: str


class PlanDay(Step):
    """Given to `plan_day`."""

    order: DayOrder
    run: str


class Part(TypedDict):
    """Some of the people of a run: where their orders are, and how many batches are worked on at once.

    A line of `batches` is a `Batch`; a line of `alone` is a `PortraitOrder`, which has an execution of its own.
    """

    run: str
    bucket: str
    batches: str
    batch_count: int
    alone: str
    alone_count: int
    concurrency: int


class Planned(TypedDict):
    """How far the plan of a group of shards is; a look is a scene's date, mode, theme and format, with a slash between.

    Each group may have all the looks that there are, and the state of the machine holds 256 KB.
    """

    more: bool
    shard: int
    after: DueEntry | None
    parts: list[Part]
    looks: list[str]


class PlannedSoFar(TypedDict):
    """Where the machine keeps what a step answered."""

    value: Planned


class PlanGroup(TypedDict):
    """Shards of the index `due` that are planned one after another, beside other groups; or one person."""

    run: str
    now: str
    shards: list[int]
    order: DayOrder
    planned: NotRequired[PlannedSoFar]


class PlanPart(Step):
    """Given to `plan_part`: the machine's state."""

    group: PlanGroup


class DayPlan(TypedDict):
    """What is planned beside each other."""

    groups: list[PlanGroup]


class GatherPlan(Step):
    """Given to `gather_plan`: how the groups of shards ended."""

    groups: list[PlanGroup]


class Gathered(TypedDict):
    """The parts of all groups, and the scenes that their pictures share."""

    parts: list[Part]
    scenes: list[Scene]


class PictureKey(TypedDict):
    """Which picture."""

    user_id: str
    portrait_id: str


class Served(TypedDict):
    """How far a batch is; `left` are those to be tried again by the next call where there is `more` to do."""

    more: bool
    rounds: int
    left: list[PictureKey]


class ServedSoFar(TypedDict):
    """Where the machine keeps what a step answered."""

    value: Served


class Batch(TypedDict):
    """People who are served by one call, one after another; `ordered` by a member of the team, whatever the hour."""

    run: str
    ordered: bool
    orders: list[PictureKey]
    served: NotRequired[ServedSoFar]


class ServeBatch(Step):
    """Given to `serve_batch`: the machine's state."""

    batch: Batch


class SummarisePart(Step):
    """Given to `summarise_part`."""

    part: Part


class DaySummary(TypedDict):
    """How many pictures a run, or a part of it, was to make, how many are ready and how many failed."""

    due: int
    made: int
    failed: int


class PartSummary(TypedDict):
    """Where the machine keeps what a step answered."""

    value: DaySummary


class ServedPart(Part):
    """A part whose pictures were counted."""

    summary: PartSummary


class SummariseDay(Step):
    """Given to `summarise_day`."""

    parts: list[ServedPart]
