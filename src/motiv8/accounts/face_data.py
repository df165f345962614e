"""All that is kept of a person's face, and its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motiv8.accounts import repository
from motiv8.accounts.photo import Photo
from motiv8.aws import keys, storage
from motiv8.settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from motiv8.accounts.person import Person


def remove(user_id: str, now: datetime, also: Callable[[Person], Person] | None = None) -> Person | None:
    """Delete photo, face and embedding with all their versions, and archives that hold them.

    `also` is a change to make in the same write; what it raises is raised, with nothing removed. Returns the person as
    they are then, None where they are gone; their files go in either case.

    The row first, so that no run uses them any more: one that has read them looks at the row again before it ends.
    """
    changed = repository.change(user_id, lambda person: (also(person) if also else person).with_photo(Photo(), now))
    storage.delete(settings().uploads_bucket, keys.upload(user_id))
    storage.delete(settings().media_bucket, keys.face(user_id))
    storage.delete(settings().media_bucket, keys.export(user_id))
    return None if changed is None else changed.after
