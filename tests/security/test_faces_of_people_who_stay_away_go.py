"""The face of somebody who has not come for years goes, a month after a mail that says how to keep it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from motiv8_tooling.client.person import Person
from motiv8_tooling.local.local_stack import LocalStack
from motiv8_tooling.local.provisioning import client

NIGHT = datetime.now(UTC).replace(hour=3, minute=0)


def test_faces_of_people_who_stay_away_go(stack: LocalStack, with_face: Callable[..., Person]) -> None:
    absent, present = with_face(), with_face()
    user_id = absent.expect("GET", "/v1/me")["user_id"]
    _set(stack, user_id, "seen_on", f"{NIGHT - timedelta(days=725):%Y-%m-%d}")
    for _ in range(2):
        _review(stack)
    [notice] = [mail for mail in stack.mailbox.all() if mail.to == absent.email and "deleted" in mail.subject]
    assert "sign in" in stack.mailbox.read(notice.name).as_string().lower()

    _set(stack, user_id, "inactivity_notice_at", f"{NIGHT - timedelta(days=30):%Y-%m-%dT%H:%M:%SZ}")
    _set(stack, user_id, "seen_on", f"{NIGHT - timedelta(days=755):%Y-%m-%d}")
    _review(stack)
    storage = client("s3", stack.emulator)
    for bucket in storage.list_buckets()["Buckets"]:
        found = storage.list_object_versions(Bucket=bucket["Name"]).get("Versions", [])
        assert not [each["Key"] for each in found if user_id in each["Key"]]
    assert absent.call("GET", "/v1/selfies/current").status_code == 404
    [consent] = absent.expect("GET", "/v1/me/consent")["history"]
    assert consent["withdrawn_at"] is None
    assert present.expect("GET", "/v1/selfies/current")["face_in_use"]


def _set(stack: LocalStack, user_id: str, attribute: str, value: str) -> None:
    client("dynamodb", stack.emulator).update_item(
        TableName="users-local",
        Key={"user_id": {"S": user_id}},
        UpdateExpression="SET #attribute = :value",
        ExpressionAttributeNames={"#attribute": attribute},
        ExpressionAttributeValues={":value": {"S": value}},
    )


def _review(stack: LocalStack) -> None:
    """What the machine does at night."""
    review: dict[str, Any] = {"more": True}
    order: dict[str, Any] = {"now": NIGHT.isoformat()}
    while review["more"]:
        event = {"step": "review_accounts", "order": order, "correlation_id": "night"}
        answer = client("lambda", stack.emulator).invoke(FunctionName="motiv8-courier-local", Payload=json.dumps(event))
        review = json.loads(answer["Payload"].read())
        order["review"] = {"value": review}
