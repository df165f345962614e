"""All of a person's data as one archive: what we know, the photo, what was taken from it, and the pictures."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_STORED, ZipFile

from motiv8 import clock
from motiv8.accounts import repository as accounts
from motiv8.aws import keys, storage
from motiv8.catalogue.weekdays import WEEK
from motiv8.coach import repository as conversations
from motiv8.library import service as library
from motiv8.portraits import repository as portraits
from motiv8.settings import settings

if TYPE_CHECKING:
    from datetime import datetime

    from motiv8.accounts import consent
    from motiv8.accounts.person import Person
    from motiv8.coach.conversation import Conversation, Message
    from motiv8.library.document import LibraryDocument
    from motiv8.payloads import Exported, Recorded
    from motiv8.portraits.picture import Picture

_README = """\
account.json      your account, preferences, and what you agreed to and when
portraits.json    your pictures: dates, modes, lines
pictures/         the pictures themselves
documents.json    what you brought into the library, if you did
conversations.json  what you and the coach said, with sources and tools, if you talked
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


def export_account(user_id: str, export_id: str) -> Exported:
    """Store the archive. Outcomes: `ready`; `gone` when the account was deleted meanwhile, which leaves nothing.

    It is written straight to S3, so that neither disk nor memory ends it. Running it again stores it again. Raises
    FaceDataChanged, after which nothing of the archive is left.
    """
    person = accounts.get(user_id)
    if person is None:
        return {"outcome": "gone"}
    key = keys.export(user_id, f"{export_id}.zip")
    try:
        with storage.upload(settings().media_bucket, key, "application/zip") as body:
            _write(body, person)
            # Before it is there, and once more for what happened just then.
            _check_unchanged(person)
        _check_unchanged(person)
    except (_Gone, FaceDataChanged) as change:
        storage.delete(settings().media_bucket, keys.export(user_id))
        if isinstance(change, FaceDataChanged):
            raise
        return {"outcome": "gone"}
    return {"outcome": "ready"}


def _check_unchanged(person: Person) -> None:
    current = accounts.get(person.user_id)
    if current is None:
        raise _Gone
    then, now = person.photo, current.photo
    if (now.selfie_id, now.face_selfie_id) != (then.selfie_id, then.face_selfie_id):
        raise FaceDataChanged


def _write(body: storage.MultipartUpload, person: Person) -> None:
    # Pictures are compressed already.
    with ZipFile(body, "w", ZIP_STORED) as into:
        pictures = portraits.between(person.user_id, None, None, None, None)
        into.writestr("README.txt", _README)
        into.writestr("account.json", _text(_account(person)))
        into.writestr("portraits.json", _text([_portrait(picture) for picture in pictures]))
        if documents := library.brought_in(person.user_id):
            into.writestr("documents.json", _text([_document(document) for document in documents]))
        if said := [_conversation(*written) for written in conversations.of_person(person.user_id)]:
            into.writestr("conversations.json", _text(said))
        _add_face(into, person)
        _add_pictures(into, person.user_id, pictures)


def record_export_failure(user_id: str, export_id: str) -> Recorded:
    """Leave word that this export will not come."""
    if accounts.get(user_id) is not None:
        storage.put(settings().media_bucket, keys.export(user_id, f"{export_id}.failed"), b"", "text/plain")
    return {"outcome": "recorded"}


def _document(document: LibraryDocument) -> dict[str, Any]:
    names = ("document_id", "namespace", "file_name", "sha256", "status")
    told = {name: getattr(document, name) for name in names} | document.description._asdict()
    return told | {"tags": sorted(document.description.tags), "created_at": clock.rfc3339(document.created_at)}


def _conversation(conversation: Conversation, messages: list[Message]) -> dict[str, Any]:
    return {
        "conversation_id": conversation.conversation_id,
        "title": conversation.title,
        "namespace": conversation.namespace,
        "created_at": clock.rfc3339(conversation.created_at),
        "messages": [_message(message) for message in messages],
    }


