"""The tables of docs/scale.md: the limits in order, the hour for each size, and what a picture costs."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from benchmarks.scale import quotas as aws
from benchmarks.scale.hour import AHEAD, EVERY, LATE, RESERVED, SHARE, Outcome, simulate
from benchmarks.scale.quotas import DEFAULTS, NEW_ACCOUNT, SOURCES, Quotas
from benchmarks.scale.work import ENTRY_MOVED, Work
from motiv8.pipeline.plan_part import MOST
from motiv8_tooling.operations import cost

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
_HOUR = 3600.0
ASKED_FOR = 1_000_000
"""People for whom the table of limits says what to ask for."""


@dataclass(frozen=True, slots=True)
class Row:
    """A limit: `allows` is how many pictures it lets through in an hour at its default."""

    name: str
    default: str
    allows: float
    ask: str
    source: str


def raised(people: int, work: Work) -> Quotas:
    """What to ask for, so that everybody's picture is made within the hour before, and mailed in ten minutes."""
    due = math.ceil(people * SHARE)
    planned = work.plan * due / work.groups(due)
    making = _round(due * _made(work) / (AHEAD - EVERY))
    mails = _round(due * work.mail_share / (LATE * 2 / 3 - min(planned, LATE / 3)))
    delivering = max(2, _round(mails / work.mail_share * (work.deliver + work.call / 10)))
    return replace(
        DEFAULTS,
        name="raised",
        lambda_concurrency=max(DEFAULTS.lambda_concurrency, _round((making + delivering) / (1 - RESERVED))),
        making=max(DEFAULTS.making, making),
        delivering=delivering,
        mails=max(DEFAULTS.mails, mails),
        mails_a_day=max(DEFAULTS.mails_a_day, _round(people * work.mail_share)),
    )


def _made(work: Work) -> float:
    """Seconds for which a picture has an environment."""
    return work.compose + work.call / work.batch


def _round(number: float) -> int:
    """Up to two digits."""
    if number < 10:
        return math.ceil(number)
    step: int = 10 ** (math.floor(math.log10(number)) - 1)
    return math.ceil(number / step) * step


def limits(work: Work) -> list[Row]:
    """Every limit of the daily run, the one that is met first at its default at the top."""
    asked = raised(ASKED_FOR, work)
    return sorted((*_ours(work, asked), *_of_aws(work, asked)), key=lambda row: row.allows)


def _ours(work: Work, asked: Quotas) -> Iterator[Row]:
    """Parameters of the template, and what is asked of AWS with them."""
    making, delivering = "`MakingConcurrency`, ours", "`DeliveryConcurrency`, ours; at most 1,000"
    mails = "SES: mails a second (`MailsPerSecond`)"
    often, queue = "1 in the sandbox, 14 often at first", "SQS as a source"
    yield Row(making, f"{DEFAULTS.making}", DEFAULTS.making * _HOUR / _made(work), f"{asked.making:,}", "")
    yield Row(
        delivering, f"{DEFAULTS.delivering}", DEFAULTS.delivering * _HOUR / work.deliver, f"{asked.delivering:,}", queue
    )
    yield Row(mails, often, DEFAULTS.mails * _HOUR / work.mail_share, f"{asked.mails:g}", "SES")
    yield Row("SES, sandbox: mails a day", "200", 200 / work.mail_share, "production access", "SES")
    a_day = 50_000 / work.mail_share
    yield Row("SES: mails a day", "50,000 often at first", a_day, f"{asked.mails_a_day:,}", "SES")
    free = 1 - RESERVED
    yield Row("Lambda: concurrency, new account", "10 often", 10 * free * _HOUR / _made(work), "1,000", "Lambda")
    concurrency = f"{asked.lambda_concurrency:,}"
    yield Row("Lambda: concurrency", "1,000", 1_000 * free * _HOUR / _made(work), concurrency, "Lambda")


def _of_aws(work: Work, asked: Quotas) -> Iterator[Row]:
    """Rates, and what a picture takes of each."""
    gets, writes = work.making_gets + work.delivery_gets, work.making_writes + work.delivery_writes
    reads, keys = work.making_reads + work.delivery_reads, (work.puts + gets) / work.objects_a_key
    machines, throttled = "Step Functions", "DynamoDB, throttled"
    index = f"DynamoDB: writes a second of a partition, {work.shards} of the index `due`"
    for name, rate, each, source in (
        ("S3: writes a second of a prefix", asked.puts, work.puts, "S3"),
        ("S3: reads a second of a prefix", asked.gets, gets, "S3"),
        ("DynamoDB: write units a second, new table", NEW_ACCOUNT.writes, writes, throttled),
        ("DynamoDB: write units a second of a table", asked.writes, writes, "DynamoDB"),
        ("DynamoDB: read units a second of a table", asked.reads, reads, "DynamoDB"),
        (index, 1_000, ENTRY_MOVED / work.shards, throttled),
        ("KMS: requests a second, with bucket keys", asked.keys, keys, "KMS"),
        (f"{machines}: EXPRESS starts a second", asked.express_starts, cost.BATCHES_A_PORTRAIT, machines),
        (f"{machines}: transitions a second", asked.transitions, cost.BATCHES_A_PORTRAIT, machines),
        (f"{machines}: children of a Map at once", aws.MAP_CONCURRENCY, _made(work), machines),
    ):
        yield Row(name, f"{rate:,}", rate * _HOUR / each, "nothing more", source)
    runs = f"{aws.OPEN_MAP_RUNS:,} of {MOST:,} people"
    yield Row(f"{machines}: open Map runs", runs, aws.OPEN_MAP_RUNS * MOST, "nothing more", machines)


