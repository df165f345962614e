"""The daily machine on the deployed stack: three time zones, nothing twice, and what was killed is taken up."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from motiv8.accounts.schedule import MAKE_AHEAD
from motiv8.waiting import wait_for
from motiv8_tooling.client.person import Person
from motiv8_tooling.local.daily import run_daily
from motiv8_tooling.local.local_stack import LocalStack
from motiv8_tooling.local.provisioning import client

Somebody = Callable[..., Person]


def _run(stack: LocalStack, **order: Any) -> dict[str, int]:
    machine = stack.outputs["DailyStateMachineArn"]
    return run_daily(client("stepfunctions", stack.emulator), machine, order)


def _id(person: Person) -> str:
    user_id: str = person.expect("GET", "/v1/me")["user_id"]
    return user_id


def _row(stack: LocalStack, person: Person) -> dict[str, Any]:
    table = stack.outputs["UsersTableName"]
    found = client("dynamodb", stack.emulator).get_item(TableName=table, Key={"user_id": {"S": _id(person)}})
    row: dict[str, Any] = found["Item"]
    return row


def _set(stack: LocalStack, table: str, key: dict[str, Any], **values: str) -> None:
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


def _mails(stack: LocalStack, person: Person) -> int:
    return sum(stack.mailbox.read(path.name)["To"] == person.email for path in stack.mailbox.files())


def _is_rescheduled(stack: LocalStack, person: Person) -> bool:
    return datetime.fromisoformat(_row(stack, person)["next_due_at"]["S"]) > datetime.now(UTC)


def _due_since(stack: LocalStack, person: Person, moment: datetime) -> None:
    at = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    _set(stack, "UsersTableName", {"user_id": _row(stack, person)["user_id"]}, next_due_at=at)


def test_people_in_three_time_zones_get_their_picture_once_each_in_their_own_morning(
    stack: LocalStack, with_face: Somebody
) -> None:
    # Long past, so that nobody else on this stack is due; six in the morning of Monday, 3 March 2025, in each zone.
    mornings = {
        "Pacific/Auckland": datetime(2025, 3, 2, 17, tzinfo=UTC),
        "Europe/Berlin": datetime(2025, 3, 3, 5, tzinfo=UTC),
        "America/Los_Angeles": datetime(2025, 3, 3, 14, tzinfo=UTC),
    }
    people = {zone: with_face(zone) for zone in mornings}
    for zone, person in people.items():
        _due_since(stack, person, mornings[zone])
    for zone, morning in mornings.items():
        assert _run(stack, now=(morning - MAKE_AHEAD - timedelta(seconds=1)).isoformat())["due"] == 0
        assert _run(stack, now=morning.isoformat()) == {"due": 1, "made": 1, "failed": 0}
        wait_for(partial(_is_rescheduled, stack, people[zone]), seconds=30)
        [picture] = _dailies(people[zone])
        assert picture["portrait_id"] == "2025-03-03-daily"
        assert (picture["status"], picture["mail_status"]) == ("ready", "sent")
    for zone, person in people.items():
        _due_since(stack, person, mornings[zone])
    again = _run(stack, now=mornings["America/Los_Angeles"].isoformat())
    assert again == {"due": 3, "made": 3, "failed": 0}
    for person in people.values():
        wait_for(partial(_is_rescheduled, stack, person), seconds=30)
        assert len(_dailies(person)) == 1
        assert _mails(stack, person) == 1


def _zone_whose_hour_is_near(now: datetime) -> tuple[str, int]:
    """A time zone that has a full hour in 3 to 40 minutes, and which hour that is there."""
    ways = []
    for zone in ("UTC", "Asia/Kolkata", "Asia/Kathmandu"):
        local = now.astimezone(ZoneInfo(zone))
        hour = local.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        ways.append((hour - local, zone, hour.hour))
    _, zone, hour_there = min(each for each in ways if each[0] >= timedelta(minutes=3))
    return zone, hour_there


def test_a_picture_is_made_ahead_of_its_hour_and_waits_for_it(stack: LocalStack, with_face: Somebody) -> None:
    zone, hour = _zone_whose_hour_is_near(datetime.now(UTC))
    person = with_face(zone)
    every_day = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    person.expect("PATCH", "/v1/me", {"delivery_hour": hour, "workout_days": every_day})
    due = _row(stack, person)["next_due_at"]["S"]
    for _ in range(2):
        _run(stack)
        [picture] = _dailies(person)
        assert (picture["status"], picture["mail_status"]) == ("ready", "waiting")
        assert _row(stack, person)["next_due_at"]["S"] == due
    assert _mails(stack, person) == 0


def test_a_run_for_one_person_makes_one_picture(stack: LocalStack, with_face: Somebody) -> None:
    person, other = with_face(), with_face()
    assert _run(stack, date="2026-12-24", user_id=_id(person)) == {"due": 1, "made": 1, "failed": 0}
    assert [each["date"] for each in _dailies(person)] == ["2026-12-24"]
    assert _dailies(other) == []


def test_a_run_for_nobody_is_no_failure(stack: LocalStack) -> None:
    assert _run(stack, user_id="nobody") == {"due": 0, "made": 0, "failed": 0}


def test_a_picture_whose_execution_was_killed_is_made_by_a_later_run(stack: LocalStack, with_face: Somebody) -> None:
    person = with_face()
    step_functions = client("stepfunctions", stack.emulator)
    location = person.call("POST", "/v1/portraits", {}).headers["Location"]
    machine = stack.outputs["PortraitStateMachineArn"]
    portrait_id = location.rpartition("/")[2]
    [execution] = [
        each["executionArn"]
        for each in step_functions.list_executions(stateMachineArn=machine)["executions"]
        if portrait_id in each["name"]
    ]
    step_functions.stop_execution(executionArn=execution)
    # A stopped execution's step in flight may still end well; this is what a kill in the middle of it leaves.
    time.sleep(2)
    key = {"user_id": _row(stack, person)["user_id"], "portrait_id": {"S": portrait_id}}
    _set(stack, "PortraitsTableName", key, status="making", mail_status="waiting", created_at="2025-03-03T05:00:00Z")
    _due_since(stack, person, datetime(2025, 3, 3, 6, 30, tzinfo=UTC))
    assert _run(stack, now="2025-03-03T06:31:00Z")["failed"] == 0
    assert person.expect("GET", location)["status"] == "ready"
    assert person.expect("GET", location)["mail_status"] == "sent"
    assert len(person.expect("GET", "/v1/portraits")["portraits"]) == 1


def test_a_photo_whose_execution_was_killed_is_taken_up_by_a_later_run(stack: LocalStack, with_face: Somebody) -> None:
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


def test_the_schedule_is_there_and_fires_the_daily_machine(stack: LocalStack) -> None:
    target = client("scheduler", stack.emulator).get_schedule(Name="motiv8-hourly-local")
    assert target["ScheduleExpression"] == "cron(0/15 * * * ? *)"
    assert target["Target"]["Arn"] == stack.outputs["DailyStateMachineArn"]


def test_a_mail_that_ses_refuses_leaves_the_picture_and_goes_out_the_next_hour(
    stack: LocalStack, with_face: Somebody
) -> None:
    person = with_face()
    ses = client("sesv2", stack.emulator)
    account = {"MailType": "TRANSACTIONAL", "WebsiteURL": "https://motiv8.example"}
    # In SES's sandbox mails to addresses that are not verified are refused.
    ses.put_account_details(**account, ProductionAccessEnabled=False)
    try:
        _run(stack, date="2026-12-31", user_id=_id(person))
        wait_for(lambda: [each["mail_status"] for each in _dailies(person)] == ["refused"], seconds=30)
        assert [each["status"] for each in _dailies(person)] == ["ready"]
    finally:
        ses.put_account_details(**account, ProductionAccessEnabled=True)
    _run(stack, date="2026-12-31", user_id=_id(person))
    wait_for(lambda: _mails(stack, person), seconds=30)
    wait_for(lambda: [each["mail_status"] for each in _dailies(person)] == ["sent"], seconds=30)
    assert _mails(stack, person) == 1