def _message(message: Message) -> dict[str, Any]:
    names = ("message_id", "role", "status", "text", "reason", "input_tokens", "output_tokens")
    said = {name: getattr(message, name) for name in names}
    records = {name: getattr(message, name) for name in ("tool", "confirmation", "feedback")}
    return (
        said
        | {name: record and record._asdict() for name, record in records.items()}
        | {
            "citations": [cited._asdict() for cited in message.citations],
            "created_at": clock.rfc3339(message.created_at),
            "finished_at": _moment(message.finished_at),
        }
    )


def _add_face(into: ZipFile, person: Person) -> None:
    """Photo and face, as far as they are there."""
    media = settings().media_bucket
    user_id, sent = person.user_id, person.photo
    selfie, face = sent.selfie_id, sent.face_selfie_id
    if selfie and (photo := storage.get(settings().uploads_bucket, keys.upload(user_id, selfie))):
        into.writestr(f"photo.{(sent.content_type or 'image/jpeg').partition('/')[2]}", photo)
    if face and (cutout := storage.get(media, keys.cutout(user_id, face))):
        into.writestr("face/cutout.webp", cutout)
    if face and (embedding := storage.get(media, keys.embedding(user_id, face))):
        into.writestr("face/embedding.npy", embedding)


def _add_pictures(into: ZipFile, user_id: str, pictures: list[Picture]) -> None:
    """The pictures that are there, several read at once: S3 takes 100 to 200 ms before the first byte."""

    def read(picture: Picture) -> bytes | None:
        return storage.get(settings().media_bucket, keys.picture(user_id, picture.portrait_id, ".jpg"))

    with ThreadPoolExecutor(PICTURES_AT_ONCE) as pool:
        for start in range(0, len(pictures), PICTURES_AT_ONCE):
            some = pictures[start : start + PICTURES_AT_ONCE]
            for picture, file in zip(some, pool.map(read, some), strict=True):
                if file is not None:
                    into.writestr(f"pictures/{picture.portrait_id}.jpg", file)


def _account(person: Person) -> dict[str, Any]:
    preferences, schedule, sent = person.preferences, person.schedule, person.photo
    return {
        "user_id": person.user_id,
        "email": person.email,
        "new_email": person.pending_email and person.pending_email.email,
        "created_at": clock.rfc3339(person.created_at),
        "consents": [_consent(record) for record in person.consents.history()],
        "time_zone": schedule.time_zone,
        "delivery_hour": schedule.delivery_hour,
        "workout_days": [day for day in WEEK if day in schedule.workout_days],
        "mode": preferences.mode,
        "tone": preferences.tone,
        "theme": preferences.theme,
        "format": preferences.format,
        "mail_enabled": preferences.mail_enabled,
        "mail_off_reason": preferences.mail_off_reason,
        "locale": preferences.locale,
        "own_lines": dict(preferences.own_lines),
        "streak": {"days": person.streak.days, "through": person.streak.through and person.streak.through.isoformat()},
        "devices": [device._asdict() for device in person.devices.all],
        "legacy_id": person.origin.legacy_id,
        "invited_at": _moment(person.origin.invited_at),
        "seen_on": person.visits.seen_on,
        "inactivity_notice_at": _moment(person.visits.notice_at),
        "selfie": {"status": sent.status, "reason": sent.reason, "at": _moment(sent.updated_at)},
    }


def _consent(record: consent.Record) -> dict[str, Any]:
    return {
        "version": record.version,
        "language": record.language,
        "given_at": _moment(record.given_at),
        "withdrawn_at": _moment(record.withdrawn_at),
        "text": record.text and [record.text.title, *record.text.points, record.text.agreement],
    }


def _portrait(picture: Picture) -> dict[str, Any]:
    names = (
        "portrait_id",
        "date",
        "trigger",
        "status",
        "reason",
        "mode",
        "tone",
        "theme",
        "format",
        "layout",
        "engine",
    )
    said = {name: getattr(picture, name) for name in (*names, "line", "alt_text", "mail_status")}
    return said | {"created_at": clock.rfc3339(picture.created_at), "ready_at": _moment(picture.ready_at)}


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else clock.rfc3339(moment)


def _text(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
