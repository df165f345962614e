"""The first step of a picture: what is there already, and what is to be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from motiv8.accounts import repository as accounts
from motiv8.accounts.due import PENDING
from motiv8.pipeline.delivered import wind_clock
from motiv8.portraits import repository, service
from motiv8.settings import settings

if TYPE_CHECKING:
    from datetime import datetime

    from motiv8.aws.tables import PortraitRow, UserRow

_NEEDS_MAIL = frozenset({"waiting", "refused"})


def load_portrait(
    user_id: str, portrait_id: str | None, trigger: str, task: str, selfie_id: str | None, now: datetime
) -> dict[str, Any]:
    """Decide on `extract`, `compose`, `deliver` or `skip`; makes the row of a daily picture.

    Task `selfie` only takes up a photo that got stuck. A picture that is ready is never made again. `engine` says what
    makes it.

    A person who is being deleted gets `skip`, and the row goes: it may be younger than the deletion's search for rows.
    """
    user = accounts.get(user_id)
    if user is None:
        if portrait_id is not None:
            repository.delete(user_id, portrait_id)
        return {"action": "skip"}
    if task == "selfie" or portrait_id is None:
        return {"action": "extract", "selfie_id": selfie_id}
    if trigger == "daily":
        repository.create(service.new_row(user, portrait_id, "daily", now))
    row = repository.change(user_id, portrait_id, _begin)
    if row is None:
        return {"action": "skip"}
    if row.status == "ready" and row.mail_status in _NEEDS_MAIL:
        return {"action": "deliver"}
    if row.status != "making":
        if trigger == "daily":
            wind_clock(user_id, now)
        return {"action": "skip"}
    return _make(user, row.engine or settings().engine)


def _begin(row: PortraitRow) -> bool:
    """A picture that is not ready is begun (again); one that failed for good only counts as failed."""
    if row.status == "ready" or (row.status == "failed" and row.reason != "internal_error"):
        return False
    row.status = "making"
    row.attempts += 1
    return True


def _make(user: UserRow, engine: str) -> dict[str, Any]:
    if user.embedding_key is None and user.selfie_status in PENDING:
        return {"action": "extract", "selfie_id": user.selfie_id, "engine": engine}
    return {"action": "compose", "engine": engine}
