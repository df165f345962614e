"""From an uploaded photo to a face in use, or a reason; whatever happens in between."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from typing import Any

import numpy as np
import pytest
from PIL import Image

from motiv8.aws import keys, storage
from motiv8.pipeline import embedding
from motiv8.pipeline.extract_face import extract_face
from motiv8.pipeline.record_failure import record_selfie_failure
from motiv8.selfies import service
from motiv8.settings import settings

Make = Callable[..., Any]
NOBODY = np.zeros(128, np.float32)
WAITING = {"selfie_id": "new", "selfie_status": "waiting", "face_selfie_id": None, "embedding_key": None}


def _upload(data: bytes) -> None:
    storage.put(settings().uploads_bucket, keys.upload("user-1", "new"), data, "image/jpeg")


def test_a_good_photo_gives_an_embedding_and_a_cut_out(
    make_user: Make, person: Make, sample: bytes, noon: datetime
) -> None:
    make_user(**WAITING)
    _upload(sample)
    assert extract_face("user-1", "new", noon) == {"outcome": "ready"}
    row = person()
    assert (row.selfie_status, row.face_selfie_id) == ("ready", "new")
    stored = storage.get(settings().media_bucket, row.embedding_key)
    assert stored is not None
    embedding = np.load(io.BytesIO(stored))
    assert (embedding.shape, embedding.dtype) == ((128,), np.float32)
    with Image.open(io.BytesIO(storage.get(settings().media_bucket, keys.cutout("user-1", "new")) or b"")) as image:
        assert (image.size, image.mode) == ((1080, 1350), "RGBA")
    assert row.next_due_at > noon


def test_running_it_again_changes_nothing(
    make_user: Make, person: Make, sample: bytes, noon: datetime, objects: Make
) -> None:
    make_user(**WAITING)
    _upload(sample)
    extract_face("user-1", "new", noon)
    version, stored = person().version, objects(settings().media_bucket)
    assert extract_face("user-1", "new", noon) == {"outcome": "ready", "reason": None}
    assert person().version == version
    assert objects(settings().media_bucket) == stored


def test_a_photo_that_will_not_do_is_rejected_with_a_reason(make_user: Make, person: Make, noon: datetime) -> None:
    make_user(**WAITING)
    _upload(b"text, renamed .jpg")
    assert extract_face("user-1", "new", noon) == {"outcome": "rejected", "reason": "unreadable"}
    assert (person().selfie_status, person().selfie_reason) == ("rejected", "unreadable")
    assert person().next_due_at is None
    assert extract_face("user-1", "new", noon)["outcome"] == "rejected"


def test_a_rejected_photo_leaves_the_face_in_use(make_user: Make, person: Make, noon: datetime) -> None:
    make_user(selfie_id="new", selfie_status="waiting")
    _upload(b"nonsense")
    extract_face("user-1", "new", noon)
    assert person().face_selfie_id == "selfie-1"
    assert person().next_due_at is not None


def test_a_new_face_takes_the_place_of_the_old_one(
    make_user: Make, person: Make, sample: bytes, noon: datetime, objects: Make
) -> None:
    make_user(selfie_id="new", selfie_status="waiting")
    embedding.store("user-1", "selfie-1", NOBODY)
    _upload(sample)
    extract_face("user-1", "new", noon)
    assert person().face_selfie_id == "new"
    assert objects(settings().media_bucket) == ["faces/user-1/new.npy", "faces/user-1/new.webp"]


def test_a_photo_that_never_came_is_waited_for_no_longer(make_user: Make, person: Make, noon: datetime) -> None:
    make_user(**WAITING)
    assert extract_face("user-1", "new", noon) == {"outcome": "missing"}
    row = person()
    assert row.selfie_id is row.selfie_status is row.next_due_at is None


def test_a_replaced_photo_is_stale_and_leaves_nothing(
    make_user: Make, sample: bytes, noon: datetime, objects: Make, person: Make
) -> None:
    make_user(selfie_id="newer", selfie_status="waiting")
    _upload(sample)
    assert extract_face("user-1", "new", noon) == {"outcome": "stale"}
    assert objects(settings().uploads_bucket) == objects(settings().media_bucket) == []
    assert person().selfie_status == "waiting"


@pytest.mark.parametrize("meanwhile", ["replaced", "consent withdrawn", "account deleted"])
def test_what_changes_during_the_work_leaves_no_face_behind(
    meanwhile: str,
    make_user: Make,
    person: Make,
    sample: bytes,
    noon: datetime,
    objects: Make,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_user(**WAITING)
    _upload(sample)
    finish = service.finish_ready

    def too_late(*arguments: Any) -> bool:
        row = person()
        if meanwhile == "account deleted":
            row.delete()
        else:
            row.selfie_id = "newer" if meanwhile == "replaced" else row.selfie_id
            row.consent_at = None if meanwhile == "consent withdrawn" else row.consent_at
            row.save()
        return finish(*arguments)

    monkeypatch.setattr(service, "finish_ready", too_late)
    assert extract_face("user-1", "new", noon) == {"outcome": "stale"}
    assert objects(settings().media_bucket) == []


def test_a_kill_between_files_and_row_is_made_good_by_running_again(
    make_user: Make, person: Make, sample: bytes, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_user(**WAITING)
    _upload(sample)
    with monkeypatch.context() as killed:
        killed.setattr(service, "finish_ready", lambda *_: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            extract_face("user-1", "new", noon)
    assert person().selfie_status == "processing"
    assert extract_face("user-1", "new", noon) == {"outcome": "ready"}


def test_a_broken_extraction_never_stays_in_processing(make_user: Make, person: Make, noon: datetime) -> None:
    make_user(**WAITING)
    service.begin_processing("user-1", "new", noon)
    assert record_selfie_failure("user-1", "new", noon) == {"outcome": "recorded"}
    assert (person().selfie_status, person().selfie_reason) == ("rejected", "internal_error")
    assert record_selfie_failure("user-1", "older", noon) == {"outcome": "stale"}
