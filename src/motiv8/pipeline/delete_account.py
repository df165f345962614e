"""The end of an account: what runs for it is stopped, everything of it goes, and one line without a name is left."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from motiv8.accounts import repository as accounts
from motiv8.accounts.service import hour_of
from motiv8.aws import keys, machines, storage
from motiv8.aws.user_pool import directory
from motiv8.coach import repository as conversations
from motiv8.library import service as library
from motiv8.portraits import repository as portraits
from motiv8.settings import settings
from motiv8.telemetry import count, logger

if TYPE_CHECKING:
    from datetime import datetime

    from motiv8.payloads import Done, Erased


class SomethingIsLeft(Exception):
    """An account was erased, and something of it is there."""


def end_runs(user_id: str, now: datetime) -> Done:
    """Stop what was asked for and is not done: pictures (with their Batch jobs) and archives.

    A picture of the daily run has no name to be stopped by; it ends by itself, since the account is gone for it.
    """
    for picture in portraits.between(user_id, None, None, None, None):
        if picture.is_unfinished and picture.trigger == "asked":
            machines.stop_portrait(user_id, picture.portrait_id)
    for hour in (now, now - timedelta(hours=1)):
        machines.stop_export(user_id, hour_of(hour))
    return {"outcome": "ended"}


def erase_account(user_id: str) -> Erased:
    """Remove the Cognito user, conversations, every picture's row and every version of every object.

    Running it again is harmless. Documents that they brought into the library stay, without their id.
    """
    directory.delete(user_id)
    library.forget_importer(user_id)
    conversations.remove_person(user_id)
    portrait_ids = portraits.ids_of(user_id)
    for portrait_id in portrait_ids:
        portraits.delete(user_id, portrait_id)
    versions = storage.delete(settings().uploads_bucket, keys.upload(user_id))
    versions += storage.delete(settings().media_bucket, keys.face(user_id))
    versions += storage.delete(settings().media_bucket, keys.picture(user_id))
    versions += storage.delete(settings().media_bucket, keys.export(user_id))
    return {"portraits": len(portrait_ids), "object_versions": versions}


def close_account(user_id: str, deletion_id: str, portrait_count: int, version_count: int) -> Done:
    """Look whether anything is left; then the person's own row goes, and the audit line is written.

    Raises SomethingIsLeft.
    """
    left = [
        name
        for name, is_left in {
            "Cognito user": directory.exists(user_id),
            "rows of pictures": bool(portraits.ids_of(user_id)),
            "photos": storage.holds(settings().uploads_bucket, keys.upload(user_id)),
            "faces": storage.holds(settings().media_bucket, keys.face(user_id)),
            "pictures": storage.holds(settings().media_bucket, keys.picture(user_id)),
            "conversations": conversations.holds_anything_of(user_id),
            "documents in their name": bool(library.brought_in(user_id)),
            "archives": storage.holds(settings().media_bucket, keys.export(user_id)),
        }.items()
        if is_left
    ]
    if left:
        raise SomethingIsLeft(", ".join(left))
    accounts.delete(user_id)
    logger.info(
        "account deleted", deletion_id=deletion_id, portraits=portrait_count, object_versions=version_count, left=0
    )
    count("AccountsDeleted")
    return {"outcome": "deleted"}
