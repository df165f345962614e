"""The first step of a picture: what is there already, and what is to be done."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from motiv8.accounts import repository as accounts
from motiv8.accounts.service import reschedule
from motiv8.portraits import repository
from motiv8.portraits.picture import LEASE, LONG_LEASE
from motiv8.portraits.service import begin_daily
from motiv8.portraits.week import SHEET_ID
from motiv8.settings import settings

if TYPE_CHECKING:
    from datetime import datetime

    from motiv8.accounts.person import Person
    from motiv8.payloads import Loaded
    from motiv8.portraits.picture import Picture


def load_portrait(
    user_id: str, portrait_id: str | None, trigger: str, task: str, selfie_id: str | None, run: str, now: datetime
) -> Loaded:
    """Note that a picture is begun, and return what the machine does next as `action`.

    - `extract`: take the face out of the photo `selfie_id` first. Always so for the task `selfie`, a stuck photo.
    - `compose`: make it with `engine`, or the sheet of a week, where the id is one's.
    - `deliver`: it is ready and was not mailed. A picture that is ready is never made again.
    - `skip`: there is nothing to do (any more), or another run is at it.

    The row of a daily picture is made here, where there is none. A person who is being deleted gets `skip`, and the row
    goes: it may be younger than the deletion's search for rows.
    """
    person = accounts.get(user_id)
    if person is None:
        if portrait_id is not None:
            repository.delete(user_id, portrait_id)
        return {"action": "skip"}
    if task == "selfie" or portrait_id is None:
        return {"action": "extract", "selfie_id": selfie_id}
    if SHEET_ID.fullmatch(portrait_id):
        return {"action": "compose", "engine": "poster"}
    picture = _begin(person, portrait_id, trigger, run, now)
    if picture is None or picture.is_held(now, run):
        return {"action": "skip"}
    if picture.needs_mail:
        return {"action": "deliver"}
    if picture.status != "making":
        if trigger == "daily":
            reschedule(user_id, now, date.fromisoformat(picture.date))
        return {"action": "skip"}
    engine = picture.engine or settings().engine
    if not person.photo.has_face and person.photo.is_pending:
        return {"action": "extract", "selfie_id": person.photo.selfie_id, "engine": engine}
    return {"action": "compose", "engine": engine}


def _begin(person: Person, portrait_id: str, trigger: str, run: str, now: datetime) -> Picture | None:
    if trigger == "daily":
        lease = LONG_LEASE if settings().engine == "diffusion" else LEASE
        return begin_daily(person, portrait_id, run, now, lease)

    def begin(picture: Picture) -> Picture:
        engine = picture.engine or settings().engine
        return picture.begun(now, run, LONG_LEASE if engine == "diffusion" else LEASE)

    changed = repository.change(person.user_id, portrait_id, begin)
    return None if changed is None else changed.after
