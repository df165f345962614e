"""From an uploaded photo to an embedding and a cut-out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motiv8.accounts import repository
from motiv8.aws import keys, storage
from motiv8.pipeline import embedding
from motiv8.selfies import service
from motiv8.settings import settings
from motiv8.studio import photo, selfie
from motiv8.studio.rejection import PhotoRejected
from motiv8.telemetry import count

if TYPE_CHECKING:
    from datetime import datetime

    from motiv8.payloads import Extracted


def extract_face(user_id: str, selfie_id: str, run: str, now: datetime) -> Extracted:
    """Take the face out of a photo and put it in use.

    Outcomes: `ready`; `rejected` with a reason; `stale` when the photo was replaced or deleted meanwhile; `missing`
    when it never came; `running` while another run has it. Running it again changes nothing.
    """
    sent = service.begin_processing(user_id, selfie_id, run, now)
    if sent is None:
        return _stale(user_id, selfie_id)
    if sent.status == "ready":
        return {"outcome": "ready", "reason": None}
    if sent.status == "rejected":
        return {"outcome": "rejected", "reason": sent.reason}
    if sent.run != run:
        return {"outcome": "running"}
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
    storage.put(media, keys.cutout(user_id, selfie_id), photo.encode_cutout(extraction.cutout), "image/webp")
    if not service.finish_ready(user_id, selfie_id, now):
        return _stale(user_id, selfie_id)
    count("SelfiesReady")
    return {"outcome": "ready"}


def _reject(user_id: str, selfie_id: str, reason: str, now: datetime) -> Extracted:
    if not service.finish_rejected(user_id, selfie_id, reason, now):
        return _stale(user_id, selfie_id)
    count("SelfiesRejected", reason=reason)
    return {"outcome": "rejected", "reason": reason}


def _stale(user_id: str, selfie_id: str) -> Extracted:
    """Leave nothing behind of a photo that nobody waits for; its face stays if it is the one in use."""
    storage.delete(settings().uploads_bucket, keys.upload(user_id, selfie_id))
    person = repository.get(user_id)
    if person is None or person.photo.face_selfie_id != selfie_id:
        storage.delete(settings().media_bucket, keys.face(user_id, selfie_id))
    return {"outcome": "stale"}
