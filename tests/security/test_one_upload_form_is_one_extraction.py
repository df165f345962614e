"""However often the form of one upload is posted, the face is taken out of the photo once."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from motiv8.waiting import wait_for
from motiv8_tooling.client.person import Person
from motiv8_tooling.local.local_stack import LocalStack
from motiv8_tooling.local.provisioning import client

POSTS = 10
_PATIENCE_SECONDS = 120.0


def _ended(stack: LocalStack, key: str) -> list[str]:
    """How the executions that this object's events started have ended, once all have."""
    functions = client("stepfunctions", stack.emulator)
    [machine] = [each for each in functions.list_state_machines()["stateMachines"] if "selfie" in each["name"]]

    def ask() -> list[str] | None:
        runs = functions.list_executions(stateMachineArn=machine["stateMachineArn"])["executions"]
        found = [functions.describe_execution(executionArn=each["executionArn"]) for each in runs]
        ours = [each["status"] for each in found if json.loads(each["input"])["key"] == key]
        return ours if len(ours) == POSTS and "RUNNING" not in ours else None

    return wait_for(ask, seconds=_PATIENCE_SECONDS, pause=0.2)


def _times_stored(stack: LocalStack, prefix: str) -> int:
    s3 = client("s3", stack.emulator)
    [media] = [each["Name"] for each in s3.list_buckets()["Buckets"] if each["Name"].startswith("motiv8-media")]
    answer: dict[str, Any] = s3.list_object_versions(Bucket=media, Prefix=prefix)
    return len(answer.get("Versions", ()))


def test_ten_posts_of_one_form_start_ten_runs_of_which_one_works(
    stack: LocalStack, somebody: Callable[..., Person], sample: bytes
) -> None:
    person = somebody()
    upload = person.expect("POST", "/v1/selfies", {"content_type": "image/jpeg"})["upload"]

    def post(_: int) -> int:
        files = {"file": ("photo", sample, "image/jpeg")}
        return httpx.post(upload["url"], data=upload["fields"], files=files, timeout=30).status_code

    with ThreadPoolExecutor(POSTS) as pool:
        assert set(pool.map(post, range(POSTS))) == {204}
    selfie = person.wait_for_selfie()
    key = upload["fields"]["key"]
    assert _ended(stack, key) == ["SUCCEEDED"] * POSTS
    user_id = key.split("/")[1]
    assert _times_stored(stack, f"faces/{user_id}/{selfie['selfie_id']}.npy") == 1
