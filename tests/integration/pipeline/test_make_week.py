"""A week's sheet and film: made on demand, once, and gone with any picture that they show."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from PIL import Image

from motiv8 import clock
from motiv8.aws import clients, keys, storage
from motiv8.entrypoints import image_worker
from motiv8.payloads import PictureStep
from motiv8.pipeline.load_portrait import load_portrait
from motiv8.pipeline.make_week import make_week
from motiv8.settings import settings

Call = Callable[..., Any]
Make = Callable[..., Any]
DAYS = ("2026-11-16-daily", "2026-11-18-daily", "2026-11-20-daily")


@pytest.fixture(autouse=True)
def a_week(make_user: Make, make_portrait: Make, noon: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: noon)
    make_user("ann", locale="de")
    for shade, portrait_id in enumerate(DAYS):
        make_portrait(portrait_id, "ann", status="ready", date=portrait_id[:10], ready_at=noon)
        body = io.BytesIO()
        Image.new("RGB", (1080, 1350), (80 * shade, 90, 120)).save(body, "JPEG")
        key = keys.picture("ann", portrait_id, ".jpg")
        storage.put(settings().media_bucket, key, body.getvalue(), "image/jpeg")


def _started() -> list[dict[str, Any]]:
    runs = clients.step_functions().list_executions(stateMachineArn=settings().portrait_state_machine_arn)
    arns = [each["executionArn"] for each in runs["executions"]]
    return [json.loads(clients.step_functions().describe_execution(executionArn=arn)["input"]) for arn in arns]


def _week(call: Call) -> Any:
    return call("GET", "/v1/portraits/week", user="ann", query={"sheet": "true"})


def _files() -> list[str]:
    found = clients.s3().list_objects_v2(Bucket=settings().media_bucket, Prefix=keys.week("ann"))
    return [each["Key"] for each in found.get("Contents", ())]


def test_sheet_and_film_are_made_once_and_can_be_fetched(call: Call, noon: datetime) -> None:
    assert call("GET", "/v1/portraits/week", user="ann").json["sheet_status"] == "not_asked"
    first = _week(call)
    assert (first.json["sheet_status"], first.json["film_url"], first.headers["Retry-After"]) == ("making", None, "2")
    _week(call)
    [order] = _started()
    loaded = load_portrait("ann", order["portrait_id"], order["trigger"], order["task"], None, "run", noon)
    assert loaded == {"action": "compose", "engine": "poster"}
    step: PictureStep = {
        "step": "compose",
        "user_id": "ann",
        "portrait_id": order["portrait_id"],
        "correlation_id": "c",
    }
    assert image_worker.STEPS["compose"](step) == {"outcome": "sheet"}
    ready = _week(call)
    assert ready.json["sheet_status"] == "ready"
    assert order["portrait_id"] in ready.json["sheet_url"]
    assert ready.json["film_url"].partition("?")[0].endswith(".webp")
    assert "Retry-After" not in ready.headers
    assert ready.headers["ETag"] != first.headers["ETag"]
    assert len(_files()) == 2


def test_a_sheet_goes_with_each_picture_that_it_shows(call: Call, noon: datetime) -> None:
    _week(call)
    [order] = _started()
    make_week("ann", order["portrait_id"], noon)
    assert call("DELETE", f"/v1/portraits/{DAYS[0]}", user="ann").status == 204
    assert _files() == []
    # What is under way when a picture goes comes to nothing.
    assert make_week("ann", order["portrait_id"], noon) == {"outcome": "gone"}
    assert _week(call).json["sheet_status"] == "making"
    assert len(_started()) == 2


def test_a_picture_that_goes_while_the_sheet_is_made_leaves_none(
    call: Call, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    _week(call)
    [order] = _started()
    put = storage.put

    def deleting(*given: Any) -> None:
        call("DELETE", f"/v1/portraits/{DAYS[0]}", user="ann")
        monkeypatch.setattr(storage, "put", put)
        put(*given)

    monkeypatch.setattr(storage, "put", deleting)
    assert make_week("ann", order["portrait_id"], noon) == {"outcome": "gone"}
    assert _files() == []


def test_head_has_no_sheet_made(call: Call) -> None:
    assert call("HEAD", "/v1/portraits/week", user="ann", query={"sheet": "true"}).status == 200
    assert _started() == []


def test_a_week_without_a_picture_has_no_sheet(call: Call) -> None:
    answer = call("GET", "/v1/portraits/week", user="ann", query={"sheet": "true", "week": "2026-W01"})
    assert answer.json["sheet_status"] == "none"
    assert _started() == []
