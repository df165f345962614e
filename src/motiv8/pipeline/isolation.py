"""One person's row, line or event that cannot be worked on costs nobody else anything."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from motiv8.telemetry import count, logger

if TYPE_CHECKING:
    from collections.abc import Iterator

AWS_ERRORS = (BotoCoreError, ClientError, PynamoDBException)
"""What is nobody's own fault, and passes."""


def error_name(error: BaseException) -> str:
    """What an error is called, which is safe to log where its text is not."""
    code = error.response["Error"]["Code"] if isinstance(error, ClientError) else None
    return code or type(error).__name__


@contextmanager
def sheet_optional(**where: str) -> Iterator[None]:
    """Go on without a week's sheet where that fails inside, for whatever reason; `where` (ids alone) is logged."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - picture and mail matter more
        logger.warning("sheet left out", extra={"error": error_name(error), **where})
        count("SheetsLeftOut")


@contextmanager
def isolated(what: str, **where: str) -> Iterator[None]:
    """Skip what fails inside; it is logged with `where` (ids alone) and counted for the alarm `rows-skipped`.

    Errors of AWS pass: they are nobody's own, and the step that meets them is tried again.
    """
    try:
        yield
    except AWS_ERRORS:
        raise
    except Exception as error:  # noqa: BLE001 - garbage fails in every way, and the error's text may hold it
        logger.error(f"{what} skipped", extra={"error": error_name(error), **where})
        count("RowsSkipped")
