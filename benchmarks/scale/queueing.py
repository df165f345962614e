"""Batches that wait for a server and for what is limited by the second, first come, first served. Pure."""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Batch(NamedTuple):
    """So many items that are there at a second, and are worked on together."""

    at: float
    size: int


class Limit:
    """Tokens that come at a rate, of which at most `burst` are kept; it begins with all of them.

    More than the burst can be taken at once, and whoever comes next waits until that has come in.
    """

    def __init__(self, name: str, rate: float, burst: float | None = None) -> None:
        self.name = name
        self._rate, self._burst = rate, rate if burst is None else burst
        self._tokens, self._at = self._burst, -math.inf

    def ready(self, at: float, tokens: float) -> float:
        """The first second, not before `at`, at which so many can be taken."""
        missing = min(tokens, self._burst) - self._held(at)
        return at if missing <= 0 else at + missing / self._rate

    def take(self, at: float, tokens: float) -> None:
        """Take so many at a second, which must not be before the one at which some were last taken."""
        self._tokens, self._at = self._held(at) - tokens, at

    def _held(self, at: float) -> float:
        held = self._tokens + self._rate * (at - self._at)
        return held if held < self._burst else self._burst


@dataclass(slots=True)
class Stage:
    """What came out of a stage, in the order of the work's begin, and what it waited for: item-seconds by name."""

    done: list[Batch] = field(default_factory=list)
    waited: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))


def serve(
    batches: Iterable[Batch],
    servers: Sequence[float],
    server_name: str,
    seconds: Callable[[int], float],
    limits: Sequence[tuple[Limit, float]] = (),
) -> Stage:
    """Work on batches in the order in which they came, each on the first server that is free.

    `servers` are the seconds from which on each is there, `seconds` how long a batch of a size takes, and of each limit
    an item takes so many tokens at the batch's begin.
    """
    free = list(servers)
    heapq.heapify(free)
    stage = Stage()
    begun: float = -math.inf
    reason = server_name
    for at, size in sorted(batches):
        server = heapq.heappop(free)
        # First come, first served: nobody begins before those who came earlier.
        start = max(at, server, begun)
        if server > max(at, begun):
            reason = server_name
        for limit, tokens in limits:
            ready = limit.ready(start, tokens * size)
            if ready > start:
                start, reason = ready, limit.name
        for limit, tokens in limits:
            limit.take(start, tokens * size)
        if start > at:
            stage.waited[reason] += (start - at) * size
        begun, end = start, start + seconds(size)
        heapq.heappush(free, end)
        stage.done.append(Batch(end, size))
    return stage


def longest_wait(*stages: Stage) -> str:
    """What the items of these stages waited longest for; an empty text where they did not wait."""
    waited: defaultdict[str, float] = defaultdict(float)
    for stage in stages:
        for name, seconds in stage.waited.items():
            waited[name] += seconds
    name, seconds = max(waited.items(), key=lambda each: each[1], default=("", 0.0))
    return name if seconds > 0 else ""


def batches_of(items: int, size: int, at: float) -> list[Batch]:
    """So many items in batches of a size, all there at once."""
    whole, rest = divmod(items, size)
    return [Batch(at, size)] * whole + ([Batch(at, rest)] if rest else [])


def percentile(done: Iterable[Batch], share: float) -> float:
    """The second by which this share of the items was done; NaN where there are none."""
    ordered = sorted(done)
    missing = share * sum(batch.size for batch in ordered)
    for batch in ordered:
        missing -= batch.size
        if missing <= 1e-9:
            return batch.at
    return math.nan
