"""From a cut-out and a scene to a finished, stored picture."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING, Any

from motiv8.accounts import repository as accounts
from motiv8.aws import keys, storage
from motiv8.aws.secrets import content_credentials
from motiv8.engines.engine import CannotMake, Subject, made_by
from motiv8.pipeline import embedding
from motiv8.pipeline.make_scene import shared_scene
from motiv8.portraits import repository, service
from motiv8.settings import settings
from motiv8.studio import photo, provenance, rendering
from motiv8.studio.design import Design
from motiv8.studio.lines import pick
from motiv8.telemetry import count, logger

if TYPE_CHECKING:
    from datetime import datetime

    import numpy as np

    from motiv8.aws.tables import PortraitRow


def compose(user_id: str, portrait_id: str, now: datetime) -> dict[str, Any]:
    """Make the picture that the row asks for.

    Outcomes: `ready`; `no_selfie` when there is no face in use; `gone` when picture or person were deleted meanwhile.
    The same row gives the same picture under the same keys, so running it again changes nothing that can be seen.
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
    design = Design(row.mode, date.fromisoformat(row.date), row.tone, row.theme, row.format, settings().marks_pictures)
    seed = _seed(user_id, portrait_id)
    line = pick(row.tone, design.day, seed)
    subject = Subject(photo.decode_own(cutout), lambda: _embedding(user_id, face or ""))
    engine = row.engine or settings().engine
    picture, made_by = _picture(engine, subject, design, line, seed)
    made = rendering.files(picture, line, design, made_by)
    files = zip(
        keys.PICTURE_ENDINGS,
        (_signed(made.jpeg, "image/jpeg", made_by), _signed(made.webp, "image/webp", made_by), made.thumbnail),
        ("image/jpeg", "image/webp", "image/webp"),
        strict=True,
    )
    for ending, body, content_type in files:
        storage.put(media, keys.picture(user_id, portrait_id, ending), body, content_type)
    user = accounts.get(user_id)
    if user is None or user.face_selfie_id is None:
        # The photo or the consent was taken back while the picture was made.
        service.remove_files(user_id, portrait_id)
        return {"outcome": "gone" if user is None else "no_selfie"}

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


def _picture(engine: str, subject: Subject, design: Design, line: str, seed: int) -> tuple[np.ndarray, str]:
    scene = shared_scene(design, engine)
    return made_by(engine, "picture", lambda each: each.picture(subject, design, line, scene, seed))


def _signed(file: bytes, content_type: str, engine: str) -> bytes:
    """With Content Credentials where there is a key for them. A key that fails costs nobody their picture."""
    if not settings().credentials_secret_arn or not settings().marks_pictures:
        return file
    try:
        return provenance.sign(file, content_type, engine, provenance.Credentials(*content_credentials()))
    except (provenance.NotSigned, ValueError) as error:
        logger.warning("picture not signed", reason=str(error))
        count("PicturesUnsigned")
        return file


def _embedding(user_id: str, selfie_id: str) -> np.ndarray:
    stored = embedding.stored(user_id, selfie_id)
    if stored is None:
        raise CannotMake("the embedding is gone")
    return stored


def _seed(user_id: str, portrait_id: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{user_id}/{portrait_id}".encode()).digest()[:8])
