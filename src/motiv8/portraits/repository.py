"""The portraits table."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from pynamodb.exceptions import PutError

from motiv8.aws import tables
from motiv8.aws.tables import PortraitRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date


def get(user_id: str, portrait_id: str) -> PortraitRow | None:
    """One picture of this person's, read consistently."""
    try:
        return PortraitRow.get(user_id, portrait_id, consistent_read=True)
    except PortraitRow.DoesNotExist:
        return None


def create(row: PortraitRow) -> bool:
    """Store a new picture's row; False when there is one already, as for a second daily one on a date."""
    try:
        row.save(PortraitRow.portrait_id.does_not_exist())
    except PutError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise
        return False
    return True


def change(user_id: str, portrait_id: str, mutate: Callable[[PortraitRow], bool]) -> PortraitRow | None:
    """Change one picture's row under the optimistic lock; see `motiv8.aws.tables.change`."""
    return tables.change(lambda: get(user_id, portrait_id), mutate)


def delete(user_id: str, portrait_id: str) -> None:
    """Remove one picture's row."""
    PortraitRow(user_id, portrait_id).delete(add_version_condition=False)


def between(
    user_id: str, first: date | None, last: date | None, before: str | None, limit: int | None
) -> list[PortraitRow]:
    """Pictures of the local dates `first` to `last`, newest first, older than the id `before`; one query."""
    # Ids begin with the date, and "~" sorts after everything that can follow it.
    lowest = first.isoformat() if first else "0"
    highest = f"{last.isoformat()}~" if last else "~"
    if before is not None:
        highest = min(before, highest)
    if highest < lowest:
        return []
    page_size = None if limit is None else limit + 1
    rows = PortraitRow.query(
        user_id,
        PortraitRow.portrait_id.between(lowest, highest),
        scan_index_forward=False,
        consistent_read=True,
        page_size=page_size,
    )
    return list(islice((row for row in rows if row.portrait_id != before), limit))


def several(keys: Iterable[tuple[str, str]]) -> Iterator[PortraitRow]:
    """Those of these pictures that there are."""
    yield from tables.several(PortraitRow, list(keys))
