"""From an uploaded photo to a face in use, or a reason; whatever happens in between."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from PIL import Image

from motiv8.accounts.photo import TAKEN_OVER_AFTER
from motiv8.aws import keys, storage
from motiv8.pipeline import embedding
from motiv8.pipeline.extract_face import extract_face
from motiv8.pipeline.record_failure import record_selfie_failure
from motiv8.selfies import service
from motiv8.settings import settings
from motiv8.studio import selfie

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
    assert extract_face("user-1", "new", "run-1", noon) == {"outcome": "ready"}
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
    extract_face("user-1", "new", "run-1", noon)
    version, stored = person().version, objects(settings().media_bucket)
    assert extract_face("user-1", "new", "run-1", noon) == {"outcome": "ready", "reason": None}
    assert person().version == version
    assert objects(settings().media_bucket) == stored


def test_a_photo_that_will_not_do_is_rejected_with_a_reason(make_user: Make, person: Make, noon: datetime) -> None:
    make_user(**WAITING)
    _upload(b"text, renamed .jpg")
    assert extract_face("user-1", "new", "run-1", noon) == {"outcome": "rejected", "reason": "unreadable"}
    assert (person().selfie_status, person().selfie_reason) == ("rejected", "unreadable")
    assert person().next_due_at is None
    assert extract_face("user-1", "new", "run-1", noon)["outcome"] == "rejected"


def test_a_rejected_photo_leaves_the_face_in_use(make_user: Make, person: Make, noon: datetime) -> None:
    make_user(selfie_id="new", selfie_status="waiting")
    _upload(b"nonsense")
    extract_face("user-1", "new", "run-1", noon)
    assert person().face_selfie_id == "selfie-1"
    assert person().next_due_at is not None


def test_a_new_face_takes_the_place_of_the_old_one(
    make_user: Make, person: Make, sample: bytes, noon: datetime, objects: Make
) -> None:
    make_user(selfie_id="new", selfie_status="waiting")
    embedding.store("user-1", "selfie-1", NOBODY)
    _upload(sample)
    extract_face("user-1", "new", "run-1", noon)
    assert person().face_selfie_id == "new"
    assert objects(settings().media_bucket) == ["faces/user-1/new.npy", "faces/user-1/new.webp"]


def test_a_photo_that_never_came_is_waited_for_no_longer(make_user: Make, person: Make, noon: datetime) -> None:
    make_user(**WAITING)
    assert extract_face("user-1", "new", "run-1", noon) == {"outcome": "missing"}
    row = person()
    assert row.selfie_id is row.selfie_status is row.next_due_at is None


def test_a_replaced_photo_is_stale_and_leaves_nothing(
    make_user: Make, sample: bytes, noon: datetime, objects: Make, person: Make
) -> None:
    make_user(selfie_id="newer", selfie_status="waiting")
    _upload(sample)
    assert extract_face("user-1", "new", "run-1", noon) == {"outcome": "stale"}
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
    assert extract_face("user-1", "new", "run-1", noon) == {"outcome": "stale"}
    assert objects(settings().media_bucket) == []


def test_a_kill_between_files_and_row_is_made_good_by_running_again(
    make_user: Make, person: Make, sample: bytes, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_user(**WAITING)
    _upload(sample)
    with monkeypatch.context() as killed:
        killed.setattr(service, "finish_ready", lambda *_: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            extract_face("user-1", "new", "run-1", noon)
    assert person().selfie_status == "processing"
    assert extract_face("user-1", "new", "run-1", noon) == {"outcome": "ready"}


def test_a_broken_extraction_never_stays_in_processing(make_user: Make, person: Make, noon: datetime) -> None:
    make_user(**WAITING)
    service.begin_processing("user-1", "new", "run-1", noon)
    assert record_selfie_failure("user-1", "new", "run-1", noon) == {"outcome": "recorded"}
    assert (person().selfie_status, person().selfie_reason) == ("rejected", "internal_error")
    assert record_selfie_failure("user-1", "older", "run-1", noon) == {"outcome": "stale"}


class TestOneExtraction:
    """However many events a photo raises, and whoever else takes it up."""

    @pytest.fixture
    def extractions(self, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
        """The photos that the face was taken out of."""
        done: list[bytes] = []
        extract = selfie.extract

        def note(data: bytes) -> Any:
            done.append(data)
            return extract(data)

        monkeypatch.setattr(selfie, "extract", note)
        return done

    def test_forty_events_of_one_photo_are_one_extraction(
        self, make_user: Make, noon: datetime, extractions: list[bytes], monkeypatch: pytest.MonkeyPatch, sample: bytes
    ) -> None:
        make_user(**WAITING)
        _upload(sample)
        outcomes: list[str] = []
        get = storage.get

        def others_come(bucket: str, key: str) -> bytes | None:
            # At the one moment at which the photo is in work.
            if not outcomes:
                outcomes.append("")
                outcomes[:] = [extract_face("user-1", "new", f"run-{n}", noon)["outcome"] for n in range(2, 41)]
            return get(bucket, key)

        monkeypatch.setattr(storage, "get", others_come)
        assert extract_face("user-1", "new", "run-1", noon)["outcome"] == "ready"
        assert outcomes == ["running"] * 39
        assert len(extractions) == 1

    @pytest.mark.parametrize("data", [b"nonsense", None])
    def test_an_event_after_the_end_does_nothing(
        self, make_user: Make, noon: datetime, extractions: list[bytes], data: bytes | None, sample: bytes
    ) -> None:
        make_user(**WAITING)
        _upload(data or sample)
        first = extract_face("user-1", "new", "run-1", noon)["outcome"]
        assert {extract_face("user-1", "new", f"run-{n}", noon)["outcome"] for n in range(2, 11)} == {first}
        assert len(extractions) == 1

    def test_a_retry_of_the_same_run_goes_on(self, make_user: Make, noon: datetime, sample: bytes) -> None:
        make_user(**WAITING)
        _upload(sample)
        service.begin_processing("user-1", "new", "run-1", noon)
        assert extract_face("user-1", "new", "run-1", noon)["outcome"] == "ready"

    def test_a_lost_run_is_taken_over_after_a_quarter_of_an_hour(
        self, make_user: Make, person: Make, noon: datetime, sample: bytes
    ) -> None:
        make_user(**WAITING)
        _upload(sample)
        service.begin_processing("user-1", "new", "lost", noon)
        soon = noon + TAKEN_OVER_AFTER - timedelta(seconds=1)
        assert extract_face("user-1", "new", "run-2", soon)["outcome"] == "running"
        assert person().selfie_run == "lost"
        assert extract_face("user-1", "new", "run-2", noon + TAKEN_OVER_AFTER)["outcome"] == "ready"
        assert person().selfie_run is None

    def test_a_run_that_breaks_ends_no_photo_of_another_run(
        self, make_user: Make, person: Make, noon: datetime
    ) -> None:
        make_user(**WAITING)
        service.begin_processing("user-1", "new", "run-1", noon)
        assert record_selfie_failure("user-1", "new", "run-2", noon) == {"outcome": "stale"}
        assert person().selfie_status == "processing"
        assert record_selfie_failure("user-1", "new", "run-1", noon) == {"outcome": "recorded"}

    def test_a_newer_photo_does_not_wait_for_the_run_of_the_one_before(
        self, make_user: Make, noon: datetime, sample: bytes
    ) -> None:
        make_user(selfie_id="older", selfie_status="waiting")
        service.begin_processing("user-1", "older", "run-1", noon)
        service.begin_upload("user-1", "new", "image/jpeg", noon)
        _upload(sample)
        assert extract_face("user-1", "new", "run-2", noon)["outcome"] == "ready"
