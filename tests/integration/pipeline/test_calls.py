"""What a picture and a photo cost in calls: `motiv8 cost` counts with the same numbers."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from functools import partial
from typing import Any

import pytest
from botocore.client import BaseClient
from PIL import Image

from motiv8.accounts import repository as accounts
from motiv8.aws import keys, storage
from motiv8.pipeline.deliver import deliver
from motiv8.pipeline.deliver_queued import deliver_queued
from motiv8.pipeline.extract_face import extract_face
from motiv8.pipeline.make_scene import make_scene
from motiv8.pipeline.make_week import add_sheet
from motiv8.pipeline.pace import Pace
from motiv8.pipeline.serve_batch import serve_batch
from motiv8.pipeline.summarise_day import summarise_part
from motiv8.portraits import repository as portraits
from motiv8.settings import settings
from motiv8.studio.design import Design
from motiv8_tooling.operations import cost

Make = Callable[..., Any]
# A row whose index entry changes is written three times: the row, the entry taken out, the entry put back.
ENTRY_MOVED = 2


class Calls(list[tuple[str, dict[str, Any]]]):
    """Calls of AWS, and what DynamoDB charges for them."""

    def of(self, operation: str) -> int:
        """How many of one kind."""
        return sum(name == operation for name, _ in self)

    @property
    def reads(self) -> float:
        """Read units of rows below 4 kB: one each, half a one where it may be a moment old."""
        consistent = sum(name == "GetItem" and call.get("ConsistentRead", False) for name, call in self)
        loose = self.of("GetItem") - consistent + self.of("BatchGetItem")
        return float(consistent + loose / 2)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    """Every call of AWS from here on."""
    made = Calls()
    call = BaseClient._make_api_call  # type: ignore[attr-defined]

    def note(client: Any, operation: str, arguments: dict[str, Any]) -> Any:
        made.append((operation, arguments))
        return call(client, operation, arguments)

    monkeypatch.setattr(BaseClient, "_make_api_call", note)
    return made


def _same(now: datetime) -> datetime:
    return now


def test_a_daily_picture_makes_the_calls_that_the_bill_counts(
    somebody: Make, planned: Make, queued: Make, mails: list[EmailMessage], noon: datetime, calls: Calls
) -> None:
    morning = noon - timedelta(hours=6)
    somebody(next_due_at=morning, due_shard=3)
    make_scene(Design("summit", noon.date()), "poster")
    calls.clear()
    # The run that makes it, three that find nothing to do, and the one that has it delivered.
    for number, minutes in enumerate((60, 45, 30, 15, 0)):
        now = morning - timedelta(minutes=minutes)
        plan = planned(now, f"run-{number}")
        for batch in plan.batches:
            serve_batch(batch, partial(_same, now))
        for part in plan.parts:
            summarise_part(part)
    asked = calls.of("SendMessageBatch")
    deliver_queued(queued(), Pace(0), lambda: morning, lambda: 60.0)
    assert (len(mails), asked) == (1, 1)
    # Two plans are objects of their runs, whoever is in them; each is read by this test, and as the summary's part.
    assert (calls.of("PutObject") - 2, calls.of("GetObject") - 8) == (cost.PORTRAIT_PUTS, cost.PORTRAIT_GETS)
    runs, entry_of_the_index = 5, 0.5
    assert calls.reads + runs * entry_of_the_index == cost.PORTRAIT_READS
    assert calls.of("PutItem") + ENTRY_MOVED == cost.PORTRAIT_WRITES


def test_a_week_of_three_pictures_makes_the_calls_that_the_bill_counts(
    make_user: Make, make_portrait: Make, mails: list[EmailMessage], noon: datetime, calls: Calls
) -> None:
    make_user()
    body = io.BytesIO()
    Image.new("RGB", (54, 68)).save(body, "JPEG")
    for day in ("18", "19", "20"):
        row = make_portrait(f"2026-11-{day}-daily", mail_status="waiting")
        key = keys.picture("user-1", row.portrait_id, ".jpg")
        storage.put(settings().media_bucket, key, body.getvalue(), "image/jpeg")
    person, picture = accounts.get("user-1"), portraits.get("user-1", "2026-11-20-daily")
    assert person is not None
    assert picture is not None
    calls.clear()
    add_sheet(person, picture)
    puts, made = calls.of("PutObject"), len(calls)
    deliver("user-1", "2026-11-20-daily", noon)
    assert len(mails) == 1
    in_mail = [call["Key"] for name, call in calls[made:] if name == "GetObject" and "/weeks/" in call["Key"]]
    reads = Calls(calls[:made]).reads + calls.of("Query")
    assert (reads, puts) == (cost.SHEET_READS, cost.SHEET_PUTS)
    assert Calls(calls[:made]).of("GetObject") + len(in_mail) == cost.SHEET_GETS


def test_a_run_that_has_nobody_to_look_at_asks_each_shard_once(planned: Make, noon: datetime, calls: Calls) -> None:
    assert planned(noon).parts == []
    assert calls.of("Query") == len(calls) == cost.DUE_QUERIES


def test_a_photo_makes_the_calls_that_the_bill_counts(
    call: Callable[..., Any], make_user: Make, sample: bytes, noon: datetime, calls: Calls
) -> None:
    make_user(selfie_id=None, selfie_status=None, face_selfie_id=None, embedding_key=None)
    calls.clear()
    selfie = call("POST", "/v1/selfies", {"content_type": "image/jpeg"}, user="user-1").json["selfie_id"]
    storage.put(settings().uploads_bucket, keys.upload("user-1", selfie), sample, "image/jpeg")
    assert extract_face("user-1", selfie, "run-1", noon) == {"outcome": "ready"}
    assert (calls.of("PutObject"), calls.of("GetObject")) == (cost.SELFIE_PUTS, cost.SELFIE_GETS)
    assert calls.of("PutItem") * (1 + ENTRY_MOVED) == cost.SELFIE_WRITES
    assert calls.of("Query") == 0
