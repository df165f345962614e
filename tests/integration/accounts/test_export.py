"""Everything that is kept about a person, as one archive."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zipfile import ZipFile

import pytest

from motiv8 import clock
from motiv8.accounts import repository
from motiv8.aws import clients, keys, storage
from motiv8.coach import repository as conversations
from motiv8.coach.conversation import Citation, Conversation, Feedback, Outcome, answer, question
from motiv8.pipeline.export_account import export_account, record_export_failure
from motiv8.settings import settings
from stand_in.aws_calls import AwsCalls

Make = Callable[..., Any]
HOUR = "2026-11-20T12"


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch, noon: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: noon)


def _archive() -> ZipFile:
    stored = storage.get(settings().media_bucket, keys.export("user-1", f"{HOUR}.zip"))
    assert stored is not None
    return ZipFile(io.BytesIO(stored))


def _files_of(make_user: Make, make_portrait: Make) -> None:
    make_user(own_lines={"mon": "Los, Ada!"}, streak=[3, "2026-11-20"], selfie_content_type="image/heic")
    make_portrait(line="Grüße, Ещё")
    media = settings().media_bucket
    storage.put(settings().uploads_bucket, keys.upload("user-1", "selfie-1"), b"photo", "image/heic")
    storage.put(media, keys.cutout("user-1", "selfie-1"), b"cutout", "image/webp")
    storage.put(media, keys.embedding("user-1", "selfie-1"), b"embedding", "application/octet-stream")
    storage.put(media, keys.picture("user-1", "2026-11-20-daily", ".jpg"), b"picture", "image/jpeg")
    storage.put(media, keys.picture("user-2", "2026-11-20-daily", ".jpg"), b"somebody else's", "image/jpeg")


def test_the_archive_holds_what_is_kept_and_nobody_elses(make_user: Make, make_portrait: Make) -> None:
    _files_of(make_user, make_portrait)
    assert export_account("user-1", HOUR) == {"outcome": "ready"}
    with _archive() as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    assert set(contents) == {
        *("README.txt", "account.json", "portraits.json", "photo.heic", "face/cutout.webp", "face/embedding.npy"),
        "pictures/2026-11-20-daily.jpg",
    }
    assert contents["photo.heic"] == b"photo"
    assert contents["pictures/2026-11-20-daily.jpg"] == b"picture"
    account = json.loads(contents["account.json"])
    assert account["email"] == repository.get("user-1").email  # type: ignore[union-attr]  # made above
    assert account["own_lines"] == {"mon": "Los, Ada!"}
    assert account["streak"] == {"days": 3, "through": "2026-11-20"}
    assert account["workout_days"] == [day for day in ("mon", "tue", "wed", "thu", "fri") if day]
    [portrait] = json.loads(contents["portraits.json"])
    assert (portrait["date"], portrait["line"]) == ("2026-11-20", "Grüße, Ещё")


def test_conversations_are_in_the_archive_with_their_sources(make_user: Make, noon: datetime) -> None:
    make_user()
    for user_id in ("user-1", "user-2"):
        conversation = Conversation(
            user_id=user_id,
            conversation_id=user_id,
            title="Warming up",
            namespace=None,
            created_at=noon,
            updated_at=noon,
        )
        conversations.create_conversation(conversation)
        asked = question(conversation, f"1-{user_id}", "Warum? 🏃", noon)
        written = answer(conversation, f"2-{user_id}", asked.message_id, noon)
        assert conversations.add_question(asked, written, noon)
        cited = Citation(1, "p", "doc-1", "Basics", 3, 3, "Why", None, "Warm muscles work.")
        assert conversations.finish(written, None, Outcome("ready", "Warm muscles work. [1]", (cited,)), noon)
        assert conversations.give_feedback(written, Feedback("up", "clear"))
    assert export_account("user-1", HOUR) == {"outcome": "ready"}
    with _archive() as archive:
        [talk] = json.loads(archive.read("conversations.json"))
    assert talk["title"] == "Warming up"
    asked_for, answered = talk["messages"]
    assert (asked_for["role"], asked_for["text"]) == ("user", "Warum? 🏃")
    assert (answered["text"], answered["citations"][0]["quote"]) == ("Warm muscles work. [1]", "Warm muscles work.")
    assert answered["feedback"] == {"rating": "up", "reason": "clear"}


def test_without_a_photo_the_archive_holds_the_account(make_user: Make) -> None:
    make_user(selfie_id=None, selfie_status=None, face_selfie_id=None, embedding_key=None)
    assert export_account("user-1", HOUR) == {"outcome": "ready"}
    with _archive() as archive:
        assert archive.namelist() == ["README.txt", "account.json", "portraits.json"]


def test_of_a_deleted_account_nothing_is_left(
    make_user: Make, objects: Callable[[str], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert export_account("user-1", HOUR) == {"outcome": "gone"}
    for method in ("write", "close"):
        make_user()
        with monkeypatch.context() as patch:
            original = getattr(storage.MultipartUpload, method)

            def delete_and_go_on(upload: storage.MultipartUpload, *given: bytes, original: Any = original) -> Any:
                repository.delete("user-1")
                return original(upload, *given)

            patch.setattr(storage.MultipartUpload, method, delete_and_go_on)
            assert export_account("user-1", HOUR) == {"outcome": "gone"}
        assert objects(settings().media_bucket) == []
    assert record_export_failure("user-1", HOUR) == {"outcome": "recorded"}
    assert "Uploads" not in clients.s3().list_multipart_uploads(Bucket=settings().media_bucket)


def test_an_archive_larger_than_a_part_comes_whole_and_in_order(make_user: Make, make_portrait: Make) -> None:
    make_user()
    days = [f"2026-10-{day:02}-daily" for day in range(1, 31)]
    for day in days:
        make_portrait(day)
        storage.put(settings().media_bucket, keys.picture("user-1", day, ".jpg"), day.encode() * 80_000, "image/jpeg")
    assert export_account("user-1", HOUR) == {"outcome": "ready"}
    with _archive() as archive:
        assert archive.testzip() is None
        pictures = [name for name in archive.namelist() if name.startswith("pictures/")]
        assert sorted(pictures) == [f"pictures/{day}.jpg" for day in days]
        assert sum(each.file_size for each in archive.infolist()) > 2 * storage.PART_BYTES
        assert archive.read(f"pictures/{days[7]}.jpg") == days[7].encode() * 80_000


def test_one_that_breaks_leaves_nothing_behind(
    make_user: Make, make_portrait: Make, objects: Callable[[str], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_user()
    make_portrait()

    def fail(*_: object) -> bytes:
        raise OSError("the connection broke")

    monkeypatch.setattr(storage, "get", fail)
    with pytest.raises(OSError, match="the connection broke"):
        export_account("user-1", HOUR)
    assert objects(settings().media_bucket) == []
    assert "Uploads" not in clients.s3().list_multipart_uploads(Bucket=settings().media_bucket)


@pytest.mark.usefixtures("machines")
def test_it_is_asked_for_once_an_hour_and_then_fetched(call: Make, make_user: Make, step_functions: AwsCalls) -> None:
    make_user()
    answer = call("GET", "/v1/me/export", user="user-1")
    assert answer.json == {"status": "making", "url": None}
    assert int(answer.headers["Retry-After"]) > 0
    [asked] = step_functions.calls("start_execution")
    assert asked["name"] == f"{HOUR}-user-1".replace(":", "")
    order = json.loads(asked["input"])
    assert (order["user_id"], order["export_id"]) == ("user-1", HOUR)
    assert order["correlation_id"]
    export_account(order["user_id"], order["export_id"])
    answer = call("GET", "/v1/me/export", user="user-1").json
    assert answer["status"] == "ready"
    assert f"/exports/user-1/{HOUR}.zip" in answer["url"]
    assert len(step_functions.calls("start_execution")) == 1


@pytest.mark.usefixtures("machines")
def test_head_looks_and_has_none_made(call: Make, make_user: Make, step_functions: AwsCalls) -> None:
    make_user()
    assert call("HEAD", "/v1/me/export", user="user-1").status == 404
    assert step_functions.calls("start_execution") == []
    export_account("user-1", HOUR)
    assert call("HEAD", "/v1/me/export", user="user-1").status == 200


@pytest.mark.usefixtures("machines")
def test_one_that_is_asked_for_is_followed_by_its_address(
    call: Make, make_user: Make, step_functions: AwsCalls
) -> None:
    make_user()
    run = {
        "executionArn": f"arn:aws:states:us-east-1:123456789012:execution:export-test:{HOUR}-user-1",
        "stateMachineArn": settings().export_state_machine_arn,
    }
    step_functions.answer("describe_execution", run | {"status": "RUNNING", "startDate": 1})
    asked = call("POST", "/v1/me/exports", user="user-1")
    assert (asked.status, asked.json) == (202, {"export_id": HOUR, "status": "making", "url": None})
    assert int(asked.headers["Retry-After"]) > 0
    followed = call("GET", asked.headers["Location"], user="user-1")
    assert (followed.json, followed.headers["Retry-After"]) == (asked.json, asked.headers["Retry-After"])
    export_account("user-1", HOUR)
    for ready in (call("GET", asked.headers["Location"], user="user-1"), call("POST", "/v1/me/exports", user="user-1")):
        assert ready.json["status"] == "ready"
        assert f"/exports/user-1/{HOUR}.zip" in ready.json["url"]
        assert "Retry-After" not in ready.headers
    assert len(step_functions.calls("start_execution")) == 1


@pytest.mark.usefixtures("machines")
@pytest.mark.parametrize("export_id", [HOUR, "2026-11-20T11", "..", "x"])
def test_one_that_nobody_asked_for_or_that_is_somebody_elses_is_404(
    call: Make, make_user: Make, export_id: str
) -> None:
    make_user()
    make_user("user-2")
    export_account("user-2", HOUR)
    assert call("GET", f"/v1/me/exports/{export_id}", user="user-1").status == 404


@pytest.mark.usefixtures("machines")
def test_one_that_failed_is_a_state_at_its_address(call: Make, make_user: Make) -> None:
    make_user()
    record_export_failure("user-1", HOUR)
    asked = call("POST", "/v1/me/exports", user="user-1")
    for found in (asked, call("GET", asked.headers["Location"], user="user-1")):
        assert found.json == {"export_id": HOUR, "status": "failed", "url": None}


def test_one_that_failed_says_so(call: Make, make_user: Make, step_functions: AwsCalls) -> None:
    make_user()
    record_export_failure("user-1", HOUR)
    answer = call("GET", "/v1/me/export", user="user-1")
    assert answer.status == 503
    assert "in an hour" in answer.json["detail"]
    assert step_functions.calls("start_execution") == []


@pytest.mark.usefixtures("machines")
@pytest.mark.parametrize(("status", "answered"), [("RUNNING", 200), ("SUCCEEDED", 503), ("ABORTED", 503)])
def test_an_archive_that_went_with_the_face_data_is_not_said_to_be_in_the_making(
    call: Make, make_user: Make, step_functions: AwsCalls, status: str, answered: int
) -> None:
    """An execution's name cannot be used again: the one of this hour made the archive, and makes no other."""
    make_user()
    assert call("GET", "/v1/me/export", user="user-1").json["status"] == "making"
    run = {
        "executionArn": f"arn:aws:states:us-east-1:123456789012:execution:export-test:{HOUR}-user-1",
        "stateMachineArn": settings().export_state_machine_arn,
    }
    step_functions.refuse("start_execution", "ExecutionAlreadyExists", name=f"{HOUR}-user-1")
    step_functions.answer("describe_execution", run | {"status": status, "startDate": 1})
    export_account("user-1", HOUR)
    assert call("DELETE", "/v1/me/consent", user="user-1").status == 200
    answer = call("GET", "/v1/me/export", user="user-1")
    assert answer.status == answered
    assert answered == 200 or "in an hour" in answer.json["detail"]


def test_without_step_functions_it_says_to_try_again(call: Make, make_user: Make) -> None:
    make_user()
    answer = call("GET", "/v1/me/export", user="user-1")
    assert answer.status == 503
    assert "could not start" in answer.json["detail"]


def test_there_is_none_of_an_account_that_is_being_deleted(
    call: Make, make_user: Make, step_functions: AwsCalls
) -> None:
    make_user(deletion_id="d-1")
    answer = call("GET", "/v1/me/export", user="user-1")
    assert (answer.status, answer.json["type"]) == (409, "urn:motiv8:problem:account-being-deleted")
    assert step_functions.calls("start_execution") == []
