"""The end of an account: locked at once, erased step by step, looked after, and forgotten."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from motiv8 import clock
from motiv8.accounts import repository
from motiv8.aws import clients, keys, storage
from motiv8.aws.conversation_tables import ConversationItem
from motiv8.aws.machines import stop_portrait
from motiv8.aws.tables import PortraitRow, UserRow
from motiv8.aws.user_pool import directory
from motiv8.coach import repository as conversations
from motiv8.coach.conversation import Conversation, KeptEvent, Message, Outcome, answer, question
from motiv8.entrypoints import worker
from motiv8.pipeline.delete_account import SomethingIsLeft, close_account, end_runs, erase_account
from motiv8.settings import settings
from stand_in.aws_calls import AwsCalls
from stand_in.garbage import GARBAGE, spoil

Make = Callable[..., Any]
MACHINES = "arn:aws:states:us-east-1:123456789012:stateMachine"
RUN = "arn:aws:states:us-east-1:123456789012:execution:portrait-test:p-user-1"
pytestmark = pytest.mark.usefixtures("machines")


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch, noon: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: noon)


@pytest.fixture
def account(make_user: Make) -> str:
    """Somebody whom Cognito knows, too; the user id."""
    user: dict[str, Any] = clients.cognito().admin_create_user(  # type: ignore[assignment]
        UserPoolId=settings().user_pool_id, Username="going@example.com", MessageAction="SUPPRESS"
    )["User"]
    user_id: str = user["Username"]
    make_user(user_id)
    return user_id


def _executions(name: str) -> list[dict[str, Any]]:
    found = clients.step_functions().list_executions(stateMachineArn=f"{MACHINES}:{name}-test")["executions"]
    return [
        json.loads(clients.step_functions().describe_execution(executionArn=each["executionArn"])["input"])
        for each in found
    ]


def _fill(user_id: str, make_portrait: Make) -> None:
    for day in ("2026-11-19", "2026-11-20"):
        make_portrait(f"{day}-daily", user_id=user_id)
    media, uploads = settings().media_bucket, settings().uploads_bucket
    for _ in range(2):
        storage.put(media, keys.picture(user_id, "2026-11-20-daily", ".jpg"), b"picture", "image/jpeg")
    storage.put(media, keys.embedding(user_id, "s"), b"face", "application/octet-stream")
    storage.put(media, keys.export(user_id, "h.zip"), b"archive", "application/zip")
    storage.put(uploads, keys.upload(user_id, "s"), b"photo", "image/jpeg")


def _talk(user_id: str, now: datetime) -> Message:
    """A conversation in which an answer is being written."""
    expires_at = int(now.timestamp()) + 1_000
    conversation = Conversation(
        user_id=user_id, conversation_id=f"c-{user_id}", title=None, namespace=None, created_at=now, updated_at=now
    )
    conversations.create_conversation(conversation)
    asked = question(conversation, f"q-{user_id}", "Why warm up?", now)
    written = answer(conversation, f"a-{user_id}", asked.message_id, now)
    assert conversations.add_question(asked, written, now)
    assert conversations.claim(written, "run")
    assert conversations.keep_event(written, "run", KeptEvent(0, {"type": "delta", "text": "Warm"}), expires_at)
    conversations.add_connection(user_id, "socket", conversation.conversation_id, expires_at)
    return written


def test_asking_locks_the_account_and_starts_the_machine(call: Make, account: str) -> None:
    answer = call("DELETE", "/v1/me", user=account)
    assert answer.status == 202
    assert answer.json["status"] == "deleting"
    [order] = _executions("delete")
    assert order["user_id"] == account
    assert order["deletion_id"] == answer.json["deletion_id"]
    assert order["settle_seconds"] > 120  # the longest that a step may take
    assert repository.get(account) is None
    row = UserRow.get(account)
    assert not {"next_due_at", "due_shard"} & set(row.attribute_values)
    for method, path, body in (
        ("GET", "/v1/me", None),
        ("PATCH", "/v1/me", {"mode": "track"}),
        ("GET", "/v1/me/export", None),
        ("POST", "/v1/selfies", {"content_type": "image/jpeg"}),
        ("POST", "/v1/portraits", {}),
    ):
        refused = call(method, path, body, user=account)
        assert (refused.status, refused.json["type"]) == (409, "urn:motiv8:problem:account-being-deleted"), path
    assert "sign up again" in refused.json["detail"]


def test_asking_twice_is_one_deletion(call: Make, account: str) -> None:
    first, again = (call("DELETE", "/v1/me", user=account).json["deletion_id"] for _ in range(2))
    assert first == again
    assert len(_executions("delete")) == 1


def test_a_machine_that_did_not_start_is_started_by_asking_again(
    call: Make, account: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTIV8_DELETE_STATE_MACHINE_ARN", f"{MACHINES}:none")
    settings.cache_clear()
    answer = call("DELETE", "/v1/me", user=account)
    assert (answer.status, answer.json["detail"]) == (503, "We could not start the deletion. Please try again.")
    monkeypatch.setenv("MOTIV8_DELETE_STATE_MACHINE_ARN", f"{MACHINES}:delete-test")
    settings.cache_clear()
    assert call("DELETE", "/v1/me", user=account).status == 202
    assert len(_executions("delete")) == 1


def test_a_deletion_is_followed_by_the_token_that_began_it_until_nothing_is_left(call: Make, account: str) -> None:
    assert call("GET", "/v1/me/deletion", user=account).status == 404
    begun = call("POST", "/v1/me/deletion", user=account)
    assert (begun.status, begun.headers["Location"]) == (202, "/v1/me/deletion")
    assert (
        begun.json == call("DELETE", "/v1/me", user=account).json == call("POST", "/v1/me/deletion", user=account).json
    )

    def followed() -> tuple[int, dict[str, Any], bool]:
        answer = call("GET", begun.headers["Location"], user=account)
        return answer.status, answer.json, "Retry-After" in answer.headers

    deleting = (200, {"status": "deleting", "deletion_id": begun.json["deletion_id"]}, True)
    assert followed() == deleting
    erase_account(account)
    assert not directory.exists(account)
    assert followed() == deleting
    close_account(account, begun.json["deletion_id"], 0, 0)
    assert followed() == (200, {"status": "deleted", "deletion_id": None}, False)
    assert repository.get(account) is None
    assert call("POST", "/v1/me/deletion", user=account).status == 401


def test_somebody_whose_row_was_lost_at_sign_up_is_not_told_that_they_are_gone(call: Make, account: str) -> None:
    repository.delete(account)
    assert call("GET", "/v1/me/deletion", user=account).status == 404


def test_how_far_it_is_is_said_to_nobody_without_a_token(call: Make, account: str) -> None:
    call("POST", "/v1/me/deletion", user=account)
    assert call("GET", "/v1/me/deletion").status == 401


def test_nobody_else_can_start_one(call: Make) -> None:
    assert call("DELETE", "/v1/me", user="nobody-that-cognito-knows").status == 401
    assert _executions("delete") == []


def test_everything_goes_and_one_line_without_a_name_stays(
    account: str,
    make_portrait: Make,
    objects: Callable[[str], list[str]],
    lambda_context: Any,
    logged: io.StringIO,
) -> None:
    _fill(account, make_portrait)
    make_portrait("2026-11-20-daily", user_id="user-2")
    storage.put(settings().media_bucket, "faces/user-2/s.npy", b"face", "application/octet-stream")
    repository.begin_deletion(account, "d-1")

    def step(name: str, **more: Any) -> Mapping[str, Any]:
        return worker.handler({"step": name, "user_id": account, "correlation_id": "c", **more}, lambda_context)

    assert step("erase_account") == {"portraits": 2, "object_versions": 5}
    # What a step that was running then still wrote.
    storage.put(settings().media_bucket, keys.picture(account, "late", ".jpg"), b"picture", "image/jpeg")
    assert step("erase_account") == {"portraits": 0, "object_versions": 1}
    logged.truncate(0)
    for _ in range(2):
        closed = step("close_account", deletion_id="d-1", portraits=2, object_versions=5)
        assert closed == {"outcome": "deleted"}
    assert objects(settings().uploads_bucket) == []
    assert objects(settings().media_bucket) == ["faces/user-2/s.npy"]
    assert [row.user_id for row in PortraitRow.scan()] == ["user-2"]
    assert list(UserRow.scan()) == []
    assert clients.cognito().list_users(UserPoolId=settings().user_pool_id)["Users"] == []
    [line] = [each for each in logged.getvalue().splitlines() if "account deleted" in each][:1]
    audit = json.loads(line[line.index("{") :])
    assert (audit["deletion_id"], audit["portraits"], audit["object_versions"], audit["left"]) == ("d-1", 2, 5, 0)
    assert account not in logged.getvalue()
    assert "@" not in logged.getvalue()


def test_conversations_go_with_an_answer_that_is_being_written(account: str, noon: datetime) -> None:
    _talk("user-2", noon)
    others = {item.partition for item in ConversationItem.scan()}
    written = _talk(account, noon)
    erase_account(account)
    late = KeptEvent(1, {"type": "delta", "text": "late"})
    assert not conversations.keep_event(written, "run", late, 0)
    assert not conversations.finish(written, "run", Outcome("ready", "late"), noon)
    assert {item.partition for item in ConversationItem.scan()} == others
    assert close_account(account, "d-1", 0, 0) == {"outcome": "deleted"}


def test_malformed_rows_of_pictures_go_too_and_none_is_overlooked(account: str, make_portrait: Make) -> None:
    for number, value in enumerate([*GARBAGE, None]):
        bad = f"2026-11-{number + 1:02}-daily"
        make_portrait(bad, user_id=account)
        key = {"user_id": {"S": account}, "portrait_id": {"S": bad}}
        spoil(settings().portraits_table, key, "status", value)
    clients.cognito().admin_delete_user(UserPoolId=settings().user_pool_id, Username=account)
    with pytest.raises(SomethingIsLeft, match="rows of pictures"):
        close_account(account, "d-1", 0, 0)
    assert erase_account(account)["portraits"] == len(GARBAGE) + 1
    assert close_account(account, "d-1", 0, 0) == {"outcome": "deleted"}
    assert clients.dynamodb().scan(TableName=settings().portraits_table)["Items"] == []


@pytest.mark.parametrize(
    "what", ["Cognito user", "conversations", "rows of pictures", "photos", "faces", "pictures", "archives"]
)
def test_what_is_left_keeps_the_account_open(account: str, make_portrait: Make, what: str, noon: datetime) -> None:
    media, uploads = settings().media_bucket, settings().uploads_bucket
    if what != "Cognito user":
        erase_account(account)
    if what == "rows of pictures":
        make_portrait(user_id=account)
    if what == "conversations":
        _talk(account, noon)
    places = {
        "photos": (uploads, keys.upload(account, "s")),
        "faces": (media, keys.face(account, "s")),
        "pictures": (media, keys.picture(account, "p", ".jpg")),
        "archives": (media, keys.export(account, "h.zip")),
    }
    if what in places:
        bucket, key = places[what]
        storage.put(bucket, key, b"left", "application/octet-stream")
        clients.s3().delete_object(Bucket=bucket, Key=key)  # an old version and a marker are something, too
    with pytest.raises(SomethingIsLeft, match=f"^{what}$"):
        close_account(account, "d-1", 0, 0)
    assert UserRow.get(account).user_id == account


def test_pictures_and_archives_in_work_are_stopped(
    account: str, make_portrait: Make, step_functions: AwsCalls, noon: datetime
) -> None:
    make_portrait("2026-11-20-01J", user_id=account, status="making")
    make_portrait("2026-11-20-01K", user_id=account, status="ready")
    make_portrait("2026-11-20-daily", user_id=account, status="queued")
    runs = MACHINES.replace("stateMachine", "execution")
    # None of them is there (any more), which is no reason to stop.
    assert end_runs(account, noon) == {"outcome": "ended"}
    assert [asked["executionArn"] for asked in step_functions.calls("stop_execution")] == [
        f"{runs}:portrait-test:2026-11-20-01J-{account}",
        f"{runs}:export-test:2026-11-20T12-{account}",
        f"{runs}:export-test:2026-11-20T11-{account}",
    ]


def _is_described(step_functions: AwsCalls, status: str) -> None:
    answer = {"executionArn": RUN, "stateMachineArn": f"{MACHINES}:portrait-test", "status": status, "startDate": 1}
    step_functions.answer("describe_execution", answer, executionArn=RUN)


@pytest.mark.parametrize("error", ["ValidationException", "ExecutionNotRunning"])
@pytest.mark.parametrize("status", ["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"])
def test_a_run_that_has_ended_is_stopped_whatever_the_error_is_called(
    step_functions: AwsCalls, error: str, status: str
) -> None:
    step_functions.refuse("stop_execution", error)
    _is_described(step_functions, status)
    stop_portrait("user-1", "p")
    assert step_functions.calls("describe_execution") == [{"executionArn": RUN}]


def test_a_run_that_is_not_there_is_stopped(step_functions: AwsCalls) -> None:
    step_functions.refuse("stop_execution", "ExecutionDoesNotExist")
    step_functions.refuse("describe_execution", "ExecutionDoesNotExist")
    stop_portrait("user-1", "p")


def test_a_run_that_goes_on_fails_the_step_which_is_tried_again(step_functions: AwsCalls) -> None:
    step_functions.refuse("stop_execution", "ThrottlingException")
    _is_described(step_functions, "RUNNING")
    with pytest.raises(ClientError, match="ThrottlingException"):
        stop_portrait("user-1", "p")


def test_a_run_whose_state_is_unknown_fails_the_step_which_is_tried_again(step_functions: AwsCalls) -> None:
    step_functions.refuse("stop_execution", "ThrottlingException")
    step_functions.refuse("describe_execution", "AccessDeniedException")
    with pytest.raises(ClientError, match="AccessDeniedException"):
        stop_portrait("user-1", "p")


def test_a_deleted_account_does_not_come_back_with_an_old_token(call: Make, account: str) -> None:
    call("DELETE", "/v1/me", user=account)
    erase_account(account)
    close_account(account, "d-1", 0, 0)
    assert call("GET", "/v1/me", user=account).status == 401
    assert list(UserRow.scan()) == []
