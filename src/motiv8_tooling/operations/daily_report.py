"""How the daily pictures of a day were delivered: read from the metrics that the functions write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date

_DAY = 86_400
_SUMS = {
    "due": "DailyDue",
    "delivered": "DeliveriesMade",
    "late": "DeliveriesLate",
    "failed": "PortraitsFailed",
}
_PERCENTILES = ("p50", "p99")


@dataclass(frozen=True, slots=True)
class DayReport:
    """Pictures of a day (UTC); `made` are all, those asked for among them. Lateness in seconds, None without any."""

    due: int
    made: int
    delivered: int
    late: int
    failed: int
    p50: float | None
    p99: float | None

    def __str__(self) -> str:
        counts = f"due {self.due}, made {self.made}, delivered {self.delivered}, late {self.late}, failed {self.failed}"
        if self.p50 is None or self.p99 is None:
            return counts
        return f"{counts}; lateness p50 {self.p50:.0f} s, p99 {self.p99:.0f} s"


def daily_report(cloudwatch: Any, environment: str, day: date) -> DayReport:
    """What CloudWatch has of a day; what it has nothing of is 0."""
    begin = datetime.combine(day, time(), tzinfo=UTC)
    found = cloudwatch.get_metric_data(
        MetricDataQueries=_queries(environment), StartTime=begin, EndTime=begin + timedelta(days=1)
    )
    values = {each["Id"]: each["Values"] for each in found["MetricDataResults"]}
    counts = {name: round(sum(values.get(name, ()))) for name in (*_SUMS, "made")}
    p50, p99 = (next(iter(values.get(name, ())), None) for name in _PERCENTILES)
    return DayReport(**counts, p50=p50, p99=p99)


def _queries(environment: str) -> list[dict[str, Any]]:
    dimensions = [{"Name": "environment", "Value": environment}, {"Name": "service", "Value": "motiv8"}]

    def one(name: str, metric: str, statistic: str) -> dict[str, Any]:
        named = {"Namespace": "motiv8", "MetricName": metric, "Dimensions": dimensions}
        return {"Id": name, "MetricStat": {"Metric": named, "Period": _DAY, "Stat": statistic}}

    # Counted by mode.
    every_mode = f'{{motiv8,environment,mode,service}} environment="{environment}" MetricName="PortraitsMade"'
    return [
        *(one(name, metric, "Sum") for name, metric in _SUMS.items()),
        *(one(name, "DeliveryLateness", name) for name in _PERCENTILES),
        {"Id": "made", "Expression": f"SUM(SEARCH('{every_mode}', 'Sum', {_DAY}))", "Period": _DAY},
    ]