def limits_table(work: Work) -> str:
    """Markdown."""
    lines = [
        f"| quota | default | pictures an hour | people, {SHARE:.0%} at one hour | for {ASKED_FOR:,} people | source |",
        "|---|---|---|---|---|---|",
    ]
    for row in limits(work):
        source = f"[{row.source}]({SOURCES[row.source]})" if row.source else ""
        people = row.allows / SHARE
        lines.append(f"| {row.name} | {row.default} | {_short(row.allows)} | {_short(people)} | {row.ask} | {source} |")
    return "\n".join(lines)


def _short(number: float) -> str:
    digits = 10 ** max(0, math.floor(math.log10(number)) - 1)
    return f"{math.floor(number / digits) * digits:,}"


def outcomes(work: Work) -> list[Outcome]:
    """The hour of each size with each set of quotas."""
    return [
        simulate(people, quotas, work) for people in SIZES for quotas in (NEW_ACCOUNT, DEFAULTS, raised(people, work))
    ]


def hours_table(work: Work, table: dict[str, Any]) -> str:
    """Markdown."""
    head = (
        "people",
        "due",
        "quotas",
        "pictures an hour",
        "ready at the hour",
        "late, p50",
        "late, p99",
        "not mailed that day",
        "bound by",
        "$ a thousand",
    )
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for outcome in outcomes(work):
        cells = (
            f"{outcome.people:,}",
            f"{outcome.due:,}",
            outcome.quotas.name,
            _short(outcome.pictures_an_hour),
            f"{outcome.ready_at_the_hour:.0%}",
            _lateness(outcome.p50),
            _lateness(outcome.p99),
            f"{outcome.not_mailed:,}",
            outcome.bound_by,
            f"{sum(dollars(work, outcome.quotas, table).values()):.4f}",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def raised_table(work: Work) -> str:
    """What `raised` is for each size. Markdown."""
    head = ("people", "Lambda", "`MakingConcurrency`", "`DeliveryConcurrency`", "mails a second", "mails a day")
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for people in SIZES:
        asked = raised(people, work)
        lines.append(
            f"| {people:,} | {asked.lambda_concurrency:,} | {asked.making:,} | {asked.delivering:,}"
            f" | {asked.mails:g} | {asked.mails_a_day:,} |"
        )
    return "\n".join(lines)


def _lateness(seconds: float) -> str:
    if math.isnan(seconds):
        return ""
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def dollars(work: Work, quotas: Quotas, table: dict[str, Any]) -> dict[str, float]:
    """Dollars for a thousand pictures at the first tier's prices, without what mails and kept files cost."""
    prices = {name: tiers[0][1] for name, tiers in table["prices"].items()}
    batches = cost.BATCHES_A_PORTRAIT
    paced = max(work.deliver, quotas.delivering / quotas.mails * work.mail_share)
    seconds = work.compose + work.queue + batches * work.call
    studio, courier = cost.MEMORY_GB["studio"], cost.MEMORY_GB["courier"]
    parts = {
        "making": seconds * studio * prices["lambda_gb_second"],
        "planning": 2 * work.plan * courier * prices["lambda_gb_second"],
        "delivering": paced * courier * prices["lambda_gb_second"],
        "calls": (batches + 1 / 10) * prices["lambda_request"],
        "machines": batches * (prices["express_request"] + prices["states_transition"])
        + seconds * cost.EXPRESS_GB * prices["express_gb_second"],
        "queue": cost.QUEUE_REQUESTS_A_PORTRAIT * prices["sqs_request"],
        "rows": (work.making_reads + work.delivery_reads) * prices["dynamodb_read_unit"]
        + (work.making_writes + work.delivery_writes) * prices["dynamodb_write_unit"],
        "files": work.puts * prices["s3_put"]
        + (work.making_gets + work.delivery_gets) * prices["s3_get"]
        + (work.puts + work.making_gets) / work.objects_a_key * prices["kms_request"],
    }
    return {name: each * 1_000 for name, each in parts.items()}


def cost_table(work: Work, table: dict[str, Any]) -> str:
    """Markdown."""
    parts = dollars(work, raised(ASKED_FOR, work), table)
    lines = ["| part | $ a thousand pictures |", "|---|---|"]
    lines += [f"| {name} | {each:.4f} |" for name, each in sorted(parts.items(), key=lambda part: -part[1])]
    return "\n".join([*lines, f"| all | {sum(parts.values()):.4f} |"])
