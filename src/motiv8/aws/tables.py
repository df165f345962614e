"""Tables as pynamodb models, on the process's one botocore session and DynamoDB connection: people and pictures.

A repository turns their rows into values of its feature and back; nothing else sees a row.
"""

from __future__ import annotations

import random
import time
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NamedTuple, Self, TypeVar

from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
    VersionAttribute,
)
from pynamodb.connection import Connection
from pynamodb.exceptions import PutError, TransactWriteError, UpdateError
from pynamodb.expressions.operand import Path
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from motiv8.aws import clients
from motiv8.aws.attributes import MomentAttribute, RecordAttribute
from motiv8.catalogue.formats import DEFAULT_FORMAT
from motiv8.catalogue.locales import DEFAULT_LOCALE
from motiv8.catalogue.themes import DEFAULT_THEME
from motiv8.errors import Unavailable
from motiv8.settings import endpoint_of, settings
from motiv8.telemetry import count, logger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from botocore.session import Session
    from pynamodb.connection import TableConnection
    from pynamodb.connection._botocore_private import BotocoreBaseClientPrivate
    from pynamodb.expressions.update import Action


_ATTEMPTS = 10
_FIRST_WAIT_SECONDS, _LONGEST_WAIT_SECONDS = 0.01, 0.2
_BATCH = 100
"""Rows that one BatchGetItem takes."""


class MalformedRow(Exception):
    """A stored row holds something that its attributes cannot be; the text names the table and no value."""


class _SharedConnection(Connection):
    @property
    def session(self) -> Session:
        return clients.session()

    @property
    def client(self) -> BotocoreBaseClientPrivate:
        with clients.ONE_AT_A_TIME:
            return super().client


@cache
def connection() -> Connection:
    """The process's one connection to DynamoDB."""
    return _SharedConnection(
        region=settings().region, host=endpoint_of("dynamodb"), max_retry_attempts=3, read_timeout_seconds=10
    )


class Table(Model):
    """A table on the one connection; `setting` names the setting that has its name."""

    setting: ClassVar[str]

    @classmethod
    def _get_connection(cls) -> TableConnection:
        # Read at the first use and not when the module is imported: a command chooses its environment after that.
        cls.Meta.table_name = getattr(settings(), cls.setting)
        # pynamodb would make a session and a client for each table; this gives all of them one.
        table = super()._get_connection()
        if table.connection is not connection():
            # Kinds of items that lie in one table have the same keys: the first one adds it.
            with suppress(ValueError):
                connection().add_meta_table(table.get_meta_table())
            table.connection = connection()
        return table

    @classmethod
    def from_raw_data(cls, data: dict[str, Any]) -> Self:
        """A row from what DynamoDB answers. Raises MalformedRow."""
        try:
            return super().from_raw_data(data)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise MalformedRow(cls.Meta.table_name) from error


class DueIndex(GlobalSecondaryIndex[Any]):
    """Sparse: holds only the users whom the daily run must look at, in order of time within a shard."""

    class Meta:
        """Index settings."""

        index_name = "due"
        projection = KeysOnlyProjection()

    due_shard = NumberAttribute(hash_key=True)
    next_due_at = MomentAttribute(range_key=True)


