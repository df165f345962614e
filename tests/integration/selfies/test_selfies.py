"""Uploading a photo: asking, replacing, following, deleting."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from motiv8 import clock
from motiv8.aws import clients, storage
from motiv8.catalogue.rejections import SENTENCES
from motiv8.settings import settings

Call = Callable[..., Any]
Make = Callable[..., Any]
JPEG = {"content_type": "image/jpeg"}


def test_an_upload_is_limited_to_one_key_one_type_and_sensible_sizes(call: Call, make_user: Make) -> None:
    make_user()
    answer = call("POST", "/v1/selfies", JPEG, user="user-1")
    assert answer.status == 201
    upload = answer.json["upload"]
    key = f"uploads/user-1/{answer.json['selfie_id']}"
    assert upload["fields"]["key"] == key
    policy = json.loads(base64.b64decode(upload["fields"]["policy"]))
    assert {"Content-Type": "image/jpeg"} in policy["conditions"]
    assert ["content-length-range", 1024, 20 * 1024 * 1024] in policy["conditions"]
    assert {"key": key} in policy["conditions"]


def test_an_upload_says_until_when_it_is_open_and_where_to_follow_it(
    call: Call, make_user: Make, monkeypatch: pytest.MonkeyPatch, noon: datetime
) -> None:
    make_user()
    monkeypatch.setattr(clock, "now", lambda: noon)
    answer = call("POST", "/v1/selfies", JPEG, user="user-1")
    assert answer.json["upload"]["expires_at"] == "2026-11-20T12:15:00Z"
    followed = call("GET", answer.headers["Location"], user="user-1")
    assert (followed.json["selfie_id"], followed.json["status"]) == (answer.json["selfie_id"], "waiting")


@pytest.mark.parametrize("status", ["waiting", "processing", "ready", "rejected"])
def test_a_photo_that_is_not_done_says_when_to_ask_again(call: Call, make_user: Make, status: str) -> None:
    make_user(selfie_status=status)
    headers = call("GET", "/v1/selfies/current", user="user-1").headers
    assert ("Retry-After" in headers) == (status in {"waiting", "processing"})


def test_without_consent_nothing_is_uploaded(call: Call, make_user: Make, person: Make) -> None:
    make_user(consent_at=None)
    answer = call("POST", "/v1/selfies", JPEG, user="user-1")
    assert answer.status == 403
    assert answer.json["type"] == "urn:motiv8:problem:consent-required"
    assert person().selfie_id == "selfie-1"


@pytest.mark.parametrize("body", [{}, {"content_type": "image/gif"}, {"content_type": 7}, JPEG | {"size": 1}])
def test_a_bad_request_names_the_field(call: Call, make_user: Make, body: dict[str, Any]) -> None:
    make_user()
    answer = call("POST", "/v1/selfies", body, user="user-1")
    assert answer.status == 422
    assert answer.json["errors"][0]["field"] in {"body.content_type", "body.size"}


def test_a_new_photo_leaves_the_face_in_use_and_removes_the_old_upload(
    call: Call, make_user: Make, person: Make, objects: Make
) -> None:
    make_user()
    storage.put(settings().uploads_bucket, "uploads/user-1/selfie-1", b"old", "image/jpeg")
    selfie_id = call("POST", "/v1/selfies", JPEG, user="user-1").json["selfie_id"]
    row = person()
    assert (row.selfie_id, row.selfie_status) == (selfie_id, "waiting")
    assert row.face_selfie_id == "selfie-1"
    assert objects(settings().uploads_bucket) == []


def test_a_photo_that_is_awaited_is_looked_after_within_the_hour(call: Call, make_user: Make, person: Make) -> None:
    make_user(face_selfie_id=None, embedding_key=None, selfie_id=None, selfie_status=None, selfie_updated_at=None)
    assert person().next_due_at is None
    call("POST", "/v1/selfies", JPEG, user="user-1")
    row = person()
    assert (row.next_due_at - row.selfie_updated_at).total_seconds() == 3600
    assert 0 <= row.due_shard < 16


def test_the_same_idempotency_key_gives_the_same_selfie(call: Call, make_user: Make) -> None:
    make_user()
    headers = {"Idempotency-Key": "first"}
    first = call("POST", "/v1/selfies", JPEG, user="user-1", headers=headers)
    again = call("POST", "/v1/selfies", JPEG, user="user-1", headers=headers)
    assert again.status == 201
    assert again.json["selfie_id"] == first.json["selfie_id"]
    assert again.json["upload"]["fields"]["policy"]


def test_the_same_idempotency_key_with_another_body_is_409(call: Call, make_user: Make) -> None:
    make_user()
    headers = {"Idempotency-Key": "first"}
    call("POST", "/v1/selfies", JPEG, user="user-1", headers=headers)
    assert call("POST", "/v1/selfies", {"content_type": "image/png"}, user="user-1", headers=headers).status == 409


def test_somebody_elses_idempotency_key_is_none_of_ours(call: Call, make_user: Make) -> None:
    make_user()
    make_user("user-2")
    headers = {"Idempotency-Key": "first"}
    mine = call("POST", "/v1/selfies", JPEG, user="user-1", headers=headers).json["selfie_id"]
    theirs = call("POST", "/v1/selfies", {"content_type": "image/png"}, user="user-2", headers=headers)
    assert theirs.status == 201
    assert theirs.json["selfie_id"] != mine


@pytest.mark.parametrize("key", ["", "with space", "x" * 256, "ümlaut"])
def test_a_malformed_idempotency_key_is_422(call: Call, make_user: Make, key: str) -> None:
    make_user()
    answer = call("POST", "/v1/selfies", JPEG, user="user-1", headers={"Idempotency-Key": key})
    assert answer.status == 422
    assert answer.json["errors"][0]["field"] == "header.idempotency-key"


def test_a_ready_photo_has_a_preview(call: Call, make_user: Make) -> None:
    make_user()
    answer = call("GET", "/v1/selfies/current", user="user-1").json
    assert answer["status"] == "ready"
    assert answer["face_in_use"] is True
    assert "faces/user-1/selfie-1.webp" in answer["preview_url"]
    assert answer["reason"] is answer["message"] is None


@pytest.mark.parametrize("reason", list(SENTENCES))
def test_a_rejected_photo_says_what_to_do(call: Call, make_user: Make, reason: str) -> None:
    make_user(selfie_status="rejected", selfie_reason=reason, face_selfie_id=None, embedding_key=None)
    answer = call("GET", "/v1/selfies/current", user="user-1").json
    assert (answer["status"], answer["reason"], answer["message"]) == ("rejected", reason, SENTENCES[reason])
    assert answer["preview_url"] is None


def test_deleting_removes_photo_face_and_every_version(
    call: Call, make_user: Make, person: Make, objects: Make
) -> None:
    make_user()
    for _ in range(2):
        storage.put(settings().uploads_bucket, "uploads/user-1/selfie-1", b"photo", "image/jpeg")
        storage.put(settings().media_bucket, "faces/user-1/selfie-1.npy", b"face", "application/octet-stream")
    storage.put(settings().media_bucket, "faces/user-10/selfie-1.npy", b"face", "application/octet-stream")
    clients.s3().delete_object(Bucket=settings().uploads_bucket, Key="uploads/user-1/selfie-1")
    assert call("DELETE", "/v1/selfies/current", user="user-1").status == 204
    assert objects(settings().uploads_bucket) == []
    assert objects(settings().media_bucket) == ["faces/user-10/selfie-1.npy"]
    row = person()
    assert row.selfie_id is row.face_selfie_id is row.embedding_key is row.next_due_at is row.due_shard is None
    assert call("GET", "/v1/selfies/current", user="user-1").status == 404
    assert call("DELETE", "/v1/selfies/current", user="user-1").status == 404


class TestQuota:
    """Ten uploads in any 24 hours."""

    def test_each_upload_says_what_is_left(self, call: Call, make_user: Make) -> None:
        make_user()
        answers = [call("POST", "/v1/selfies", JPEG, user="user-1") for _ in range(11)]
        assert [answer.status for answer in answers] == [201] * 10 + [429]
        assert [answer.headers["RateLimit-Remaining"] for answer in answers] == [str(n) for n in (*range(9, -1, -1), 0)]
        refused = answers[-1]
        assert refused.headers["RateLimit-Limit"] == "10"
        assert 86_000 < int(refused.headers["Retry-After"]) <= 86_400
        assert refused.json["detail"] == "You can send 10 photos in 24 hours. Please try again later."

    def test_a_refused_upload_changes_nothing(self, call: Call, make_user: Make, person: Make) -> None:
        make_user()
        for _ in range(10):
            call("POST", "/v1/selfies", JPEG, user="user-1")
        before = person().serialize()
        call("POST", "/v1/selfies", JPEG, user="user-1")
        assert person().serialize() == before

    def test_it_is_free_again_when_the_oldest_is_a_day_old(
        self, call: Call, make_user: Make, monkeypatch: pytest.MonkeyPatch, noon: datetime
    ) -> None:
        make_user()
        at = [noon]
        monkeypatch.setattr(clock, "now", lambda: at[0])
        for _ in range(10):
            call("POST", "/v1/selfies", JPEG, user="user-1")
            at[0] += timedelta(hours=1)
        statuses = []
        for hours in (23, 24, 24):
            at[0] = noon + timedelta(hours=hours)
            statuses.append(call("POST", "/v1/selfies", JPEG, user="user-1").status)
        assert statuses == [429, 201, 429]

    def test_deleting_the_selfie_gives_no_upload_back(self, call: Call, make_user: Make) -> None:
        make_user()
        for _ in range(10):
            call("POST", "/v1/selfies", JPEG, user="user-1")
        call("DELETE", "/v1/selfies/current", user="user-1")
        assert call("POST", "/v1/selfies", JPEG, user="user-1").status == 429

    def test_the_same_idempotency_key_counts_once(self, call: Call, make_user: Make) -> None:
        make_user()
        headers = {"Idempotency-Key": "first"}
        answers = [call("POST", "/v1/selfies", JPEG, user="user-1", headers=headers) for _ in range(12)]
        assert {answer.status for answer in answers} == {201}
        assert {answer.headers["RateLimit-Remaining"] for answer in answers} == {"9"}

    def test_the_quota_is_everybodys_own(self, call: Call, make_user: Make) -> None:
        make_user()
        make_user("user-2")
        for _ in range(11):
            call("POST", "/v1/selfies", JPEG, user="user-1")
        assert call("POST", "/v1/selfies", JPEG, user="user-2").status == 201
