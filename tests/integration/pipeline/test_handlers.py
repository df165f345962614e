"""The two worker functions, with the sample events that `sam local invoke` takes as well."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from motiv8.aws import keys, storage
from motiv8.entrypoints import exporter, image_worker, worker
from motiv8.settings import settings

EVENTS = Path(__file__).parents[3] / "events"
USER = "11111111-2222-3333-4444-555555555555"
EXPECTED: dict[str, dict[str, Any]] = {
    "courier-plan-day": {"groups": []},
    "courier-plan-part": {"more": False, "parts": []},
    "courier-gather-plan": {"parts": [], "scenes": []},
    "courier-summarise-part": {"due": 0, "made": 0, "failed": 0},
    "courier-load-portrait": {"action": "skip"},
    "courier-deliver": {"mail": "sent"},
    "courier-record-portrait-failure": {"outcome": "recorded"},
    "courier-record-selfie-failure": {"outcome": "stale"},
    "export-account": {"outcome": "ready"},
    "courier-record-export-failure": {"outcome": "recorded"},
    "courier-end-runs": {"outcome": "ended"},
    "courier-erase-account": {"portraits": 1, "object_versions": 1},
    "courier-close-account": {"outcome": "deleted"},
    "courier-mail-feedback": {"outcome": "off"},
    "courier-summarise-day": {"due": 0, "made": 0, "failed": 0},
    "courier-purge-sign-ups": {"purged": 0},
    "courier-review-accounts": {"more": False, "checked": 1, "missing": 1, "suspects": [USER]},
    "courier-erase-orphans": {"erased": 0, "held_back": 0},
    "courier-self-check": {"outcome": "ok"},
    "studio-extract-face": {"outcome": "stale"},
    "studio-make-scene": {"made": True},
    "studio-serve-batch": {"more": False, "left": []},
    "studio-compose": {"outcome": "ready"},
    "studio-self-check": {"outcome": "ok"},
}


def test_there_is_one_sample_event_for_every_step() -> None:
    names = {path.stem for path in EVENTS.glob("*.json") if path.stem.startswith(("courier-", "export-", "studio-"))}
    assert names == set(EXPECTED)
    steps = {json.loads((EVENTS / f"{name}.json").read_text())["step"] for name in names}
    assert steps == set(worker.STEPS) | set(exporter.STEPS) | set(image_worker.STEPS)


@pytest.mark.parametrize("name", list(EXPECTED))
def test_every_sample_event_runs(
    name: str,
    make_user: Callable[..., Any],
    make_portrait: Callable[..., Any],
    lambda_context: Any,
    logged: io.StringIO,
) -> None:
    make_user(USER)
    make_portrait("2026-11-20-daily", user_id=USER, mail_status="sent")
    storage.put(settings().media_bucket, keys.picture(USER, "2026-11-20-daily", ".jpg"), b"picture", "image/jpeg")
    event = json.loads((EVENTS / f"{name}.json").read_text())
    handler = {"courier": worker, "export": exporter, "studio": image_worker}[name.partition("-")[0]].handler
    outcome = handler(event, lambda_context)
    assert outcome.items() >= EXPECTED[name].items()
    entry = json.loads(logged.getvalue().splitlines()[-1])
    assert entry["correlation_id"] == event["correlation_id"]
    assert entry["step"] == event["step"]
    assert "@" not in logged.getvalue()


def test_a_schedule_whose_time_was_not_filled_in_runs_for_now(lambda_context: Any) -> None:
    event = {"step": "plan_day", "run": "r", "order": {"now": "<aws.scheduler.scheduled-time>"}, "correlation_id": "c"}
    assert worker.handler(event, lambda_context)["groups"] == []
