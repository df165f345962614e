"""A real run of the daily machine on the local stack: many people due at once, the run stopped twice in its middle.

`python -m benchmarks.daily_run [PEOPLE]`. Everybody has the same face, copied; counted is who got how many mails.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.table import show
from motiv8.accounts.schedule import due_shard
from motiv8.waiting import wait_for
from motiv8_tooling.client.person import Person
from motiv8_tooling.local.local_stack import LocalStack, running
from motiv8_tooling.local.provisioning import client

PEOPLE = 2_000
STOPS = (0.25, 0.5)
"""Shares of the pictures after which the run is stopped."""
DUE = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
DAILY = f"{DUE.date().isoformat()}-daily"
PHOTO = Path(__file__).parents[1] / "samples" / "astronaut.jpg"
_LONGEST_SECONDS = 6 * 3600.0


def main(people: int = PEOPLE) -> None:
    """Bring a stack up, have everybody served, and print what it took."""
    with tempfile.TemporaryDirectory() as home, running(Path(home), keep=False) as stack:
        _populate(stack, people)
        begun = time.monotonic()
        runs = [_run(stack, round(share * people)) for share in STOPS]
        # A picture that was in work at a stop is another run's once its lease has ended.
        left = people
        while left:
            runs.append(_run(stack))
            left = people - _count(stack, "ready")
            if left:
                time.sleep(60)
        made = time.monotonic() - begun
        wait_for(lambda: _count(stack, "sent") == people, seconds=_LONGEST_SECONDS, pause=2)
        delivered = time.monotonic() - begun
        mails = Counter(str(stack.mailbox.read(path.name)["To"]) for path in stack.mailbox.files())
    got = Counter(mails[_email(number)] for number in range(people))
    show(
        f"{people:,} people due at once, the run stopped {len(STOPS)} times",
        ("runs", "seconds until made", "a second", "seconds until delivered", "one mail", "none", "several"),
        [
            (
                len(runs),
                f"{made:.0f}",
                f"{people / made:.1f}",
                f"{delivered:.0f}",
                got[1],
                got[0],
                sum(got.values()) - got[0] - got[1],
            )
        ],
    )


def _run(stack: LocalStack, stop_at: int | None = None) -> str:
    """Start the daily machine and wait for its end, or stop it once so many pictures are ready."""
    step_functions = client("stepfunctions", stack.emulator)
    machine = stack.outputs["DailyStateMachineArn"]
    execution: str = step_functions.start_execution(stateMachineArn=machine, input="{}")["executionArn"]

    def is_over() -> bool:
        if step_functions.describe_execution(executionArn=execution)["status"] != "RUNNING":
            return True
        if stop_at is None or _count(stack, "ready") < stop_at:
            return False
        step_functions.stop_execution(executionArn=execution)
        return True

    wait_for(is_over, seconds=_LONGEST_SECONDS, pause=1)
    return execution


def _count(stack: LocalStack, status: str) -> int:
    """How many daily pictures are ready, or sent."""
    attribute = "mail_status" if status == "sent" else "status"
    pages = (
        client("dynamodb", stack.emulator)
        .get_paginator("scan")
        .paginate(
            TableName=stack.outputs["PortraitsTableName"],
            Select="COUNT",
            FilterExpression="#it = :it",
            ExpressionAttributeNames={"#it": attribute},
            ExpressionAttributeValues={":it": {"S": status}},
        )
    )
    return sum(page["Count"] for page in pages)


def _email(number: int) -> str:
    return f"person-{number}@example.com"


def _populate(stack: LocalStack, people: int) -> None:
    """One real person, and copies of their row and face."""
    person = Person(stack.front.url, "model@example.com")
    person.register("UTC")
    person.sign_in()
    person.agree()
    person.upload(PHOTO.read_bytes(), "image/jpeg")
    person.wait_for_selfie()
    table, media = stack.outputs["UsersTableName"], stack.outputs["MediaBucketName"]
    dynamodb, s3 = client("dynamodb", stack.emulator), client("s3", stack.emulator)
    user_id = person.expect("GET", "/v1/me")["user_id"]
    row: dict[str, Any] = dynamodb.get_item(TableName=table, Key={"user_id": {"S": user_id}})["Item"]
    far = (DUE + timedelta(days=7)).strftime("%Y-%m-%dT%H:%M:%SZ")
    dynamodb.put_item(TableName=table, Item=row | {"next_due_at": {"S": far}})
    face = row["face_selfie_id"]["S"]
    faces = [each["Key"] for each in s3.list_objects_v2(Bucket=media, Prefix=f"faces/{user_id}/")["Contents"]]
    for number in range(people):
        copy = f"person-{number}"
        for key in faces:
            s3.copy_object(Bucket=media, Key=key.replace(user_id, copy), CopySource={"Bucket": media, "Key": key})
        row |= {
            "user_id": {"S": copy},
            "email": {"S": _email(number)},
            "face_selfie_id": {"S": face},
            "embedding_key": {"S": f"faces/{copy}/{face}.npy"},
            "delivery_hour": {"N": str(DUE.hour)},
            "workout_days": {"SS": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]},
            "due_shard": {"N": str(due_shard(copy))},
            "next_due_at": {"S": DUE.strftime("%Y-%m-%dT%H:%M:%SZ")},
        }
        dynamodb.put_item(TableName=table, Item=row)


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:]))
