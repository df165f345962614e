"""The clock goes on: what was due is done, or given up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motiv8.accounts import repository
from motiv8.accounts.due import wind

if TYPE_CHECKING:
    from datetime import datetime

    from motiv8.aws.tables import UserRow

MOST_ATTEMPTS = 3
"""Hourly runs that try the same picture, or its mail, before it is given up."""


def wind_clock(user_id: str, now: datetime) -> None:
    """Set when the hourly run must look at this person next."""

    def apply(row: UserRow) -> bool:
        wind(row, now)
        return True

    repository.change(user_id, apply)
