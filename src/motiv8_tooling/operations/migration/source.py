"""Reading the old system's database, SQLite or PostgreSQL; nothing is ever written to it."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqlalchemy import column, create_engine, inspect, make_url, select, table
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from motiv8_tooling.operations.errors import OperationError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine


@dataclass(frozen=True, slots=True)
class OldUser:
    """A row of `users`, as the database gives it."""

    id: Any
    email: Any
    google_id: Any
    apple_id: Any
    selfie_filename: Any
    workout_days: Any
    anti_motivation_mode: Any
    mode: Any
    created_at: Any
    updated_at: Any


@dataclass(frozen=True, slots=True)
class OldPicture:
    """A row of `generated_images`, as the database gives it."""

    id: Any
    user_id: Any
    s3_key: Any
    generation_date: Any
    generated_at_millis: Any
    mode: Any


def read(url: str) -> tuple[list[OldUser], list[OldPicture]]:
    """All users and pictures, by id. Raises OperationError with what is wrong with the address or the tables."""
    with _explained(), _engine(url).connect() as connection:
        found = inspect(connection)
        for name, shape in (("users", OldUser), ("generated_images", OldPicture)):
            if not found.has_table(name):
                raise OperationError(f"The database has no table {name}: is it one of motiv8's?")
            missing = set(shape.__slots__) - {each["name"] for each in found.get_columns(name)}
            if missing:
                raise OperationError(f"The table {name} has no column {', '.join(sorted(missing))}. Nothing was done.")
        users = [OldUser(*row) for row in connection.execute(_all("users", OldUser))]
        pictures = [OldPicture(*row) for row in connection.execute(_all("generated_images", OldPicture))]
    return users, pictures


def _all(name: str, shape: type[OldUser | OldPicture]) -> Any:
    return select(*(column(each) for each in shape.__slots__)).select_from(table(name)).order_by(column("id"))


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise OperationError("--database takes sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME.") from None
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        file = Path(parsed.database)
        if not file.is_file():
            raise OperationError(f"{file}: there is no such file.")
        # Read-only: SQLite would make an empty database of a misspelled name, and leave a journal beside a good one.
        return create_engine(
            "sqlite://", creator=lambda: sqlite3.connect(f"file:{quote(str(file.resolve()))}?mode=ro", uri=True)
        )
    if parsed.get_backend_name() == "postgresql":
        options = {"connect_timeout": 10, "options": "-c default_transaction_read_only=on"}
        return create_engine(parsed.set(drivername="postgresql+psycopg"), connect_args=options)
    raise OperationError(f"{parsed.drivername} is not a supported database. Use sqlite or postgresql.")


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        # The driver's own words: SQLAlchemy's would bring the statement along.
        cause = getattr(error, "orig", None) or error
        raise OperationError(f"The database cannot be read: {str(cause).splitlines()[0]}") from error
