"""The tokens that each day took, in the table of conversations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motiv8.aws.conversation_tables import BudgetRow

if TYPE_CHECKING:
    from datetime import date

ENVIRONMENT = "environment"
"""Whose budget it is when it is everybody's together."""


def spend(day: date, owner: str, tokens: int, expires_at: int) -> int:
    """Count tokens (fewer than none give some back) on a person's or everybody's budget of a day; returns its sum."""
    row = _budget(day, owner)
    row.update([BudgetRow.tokens.add(tokens), BudgetRow.expires_at.set(expires_at)])
    return int(row.tokens)


def spent(day: date, owner: str) -> int:
    """The tokens that a person, or everybody, took on a day."""
    row = _budget(day, owner)
    try:
        row.refresh(consistent_read=True)
    except BudgetRow.DoesNotExist:
        return 0
    return int(row.tokens)


def _budget(day: date, owner: str) -> BudgetRow:
    return BudgetRow(f"budget#{day.isoformat()}", owner if owner == ENVIRONMENT else f"person#{owner}")
