"""From a cut-out and a scene to a finished, stored picture."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from motiv8.accounts import repository as accounts
from motiv8.aws import keys, storage
from motiv8.aws.secrets import content_credentials
from motiv8.catalogue.layouts import LAYOUTS
from motiv8.catalogue.weekdays import WEEK
from motiv8.engines.engine import CannotMake, Subject, made_by
from motiv8.pipeline import embedding
from motiv8.pipeline.make_scene import shared_scene
from motiv8.pipeline.make_week import add_sheet
from motiv8.portraits import repository, service
from motiv8.settings import settings
from motiv8.studio import photo, provenance, rendering
from motiv8.studio.design import Design
from motiv8.studio.layouts import choose
from motiv8.studio.lines import Occasion, pick
from motiv8.studio.typefaces import CannotBeSet
from motiv8.telemetry import count, logger

if TYPE_CHECKING:
    from datetime import datetime

    import numpy as np

    from motiv8.accounts.person import Person
    from motiv8.payloads import Composed, ComposeOutcome
    from motiv8.portraits.picture import Picture


def compose(user_id: str, portrait_id: str, now: datetime) -> Composed:
    """Make the picture that the row asks for; see `make_picture`."""
    order = repository.get(user_id, portrait_id)
    person = accounts.get(user_id)
    if order is None or person is None:
        return {"outcome": "gone"}
    if order.status == "ready":
        return {"outcome": "ready"}
    return {"outcome": make_picture(order, person, now)}


def make_picture(order: Picture, person: Person, now: datetime) -> ComposeOutcome:
    """Make and store a picture from its row and its person's, as they were just read.

    Outcomes: `ready`; `no_selfie` when there is no face in use; `gone` when picture or person were deleted meanwhile.
    The same rows give the same picture under the same keys, so running it again changes nothing that can be seen. A
    week's last daily picture is followed by the week's sheet.
    """
    face = person.photo.face_selfie_id
    cutout = storage.get(settings().media_bucket, keys.cutout(order.user_id, face)) if face else None
    if face is None or cutout is None:
        return "no_selfie"
    files, engine = _make(order, person, face, cutout)
    _store(order, files, engine)
    outcome = _finish(order, files, now)
    if outcome == "ready":
        # Not for a picture that was found ready: should this end the process, its mail goes out without the sheet.
        add_sheet(person, order)
    return outcome


def _make(order: Picture, person: Person, face: str, cutout: bytes) -> tuple[rendering.PictureFiles, str]:
    """The picture's files, and the name of the engine that made it."""
    subject = Subject(photo.decode_own(cutout), lambda: _embedding(order.user_id, face))
    seed = _seed(f"{order.user_id}/{order.portrait_id}")
    design = _design(order, person)
    turn = 0 if order.trigger == "daily" else 1 + seed % len(LAYOUTS)
    design = replace(design, layout=choose(subject.cutout, design, _seed(order.user_id), turn, order.layout))
    wanted = order.engine or settings().engine
    scene = shared_scene(design, wanted)

    def with_line(line: str) -> tuple[rendering.PictureFiles, str]:
        image, engine = made_by(wanted, "picture", lambda each: each.picture(subject, design, line, scene, seed))
        return rendering.files(image, line, design, engine), engine

    own = person.preferences.own_lines.get(WEEK[design.day.weekday()]) if order.trigger == "daily" else None
    if own is not None:
        try:
            return with_line(own)
        except CannotBeSet:
            # It could be set when it was chosen; nobody goes without a picture for it.
            logger.warning("own line cannot be set", portrait_id=order.portrait_id)
    return with_line(_our_line(order, person, design, seed))


def _design(order: Picture, person: Person) -> Design:
    day = date.fromisoformat(order.date)
    counted = person.with_picture_on(day) if order.trigger == "daily" else person
    return Design(
        order.mode,
        day,
        order.tone,
        order.theme,
        order.format,
        settings().mark_pictures,
        locale=person.preferences.locale,
        streak=counted.streak_on(day),
    )


def _our_line(order: Picture, person: Person, design: Design, seed: int) -> str:
    hour, time_zone = person.schedule.delivery_hour, person.schedule.time_zone
    if order.trigger == "daily":
        occasion = Occasion(design.language, design.streak, hour, time_zone)
        return pick(order.tone, design.day, _seed(order.user_id), occasion)
    return pick(order.tone, design.day, _seed(order.user_id), Occasion(design.language), asked=seed)


def _store(order: Picture, files: rendering.PictureFiles, engine: str) -> None:
    bodies = (_signed(files.jpeg, "image/jpeg", engine), files.thumbnail)
    for ending, body in zip(keys.PICTURE_ENDINGS, bodies, strict=True):
        content_type = "image/jpeg" if ending == ".jpg" else "image/webp"
        key = keys.picture(order.user_id, order.portrait_id, ending)
        storage.put(settings().media_bucket, key, body, content_type)


def _finish(order: Picture, files: rendering.PictureFiles, now: datetime) -> ComposeOutcome:
    """Note that the picture is made, and leave no file where person, photo or picture went meanwhile."""
    outcome: ComposeOutcome = "ready"
    person = accounts.get(order.user_id)
    if person is None:
        outcome = "gone"
    elif person.photo.face_selfie_id is None:
        # The photo or the consent was taken back while the picture was made.
        outcome = "no_selfie"
    elif not repository.change(
        order.user_id, order.portrait_id, lambda picture: picture.made(files.line, files.alt_text, files.layout, now)
    ):
        outcome = "gone"
    if outcome == "ready":
        count("PortraitsMade", mode=order.mode)
    else:
        service.remove_files(order.user_id, order.portrait_id)
    return outcome


def _signed(file: bytes, content_type: str, engine: str) -> bytes:
    """With Content Credentials where there is a key for them. A key that fails costs nobody their picture."""
    if not settings().credentials_secret_arn or not settings().mark_pictures:
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


def _seed(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