class UserRow(Table):
    """A person; `motiv8.accounts.rows` says what its attributes mean."""

    setting = "users_table"

    class Meta:
        """Table settings."""

        table_name = ""

    user_id = UnicodeAttribute(hash_key=True)
    email = UnicodeAttribute()
    created_at = MomentAttribute()
    # Since when the consent that holds was given, and all that ever were: `motiv8.accounts.consent.Consents`.
    consent_at = MomentAttribute(null=True)
    consents = RecordAttribute(null=True)

    time_zone = UnicodeAttribute()
    delivery_hour = NumberAttribute()
    workout_days = UnicodeSetAttribute()
    mode = UnicodeAttribute()
    tone = UnicodeAttribute()
    theme = UnicodeAttribute(default=DEFAULT_THEME)
    format = UnicodeAttribute(default=DEFAULT_FORMAT)
    mail_enabled = BooleanAttribute()
    mail_off_reason = UnicodeAttribute(null=True)
    locale = UnicodeAttribute(default=DEFAULT_LOCALE)
    # The person's own words, `{weekday: line}`, and `[days, through]` of `motiv8.accounts.streak.Streak`.
    own_lines = RecordAttribute(null=True)
    streak = RecordAttribute(null=True)

    # The photo sent last, and how far it is.
    selfie_id = UnicodeAttribute(null=True)
    selfie_status = UnicodeAttribute(null=True)
    selfie_reason = UnicodeAttribute(null=True)
    selfie_content_type = UnicodeAttribute(null=True)
    selfie_updated_at = MomentAttribute(null=True)
    # The execution that takes the face out of it at the moment.
    selfie_run = UnicodeAttribute(null=True)
    # The photo whose face is in use; it stays while a newer photo is waiting or was rejected.
    face_selfie_id = UnicodeAttribute(null=True)
    embedding_key = UnicodeAttribute(null=True)

    # Pictures and uploads asked for in the last 24 hours: `[[its id, moment]]` (`motiv8.quota`).
    asked = JSONAttribute(null=True)
    uploads = JSONAttribute(null=True)

    # What is told when a picture is there: web push subscriptions.
    devices = JSONAttribute(null=True)

    # A change of the email that waits for its code: `motiv8.accounts.pending_email.PendingEmail`.
    email_change = JSONAttribute(null=True)

    # For those who came from another system: their id there, and when they were told.
    legacy_id = UnicodeAttribute(null=True)
    invited_at = MomentAttribute(null=True)

    # Set once the person asked to be deleted: for all but the deletion itself, the person is gone then.
    deletion_id = UnicodeAttribute(null=True)

    # The last day (UTC) on which somebody came, and when they were told that their face goes: `accounts/inactivity.py`.
    seen_on = UnicodeAttribute(null=True)
    inactivity_notice_at = MomentAttribute(null=True)

    # Access tokens issued before are refused. The start of the second after the sign-out on all devices.
    signed_out_at = MomentAttribute(null=True)

    due = DueIndex()
    due_shard = NumberAttribute(null=True)
    next_due_at = MomentAttribute(null=True)

    version = VersionAttribute()


class PortraitRow(Table):
    """A picture of a person for a local date: `motiv8.portraits.picture.Picture`."""

    setting = "portraits_table"

    class Meta:
        """Table settings."""

        table_name = ""

    user_id = UnicodeAttribute(hash_key=True)
    portrait_id = UnicodeAttribute(range_key=True)
    date = UnicodeAttribute()
    trigger = UnicodeAttribute()
    status = UnicodeAttribute()
    reason = UnicodeAttribute(null=True)
    mode = UnicodeAttribute()
    tone = UnicodeAttribute()
    theme = UnicodeAttribute(default=DEFAULT_THEME)
    format = UnicodeAttribute(default=DEFAULT_FORMAT)
    layout = UnicodeAttribute(null=True)
    engine = UnicodeAttribute(null=True)
    line = UnicodeAttribute(null=True)
    alt_text = UnicodeAttribute(null=True)
    attempts = NumberAttribute(default=0)
    mail_status = UnicodeAttribute()
    created_at = MomentAttribute()
    ready_at = MomentAttribute(null=True)
    notified_at = MomentAttribute(null=True)
    delivered_at = MomentAttribute(null=True)
    # Whose it is at the moment, and until when: `motiv8.portraits.picture`.
    lease_until = MomentAttribute(null=True)
    lease_run = UnicodeAttribute(null=True)
    version = VersionAttribute()


Row = TypeVar("Row", bound=Table)
Value = TypeVar("Value")
Found = TypeVar("Found")
Key = str | tuple[str, str]


