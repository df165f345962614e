"""The portraits table. The one place that knows its attributes, which are named as the fields of a picture."""

from __future__ import annotations

from dataclasses import fields
from itertools import islice
from typing import TYPE_CHECKING, get_args

from pynamodb.exceptions import PutError

from motiv8.aws import tables
from motiv8.aws.tables import PortraitRow
from motiv8.catalogue.formats import FORMATS
from motiv8.catalogue.layouts import LAYOUTS
from motiv8.catalogue.modes import MODES
from motiv8.catalogue.themes import THEMES
from motiv8.catalogue.tones import TONES
from motiv8.portraits.models import MailStatus, Status, Trigger
from motiv8.portraits.picture import Picture

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator
    from datetime import date

    from motiv8.aws.tables import Change


_FIELDS = tuple(field.name for field in fields(Picture))


_KNOWN: dict[str, Container[str | None]] = {
    "mode": MODES,
    "tone": TONES,
    "theme": THEMES,
    "format": FORMATS,
    "layout": {None, *LAYOUTS},
    "trigger": get_args(Trigger),
    "status": get_args(Status),
    "mail_status": get_args(MailStatus),
}
"""What can be in an attribute that has a word of a list."""


def _read(row: PortraitRow) -> Picture:
    return Picture(**{name: getattr(row, name) for name in _FIELDS} | {"attempts": int(row.attempts or 0)})


def _read_checked(row: PortraitRow) -> Picture:
    """One of several, which must not spoil the others. Raises MalformedRow."""
    unknown = any(getattr(row, name) not in known for name, known in _KNOWN.items())
    if unknown or None in (row.date, row.created_at):
        raise tables.MalformedRow(PortraitRow.Meta.table_name)
    return _read(row)


def _write(row: PortraitRow, before: Picture | None, after: Picture) -> None:
    for name in _FIELDS:
        if before is None or getattr(before, name) != getattr(after, name):
            setattr(row, name, getattr(after, name))


def get(user_id: str, portrait_id: str) -> Picture | None:
    """One picture of this person's, read consistently."""
    row = _get(user_id, portrait_id)
    return None if row is None else _read(row)


def _get(user_id: str, portrait_id: str) -> PortraitRow | None:
    try:
        return PortraitRow.get(user_id, portrait_id, consistent_read=True)
    except PortraitRow.DoesNotExist:
        return None


def create(picture: Picture) -> bool:
    """Store a new picture; False when there is one already, as for a second daily one on a date."""
    row = PortraitRow(picture.user_id, picture.portrait_id)
    _write(row, None, picture)
    try:
        row.save(PortraitRow.portrait_id.does_not_exist())
    except PutError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise
        return False
    return True


def change(user_id: str, portrait_id: str, transition: Callable[[Picture], Picture]) -> Change[Picture] | None:
    """Change one picture under the optimistic lock; None when it is gone. See `motiv8.aws.tables.change_value`."""
    return tables.change_value(lambda: _get(user_id, portrait_id), _read, _write, transition)


def delete(user_id: str, portrait_id: str) -> None:
    """Remove one picture's row."""
    PortraitRow(user_id, portrait_id).delete(add_version_condition=False)


def between(
    user_id: str, first: date | None, last: date | None, before: str | None, limit: int | None
) -> list[Picture]:
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
    pictures = tables.well_formed(map(_read_checked, rows))
    return list(islice((picture for picture in pictures if picture.portrait_id != before), limit))


def several(keys: Iterable[tuple[str, str]]) -> Iterator[Picture]:
    """Those of these pictures that there are."""
    return tables.well_formed(map(_read_checked, tables.several(PortraitRow, list(keys))))


def ids_of(user_id: str) -> list[str]:
    """The ids of all of a person's pictures, also of malformed rows."""
    # Nothing else of a row is read: what it holds may be malformed.
    found = PortraitRow.query(user_id, attributes_to_get=["user_id", "portrait_id"], consistent_read=True)
    return [row.portrait_id for row in found]
