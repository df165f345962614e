"""How a day's deliveries went: what is asked of CloudWatch, and what is said."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import boto3
import pytest
from botocore.stub import ANY, Stubber

from motiv8_tooling import cli
from motiv8_tooling.command_line import OK
from motiv8_tooling.operations.daily_report import DayReport, daily_report

DAY = date(2026, 11, 20)


def _result(name: str, *values: float) -> dict[str, Any]:
    return {"Id": name, "Values": list(values)}


@pytest.fixture
def cloudwatch() -> Any:
    """A client that reaches nobody."""
    return boto3.client("cloudwatch", region_name="eu-central-1", aws_access_key_id="x", aws_secret_access_key="x")


def test_a_day_is_read_by_its_sums_and_percentiles(cloudwatch: Any) -> None:
    found = [
        *(_result("due", 1000.0), _result("made", 1010.0), _result("delivered", 990.0), _result("late", 10.0)),
        *(_result("failed", 5.0), _result("p50", 41.2), _result("p99", 933.7)),
    ]
    asked = {
        "MetricDataQueries": ANY,
        "StartTime": datetime(2026, 11, 20, tzinfo=UTC),
        "EndTime": datetime(2026, 11, 21, tzinfo=UTC),
    }
    with Stubber(cloudwatch) as stub:
        stub.add_response("get_metric_data", {"MetricDataResults": found}, asked)
        report = daily_report(cloudwatch, "prod", DAY)
    assert report == DayReport(1000, 1010, 990, 10, 5, 41.2, 933.7)
    said = "due 1000, made 1010, delivered 990, late 10, failed 5; lateness p50 41 s, p99 934 s"
    assert str(report) == said


def test_a_day_without_pictures_is_all_zeros(cloudwatch: Any) -> None:
    with Stubber(cloudwatch) as stub:
        stub.add_response("get_metric_data", {"MetricDataResults": [_result("due"), _result("p50")]})
        report = daily_report(cloudwatch, "prod", DAY)
    assert str(report) == "due 0, made 0, delivered 0, late 0, failed 0"


def test_the_command_reports_a_day_of_an_environment(
    cloudwatch: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(boto3.Session, "client", lambda *_, **__: cloudwatch)
    with Stubber(cloudwatch) as stub:
        stub.add_response("get_metric_data", {"MetricDataResults": [_result("due", 3.0), _result("delivered", 3.0)]})
        assert cli.main(["daily", "--report", "--environment", "dev", "--date", "2026-11-20", "--json"]) == OK
    assert '"delivered": 3' in capsys.readouterr().out


def test_a_report_without_an_environment_is_refused_in_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["daily", "--report"]) != OK
    assert "--environment" in capsys.readouterr().err
