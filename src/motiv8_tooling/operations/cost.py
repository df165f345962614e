"""What a month costs, by service: counts from what the code does, measured durations, list prices with a date.

Nothing here asks AWS: the answer is an estimate, and the assumptions are in one place, below.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from motiv8.catalogue.formats import FORMATS
from motiv8.catalogue.modes import MODES
from motiv8.catalogue.themes import THEMES
from motiv8.pipeline.plan_part import BATCH
from motiv8_tooling.operations import habits

PRICES = Path(__file__).with_name("prices.json")

DAYS = 30.44
"""Days of an average month."""
RUNS = 4 * 24 * DAYS
"""Runs of the daily machine, one every quarter of an hour."""

# Seconds a call. A picture's are those of benchmarks/scale/measured.json, with 10 ms for each answer of AWS; the others
# are medians on two shared cores with the embedded AWS behind them, without what AWS's own latency adds.
SECONDS = {
    "request": 0.010,
    "compose": 0.206,
    "queue": 0.011,
    "deliver": 0.218,
    "sheet": 0.25,
    "look": 0.002,
    "run": 0.08,
    "purge_sign_ups": 0.005,
    "review_account": 0.03,
    "make_scene": 0.174,
    "extract_face": 1.1,
    "search": 0.12,
    "judged_search": 0.7,
    "quoted_answer": 0.9,
    "written_answer": 6.0,
}
"""`extract_face` is a cold one with 12 megapixels; look, run, purge, review and `written_answer` are assumed."""
MEMORY_GB = {"api-handler": 1.0, "courier": 0.5, "studio": 1769 / 1024, "library-search": 2.0, "coach": 1.0}
"""As template.yaml has it."""

# What one thing does, counted from the code; tests hold the code to it.
BATCHES_A_PORTRAIT = 2 / BATCH
"""Of an EXPRESS execution each: one in which a picture is made, and one in which it is queued at its hour."""
PORTRAIT_TRANSITIONS = BATCHES_A_PORTRAIT
"""AWS's pages do not say whether the start of an EXPRESS execution by a Map counts: here it does."""
LOOKS = 5
"""Runs that look at somebody: those of the hour before their delivery, and the one at it."""
EXPRESS_GB = 0.0625
"""Memory of an EXPRESS execution is billed in chunks of 64 MB."""
QUEUE_REQUESTS_A_PORTRAIT = 0.5
"""Messages are sent by ten, and received and deleted by five at least."""
SELFIE_TRANSITIONS = 1
DAILY_RUN_TRANSITIONS = 17
PORTRAIT_READS = 20.5
"""Read units: 12 rows with strong consistency, and for each look and summary half a one for person, picture, entry."""
PORTRAIT_WRITES = 8
"""Write units: six rows, of which one has an entry in the `due` index that is taken out and put back."""
PORTRAIT_PUTS, PORTRAIT_GETS = 2, 3
DUE_QUERIES = 16
"""Queries of the `due` index in a run, whoever is due."""
SELFIE_WRITES = 9
"""Three rows, each with an entry of the index `due` that is taken out and put back."""
SELFIE_PUTS, SELFIE_GETS = 3, 1
REVIEW_READS = 1
"""Half a unit each for the scan, and for the row itself."""
REQUEST_READS = 2.5
"""One for the session guard, and what the feature reads."""
REQUEST_WRITES = 1
"""The count of the fair share."""
VISIT_WRITES = 2
"""Once a day, for a row of up to two kilobytes."""
SHEET_READS, SHEET_PUTS, SHEET_GETS = 4, 1, 4
"""Of a week with three pictures: its rows are read three times, the person's once more; each picture, and the sheet."""
SCENES = len(MODES) * len(THEMES) * len(FORMATS)
"""Modes, themes and formats: at most these are made in a day."""

METRICS, ALARMS, IMAGES_GB = 85, 61, 1.3


class CostError(ValueError):
    """What was asked for cannot be counted; the text says what to give."""


