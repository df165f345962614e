"""What becomes of a mail that did not please: its address is mailed no more, and the app says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motiv8.accounts import service

if TYPE_CHECKING:
    from motiv8.accounts.models import MailOffReason
    from motiv8.payloads import Done

_REASONS: dict[str, MailOffReason] = {"Complaint": "complained", "Bounce": "bounced"}


def mail_feedback(event_type: str, user_id: str) -> Done:
    """Act on an event of SES's; a rule (`MailFeedbackRule`) picks those that count.

    https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
    """
    service.switch_mail_off(user_id, _REASONS[event_type])
    return {"outcome": "off"}
