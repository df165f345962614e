"""From an uploaded photo to an embedding and a cut-out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from motiv8.accounts import repository
from motiv8.aws import keys, storage
from motiv8.pipeline import embedding
from motiv8.selfies import service
from motiv8.settings import settings
from motiv8.studio import identity, photo, selfie
from motiv8.studio.rejection import PhotoRejected
from motiv8.telemetry import count

if TYPE_CHECKING:
    from datetime import datetime

    import numpy as np

_MOST_COMPARED = 200
"""Faces of others that a new one is compared with; each is read from the bucket."""


def extract_face(user_id: str, selfie_id: str, now: datetime) -> dict[str, Any]:
    """Take the face out of a photo and put it in use.

    Outcomes: `ready`; `rejected` with a reason; `stale` when the photo was replaced or deleted meanwhile; `missing`
    when it never came. Running it again changes nothing.
    """
    row = service.begin_processing(user_id, selfie_id, now)
    if row is None:
        return _stale(user_id, selfie_id)
    if row.selfie_status in {"ready", "rejected"}:
        return {"outcome": row.selfie_status, "reason": row.selfie_reason}
    data = storage.get(settings().uploads_bucket, keys.upload(user_id, selfie_id))
    if data is None:
        service.forget_upload(user_id, selfie_id, now)
        return {"outcome": "missing"}
    try:
        extraction = selfie.extract(data)
    except PhotoRejected as rejected:
        return _reject(user_id, selfie_id, rejected.reason, now)
    media = settings().media_bucket
    # The files first, then the row that names them: a kill in between is made good by running again.
    embedding.store(user_id, selfie_id, extraction.embedding)
    storage.put(media, keys.cutout(user_id, selfie_id), photo.encode_webp(extraction.cutout), "image/webp")
    codes = identity.face_codes(extraction.embedding)
    before = embedding.stored(user_id, row.face_selfie_id) if row.face_selfie_id else None
    if not service.finish_ready(user_id, selfie_id, codes[0], now):
        return _stale(user_id, selfie_id)
    count("SelfiesReady")
    if before is not None and not _one_person(before, extraction.embedding):
        count("SelfiesOfSomebodyElse")
    if _is_like_another_account(user_id, extraction.embedding, codes):
        count("SelfiesLikeAnotherAccount")
    return {"outcome": "ready"}


def _is_like_another_account(user_id: str, own: np.ndarray, codes: list[int]) -> bool:
    """Whether a face among those with like codes is this one; allowed, and known to nobody but the count."""
    others = (pair for pair in repository.with_face_codes(codes, _MOST_COMPARED) if pair[0] != user_id)
    faces = (embedding.stored(*pair) for pair in others)
    return any(other is not None and _one_person(other, own) for other in faces)


def _one_person(one: np.ndarray, other: np.ndarray) -> bool:
    return identity.distance(one, other) < identity.SAME_PERSON_DISTANCE


def _reject(user_id: str, selfie_id: str, reason: str, now: datetime) -> dict[str, Any]:
    if not service.finish_rejected(user_id, selfie_id, reason, now):
        return _stale(user_id, selfie_id)
    count("SelfiesRejected", reason=reason)
    return {"outcome": "rejected", "reason": reason}


def _stale(user_id: str, selfie_id: str) -> dict[str, Any]:
    """Leave nothing behind of a photo that nobody waits for; its face stays if it is the one in use."""
    storage.delete(settings().uploads_bucket, keys.upload(user_id, selfie_id))
    row = repository.get(user_id)
    if row is None or row.face_selfie_id != selfie_id:
        storage.delete(settings().media_bucket, keys.face(user_id, selfie_id))
    return {"outcome": "stale"}
