"""The users table: people, read and changed one at a time or some at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pynamodb.exceptions import PutError, PynamoDBException

from motiv8.accounts import rows
from motiv8.aws import tables
from motiv8.aws.tables import DueIndex, UserRow
from motiv8.telemetry import logger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from motiv8.accounts.person import Person
    from motiv8.aws.tables import Change
    from motiv8.daily_payloads import DueEntry

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


def due(shard: int, until: datetime | None, after: DueEntry | None, most: int) -> tuple[list[str], DueEntry | None]:
    """The ids of some of those in a shard whom the daily run must look at up to a moment (None: at any time).

    Those due first come first, after an entry of the index where one is given. Also the entry to go on after; None
    once there are no others. Nobody else is read.
    """
    condition = None if until is None else DueIndex.next_due_at <= until
    start = None
    if after is not None:
        entry = {"user_id": {"S": after["user_id"]}, "next_due_at": {"S": after["next_due_at"]}}
        start = entry | {"due_shard": {"N": str(shard)}}
    # Nothing else of an index row is read: what it holds may be malformed.
    found = UserRow.due.query(
        shard, condition, attributes_to_get=["user_id"], limit=most, page_size=most, last_evaluated_key=start
    )
    user_ids = [row.user_id for row in found]
    end = found.last_evaluated_key
    if end is None:
        return user_ids, None
    return user_ids, {"user_id": end["user_id"]["S"], "next_due_at": end["next_due_at"]["S"]}
