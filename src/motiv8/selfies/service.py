"""The rules of a photo: who may upload, what a new one does to the old one, what becomes of it.

A face in use stays in use while a newer photo is waiting, in work, or was rejected.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from motiv8 import quota
from motiv8.accounts import repository
from motiv8.accounts.due import PENDING, rewind
from motiv8.accounts.face_data import clear_photo
from motiv8.aws import keys, storage
from motiv8.errors import ConsentRequired, NotFound
from motiv8.settings import settings

if TYPE_CHECKING:
    from datetime import datetime

    from motiv8.aws.tables import UserRow
    from motiv8.quota import Quota

TAKEN_OVER_AFTER = timedelta(minutes=15)
"""After this long a run that took a photo on is taken for lost; with its retries an extraction takes less."""


def begin_upload(user_id: str, selfie_id: str, content_type: str, now: datetime) -> Quota:
    """Make this the person's photo that is waited for; what was uploaded before it is removed.

    Returns what is left of the quota of uploads. Raises ConsentRequired; TooManyRequests over the quota; NotFound when
    the account is gone.
    """
    limit = settings().upload_quota
    replaced: list[str] = []
    counted: list[Quota] = []

    def apply(row: UserRow) -> bool:
        if row.consent_at is None:
            raise ConsentRequired
        refusal = f"You can send {limit} photos in 24 hours. Please try again later."
        row.uploads, left = quota.take(row.uploads, limit, selfie_id, now, refusal)
        counted[:] = [left]
        replaced[:] = [row.selfie_id] if row.selfie_id else []
        _set_photo(row, selfie_id, "waiting", now)
        row.selfie_content_type = content_type
        rewind(row, now)
        return True

    if repository.change(user_id, apply) is None:
        raise NotFound("There is no such account.")
    for old in replaced:
        storage.delete(settings().uploads_bucket, keys.upload(user_id, old))
    return counted[0]


def begin_processing(user_id: str, selfie_id: str, run: str, now: datetime) -> UserRow | None:
    """Have this run take the photo on, unless it is done or another run has it; `selfie_run` then says which.

    None when the photo is not (any more) the one that something must happen to.
    """

    def apply(row: UserRow) -> bool:
        if row.selfie_id != selfie_id or row.selfie_status not in PENDING or _has_another(row, run, now):
            return False
        _set_photo(row, selfie_id, "processing", now)
        row.selfie_run = run
        return True

    row = repository.change(user_id, apply)
    return row if row is not None and row.selfie_id == selfie_id else None


def finish_ready(user_id: str, selfie_id: str, now: datetime) -> bool:
    """Put the photo's face in use. False when the photo was replaced or deleted meanwhile.

    The files of the face must be stored before; those of the face used before it are removed after.
    """
    replaced: list[str] = []

    def apply(row: UserRow) -> bool:
        if row.selfie_id != selfie_id or row.consent_at is None:
            return False
        replaced[:] = [row.face_selfie_id] if row.face_selfie_id not in (None, selfie_id) else []
        _set_photo(row, selfie_id, "ready", now)
        row.face_selfie_id = selfie_id
        row.embedding_key = keys.embedding(user_id, selfie_id)
        rewind(row, now)
        return True

    row = repository.change(user_id, apply)
    for old in replaced:
        storage.delete(settings().media_bucket, keys.face(user_id, old))
    return row is not None and row.face_selfie_id == selfie_id


def finish_rejected(user_id: str, selfie_id: str, reason: str, now: datetime) -> bool:
    """Record why the photo will not do. False when it was replaced, deleted or finished meanwhile."""
    return _end_rejected(user_id, selfie_id, reason, now, None)


def give_up(user_id: str, selfie_id: str, run: str, now: datetime) -> bool:
    """End a photo whose run broke. False when another run has it, and when it was replaced, deleted or finished."""
    return _end_rejected(user_id, selfie_id, "internal_error", now, run)


def _end_rejected(user_id: str, selfie_id: str, reason: str, now: datetime, run: str | None) -> bool:

    def apply(row: UserRow) -> bool:
        if row.selfie_id != selfie_id or row.selfie_status not in PENDING:
            return False
        if run is not None and _has_another(row, run, now):
            return False
        _set_photo(row, selfie_id, "rejected", now, reason)
        rewind(row, now)
        return True

    row = repository.change(user_id, apply)
    return row is not None and row.selfie_id == selfie_id and row.selfie_status == "rejected"


def forget_upload(user_id: str, selfie_id: str, now: datetime) -> None:
    """A photo that never came is waited for no longer; the face in use, if any, is the current one again."""

    def apply(row: UserRow) -> bool:
        if row.selfie_id != selfie_id or row.selfie_status not in PENDING:
            return False
        if row.face_selfie_id is None:
            clear_photo(row)
        else:
            _set_photo(row, row.face_selfie_id, "ready", now)
        rewind(row, now)
        return True

    repository.change(user_id, apply)


def _has_another(row: UserRow, run: str, now: datetime) -> bool:
    """Whether another run took the photo on, and not so long ago that it must be lost."""
    since = row.selfie_updated_at
    return row.selfie_run not in {None, run} and since is not None and since > now - TAKEN_OVER_AFTER


def _set_photo(row: UserRow, selfie_id: str, status: str, now: datetime, reason: str | None = None) -> None:
    row.selfie_id = selfie_id
    row.selfie_run = None
    row.selfie_status = status
    row.selfie_reason = reason
    row.selfie_updated_at = now