def several(table: type[Row], keys: Sequence[Key], *, consistent: bool = False) -> Iterator[Row]:
    """Those of these rows that there are, in no order. A malformed one is left out, logged and counted."""
    for start in range(0, len(keys), _BATCH):
        batch = keys[start : start + _BATCH]
        try:
            yield from list(table.batch_get(batch, consistent_read=consistent))
        except MalformedRow:
            found = (_well_formed(table, key, consistent=consistent) for key in batch)
            yield from (row for row in found if row is not None)


def well_formed(found: Iterator[Found]) -> Iterator[Found]:
    """What a query finds, or what is made of it, without malformed rows, which are logged and counted."""
    while True:
        try:
            # pynamodb goes on with the next row after one that it could not read.
            yield next(found)
        except StopIteration:
            return
        except MalformedRow as error:
            logger.error("malformed row skipped", table=str(error))
            count("RowsSkipped")


def _well_formed(table: type[Row], key: Key, *, consistent: bool) -> Row | None:
    try:
        hash_key, range_key = (key, None) if isinstance(key, str) else key
        return table.get(hash_key, range_key, consistent_read=consistent)
    except table.DoesNotExist:
        return None
    except MalformedRow:
        logger.error("malformed row skipped", table=table.Meta.table_name, row=key)
        count("RowsSkipped")
        return None


def set_unlocked(table: type[Row], key: str, *actions: Action) -> None:
    """Set attributes of a row, if there is one, past the optimistic lock: who changes it meanwhile need not try again.

    Such a change may undo it.
    """
    try:
        table._get_connection().update_item(key, actions=actions, condition=Path("user_id").exists())
    except UpdateError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise


def change(
    read: Callable[[], Row | None],
    mutate: Callable[[Row], bool],
    save: Callable[[Row], object] = lambda row: row.save(),
) -> Row | None:
    """Read a row, let `mutate` change it, and `save` it unless it says False; read again when somebody was faster.

    Returns the row as it was saved, or as it was read where `mutate` said False; None where there is none (any more).
    Raises what `mutate` raises, with nothing saved, and Unavailable when others were faster every time.
    """
    for attempt in range(_ATTEMPTS):
        row = read()
        if row is None or not mutate(row):
            return row
        try:
            save(row)
        except (PutError, TransactWriteError) as error:
            if not _somebody_was_faster(error):
                raise
            # At random, so that those who met do not meet again.
            time.sleep(random.uniform(0, min(_LONGEST_WAIT_SECONDS, _FIRST_WAIT_SECONDS * 2**attempt)))  # noqa: S311
        else:
            return row
    raise Unavailable("Too many changes at once. Please try again.", wait_seconds=1)


class Change(NamedTuple, Generic[Value]):
    """What a row said before and says now: the same where nothing was saved."""

    before: Value
    after: Value


def change_value(
    get: Callable[[], Row | None],
    read: Callable[[Row], Value],
    write: Callable[[Row, Value, Value], None],
    transition: Callable[[Value], Value],
    save: Callable[[Row, Change[Value]], object] = lambda row, _: row.save(),
) -> Change[Value] | None:
    """Save what `transition` makes of the value that `read` finds in a row; see `change`.

    `write` gets the row, its value and the new one; `save` gets the row as written. Nothing is saved where the two
    values are equal. None where there is no row (any more).
    """
    last: list[Change[Value]] = []

    def mutate(row: Row) -> bool:
        before = read(row)
        after = transition(before)
        last[:] = [Change(before, after)]
        if after == before:
            return False
        write(row, before, after)
        return True

    row = change(get, mutate, lambda row: save(row, last[0]))
    # Read again: its version is another now.
    return None if row is None else Change(last[0].before, read(row))


def _somebody_was_faster(error: PutError | TransactWriteError) -> bool:
    if isinstance(error, PutError):
        return error.cause_response_code in {"ConditionalCheckFailedException", "TransactionConflictException"}
    return any(
        each and each.code in {"ConditionalCheckFailed", "TransactionConflict"} for each in error.cancellation_reasons
    )
