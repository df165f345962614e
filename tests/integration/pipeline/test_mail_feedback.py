"""Bounces and complaints switch mail off, and the app says why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from motiv8.accounts import repository
from motiv8.pipeline.mail_feedback import mail_feedback

Make = Callable[..., Any]


@pytest.mark.parametrize(("event_type", "reason"), [("Bounce", "bounced"), ("Complaint", "complained")])
def test_mail_that_did_not_please_is_the_last(call: Make, make_user: Make, event_type: str, reason: str) -> None:
    make_user()
    assert mail_feedback(event_type, "user-1") == {"outcome": "off"}
    me = call("GET", "/v1/me", user="user-1").json
    assert (me["mail_enabled"], me["mail_off_reason"]) == (False, reason)
    me = call("PATCH", "/v1/me", {"mail_enabled": True}, user="user-1").json
    assert (me["mail_enabled"], me["mail_off_reason"]) == (True, None)


def test_a_deleted_account_does_not_come_back() -> None:
    assert mail_feedback("Complaint", "user-1") == {"outcome": "off"}
    assert repository.get("user-1") is None


def test_the_same_event_twice_is_one(make_user: Make, person: Make) -> None:
    make_user()
    for _ in range(2):
        mail_feedback("Complaint", "user-1")
    assert person().mail_off_reason == "complained"
