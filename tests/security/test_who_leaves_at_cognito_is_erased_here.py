"""Whoever deletes their account at Cognito itself, past the API, is erased with row and face at the next daily look."""

from __future__ import annotations

import json
from collections.abc import Callable

from motiv8.waiting import wait_for
from motiv8_tooling.client.person import Person
from motiv8_tooling.local.daily import ended
from motiv8_tooling.local.local_stack import LocalStack
from motiv8_tooling.local.provisioning import client


def test_who_leaves_at_cognito_is_erased_here(stack: LocalStack, with_face: Callable[..., Person]) -> None:
    leaves, stays = with_face(), with_face()
    user_id = leaves.expect("GET", "/v1/me")["user_id"]
    cognito = client("cognito-idp", stack.emulator)
    pool = cognito.list_user_pools(MaxResults=1)["UserPools"][0]["Id"]
    # DeleteUser with the person's own token, which the stand-in has as this.
    cognito.admin_delete_user(UserPoolId=pool, Username=user_id)

    step_functions = client("stepfunctions", stack.emulator)
    machines = step_functions.list_state_machines()["stateMachines"]
    [daily] = [each["stateMachineArn"] for each in machines if "-daily-" in each["name"]]
    order = json.dumps({"now": "2026-11-20T03:00:00+00:00"})
    run = step_functions.start_execution(stateMachineArn=daily, input=order)["executionArn"]
    assert ended(step_functions, run)["status"] == "SUCCEEDED"

    tables, storage = client("dynamodb", stack.emulator), client("s3", stack.emulator)
    row = {"TableName": "users-local", "Key": {"user_id": {"S": user_id}}}
    wait_for(lambda: "Item" not in tables.get_item(**row), seconds=150)
    for bucket in storage.list_buckets()["Buckets"]:
        found = storage.list_object_versions(Bucket=bucket["Name"]).get("Versions", [])
        assert not [each["Key"] for each in found if user_id in each["Key"]]
    assert stays.expect("GET", "/v1/selfies/current")["face_in_use"]
