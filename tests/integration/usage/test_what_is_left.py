"""GET /v1/quota says the same as the routes that use a quota up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from motiv8 import clock
from motiv8.aws import keys, storage
from motiv8.coach import budget
from motiv8.settings import settings

Call = Callable[..., Any]
Make = Callable[..., Any]
NOW = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at_night(monkeypatch: pytest.MonkeyPatch, make_user: Make) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    make_user()


def _left(call: Call) -> Any:
    return call("GET", "/v1/quota", user="user-1").json


def test_all_is_there_for_somebody_who_did_nothing(call: Call) -> None:
    assert _left(call) == {
        "pictures": {"limit": 3, "remaining": 3, "resets_at": None},
        "uploads": {"limit": 10, "remaining": 10, "resets_at": None},
        "exports": {"limit": 1, "remaining": 1, "resets_at": None},
        "coach_tokens": {"limit": 50_000, "remaining": 50_000, "resets_at": None},
    }


@pytest.mark.parametrize(
    ("name", "path", "body"),
    [("pictures", "/v1/portraits", {}), ("uploads", "/v1/selfies", {"content_type": "image/jpeg"})],
)
def test_it_says_what_the_headers_of_the_last_use_said(
    call: Call, monkeypatch: pytest.MonkeyPatch, name: str, path: str, body: dict[str, str]
) -> None:
    call("POST", path, body, user="user-1")
    later = NOW + timedelta(minutes=10)
    monkeypatch.setattr(clock, "now", lambda: later)
    headers = call("POST", path, body, user="user-1").headers
    assert _left(call)[name] == {
        "limit": int(headers["RateLimit-Limit"]),
        "remaining": int(headers["RateLimit-Remaining"]),
        "resets_at": clock.rfc3339(later + timedelta(seconds=int(headers["RateLimit-Reset"]))),
    }
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=24))
    assert _left(call)[name]["remaining"] == int(headers["RateLimit-Remaining"]) + 1


def test_a_quota_that_is_used_up_is_free_again_when_the_refusal_says(call: Call) -> None:
    for _ in range(3):
        assert call("POST", "/v1/portraits", {}, user="user-1").status == 202
    refused = call("POST", "/v1/portraits", {}, user="user-1")
    assert refused.status == 429
    free_at = clock.rfc3339(NOW + timedelta(seconds=int(refused.headers["Retry-After"])))
    assert _left(call)["pictures"] == {"limit": 3, "remaining": 0, "resets_at": free_at}


@pytest.mark.parametrize("ending", ["zip", "failed"])
def test_an_export_is_free_again_at_the_full_hour(call: Call, ending: str) -> None:
    storage.put(settings().media_bucket, keys.export("user-1", f"2026-11-20T22.{ending}"), b"", "application/zip")
    storage.put(settings().media_bucket, keys.export("user-2", "2026-11-20T22.zip"), b"", "application/zip")
    assert _left(call)["exports"] == {"limit": 1, "remaining": 0, "resets_at": "2026-11-20T23:00:00Z"}


def test_the_coachs_tokens_are_free_again_at_midnight(call: Call) -> None:
    reserved = budget.reserve("user-1", NOW)
    tokens = {"limit": 50_000, "remaining": reserved.remaining, "resets_at": "2026-11-21T00:00:00Z"}
    assert _left(call)["coach_tokens"] == tokens
    budget.settle("user-1", 60_000, NOW)
    assert _left(call)["coach_tokens"] == tokens | {"remaining": 0}
