"""The users table: people, read and changed one at a time or some at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pynamodb.exceptions import PutError, PynamoDBException

from motiv8.accounts import rows
from motiv8.accounts.schedule import SHARDS
from motiv8.aws import tables
from motiv8.aws.tables import DueIndex, UserRow
from motiv8.telemetry import logger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from motiv8.accounts.person import Person
    from motiv8.aws.tables import Change

_PAGE = 100


class Access(NamedTuple):
    """What decides whether somebody's tokens are let in."""

    deletion_id: str | None = None
    signed_out_at: datetime | None = None
    seen_on: str | None = None


def access(user_id: str) -> Access:
    """Whether a person is being deleted, when they signed out everywhere and came last, read consistently."""
    try:
        row = UserRow.get(user_id, consistent_read=True, attributes_to_get=list(Access._fields))
    except UserRow.DoesNotExist:
        return Access()
    return Access(row.deletion_id, row.signed_out_at, row.seen_on)


def note_visit(user_id: str, now: datetime) -> None:
    """Note that somebody came today. Nobody is refused where it cannot be noted: their next request tries again."""
    try:
        tables.set_unlocked(UserRow, user_id, UserRow.seen_on.set(now.date().isoformat()))
    except PynamoDBException as error:
        logger.warning("visit not noted", error=type(error).__name__)


def get(user_id: str) -> Person | None:
    """One person, read consistently; None also for one whose account is being deleted."""
    row = _present(user_id)
    return None if row is None else rows.read(row)


def _present(user_id: str) -> UserRow | None:
    row = _get(user_id)
    return None if row is None or row.deletion_id is not None else row


def _get(user_id: str) -> UserRow | None:
    try:
        return UserRow.get(user_id, consistent_read=True)
    except UserRow.DoesNotExist:
        return None


def create(person: Person) -> bool:
    """Store a new person; False when there is one already."""
    row = UserRow(person.user_id)
    rows.write(row, None, person)
    try:
        row.save(UserRow.user_id.does_not_exist())
    except PutError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise
        return False
    return True


def change(user_id: str, transition: Callable[[Person], Person]) -> Change[Person] | None:
    """Change one person under the optimistic lock; None when they are gone. See `motiv8.aws.tables.change_value`."""
    return tables.change_value(lambda: _present(user_id), rows.read, rows.write, transition)


def deletion(user_id: str) -> str | None:
    """The id of the deletion that this account is in, if any."""
    row = _get(user_id)
    return None if row is None else row.deletion_id


def begin_deletion(user_id: str, deletion_id: str) -> str:
    """Make the person gone for everything but their deletion; returns its id, the first one's where there is one."""
    changed = tables.change_value(
        lambda: _get(user_id), rows.read, rows.write, lambda person: person.under_deletion(deletion_id)
    )
    return deletion_id if changed is None else changed.after.deletion_id or deletion_id


def delete(user_id: str) -> None:
    """Remove one person's row."""
    UserRow(user_id).delete(add_version_condition=False)


def page(after: str | None) -> tuple[list[str], str | None]:
    """The ids of some people more, in no order, and after whom to go on; None once there are no others."""
    start = None if after is None else {"user_id": {"S": after}}
    # Nothing else of a row is read: what it holds may be malformed.
    found = UserRow.scan(limit=_PAGE, page_size=_PAGE, last_evaluated_key=start, attributes_to_get=["user_id"])
    user_ids = [row.user_id for row in found]
    end = found.last_evaluated_key
    return user_ids, None if end is None else str(end["user_id"]["S"])


def several(user_ids: Sequence[str]) -> Iterator[Person]:
    """Those of these people that there are, also under deletion, in no order; see `motiv8.aws.tables.several`."""
    return map(rows.read, tables.several(UserRow, user_ids))


def due(until: datetime | None) -> Iterator[Person]:
    """Everybody whom the hourly run must look at up to a moment (None: at any time), and nobody else is read."""
    for shard in range(SHARDS):
        condition = None if until is None else DueIndex.next_due_at <= until
        # Nothing else of an index row is read: what it holds may be malformed.
        keys = [row.user_id for row in UserRow.due.query(shard, condition, attributes_to_get=["user_id"])]
        yield from map(rows.read, tables.several(UserRow, keys))
