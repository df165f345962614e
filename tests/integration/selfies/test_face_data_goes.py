"""Whatever holds face data goes when consent is withdrawn or the selfie is deleted, also from what is being made."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from motiv8.accounts import face_data
from motiv8.aws import keys, storage
from motiv8.aws.tables import UserRow
from motiv8.pipeline.compose import compose
from motiv8.pipeline.export_account import FaceDataChanged, export_account
from motiv8.settings import settings
from motiv8.studio import photo

Make = Callable[..., Any]
UPLOADS, MEDIA = settings().uploads_bucket, settings().media_bucket
FACE_DATA = {
    "upload": (UPLOADS, keys.upload("user-1", "selfie-1")),
    "embedding": (MEDIA, keys.embedding("user-1", "selfie-1")),
    "cutout": (MEDIA, keys.cutout("user-1", "selfie-1")),
    "export": (MEDIA, keys.export("user-1", "2026-11-20T12.zip")),
}
# Pictures stay until the person deletes them or the account; `face` is the folder of embedding and cut-out.
OTHERS = {"picture", "week", "face"}
FACE_ATTRIBUTES = {"selfie_id", "face_selfie_id", "embedding_key", "selfie_status", "selfie_content_type"}

WAYS = pytest.mark.parametrize(
    "take_back",
    [
        lambda call: call("DELETE", "/v1/me/consent", user="user-1"),
        lambda call: call("DELETE", "/v1/selfies/current", user="user-1"),
    ],
    ids=["consent withdrawn", "selfie deleted"],
)


def _store_everything() -> None:
    for bucket, key in FACE_DATA.values():
        for version in (b"old", b"new"):
            storage.put(bucket, key, version, "application/octet-stream")


def test_every_place_of_a_persons_objects_is_known_here() -> None:
    places = {
        name
        for name, made in inspect.getmembers(keys, inspect.isfunction)
        if "user_id" in inspect.signature(made).parameters
    }
    assert places == FACE_DATA.keys() | OTHERS


def test_every_attribute_that_speaks_of_a_photo_or_face_is_known_here() -> None:
    named = {name for name in UserRow.get_attributes() if any(word in name for word in ("face", "selfie", "embedding"))}
    assert named == FACE_ATTRIBUTES | {"selfie_reason", "selfie_updated_at", "selfie_run"}


@WAYS
def test_every_version_of_every_object_and_every_attribute_goes(
    call: Make, make_user: Make, person: Make, objects: Make, take_back: Make
) -> None:
    make_user(selfie_content_type="image/jpeg")
    _store_everything()
    assert take_back(call).status < 300
    assert objects(UPLOADS) == objects(MEDIA) == []
    assert {name: getattr(person(), name) for name in FACE_ATTRIBUTES} == dict.fromkeys(FACE_ATTRIBUTES)


def test_an_archive_that_is_being_made_meanwhile_is_not_kept(
    make_user: Make, objects: Make, monkeypatch: pytest.MonkeyPatch, noon: datetime
) -> None:
    make_user()
    _store_everything()
    for method in ("write", "close"):
        with monkeypatch.context() as patch:
            original = getattr(storage.MultipartUpload, method)

            def withdraw_and_go_on(upload: storage.MultipartUpload, *given: bytes, original: Any = original) -> Any:
                face_data.remove("user-1", noon)
                return original(upload, *given)

            patch.setattr(storage.MultipartUpload, method, withdraw_and_go_on)
            with pytest.raises(FaceDataChanged):
                export_account("user-1", "2026-11-20T12")
        assert objects(MEDIA) == []
        make_user()


def test_a_picture_that_is_being_made_meanwhile_is_not_kept(
    make_user: Make, make_portrait: Make, objects: Make, monkeypatch: pytest.MonkeyPatch, noon: datetime, cutout: bytes
) -> None:
    make_user()
    make_portrait(status="making", ready_at=None)
    storage.put(MEDIA, keys.cutout("user-1", "selfie-1"), cutout, "image/webp")
    read = photo.decode_own

    def read_then_withdraw(data: bytes) -> Any:
        face_data.remove("user-1", noon)
        return read(data)

    monkeypatch.setattr(photo, "decode_own", read_then_withdraw)
    assert compose("user-1", "2026-11-20-daily", noon) == {"outcome": "no_selfie"}
    assert [key for key in objects(MEDIA) if not key.startswith("scenes/")] == []
