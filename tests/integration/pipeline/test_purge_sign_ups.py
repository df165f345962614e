"""Sign-ups that nobody confirmed go after three days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from motiv8.accounts import repository, service
from motiv8.aws.tables import UserRow
from motiv8.aws.user_pool import directory, mailed_codes
from motiv8.pipeline.purge_sign_ups import purge_sign_ups
from stand_in.aws_calls import AwsCalls

PASSWORD = "a long enough password"


def _register(email: str) -> str:
    service.register(email, "UTC", "en", datetime.now(UTC))
    account = directory.find(email)
    assert account
    return account.user_id


def _in(days: float) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)


def test_only_what_was_not_confirmed_for_three_days_goes() -> None:
    unconfirmed, confirmed = _register("no@example.com"), _register("yes@example.com")
    service.confirm("yes@example.com", "123456", PASSWORD)
    assert purge_sign_ups(_in(2.9)) == {"purged": 0}
    assert purge_sign_ups(_in(3.1)) == {"purged": 1}
    assert not directory.exists(unconfirmed)
    assert directory.exists(confirmed)
    assert [row.user_id for row in UserRow.scan()] == [confirmed]


def test_all_pages_are_read() -> None:
    for number in range(70):
        mailed_codes.sign_up(f"{number}@example.com", "UTC")
    assert purge_sign_ups(_in(4)) == {"purged": 70}


def test_somebody_who_has_just_confirmed_stays(cognito: AwsCalls) -> None:
    """ListUsers is eventually consistent."""
    user_id = _register("late@example.com")
    service.confirm("late@example.com", "123456", PASSWORD)
    listed = {"UserStatus": "UNCONFIRMED", "UserCreateDate": _in(0)}
    cognito.answer("list_users", {"Users": [{"Username": each, **listed} for each in (user_id, "gone")]})
    assert purge_sign_ups(_in(4)) == {"purged": 0}
    assert directory.exists(user_id)
    assert repository.get(user_id) is not None


def test_one_that_cannot_be_removed_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = _register("bad@example.com"), _register("good@example.com")
    delete = repository.delete

    def fail_for_one(user_id: str) -> None:
        if user_id == bad:
            raise ValueError
        delete(user_id)

    monkeypatch.setattr(repository, "delete", fail_for_one)
    assert purge_sign_ups(_in(4)) == {"purged": 1}
    assert (directory.exists(bad), directory.exists(good)) == (True, False)