@dataclass(frozen=True, slots=True)
class Item:
    """A service's part of the bill in dollars a month, and what in it costs most."""

    service: str
    dollars: float
    mostly: str


@dataclass(frozen=True, slots=True)
class Bill:
    """A month's bill."""

    users: int
    days_per_week: float
    date: str
    items: tuple[Item, ...]

    @property
    def total(self) -> float:
        """Dollars a month."""
        return sum(item.dollars for item in self.items)


def load_prices(path: Path = PRICES) -> dict[str, Any]:
    """A price table. Raises CostError."""
    try:
        table: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        missing = sorted(set(json.loads(PRICES.read_text(encoding="utf-8"))["prices"]) - set(table["prices"]))
        date = table["date"]
    except OSError as error:
        raise CostError(f"{path}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise CostError(f"{path} is not a price table. See {PRICES.name} for an example.") from error
    if missing or not isinstance(date, str):
        raise CostError(f"{path} has no price for {', '.join(missing) or 'its date'}.")
    return table


def estimate(users: int, days_per_week: float, table: dict[str, Any], *, waf: bool = True, model: bool = False) -> Bill:
    """A month's bill for active users with a picture on so many days a week. Raises CostError.

    With a `model` the coach's answers are written by one on Bedrock, otherwise quoted.
    """
    if users < 0:
        raise CostError(f"The number of users must be 0 or more, not {users}.")
    if not 0 <= days_per_week <= 7:
        raise CostError(f"The days per week must be 0 to 7, not {days_per_week:g}.")
    month = _Month(users, days_per_week, table["prices"], model=model)
    items = [
        month.functions(),
        month.gateway(),
        month.machines(),
        month.queue(),
        month.tables(),
        month.storage(),
        month.mail(),
        month.accounts(),
        month.watching(),
        month.transfer(),
        month.fixed(),
    ]
    if waf:
        items.append(month.firewall())
    if model:
        items.append(month.model())
    return Bill(users, days_per_week, table["date"], tuple(items))


class _Month:
    """What happens in a month, and what each of it costs."""

    def __init__(self, users: int, days_per_week: float, prices: dict[str, Any], *, model: bool) -> None:
        self._prices = prices
        self._way = "written" if model else "quoted"
        self.answers = users * habits.ANSWERS_A_DAY * DAYS
        self.users = users
        self.portraits = users * days_per_week * DAYS / 7
        # Of two pictures at least: a second day a week brings everybody a sheet.
        self.sheets = users * min(1.0, max(0.0, days_per_week - 1)) * DAYS / 7
        self.selfies = users * habits.SELFIES_A_MONTH
        self.requests = users * habits.REQUESTS_A_DAY * DAYS
        self.searches = users * habits.SEARCHES_A_DAY * DAYS
        # A picture's share of a batch, twice, and of a call that delivers.
        self.steps = (BATCHES_A_PORTRAIT + 0.2) * self.portraits + self.selfies

    def price(self, name: str, amount: float) -> float:
        """Dollars for an amount, each tier at its own price."""
        dollars, before = 0.0, 0.0
        for end, unit in self._prices[name]:
            top = amount if end is None else min(amount, end)
            dollars += max(0.0, top - before) * unit
            before = max(before, top)
        return dollars

    def item(self, service: str, parts: dict[str, float]) -> Item:
        mostly = max(parts, key=lambda part: parts[part])
        return Item(service, sum(parts.values()), mostly)

    def functions(self) -> Item:
        # A scene for each mode and date, and the runs: whatever the number of people.
        scenes = SCENES * DAYS if self.portraits else 0
        seconds = {
            "requests": self.requests * SECONDS["request"] * MEMORY_GB["api-handler"],
            "pictures": self.portraits * (SECONDS["compose"] + SECONDS["queue"]) * MEMORY_GB["studio"],
            "sheets": self.sheets * SECONDS["sheet"] * MEMORY_GB["studio"],
            "faces": self.selfies * SECONDS["extract_face"] * MEMORY_GB["studio"],
            "scenes": scenes * SECONDS["make_scene"] * MEMORY_GB["studio"],
            "searches": self.searches * SECONDS["search"] * (MEMORY_GB["api-handler"] + MEMORY_GB["library-search"]),
            "answers": self.answers
            * (
                SECONDS[f"{self._way}_answer"] * MEMORY_GB["coach"]
                + SECONDS["judged_search"] * MEMORY_GB["library-search"]
            ),
            "mail and rows": (
                self.portraits * (LOOKS * SECONDS["look"] + SECONDS["deliver"])
                + RUNS * (SECONDS["run"] + SECONDS["purge_sign_ups"])
                + DAYS * self.users * SECONDS["review_account"]
            )
            * MEMORY_GB["courier"],
        }
        total = sum(seconds.values())
        dollars = self.price("lambda_gb_second", total)
        parts = {name: dollars * each / total for name, each in seconds.items()}
        calls = self.requests + self.searches + 2 * self.answers + self.steps + scenes + 5 * RUNS
        parts["calls"] = self.price("lambda_request", calls)
        return self.item("Lambda", parts)

    def gateway(self) -> Item:
        return self.item("API Gateway", {"requests": self.price("api_gateway_request", self.requests)})

    def machines(self) -> Item:
        parts = {
            "pictures": self.portraits * PORTRAIT_TRANSITIONS,
            "photos": self.selfies * SELFIE_TRANSITIONS,
            "daily runs": RUNS * DAILY_RUN_TRANSITIONS,
        }
        dollars = {name: self.price("states_transition", each) for name, each in parts.items()}
        batches = self.portraits * BATCHES_A_PORTRAIT
        seconds = self.portraits * (SECONDS["compose"] + SECONDS["queue"]) + self.sheets * SECONDS["sheet"]
        dollars["batches"] = self.price("express_request", batches)
        dollars["batches"] += self.price("express_gb_second", seconds * EXPRESS_GB)
        return self.item("Step Functions", dollars)

    def queue(self) -> Item:
        # Lambda asks an empty queue for messages all the time: five calls at once, each for 20 seconds.
        asked = DAYS * 24 * 3600 / 20 * 5
        requests = self.portraits * QUEUE_REQUESTS_A_PORTRAIT
        return self.item(
            "SQS", {"messages": self.price("sqs_request", requests), "asking": self.price("sqs_request", asked)}
        )

    def tables(self) -> Item:
        rows_gb = (
            self.users * habits.ROWS_KB_A_USER + self.portraits * habits.MONTHS_KEPT * habits.ROW_KB_A_PORTRAIT
        ) / 1e6
        reads = self.portraits * PORTRAIT_READS + self.requests * REQUEST_READS + RUNS * DUE_QUERIES * 0.5
        reads += self.users * DAYS * REVIEW_READS + self.answers * habits.ANSWER_READS + self.sheets * SHEET_READS
        parts = {
            "writes": self.price(
                "dynamodb_write_unit",
                self.portraits * PORTRAIT_WRITES
                + self.selfies * SELFIE_WRITES
                + self.requests * REQUEST_WRITES
                + self.users * DAYS * VISIT_WRITES
                + self.answers * habits.ANSWER_WRITES[self._way],
            ),
            "reads": self.price("dynamodb_read_unit", reads),
            "rows": self.price("dynamodb_gb_month", rows_gb) + self.price("dynamodb_backup_gb_month", rows_gb),
        }
        return self.item("DynamoDB", parts)

    def storage(self) -> Item:
        made_mb = self.portraits * habits.PICTURE_MB + self.sheets * habits.SHEET_MB
        pictures_gb = made_mb * habits.MONTHS_KEPT / 1e3
        uploads_gb = self.selfies * habits.UPLOAD_DAYS / DAYS * habits.UPLOAD_MB / 1e3
        puts = self.portraits * PORTRAIT_PUTS + self.sheets * SHEET_PUTS + self.selfies * SELFIE_PUTS + RUNS
        gets = self.portraits * (PORTRAIT_GETS + habits.DOWNLOADS_A_PORTRAIT) + self.selfies * SELFIE_GETS
        gets += 2 * RUNS + self.sheets * SHEET_GETS
        parts = {
            "pictures kept": self.price("s3_gb_month", pictures_gb),
            "photos and faces": self.price("s3_gb_month", uploads_gb + self.users * habits.FACE_MB / 1e3),
            "requests": self.price("s3_put", puts) + self.price("s3_get", gets),
        }
        return self.item("S3", parts)

    def mail(self) -> Item:
        mails = self.portraits * habits.MAIL_SHARE
        attached_gb = (mails * habits.MAIL_MB + self.sheets * habits.MAIL_SHARE * habits.SHEET_MB * 4 / 3) / 1e3
        attachments = self.price("ses_attachment_gb", attached_gb)
        parts = {"mails": self.price("ses_mail", mails), "pictures in them": attachments}
        return self.item("SES", parts)

    def accounts(self) -> Item:
        return self.item("Cognito", {"active users": self.price("cognito_active_user", self.users)})

    def model(self) -> Item:
        parts = {
            f"{kind} tokens": self.price(f"bedrock_{kind}_token", self.answers * tokens)
            for kind, tokens in habits.ANSWER_TOKENS.items()
        }
        return self.item("Bedrock", parts)

    def watching(self) -> Item:
        log_gb = (
            self.requests * habits.LOG_KB["request"] + (self.steps + self.portraits + 5 * RUNS) * habits.LOG_KB["step"]
        ) / 1e6
        parts = {
            "logs": self.price("logs_gb", log_gb),
            "metrics": self.price("metric_month", METRICS),
            "alarms": self.price("alarm_month", ALARMS) + self.price("dashboard_month", 1),
            "traces": self.price("trace", (self.requests + self.portraits) * habits.TRACED_SHARE),
        }
        return self.item("CloudWatch, X-Ray", parts)

    def transfer(self) -> Item:
        gb = (self.portraits * habits.DOWNLOADS_A_PORTRAIT * habits.DOWNLOAD_MB + self.requests * 0.002) / 1e3
        return self.item("Data transfer", {"pictures": self.price("transfer_out_gb", gb)})

    def fixed(self) -> Item:
        # With bucket keys S3 asks KMS rarely: about once in a hundred objects.
        objects = self.portraits * (PORTRAIT_PUTS + PORTRAIT_GETS) / 100
        parts = {
            "key": self.price("kms_key_month", 1) + self.price("kms_request", objects),
            "secret": self.price("secret_month", 1),
            "images": self.price("registry_gb_month", IMAGES_GB * 20),
        }
        return self.item("KMS, secret, images", parts)

    def firewall(self) -> Item:
        parts = {"rules": self.price("waf_month", 1), "requests": self.price("waf_request", self.requests)}
        return self.item("WAF", parts)


def report(bill: Bill) -> str:
    """The bill as a table, the dearest first."""
    total = bill.total
    lines = [
        f"{bill.users:,} users, {bill.days_per_week:g} days a week, us-east-1 list prices of {bill.date}",
        f"{'service':22}{'USD a month':>14}{'share':>8}  mostly",
    ]
    for item in sorted(bill.items, key=lambda each: -each.dollars):
        share = item.dollars / total if total else 0.0
        lines.append(f"{item.service:22}{item.dollars:>14,.2f}{share:>8.0%}  {item.mostly}")
    each = f"  {total / bill.users:.4f} a user" if bill.users else ""
    lines.append(f"{'total':22}{total:>14,.2f}{'':8}{each}")
    return "\n".join(lines)


def as_json(bill: Bill) -> dict[str, Any]:
    """The bill for a script."""
    return {
        "users": bill.users,
        "days_per_week": bill.days_per_week,
        "prices_of": bill.date,
        "total": round(bill.total, 2),
        "services": {item.service: {"dollars": round(item.dollars, 2), "mostly": item.mostly} for item in bill.items},
    }
