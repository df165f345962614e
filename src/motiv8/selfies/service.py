"""The rules of a photo: who may upload, what a new one does to the old one, what becomes of it.

A face in use stays in use while a newer photo is waiting, in work, or was rejected.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from motiv8.accounts import repository
from motiv8.aws import keys, storage
from motiv8.errors import BeingDeleted, ConsentRequired
from motiv8.settings import settings
from motiv8.words import Words

if TYPE_CHECKING:
    from datetime import datetime

    from motiv8.accounts.person import Person
    from motiv8.accounts.photo import Photo
    from motiv8.quota import Quota


def begin_upload(user_id: str, selfie_id: str, content_type: str, now: datetime) -> Quota:
    """Make this the person's photo that is waited for; what was uploaded before it is removed.

    Returns what is left of the quota of uploads. Raises ConsentRequired; QuotaUsedUp; BeingDeleted.
    """
    limit = settings().upload_quota
    refusal = Words("You can send {limit} photos in 24 hours. Please try again later.", limit=limit)

    def ask(person: Person) -> Person:
        if person.consents.since is None:
            raise ConsentRequired
        counted = replace(person, uploads=person.uploads.with_use(selfie_id, limit, now, refusal))
        return counted.with_photo(person.photo.with_upload(selfie_id, content_type, now), now)

    changed = repository.change(user_id, ask)
    if changed is None:
        raise BeingDeleted
    if replaced := changed.before.photo.selfie_id:
        storage.delete(settings().uploads_bucket, keys.upload(user_id, replaced))
    return changed.after.uploads.left(limit, now)


def begin_processing(user_id: str, selfie_id: str, run: str, now: datetime) -> Photo | None:
    """Have this run take the photo on, unless it is done or another run has it; `run` of what comes back says which.

    None when the photo is not (any more) the one sent last.
    """

    def take_on(person: Person) -> Person:
        photo = person.photo
        if not photo.awaits(selfie_id) or photo.is_of_another_run(run, now):
            return person
        return replace(person, photo=photo.taken_on(run, now))

    changed = repository.change(user_id, take_on)
    return changed.after.photo if changed is not None and changed.after.photo.selfie_id == selfie_id else None


def finish_ready(user_id: str, selfie_id: str, now: datetime) -> bool:
    """Put the photo's face in use. False when the photo was replaced or deleted meanwhile.

    The files of the face must be stored before; those of the face used before it are removed after.
    """

    def accept(person: Person) -> Person:
        if person.photo.selfie_id != selfie_id or person.consents.since is None:
            return person
        return person.with_photo(person.photo.accepted(keys.embedding(user_id, selfie_id), now), now)

    changed = repository.change(user_id, accept)
    if changed is None:
        return False
    replaced, in_use = changed.before.photo.face_selfie_id, changed.after.photo.face_selfie_id
    if replaced not in {None, in_use}:
        storage.delete(settings().media_bucket, keys.face(user_id, replaced))
    return in_use == selfie_id


def finish_rejected(user_id: str, selfie_id: str, reason: str, now: datetime) -> bool:
    """Record why the photo will not do. False when it was replaced, deleted or finished meanwhile."""
    return _end_rejected(user_id, selfie_id, reason, now, None)


def give_up(user_id: str, selfie_id: str, run: str, now: datetime) -> bool:
    """End a photo whose run broke. False when another run has it, and when it was replaced, deleted or finished."""
    return _end_rejected(user_id, selfie_id, "internal_error", now, run)


def _end_rejected(user_id: str, selfie_id: str, reason: str, now: datetime, run: str | None) -> bool:
    def reject(person: Person) -> Person:
        photo = person.photo
        if not photo.awaits(selfie_id) or (run is not None and photo.is_of_another_run(run, now)):
            return person
        return person.with_photo(photo.rejected(reason, now), now)

    changed = repository.change(user_id, reject)
    photo = None if changed is None else changed.after.photo
    return photo is not None and photo.selfie_id == selfie_id and photo.status == "rejected"


def forget_upload(user_id: str, selfie_id: str, now: datetime) -> None:
    """A photo that never came is waited for no longer; the face in use, if any, is the current one again."""

    def forget(person: Person) -> Person:
        if not person.photo.awaits(selfie_id):
            return person
        return person.with_photo(person.photo.never_came(now), now)

    repository.change(user_id, forget)
