"""Deleting an account on the deployed stack while, and just after, something was made for it."""

from __future__ import annotations

import json
from collections.abc import Callable

from motiv8.waiting import wait_for
from motiv8_tooling.client.person import Person
from motiv8_tooling.local.local_stack import LocalStack
from motiv8_tooling.local.provisioning import client

Somebody = Callable[..., Person]


def _delete(person: Person) -> str:
    """Ask for the deletion; returns its id."""
    deletion_id: str = person.expect("DELETE", "/v1/me")["deletion_id"]
    return deletion_id


def _outcome(stack: LocalStack, deletion_id: str) -> str:
    """How the deletion's execution ended."""
    step_functions = client("stepfunctions", stack.emulator)
    machine = stack.outputs["PortraitStateMachineArn"].replace("motiv8-portrait-", "motiv8-delete-")

    def ask() -> str | None:
        for run in step_functions.list_executions(stateMachineArn=machine)["executions"]:
            described = step_functions.describe_execution(executionArn=run["executionArn"])
            if json.loads(described["input"])["deletion_id"] == deletion_id and described["status"] != "RUNNING":
                return str(described["status"])
        return None

    return wait_for(ask, seconds=120, pause=0.5)


def test_from_the_answer_on_nothing_can_be_read_or_changed(somebody: Somebody) -> None:
    person = somebody()
    deletion_id = _delete(person)
    answers = [
        person.call(method, path).status_code
        for method, path in (
            ("GET", "/v1/portraits"),
            ("GET", "/v1/portraits/today"),
            ("DELETE", "/v1/portraits/2026-11-20-daily"),
            ("GET", "/v1/auth/mfa"),
            ("GET", "/v1/me/export"),
            ("DELETE", f"/v1/notifications/{'0' * 32}"),
        )
    ]
    assert answers == [409] * 6
    assert _delete(person) == deletion_id


def test_an_account_is_deleted_after_an_export_while_a_picture_and_an_answer_are_made(
    stack: LocalStack, somebody: Somebody, with_face: Somebody
) -> None:
    exporting, asking = somebody(), with_face()
    exporting.wait_until("/v1/me/export", lambda found: found["status"] == "ready")
    assert asking.call("POST", "/v1/portraits", {}).status_code == 202
    talk = exporting.expect("POST", "/v1/conversations", {})["conversation_id"]
    exporting.expect("POST", f"/v1/conversations/{talk}/messages", {"text": "How long should I sleep?"})
    ids = [asking.expect("GET", "/v1/me")["user_id"], exporting.expect("GET", "/v1/me")["user_id"]]
    deletions = [_delete(asking), _delete(exporting)]
    assert [_outcome(stack, each) for each in deletions] == ["SUCCEEDED", "SUCCEEDED"]
    dynamodb = client("dynamodb", stack.emulator)
    for table in ("UsersTableName", "PortraitsTableName"):
        rows = dynamodb.scan(TableName=stack.outputs[table])["Items"]
        assert not [row for row in rows if row["user_id"]["S"] in ids]
    items = dynamodb.scan(TableName=stack.outputs["ConversationsTableName"])["Items"]
    # The tokens of the day expire by themselves.
    left = [item for item in items if not item["partition"]["S"].startswith("budget#")]
    assert not [item for item in left if any(each in json.dumps(item) for each in (*ids, talk))]
