"""A real face, extracted once, and shortcuts to the steps."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import pytest

from motiv8.aws import clients, keys, storage
from motiv8.daily_payloads import Batch, Part
from motiv8.payloads import DayOrder, Scene
from motiv8.pipeline.plan_day import gather_plan, plan_day
from motiv8.pipeline.plan_part import plan_part
from motiv8.settings import settings


@pytest.fixture
def somebody(make_user: Callable[..., Any], cutout: bytes) -> Callable[..., Any]:
    """A person whose face is stored."""

    def make(user_id: str = "user-1", **changes: Any) -> Any:
        storage.put(settings().media_bucket, keys.cutout(user_id, "selfie-1"), cutout, "image/webp")
        return make_user(user_id, **changes)

    return make


@pytest.fixture(autouse=True)
def _delivery_queue() -> None:
    """The queue, empty; moto's cannot be copied with the rest of its account."""
    queue = clients.sqs().create_queue(QueueName="deliveries-test")["QueueUrl"]
    clients.sqs().purge_queue(QueueUrl=queue)


@dataclass(frozen=True)
class Plan:
    """What a run is to do, as the machine passes it on."""

    parts: list[Part]
    scenes: list[Scene]
    batches: list[Batch]
    alone: list[dict[str, Any]]

    @property
    def pictures(self) -> dict[str, str]:
        """Whose pictures are made or delivered in batches: person → picture."""
        return {each["user_id"]: each["portrait_id"] for batch in self.batches for each in batch["orders"]}

    @property
    def due(self) -> int:
        """How many things there are to do."""
        return len(self.pictures) + len(self.alone)


@pytest.fixture
def planned() -> Callable[..., Plan]:
    """Plan as the machine does: the groups, each until it is through, and all of them together."""

    def plan(now: datetime, run: str = "run", **order: str) -> Plan:
        groups = plan_day(now, run, cast("DayOrder", order))["groups"]
        for group in groups:
            more = True
            while more:
                group["planned"] = {"value": json.loads(json.dumps(plan_part(group)))}
                more = group["planned"]["value"]["more"]
        found = gather_plan(groups)
        batches = [line for part in found["parts"] for line in _lines(part["batches"])]
        alone = [line for part in found["parts"] for line in _lines(part["alone"])]
        return Plan(found["parts"], found["scenes"], batches, alone)

    return plan


def _lines(key: str) -> list[Any]:
    return [json.loads(line) for line in (storage.get(settings().media_bucket, key) or b"").splitlines()]


@pytest.fixture
def queued() -> Callable[[], list[dict[str, Any]]]:
    """Take what waits in the delivery queue, as the messages that its function is given."""

    def take() -> list[dict[str, Any]]:
        found = clients.sqs().receive_message(
            QueueUrl=settings().delivery_queue_url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"]
        )
        messages = found.get("Messages", [])
        for each in messages:
            clients.sqs().delete_message(QueueUrl=settings().delivery_queue_url, ReceiptHandle=each["ReceiptHandle"])
        return [
            {"messageId": each["MessageId"], "body": each["Body"], "attributes": each["Attributes"]}
            for each in messages
        ]

    return take
