"""All of a person's data as one archive: what we know, the photo, what was taken from it, and the pictures."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_STORED, ZipFile

from motiv8 import clock
from motiv8.accounts import consent
from motiv8.accounts import repository as accounts
from motiv8.accounts.delivery_clock import WEEK
from motiv8.aws import keys, storage
from motiv8.notifications.service import devices
from motiv8.portraits import repository as portraits
from motiv8.settings import settings

if TYPE_CHECKING:
    from datetime import datetime

    from motiv8.aws.tables import PortraitRow, UserRow

_README = """\
account.json      your account, preferences, and what you agreed to and when
portraits.json    your pictures: dates, modes, lines
pictures/         the pictures themselves
photo             the photo you sent last, as long as we keep it (a week)
face/cutout.webp  you, cut out of that photo
face/embedding.npy  the code of your face: 128 numbers (numpy.load reads it)

Times are UTC.
"""


PICTURES_AT_ONCE = 8
"""Pictures that are read at the same time, and held in memory."""


class FaceDataChanged(Exception):
    """Photo or face were replaced or removed while they were archived."""


class _Gone(Exception):
    """The account was deleted while its archive was made."""


def export_account(user_id: str, export_id: str) -> dict[str, Any]:
    """Store the archive. Outcomes: `ready`; `gone` when the account was deleted meanwhile, which leaves nothing.

    It is written straight to S3, so that neither disk nor memory ends it. Running it again stores it again. Raises
    FaceDataChanged, after which nothing of the archive is left.
    """
    user = accounts.get(user_id)
    if user is None:
        return {"outcome": "gone"}
    key = keys.export(user_id, f"{export_id}.zip")
    try:
        with storage.upload(settings().media_bucket, key, "application/zip") as body:
            _write(body, user)
            # Before it is there, and once more for what happened just then.
            _check_unchanged(user)
        _check_unchanged(user)
    except (_Gone, FaceDataChanged) as change:
        storage.delete(settings().media_bucket, keys.export(user_id))
        if isinstance(change, FaceDataChanged):
            raise
        return {"outcome": "gone"}
    return {"outcome": "ready"}


def _check_unchanged(user: UserRow) -> None:
    current = accounts.get(user.user_id)
    if current is None:
        raise _Gone
    if (current.selfie_id, current.face_selfie_id) != (user.selfie_id, user.face_selfie_id):
        raise FaceDataChanged


def _write(body: storage.MultipartUpload, user: UserRow) -> None:
    # Pictures are compressed already.
    with ZipFile(body, "w", ZIP_STORED) as into:
        rows = portraits.between(user.user_id, None, None, None, None)
        into.writestr("README.txt", _README)
        into.writestr("account.json", _text(_account(user)))
        into.writestr("portraits.json", _text([_portrait(row) for row in rows]))
        _add_face(into, user)
        _add_pictures(into, user.user_id, rows)


def record_export_failure(user_id: str, export_id: str) -> dict[str, Any]:
    """Leave word that this export will not come."""
    if accounts.get(user_id) is not None:
        storage.put(settings().media_bucket, keys.export(user_id, f"{export_id}.failed"), b"", "text/plain")
    return {"outcome": "recorded"}


def _add_face(into: ZipFile, user: UserRow) -> None:
    """Photo and face, as far as they are there."""
    media = settings().media_bucket
    selfie, face = user.selfie_id, user.face_selfie_id
    if selfie and (photo := storage.get(settings().uploads_bucket, keys.upload(user.user_id, selfie))):
        into.writestr(f"photo.{(user.selfie_content_type or 'image/jpeg').partition('/')[2]}", photo)
    if face and (cutout := storage.get(media, keys.cutout(user.user_id, face))):
        into.writestr("face/cutout.webp", cutout)
    if face and (embedding := storage.get(media, keys.embedding(user.user_id, face))):
        into.writestr("face/embedding.npy", embedding)


def _add_pictures(into: ZipFile, user_id: str, rows: list[PortraitRow]) -> None:
    """The pictures that are there, several read at once: S3 takes 100 to 200 ms before the first byte."""

    def read(row: PortraitRow) -> bytes | None:
        return storage.get(settings().media_bucket, keys.picture(user_id, row.portrait_id, ".jpg"))

    with ThreadPoolExecutor(PICTURES_AT_ONCE) as pool:
        for start in range(0, len(rows), PICTURES_AT_ONCE):
            some = rows[start : start + PICTURES_AT_ONCE]
            for row, picture in zip(some, pool.map(read, some), strict=True):
                if picture is not None:
                    into.writestr(f"pictures/{row.portrait_id}.jpg", picture)


def _account(user: UserRow) -> dict[str, Any]:
    return {
        "user_id": user.user_id,
        "email": user.email,
        "new_email": user.email_change and user.email_change["email"],
        "created_at": clock.rfc3339(user.created_at),
        "consents": [_consent(each) for each in consent.history(user.consents, user.consent_at)],
        "time_zone": user.time_zone,
        "delivery_hour": int(user.delivery_hour),
        "workout_days": [day for day in WEEK if day in user.workout_days],
        "mode": user.mode,
        "tone": user.tone,
        "theme": user.theme,
        "format": user.format,
        "mail_enabled": user.mail_enabled,
        "mail_off_reason": user.mail_off_reason,
        "locale": user.locale,
        "devices": devices(user),
        "legacy_id": user.legacy_id,
        "invited_at": _moment(user.invited_at),
        "seen_on": user.seen_on,
        "inactivity_notice_at": _moment(user.inactivity_notice_at),
        "selfie": {"status": user.selfie_status, "reason": user.selfie_reason, "at": _moment(user.selfie_updated_at)},
    }


def _consent(record: consent.Record) -> dict[str, Any]:
    return {
        "version": record.version,
        "language": record.language,
        "given_at": _moment(record.given_at),
        "withdrawn_at": _moment(record.withdrawn_at),
        "text": record.text and [record.text.title, *record.text.points, record.text.agreement],
    }


def _portrait(row: PortraitRow) -> dict[str, Any]:
    names = ("portrait_id", "date", "trigger", "status", "reason", "mode", "tone", "theme", "format", "engine", "line")
    said = {name: getattr(row, name) for name in (*names, "alt_text", "mail_status")}
    return said | {"created_at": clock.rfc3339(row.created_at), "ready_at": _moment(row.ready_at)}


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else clock.rfc3339(moment)


def _text(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
