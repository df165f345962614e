"""From a cut-out and a scene to a finished, stored picture."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING, Any

from motiv8.accounts import repository as accounts
from motiv8.aws import keys, storage
from motiv8.pipeline.make_scene import shared_scene
from motiv8.portraits import repository, service
from motiv8.settings import settings
from motiv8.studio import photo, portrait
from motiv8.telemetry import count

if TYPE_CHECKING:
    from datetime import datetime

    from motiv8.aws.tables import PortraitRow


def compose(user_id: str, portrait_id: str, now: datetime) -> dict[str, Any]:
    """Make the picture that the row asks for.

    Outcomes: `ready`; `no_selfie` when there is no face in use; `gone` when picture or person were deleted meanwhile.
    The same row gives the same files under the same keys, so running it again changes nothing.
    """
    row = repository.get(user_id, portrait_id)
    user = accounts.get(user_id)
    if row is None or user is None:
        return {"outcome": "gone"}
    if row.status == "ready":
        return {"outcome": "ready"}
    media = settings().media_bucket
    face = user.face_selfie_id
    cutout = storage.get(media, keys.cutout(user_id, face)) if face else None
    if cutout is None:
        return {"outcome": "no_selfie"}
    made = portrait.render(
        photo.decode_own(cutout),
        row.mode,
        date.fromisoformat(row.date),
        row.tone,
        _seed(user_id, portrait_id),
        shared_scene(row.date, row.mode),
    )
    files = zip(
        keys.PICTURE_ENDINGS,
        (made.jpeg, made.webp, made.thumbnail),
        ("image/jpeg", "image/webp", "image/webp"),
        strict=True,
    )
    for ending, body, content_type in files:
        storage.put(media, keys.picture(user_id, portrait_id, ending), body, content_type)

    def finish(current: PortraitRow) -> bool:
        current.status = "ready"
        current.reason = None
        current.line = made.line
        current.alt_text = made.alt_text
        current.ready_at = now
        return True

    if repository.change(user_id, portrait_id, finish) is None:
        service.remove_files(user_id, portrait_id)
        return {"outcome": "gone"}
    count("PortraitsMade", mode=row.mode)
    return {"outcome": "ready"}


def _seed(user_id: str, portrait_id: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{user_id}/{portrait_id}".encode()).digest()[:8])
