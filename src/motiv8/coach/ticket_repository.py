"""Tickets for sockets, in the table of conversations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pynamodb.exceptions import DeleteError

from motiv8.aws.conversation_tables import TicketRow

if TYPE_CHECKING:
    from datetime import datetime


def keep_ticket(digest: str, user_id: str, conversation_id: str, expires_at: int) -> None:
    """Keep a ticket by its digest."""
    key = f"ticket#{digest}", "ticket"
    TicketRow(*key, user_id=user_id, conversation_id=conversation_id, expires_at=expires_at).save()


def take_ticket(digest: str, now: datetime) -> tuple[str, str] | None:
    """Use a ticket up: whose it was and for which conversation; None where there is none, or it is too late."""
    # The table's own expiry may be days late.
    valid = TicketRow.expires_at > int(now.timestamp())
    try:
        answer = TicketRow._get_connection().delete_item(f"ticket#{digest}", "ticket", valid, return_values="ALL_OLD")
    except DeleteError as error:
        if error.cause_response_code != "ConditionalCheckFailedException":
            raise
        return None
    row = TicketRow.from_raw_data(answer["Attributes"])
    return row.user_id, row.conversation_id
