"""The worst hour of a day: plan, make ahead, queue at the hour, deliver at SES's pace. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from benchmarks.scale import quotas as aws
from benchmarks.scale.queueing import Batch, Limit, Stage, batches_of, longest_wait, percentile, serve
from benchmarks.scale.quotas import Quotas
from benchmarks.scale.work import Work
from motiv8.accounts.schedule import MAKE_AHEAD

SHARE = 0.15
"""Of all people, those whose picture is due at the day's busiest hour."""
AHEAD = MAKE_AHEAD.total_seconds()
"""Seconds before the hour at which the first run makes pictures."""
EVERY = 900.0
"""Seconds between two runs."""
LATE = 900.0
"""Seconds after the hour from which on a picture is late."""
RESERVED = 0.1
"""Of Lambda's concurrency, what is left to the API and all else."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the hour went; lateness in seconds after it, and NaN where nothing was delivered."""

    people: int
    due: int
    quotas: Quotas
    pictures_an_hour: float
    ready_at_the_hour: float
    p50: float
    p99: float
    not_mailed: int
    bound_by: str

    @property
    def is_on_time(self) -> bool:
        """Whether all mails went out, and all but one in a hundred in time."""
        return self.not_mailed == 0 and self.p99 <= LATE


# Several tables show the same hour.
@cache
def simulate(people: int, quotas: Quotas, work: Work) -> Outcome:
    """One hour, second 0 of which is the one at which everybody's picture is due."""
    due = math.ceil(people * SHARE)
    planned = work.plan * due / work.groups(due)
    made = _make(due, quotas, work, -AHEAD + planned)
    queued = _queue(made.done, quotas, work, planned)
    mailed, not_mailed = _within(queued.done, math.floor(quotas.mails_a_day / work.mail_share))
    delivered = _deliver(mailed, quotas, work)
    began = -AHEAD + planned
    took = max(batch.at for batch in made.done) - began
    ready = sum(batch.size for batch in made.done if batch.at <= 0) / due
    return Outcome(
        people,
        due,
        quotas,
        due / took * 3600 if took else math.inf,
        ready,
        percentile(delivered.done, 0.5),
        percentile(delivered.done, 0.99),
        not_mailed,
        _bound_by(ready, not_mailed, made, queued, delivered),
    )


class _Limits:
    """What is limited by the second, as one step has it: when the next one begins, time goes back to the hour."""

    def __init__(self, quotas: Quotas, work: Work) -> None:
        self.starts = Limit("Step Functions' starts", quotas.express_starts)
        self.transitions = Limit("Step Functions' transitions", quotas.transitions)
        self.reads = Limit("DynamoDB reads", quotas.reads)
        self.writes = Limit("DynamoDB writes", quotas.writes)
        self.puts = Limit("S3 writes of a prefix", quotas.puts)
        self.gets = Limit("S3 reads of a prefix", quotas.gets)
        self.keys = Limit("KMS requests", quotas.keys)
        self.mails = Limit("SES rate", quotas.mails)
        self._work = work

    def of_batch(self) -> list[tuple[Limit, float]]:
        """What each item of a batch takes for the batch's own start."""
        return [(self.starts, 1 / self._work.batch), (self.transitions, 1 / self._work.batch)]

    def of_picture(self) -> list[tuple[Limit, float]]:
        work = self._work
        return [
            (self.reads, work.making_reads),
            (self.writes, work.making_writes),
            (self.puts, work.puts),
            (self.gets, work.making_gets),
            (self.keys, (work.puts + work.making_gets) / work.objects_a_key),
        ]


def _make(due: int, quotas: Quotas, work: Work, first: float) -> Stage:
    """Each run has its own Map, and takes up what those before have not begun."""
    room = max(1, math.floor(quotas.lambda_concurrency * (1 - RESERVED)) - quotas.delivering)
    making = min(quotas.making, aws.MAP_CONCURRENCY)
    limits = _Limits(quotas, work)
    servers: list[float] = []
    begins = first
    while len(servers) < room:
        servers += _environments(min(making, room - len(servers)), begins, work.cold)
        begins += EVERY
    name = "Lambda concurrency" if room < making else "MakingConcurrency"
    batches = batches_of(due, work.batch, first)
    return serve(
        batches, servers, name, lambda size: work.call + size * work.compose, limits.of_batch() + limits.of_picture()
    )


def _queue(made: Sequence[Batch], quotas: Quotas, work: Work, planned: float) -> Stage:
    """What is ready when the hour's run begins goes through its Map; what is ready later is queued by who made it."""
    ready = [Batch(planned, batch.size) for batch in made if batch.at <= planned]
    room = max(1, math.floor(quotas.lambda_concurrency * (1 - RESERVED)) - quotas.delivering)
    servers = _environments(min(quotas.making, room), planned, 0.0)
    name = "Lambda concurrency" if room < quotas.making else "MakingConcurrency"
    stage = serve(ready, servers, name, lambda size: work.call + size * work.queue, _Limits(quotas, work).of_batch())
    stage.waited["planning"] += planned * sum(batch.size for batch in ready)
    stage.done += [batch for batch in made if batch.at > planned]
    return stage


def _deliver(queued: Sequence[Batch], quotas: Quotas, work: Work) -> Stage:
    """Messages by ten, each mail not before SES takes it."""
    if not queued:
        return Stage()
    limits = _Limits(quotas, work)
    begins = min(batch.at for batch in queued)
    late = [max(0.0, number + 1 - aws.POLLERS) / aws.POLLERS_A_SECOND for number in range(quotas.delivering)]
    servers = [begins + each for each in late]
    messages = [Batch(batch.at, size) for batch in queued for size in _tens(batch.size)]
    takes = [
        (limits.mails, work.mail_share),
        (limits.reads, work.delivery_reads),
        (limits.writes, work.delivery_writes),
        (limits.gets, work.delivery_gets),
    ]
    return serve(messages, servers, "DeliveryConcurrency", lambda size: work.call + size * work.deliver, takes)


def _environments(count: int, at: float, cold: float) -> list[float]:
    """When each environment of a function can begin, as fast as Lambda makes them."""
    return [at + cold + max(0, number + 1 - aws.SCALING_BURST) / aws.SCALING_RATE for number in range(count)]


def _tens(size: int) -> list[int]:
    return [10] * (size // 10) + ([size % 10] if size % 10 else [])


def _within(queued: Sequence[Batch], most: int) -> tuple[list[Batch], int]:
    """The first so many items in the order in which they came, and how many there are beyond them."""
    left, kept = most, []
    for at, size in sorted(queued):
        if left <= 0:
            break
        kept.append(Batch(at, min(size, left)))
        left -= size
    return kept, sum(batch.size for batch in queued) - sum(batch.size for batch in kept)


def _bound_by(ready: float, not_mailed: int, made: Stage, queued: Stage, delivered: Stage) -> str:
    """What people waited for: what was made late comes before what was mailed late."""
    if not_mailed:
        return "SES daily quota"
    if ready < 1:
        return longest_wait(made)
    return longest_wait(queued, delivered) or "nothing"
