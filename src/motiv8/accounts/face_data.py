"""All that is kept of a person's face, and its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motiv8.accounts import repository
from motiv8.accounts.due import rewind
from motiv8.aws import keys, storage
from motiv8.settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from motiv8.aws.tables import UserRow


def remove(user_id: str, now: datetime, also: Callable[[UserRow], None] | None = None) -> UserRow | None:
    """Delete photo, face and embedding with all their versions, and archives that hold them.

    `also` looks at the row before, and changes it in the same write.

    The row first, so that no run uses them any more: one that has read them looks at the row again before it ends.
    """

    def apply(row: UserRow) -> bool:
        if also is not None:
            also(row)
        clear_photo(row)
        row.face_selfie_id = None
        row.embedding_key = None
        rewind(row, now)
        return True

    row = repository.change(user_id, apply)
    storage.delete(settings().uploads_bucket, keys.upload(user_id))
    storage.delete(settings().media_bucket, keys.face(user_id))
    storage.delete(settings().media_bucket, keys.export(user_id))
    return row


def clear_photo(row: UserRow) -> None:
    """Let a row know of no photo; not stored yet."""
    row.selfie_id = None
    row.selfie_run = None
    row.selfie_status = None
    row.selfie_reason = None
    row.selfie_content_type = None
    row.selfie_updated_at = None
