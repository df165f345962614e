"""The simulation of a day's worst hour, by cases that can be computed by hand; and the tables of docs/scale.md."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from benchmarks.scale.__main__ import blocks
from benchmarks.scale.hour import LATE, simulate
from benchmarks.scale.queueing import Batch, Limit, batches_of, longest_wait, percentile, serve
from benchmarks.scale.quotas import DEFAULTS, Quotas
from benchmarks.scale.report import SIZES, dollars, limits, raised
from benchmarks.scale.work import Work, measured

from motiv8_tooling.operations.cost import SECONDS, load_prices

PAGE = Path(__file__).parents[2] / "docs" / "scale.md"
NOTHING = Work(plan=0.0, compose=0.0, queue=0.0, deliver=0.0, mail_share=1.0)
UNLIMITED = Quotas(
    name="unlimited",
    lambda_concurrency=100_000,
    making=10_000,
    delivering=5,
    mails=1e9,
    mails_a_day=10**9,
    express_starts=10**9,
    transitions=10**9,
    reads=10**9,
    writes=10**9,
    puts=10**9,
    gets=10**9,
    keys=10**9,
)


class TestQueue:
    def test_one_server_works_on_one_batch_after_another(self) -> None:
        stage = serve(batches_of(3, 1, 0.0), [0.0], "server", lambda _: 10.0)
        assert [batch.at for batch in stage.done] == [10.0, 20.0, 30.0]
        assert stage.waited == {"server": 0 + 10 + 20}

    def test_two_servers_take_turns(self) -> None:
        stage = serve(batches_of(4, 1, 0.0), [0.0, 0.0], "server", lambda _: 10.0)
        assert [batch.at for batch in stage.done] == [10.0, 10.0, 20.0, 20.0]

    def test_a_server_that_comes_later_helps_from_then_on(self) -> None:
        stage = serve(batches_of(3, 1, 0.0), [0.0, 5.0], "server", lambda _: 10.0)
        assert [batch.at for batch in stage.done] == [10.0, 15.0, 20.0]

    def test_a_batch_takes_as_long_as_it_is_large(self) -> None:
        stage = serve([Batch(0.0, 20), Batch(0.0, 5)], [0.0], "server", float)
        assert sorted(batch.at for batch in stage.done) == [5.0, 25.0]

    def test_a_rate_spreads_what_is_there_at_once(self) -> None:
        stage = serve(batches_of(4, 1, 0.0), [0.0] * 4, "server", lambda _: 0.0, [(Limit("rate", 2.0, 1.0), 1.0)])
        assert [batch.at for batch in stage.done] == [0.0, 0.5, 1.0, 1.5]
        assert longest_wait(stage) == "rate"

    def test_a_burst_passes_at_once_and_comes_in_again(self) -> None:
        limit = Limit("rate", 1.0, 3.0)
        stage = serve(batches_of(4, 1, 0.0), [0.0] * 4, "server", lambda _: 0.0, [(limit, 1.0)])
        assert [batch.at for batch in stage.done] == [0.0, 0.0, 0.0, 1.0]
        assert limit.ready(11.0, 3.0) == 11.0

    def test_more_than_the_burst_is_paid_back_by_who_comes_next(self) -> None:
        stage = serve([Batch(0.0, 10), Batch(0.0, 10)], [0.0] * 2, "server", lambda _: 0.0, [(Limit("rate", 5.0), 1.0)])
        assert [batch.at for batch in stage.done] == [0.0, 2.0]

    def test_nobody_overtakes(self) -> None:
        stage = serve([Batch(1.0, 1), Batch(0.0, 1)], [0.0, 4.0], "server", lambda _: 10.0)
        assert [batch.at for batch in stage.done] == [10.0, 14.0]

    def test_percentiles_count_items_and_not_batches(self) -> None:
        done = [Batch(1.0, 98), Batch(2.0, 1), Batch(3.0, 1)]
        assert [percentile(done, share) for share in (0.5, 0.98, 0.99, 1.0)] == [1.0, 1.0, 2.0, 3.0]
        assert math.isnan(percentile([], 0.5))


class TestHour:
    def test_where_nothing_is_limited_everybody_is_served_at_their_hour(self) -> None:
        outcome = simulate(10_000, UNLIMITED, replace(NOTHING, compose=1.0))
        assert (outcome.due, outcome.ready_at_the_hour, outcome.p99, outcome.bound_by) == (1_500, 1.0, 0.0, "nothing")

    def test_sess_rate_makes_mails_as_late_as_the_queue_is_long(self) -> None:
        outcome = simulate(40_000, replace(UNLIMITED, mails=10), NOTHING)
        assert outcome.p99 == pytest.approx(0.99 * 6_000 / 10, abs=2)
        assert outcome.p50 == pytest.approx(0.50 * 6_000 / 10, abs=2)
        assert outcome.bound_by == "SES rate"

    def test_half_the_mails_take_half_of_the_rate(self) -> None:
        outcome = simulate(40_000, replace(UNLIMITED, mails=10), replace(NOTHING, mail_share=0.5))
        assert outcome.p99 == pytest.approx(0.99 * 3_000 / 10, abs=2)

    def test_one_environment_makes_what_it_can_ahead_and_the_rest_late(self) -> None:
        # A tenth is left to others, and two deliver: one of four.
        quotas = replace(UNLIMITED, lambda_concurrency=4, delivering=2, making=1)
        outcome = simulate(32_000, quotas, replace(NOTHING, compose=1.0))
        assert outcome.ready_at_the_hour == 3_600 / 4_800
        assert outcome.pictures_an_hour == pytest.approx(3_600)
        assert outcome.p99 == pytest.approx(0.99 * 4_800 - 3_600, abs=NOTHING.batch)

    def test_each_run_adds_its_own_environments(self) -> None:
        outcome = simulate(30_000, replace(UNLIMITED, making=1), replace(NOTHING, compose=1.0))
        # 900 s alone, 900 s by two, and 1,800 pictures by three.
        assert outcome.pictures_an_hour == pytest.approx(4_500 / 2_400 * 3_600, rel=0.02)

    def test_what_goes_beyond_the_days_quota_is_not_mailed(self) -> None:
        outcome = simulate(40_000, replace(UNLIMITED, mails_a_day=100), NOTHING)
        assert (outcome.not_mailed, outcome.bound_by) == (5_900, "SES daily quota")
        assert not outcome.is_on_time

    def test_planning_at_the_hour_delays_everybody(self) -> None:
        outcome = simulate(1_000_000, UNLIMITED, replace(NOTHING, plan=0.016))
        assert outcome.p50 == outcome.p99 == pytest.approx(150_000 * 0.016 / 16)
        assert outcome.bound_by == "planning"

    def test_few_people_who_deliver_at_once_are_what_mails_wait_for(self) -> None:
        outcome = simulate(40_000, replace(UNLIMITED, delivering=2), replace(NOTHING, deliver=0.1))
        assert outcome.p99 == pytest.approx(0.99 * 6_000 * 0.1 / 2, abs=2)
        assert outcome.bound_by == "DeliveryConcurrency"


@pytest.fixture(scope="module")
def tables() -> dict[str, str]:
    """Every block, computed once."""
    return blocks()


class TestPage:
    @pytest.mark.parametrize("name", ["limits", "hours", "raised", "cost", "measured"])
    def test_it_has_what_the_simulation_prints(self, name: str, tables: dict[str, str]) -> None:
        assert f"<!-- bench-scale: {name} -->\n\n{tables[name]}\n\n<!-- end -->" in PAGE.read_text(encoding="utf-8")

    def test_a_thousand_pictures_cost_less_than_three_cents_without_mail_and_storage(self) -> None:
        work, _ = measured()
        parts = dollars(work, raised(1_000_000, work), load_prices())
        assert sum(parts.values()) < 0.03
        # Eight transitions of a state machine for each picture were $0.20.
        assert parts["machines"] < 0.02 / 10

    def test_the_bill_counts_the_same_seconds(self) -> None:
        _, found = measured()
        seconds = {name: round(found["seconds"][name], 3) for name in ("compose", "queue", "deliver")}
        assert {name: SECONDS[name] for name in seconds} == seconds

    def test_what_it_asks_for_is_enough(self) -> None:
        work, _ = measured()
        for people in SIZES:
            outcome = simulate(people, raised(people, work), work)
            assert outcome.p99 <= LATE, people
            assert outcome.is_on_time

    def test_the_limits_are_in_the_order_in_which_they_are_met(self) -> None:
        work, _ = measured()
        allowed = [row.allows for row in limits(work)]
        assert allowed == sorted(allowed)
        assert simulate(100_000, DEFAULTS, work).due < allowed[-1]
