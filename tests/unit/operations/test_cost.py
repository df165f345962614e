"""A month's bill: what it counts, how it grows, and what the documentation shows."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from motiv8_tooling import cli
from motiv8_tooling.command_line import OK
from motiv8_tooling.operations import cost
from motiv8_tooling.operations.cost import CostError, as_json, estimate, load_prices, report

PROJECT = Path(__file__).parents[3]
TABLE = load_prices()
SIZES = (1_000, 100_000, 1_000_000)


def _service(name: str, users: int, days: float = 3) -> float:
    return next(item.dollars for item in estimate(users, days, TABLE).items if item.service == name)


def _machine(name: str) -> dict[str, Any]:
    states: dict[str, Any] = json.loads((PROJECT / "statemachines" / f"{name}.asl.json").read_text())
    return states


def test_the_total_is_the_sum_of_the_services() -> None:
    bill = estimate(1_000, 3, TABLE)
    assert bill.total == pytest.approx(sum(item.dollars for item in bill.items))
    assert len({item.service for item in bill.items}) == len(bill.items)


def test_more_people_or_more_days_never_cost_less() -> None:
    for smaller, larger in zip((0, 1, 10, *SIZES), (1, 10, *SIZES, 10_000_000), strict=True):
        for before, after in zip(estimate(smaller, 3, TABLE).items, estimate(larger, 3, TABLE).items, strict=True):
            assert before.dollars <= after.dollars, before.service
    totals = [estimate(1_000, days, TABLE).total for days in range(8)]
    assert totals == sorted(totals)


def test_without_people_only_what_stands_is_paid_for() -> None:
    bill = {item.service: item.dollars for item in estimate(0, 3, TABLE, waf=False).items}
    assert bill["Cognito"] == bill["SES"] == bill["API Gateway"] == bill["Data transfer"] == 0
    assert bill["KMS, secret, images"] > 1
    assert bill["CloudWatch, X-Ray"] > 10
    assert "WAF" not in bill


def test_a_tier_is_charged_at_its_own_price() -> None:
    at_the_limit, above = _service("Cognito", 10_000), _service("Cognito", 10_001)
    assert at_the_limit == 0
    assert above == pytest.approx(0.015)
    # 100 GB are free, and the tier after 10,240 GB is cheaper than the one before.
    first, second = _service("Data transfer", 400_000), _service("Data transfer", 4_000_000)
    assert first < second < 10 * (first + 100 * 0.09)


def test_a_hand_made_bill_comes_out() -> None:
    # 7 days a week over 30.44 days: 3,044 pictures in two batches of 40, 20 photos, 2,922.24 runs of 17 transitions.
    batches = 100 * 30.44 * 2 / 40
    expected = (batches + 20 + 96 * 30.44 * 17) * 0.000025
    # The seconds of a picture in 64 MB.
    seconds = cost.SECONDS["compose"] + cost.SECONDS["queue"]
    expected += batches * 0.000001 + 100 * 30.44 * seconds / 16 * 0.00001667
    # And 0.25 seconds of a week's sheet.
    expected += 100 * 30.44 / 7 * 0.25 / 16 * 0.00001667
    assert _service("Step Functions", 100, 7) == pytest.approx(expected)
    assert _service("API Gateway", 100, 7) == pytest.approx(100 * 6 * 30.44 * 3.5e-6)


def test_the_transitions_are_those_of_the_machines() -> None:
    def walk(machine: dict[str, Any], *taken: str) -> int:
        """Transitions from the start to the end, by each state's named way (default: `Next`, then `Default`)."""
        name, count = machine["StartAt"], 0
        while name:
            state = machine["States"][name]
            count += 1
            ways = [choice["Next"] for choice in state.get("Choices", [])]
            name = next((way for way in ways if way in taken), state.get("Next") or state.get("Default"))
        return count

    daily = _machine("daily")
    planning, serving = (daily["States"][name]["ItemProcessor"] for name in ("PlanGroups", "ServeParts"))
    of_the_maps = walk(planning) + walk(serving, "ServeBatches")
    assert walk(_machine("selfie")) == cost.SELFIE_TRANSITIONS
    assert walk(daily) + of_the_maps == cost.DAILY_RUN_TRANSITIONS


def test_sizes_and_alarms_are_those_of_the_template() -> None:
    text = (PROJECT / "template.yaml").read_text()
    assert text.count("Type: AWS::CloudWatch::Alarm") == cost.ALARMS
    sizes = {int(size) / 1024 for size in re.findall(r"MemorySize: (\d+)", text)}
    assert set(cost.MEMORY_GB.values()) <= sizes


@pytest.mark.parametrize(
    ("users", "days", "said"),
    [(-1, 3, "not -1"), (10, -1, "not -1"), (10, 7.5, "not 7.5"), (10, float("nan"), "not nan")],
)
def test_what_cannot_be_is_refused(users: int, days: float, said: str) -> None:
    with pytest.raises(CostError, match=said):
        estimate(users, days, TABLE)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is not a price table"),
        ("[]", "is not a price table"),
        ('{"date": "2026-01-01", "prices": {}}', "alarm_month"),
    ],
)
def test_another_price_table_must_be_whole(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "prices.json"
    path.write_text(text)
    with pytest.raises(CostError, match=said):
        load_prices(path)
    with pytest.raises(CostError, match="No such file"):
        load_prices(tmp_path / "none.json")


def test_another_price_table_makes_another_bill(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = json.loads(cost.PRICES.read_text()) | {"date": "2030-01-01"}
    table["prices"]["kms_key_month"] = [[None, 1000]]
    path = tmp_path / "prices.json"
    path.write_text(json.dumps(table))
    arguments = ["cost", "--users", "1,000", "--days-per-week", "3", "--prices", str(path)]
    assert cli.main([*arguments, "--without-waf", "--json"]) == OK
    said = json.loads(capsys.readouterr().out)
    assert said == as_json(estimate(1_000, 3, table, waf=False))
    assert said["prices_of"] == "2030-01-01"
    assert said["services"]["KMS, secret, images"]["mostly"] == "key"


def test_words_that_are_off_are_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["cost", "--users", "10", "--days-per-week", "9"]) != OK
    out, err = capsys.readouterr()
    assert (out, err) == ("", "motiv8: The days per week must be 0 to 7, not 9.\n")


@pytest.mark.parametrize("users", SIZES)
def test_the_documentation_shows_what_the_command_says(users: int) -> None:
    assert report(estimate(users, 3, TABLE)) in (PROJECT / "docs" / "cost.md").read_text()
