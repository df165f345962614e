"""Bounces and complaints switch mail off, and the app says why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from motiv8.accounts import repository
from motiv8.pipeline.mail_feedback import mail_feedback

Make = Callable[..., Any]


def _bounce(kind: str, **tags: list[str]) -> dict[str, Any]:
    """As SES publishes it."""
    mail = {"destination": ["you@example.com"], "tags": {"ses:configuration-set": ["motiv8-test"], **tags}}
    return {"eventType": "Bounce", "mail": mail, "bounce": {"bounceType": kind, "bounceSubType": "General"}}


def _complaint(**tags: list[str]) -> dict[str, Any]:
    mail = {"destination": ["you@example.com"], "tags": tags}
    return {"eventType": "Complaint", "mail": mail, "complaint": {"complaintFeedbackType": "abuse"}}


@pytest.mark.parametrize(
    ("event", "reason"),
    [(_bounce("Permanent", user_id=["user-1"]), "bounced"), (_complaint(user_id=["user-1"]), "complained")],
)
def test_mail_that_did_not_please_is_the_last(call: Make, make_user: Make, event: dict[str, Any], reason: str) -> None:
    make_user()
    assert mail_feedback(event) == {"outcome": "off"}
    me = call("GET", "/v1/me", user="user-1").json
    assert (me["mail_enabled"], me["mail_off_reason"]) == (False, reason)
    me = call("PATCH", "/v1/me", {"mail_enabled": True}, user="user-1").json
    assert (me["mail_enabled"], me["mail_off_reason"]) == (True, None)


@pytest.mark.parametrize("kind", ["Transient", "Undetermined"])
def test_a_bounce_that_may_pass_changes_nothing(make_user: Make, person: Make, kind: str) -> None:
    make_user()
    assert mail_feedback(_bounce(kind, user_id=["user-1"])) == {"outcome": "kept"}
    assert person().mail_enabled


@pytest.mark.parametrize("event", [_bounce("Permanent"), _complaint()])
def test_a_mail_of_no_person_is_passed_over(event: dict[str, Any]) -> None:
    assert mail_feedback(event) == {"outcome": "unknown"}


def test_a_deleted_account_does_not_come_back() -> None:
    assert mail_feedback(_complaint(user_id=["user-1"])) == {"outcome": "off"}
    assert repository.get("user-1") is None


def test_the_same_event_twice_is_one(make_user: Make, person: Make) -> None:
    make_user()
    for _ in range(2):
        mail_feedback(_complaint(user_id=["user-1"]))
    assert person().mail_off_reason == "complained"
