"""What a restore reaches, and which version of an object was current at a moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from motiv8 import clock
from motiv8_tooling.operations import restore as module
from motiv8_tooling.operations.environment import Environment
from motiv8_tooling.operations.errors import OperationError
from motiv8_tooling.operations.restore import check_reachable, current_at, moment, parameters_for

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def _version(name: str, minutes: int, *, deleted: bool = False) -> dict[str, Any]:
    marker = {"Deleted": True} if deleted else {}
    return {"Key": "k", "VersionId": name, "LastModified": NOON + timedelta(minutes=minutes), **marker}


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        ([], []),
        ([_version("only", -5)], ["only"]),
        ([_version("then", 0)], ["then"]),
        ([_version("later", 1)], []),
        ([_version("new", -1), _version("old", -9)], ["new"]),
        ([_version("old", -9), _version("new", -1)], ["new"]),
        ([_version("later", 1), _version("old", -9)], ["old"]),
        ([_version("marker", -1, deleted=True), _version("old", -9)], []),
        ([_version("marker", 1, deleted=True), _version("old", -9)], ["old"]),
    ],
)
def test_it_is_the_newest_one_that_was_there_and_not_deleted(
    versions: list[dict[str, Any]], expected: list[str]
) -> None:
    assert [each["VersionId"] for each in current_at(iter(versions), NOON)] == expected


def test_a_moment_is_taken_in_any_zone_and_kept_in_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    assert moment("2026-11-20T12:00:00+01:00") == NOON - timedelta(hours=1)


@pytest.mark.parametrize("text", ["2026-11-20T12:00:01Z", "2026-10-16T11:59:59Z"])
def test_the_future_and_what_no_backup_reaches_are_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    with pytest.raises(OperationError, match="cannot be restored"):
        moment(text)


class TestWhatDynamoDbReaches:
    @staticmethod
    def _stub(monkeypatch: pytest.MonkeyPatch, **described: Any) -> None:
        class DynamoDb:
            @staticmethod
            def describe_continuous_backups(**_: Any) -> dict[str, Any]:
                return {"ContinuousBackupsDescription": {"PointInTimeRecoveryDescription": described}}

        monkeypatch.setattr(module, "client", lambda _: DynamoDb())

    def test_the_last_minutes_are_refused_with_what_can_be_had(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._stub(monkeypatch, LatestRestorableDateTime=NOON - timedelta(minutes=5))
        check_reachable("users-dev", NOON - timedelta(minutes=5))
        with pytest.raises(OperationError, match=r"12:00:00Z is too new .* reaches 2026-11-20T11:55:00Z now"):
            check_reachable("users-dev", NOON)


def test_a_restored_stack_is_of_its_sources_tier() -> None:
    source = Environment("prod")
    outputs = {"UserPoolId": "pool", "UserPoolClientId": "client"}
    old = {"CorsOrigin": "https://app.example.com", "Release": "r", "DomainName": "api.example.com", "Tier": "dev"}
    given = parameters_for(source, old, outputs, Environment("restore-1"))
    assert (given["Tier"], given["SharedUserPoolId"]) == ("prod", "pool")
    assert given["CorsOrigin"] == "https://app.example.com"
    assert "DomainName" not in given
