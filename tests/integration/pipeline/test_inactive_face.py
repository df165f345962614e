"""The face of somebody who does not come any more goes, a month after one mail; nothing else of theirs does."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from motiv8 import clock
from motiv8.accounts import repository
from motiv8.aws import keys, storage
from motiv8.pipeline.review_accounts import review_accounts
from motiv8.settings import settings
from stand_in.aws_calls import AwsCalls
from stand_in.mail_text import text_of

Make = Callable[..., Any]
NIGHT = datetime(2028, 11, 20, 3, 0, tzinfo=UTC)
LONG_AGO = "2026-12-21"
"""700 days before."""
UPLOADS, MEDIA = settings().uploads_bucket, settings().media_bucket
FACE_DATA = (
    (UPLOADS, keys.upload("user-1", "selfie-1")),
    (MEDIA, keys.embedding("user-1", "selfie-1")),
    (MEDIA, keys.cutout("user-1", "selfie-1")),
)
PICTURE = keys.picture("user-1", "2026-11-20-daily", ".jpg")


@pytest.fixture(autouse=True)
def everybody_is_there(cognito: AwsCalls) -> None:
    cognito.answer("admin_get_user", {"Username": "user-1", "UserStatus": "CONFIRMED"})


@pytest.fixture
def absent(make_user: Make) -> None:
    """user-1, with face and picture, who was here last 700 days ago."""
    make_user(seen_on=LONG_AGO)
    for bucket, key in FACE_DATA:
        storage.put(bucket, key, b"face", "application/octet-stream")
    storage.put(MEDIA, PICTURE, b"picture", "image/jpeg")


def _night(after: int = 0) -> None:
    assert review_accounts(NIGHT + timedelta(days=after), None, "run")["more"] is False


@pytest.mark.usefixtures("absent")
def test_they_are_told_once_and_a_month_later_the_face_goes_and_nothing_else(
    mails: list[EmailMessage], ses: AwsCalls, person: Make, objects: Make
) -> None:
    before = person()
    for day in range(30):
        _night(day)
    assert person().face_selfie_id == "selfie-1"
    [message], [sent] = mails, ses.calls("send_email")
    assert message["To"] == "user-1@example.com"
    assert sent["EmailTags"] == [{"Name": "user_id", "Value": "user-1"}]
    text = text_of(message)
    assert "21 December 2026" in text
    assert "20 December 2028" in text
    assert "sign in" in text
    _night(30)
    after = person()
    assert (after.selfie_id, after.face_selfie_id, after.embedding_key, after.next_due_at) == (None, None, None, None)
    assert objects(UPLOADS) == []
    assert objects(MEDIA) == [PICTURE]
    assert (after.consent_at, after.consents) == (before.consent_at, before.consents)
    for day in range(31, 40):
        _night(day)
    assert len(mails) == 1


@pytest.mark.usefixtures("absent")
def test_who_signs_in_after_the_notice_keeps_it(
    call: Make, mails: list[EmailMessage], person: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    _night()
    monkeypatch.setattr(clock, "now", lambda: NIGHT + timedelta(days=29))
    assert call("GET", "/v1/me", user="user-1").status == 200
    assert person().seen_on == "2028-12-19"
    _night(31)
    assert person().face_selfie_id == "selfie-1"
    # And is told again once they stay away again.
    _night(29 + 700)
    assert len(mails) == 2


@pytest.mark.usefixtures("absent")
def test_who_comes_in_the_moment_of_the_removal_keeps_it(person: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    _night()
    several = repository.several

    def then_they_come(user_ids: list[str]) -> Any:
        rows = list(several(user_ids))
        repository.note_visit("user-1", NIGHT + timedelta(days=30))
        return rows

    monkeypatch.setattr(repository, "several", then_they_come)
    _night(30)
    assert person().face_selfie_id == "selfie-1"


@pytest.mark.usefixtures("absent")
def test_a_removal_that_was_cut_off_is_ended_by_the_next_run(
    person: Make, objects: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    _night()
    refused = ClientError({"Error": {"Code": "SlowDown", "Message": "no"}}, "DeleteObjects")

    def refuse(*_: object) -> None:
        raise refused

    with monkeypatch.context() as patch:
        patch.setattr(storage, "delete", refuse)
        with pytest.raises(ClientError):
            _night(30)
    assert person().face_selfie_id is None
    _night(30)
    assert objects(MEDIA) == [PICTURE]
    assert person().inactivity_notice_at is None


@pytest.mark.parametrize("code", ["TooManyRequestsException", "SendingPausedException"])
@pytest.mark.usefixtures("absent")
def test_a_notice_that_ses_refuses_today_is_sent_tomorrow_and_counted(
    mails: list[EmailMessage], capsys: pytest.CaptureFixture[str], ses: AwsCalls, code: str
) -> None:
    ses.refuse("send_email", code, times=1)
    _night()
    assert "RowsSkipped" in capsys.readouterr().out
    _night(1)
    assert len(mails) == 1


@pytest.mark.usefixtures("absent")
def test_an_address_that_no_mail_reaches_does_not_keep_the_face(person: Make, ses: AwsCalls) -> None:
    ses.refuse("send_email", "BadRequestException")
    _night()
    _night(30)
    assert person().face_selfie_id is None


@pytest.mark.usefixtures("absent")
def test_a_notice_that_may_have_gone_out_is_not_sent_again(mails: list[EmailMessage], ses: AwsCalls) -> None:
    ses.crash_after("send_email", times=1)
    with pytest.raises(ReadTimeoutError):
        _night()
    _night()
    assert len(mails) == 1


@pytest.mark.usefixtures("absent")
def test_a_row_that_cannot_be_worked_on_stops_no_other(
    make_user: Make, mails: list[EmailMessage], logged: io.StringIO
) -> None:
    make_user("bad", seen_on="Mars/Olympus")
    _night()
    assert [message["To"] for message in mails] == ["user-1@example.com"]
    assert '"user_id":"bad"' in logged.getvalue().replace(" ", "")


def test_a_day_notes_one_visit_and_a_request_that_is_refused_none(
    call: Make, make_user: Make, person: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = make_user(seen_on=LONG_AGO).version
    noted: list[str] = []
    note_visit = repository.note_visit

    def note(user_id: str, now: datetime) -> None:
        noted.append(user_id)
        note_visit(user_id, now)

    monkeypatch.setattr(repository, "note_visit", note)
    assert call("GET", "/v1/me").status == 401
    for _ in range(3):
        assert call("GET", "/v1/me", user="user-1").status == 200
    assert noted == ["user-1"]
    # Past the lock: what is changed at the same time need not be tried again.
    assert (person().seen_on, person().version) == (clock.now().date().isoformat(), version)


def test_a_visit_of_nobody_makes_no_row() -> None:
    repository.note_visit("nobody", NIGHT)
    assert repository.get("nobody") is None
