"""What becomes of a mail that did not please: its address is mailed no more, and the app says why."""

from __future__ import annotations

from typing import Any

from motiv8.accounts import service


def mail_feedback(detail: dict[str, Any]) -> dict[str, Any]:
    """Act on an event of SES's. Outcomes: `off`; `kept` for a bounce that may pass; `unknown` for a mail of no person.

    https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
    """
    [user_id] = detail["mail"].get("tags", {}).get("user_id", [None])[:1]
    if user_id is None:
        return {"outcome": "unknown"}
    if detail["eventType"] == "Complaint":
        service.switch_mail_off(user_id, "complained")
    elif detail["bounce"]["bounceType"] == "Permanent":
        service.switch_mail_off(user_id, "bounced")
    else:
        return {"outcome": "kept"}
    return {"outcome": "off"}
