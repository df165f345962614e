"""Archives of a person's data: one an hour, named by the hour, made by a state machine."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from motiv8.accounts.service import hour_of
from motiv8.aws import keys, machines, storage
from motiv8.errors import NotFound, Unavailable
from motiv8.quota import Quota
from motiv8.settings import settings

if TYPE_CHECKING:
    from datetime import datetime

_EXPORT_ID = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}")


class Archive(NamedTuple):
    """How far an archive is, and where it can be fetched once it is `ready`."""

    export_id: str
    status: Literal["making", "ready", "failed"]
    url: str | None = None


def request_export(user_id: str, now: datetime, correlation_id: str) -> Archive:
    """Have this hour's archive made, unless it is there or being made already; it may have failed.

    Raises Unavailable when it could not be started, or went together with the person's face data.
    """
    export_id = hour_of(now)
    ended = _ended(user_id, export_id)
    if ended is not None:
        return ended
    try:
        comes = machines.start_export(user_id, export_id, correlation_id)
    except machines.NotStarted as error:
        raise Unavailable("We could not start the export. Please try again.") from error
    ended = Archive(export_id, "making") if comes else _ended(user_id, export_id)
    if ended is None:
        raise Unavailable("This hour's export was deleted together with your face data. Please try again in an hour.")
    return ended


def get_export(user_id: str, export_id: str) -> Archive:
    """One archive of this person's. Raises NotFound for what was never asked for or is gone."""
    if _EXPORT_ID.fullmatch(export_id):
        # In this order: one that ends in between is not missed.
        is_running = machines.is_export_running(user_id, export_id)
        ended = _ended(user_id, export_id)
        if ended is not None:
            return ended
        if is_running:
            return Archive(export_id, "making")
    raise NotFound("You have no export with this id. Exports are deleted after a while: request a new one.")


def exports_left(user_id: str, now: datetime) -> Quota:
    """What is left of the one archive an hour; one that is being made is not counted yet."""
    made = storage.holds(settings().media_bucket, keys.export(user_id, f"{hour_of(now)}."))
    return Quota(1, 0 if made else 1, 3600 - now.minute * 60 - now.second)


def _ended(user_id: str, export_id: str) -> Archive | None:
    media = settings().media_bucket
    archive_key = keys.export(user_id, f"{export_id}.zip")
    if storage.exists(media, archive_key):
        return Archive(export_id, "ready", storage.presigned_get(media, archive_key))
    if storage.exists(media, keys.export(user_id, f"{export_id}.failed")):
        return Archive(export_id, "failed")
    return None
