"""The daily machine on the deployed stack: three time zones, nothing twice, and what was killed is taken up."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from motiv8.local.daily import run_daily
from motiv8.local.deploy import client
from motiv8.local.person import Person
from motiv8.local.stack import Stack

Somebody = Callable[..., Person]


def _run(stack: Stack, **order: Any) -> dict[str, int]:
    machine = stack.outputs["DailyStateMachineArn"]
    return run_daily(client("stepfunctions", stack.emulator), machine, order)


def _row(stack: Stack, person: Person) -> dict[str, Any]:
    user_id = person.expect("GET", "/v1/me")["user_id"]
    table = stack.outputs["UsersTableName"]
    found = client("dynamodb", stack.emulator).get_item(TableName=table, Key={"user_id": {"S": user_id}})
    row: dict[str, Any] = found["Item"]
    return row


def _set(stack: Stack, table: str, key: dict[str, Any], **values: str) -> None:
    client("dynamodb", stack.emulator).update_item(
        TableName=stack.outputs[table],
        Key=key,
        UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in values),
        ExpressionAttributeNames={f"#{name}": name for name in values},
        ExpressionAttributeValues={f":{name}": {"S": value} for name, value in values.items()},
    )


def _dailies(person: Person) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = person.expect("GET", "/v1/portraits")["portraits"]
    return [each for each in listed if each["trigger"] == "daily"]


def _mails(stack: Stack, person: Person) -> int:
    return sum(stack.mailbox.read(path.name)["To"] == person.email for path in stack.mailbox.files())


def test_people_in_three_time_zones_get_their_picture_once_each_in_their_own_morning(
    stack: Stack, with_face: Somebody
) -> None:
    week = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    people = {zone: with_face(zone) for zone in ("Pacific/Auckland", "Europe/Berlin", "America/Los_Angeles")}
    due: dict[str, datetime] = {}
    for zone, person in people.items():
        me = person.expect("PATCH", "/v1/me", {"delivery_hour": 6, "workout_days": week})
        due[zone] = datetime.fromisoformat(me["next_delivery_at"])
    assert len(set(due.values())) == 3
    served: set[str] = set()
    for zone, moment in sorted(due.items(), key=lambda item: item[1]):
        for _ in range(2):
            _run(stack, now=moment.isoformat())
        served.add(zone)
        for other, person in people.items():
            assert len(_dailies(person)) == (other in served), f"{other} after {zone}"
        [picture] = _dailies(people[zone])
        assert (picture["status"], picture["mail_status"]) == ("ready", "sent")
        assert picture["portrait_id"] == f"{picture['date']}-daily"
        assert _mails(stack, people[zone]) == 1


def test_a_run_for_one_person_makes_one_picture(stack: Stack, with_face: Somebody) -> None:
    person, other = with_face(), with_face()
    assert _run(stack, date="2026-12-24", email=person.email) == {"due": 1, "served": 1, "failed": 0}
    assert [each["date"] for each in _dailies(person)] == ["2026-12-24"]
    assert _dailies(other) == []


def test_a_run_for_nobody_is_no_failure(stack: Stack) -> None:
    assert _run(stack, email="nobody@example.com") == {"due": 0, "served": 0, "failed": 0}


def test_a_picture_whose_execution_was_killed_is_made_by_the_hourly_run(stack: Stack, with_face: Somebody) -> None:
    person = with_face()
    location = person.call("POST", "/v1/portraits", {}).headers["Location"]
    portrait = person.wait_for_portrait(location)
    user_id = _row(stack, person)["user_id"]
    # As a kill in the middle of the work leaves it.
    key = {"user_id": user_id, "portrait_id": {"S": portrait["portrait_id"]}}
    _set(stack, "PortraitsTableName", key, status="making", created_at="2026-11-20T05:00:00Z")
    assert _run(stack, now=(datetime.now(UTC) + timedelta(hours=1, minutes=1)).isoformat())["failed"] == 0
    assert person.expect("GET", location)["status"] == "ready"
    assert len(person.expect("GET", "/v1/portraits")["portraits"]) == 1


def test_a_photo_whose_execution_was_killed_is_taken_up_by_the_hourly_run(stack: Stack, with_face: Somebody) -> None:
    person = with_face()
    row = _row(stack, person)
    hour_ago = (datetime.now(UTC) - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    _set(
        stack,
        "UsersTableName",
        {"user_id": row["user_id"]},
        selfie_status="processing",
        selfie_updated_at=hour_ago,
        next_due_at=hour_ago,
    )
    _run(stack)
    assert person.expect("GET", "/v1/selfies/current")["status"] == "ready"


def test_the_schedule_is_there_and_fires_the_daily_machine(stack: Stack) -> None:
    [schedule] = client("scheduler", stack.emulator).list_schedules()["Schedules"]
    target = client("scheduler", stack.emulator).get_schedule(Name=schedule["Name"])
    assert target["ScheduleExpression"] == "cron(0 * * * ? *)"
    assert target["Target"]["Arn"] == stack.outputs["DailyStateMachineArn"]


def test_a_mail_that_ses_refuses_leaves_the_picture_and_goes_out_the_next_hour(
    stack: Stack, with_face: Somebody
) -> None:
    person = with_face()
    ses = client("sesv2", stack.emulator)
    account = {"MailType": "TRANSACTIONAL", "WebsiteURL": "https://motiv8.example"}
    # In SES's sandbox mails to addresses that are not verified are refused.
    ses.put_account_details(**account, ProductionAccessEnabled=False)
    try:
        _run(stack, date="2026-12-31", email=person.email)
        [picture] = _dailies(person)
        assert (picture["status"], picture["mail_status"]) == ("ready", "refused")
    finally:
        ses.put_account_details(**account, ProductionAccessEnabled=True)
    _run(stack, date="2026-12-31", email=person.email)
    for _ in range(50):
        if _mails(stack, person) == 1:
            break
        time.sleep(0.1)
    assert [each["mail_status"] for each in _dailies(person)] == ["sent"]
    assert _mails(stack, person) == 1
