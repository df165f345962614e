"""Consent is a record: which text, in which language, from when to when; by the signed-in person alone, and kept."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zipfile import ZipFile

import pytest

from motiv8 import clock
from motiv8.accounts import consent, service
from motiv8.accounts.consent_texts import Text
from motiv8.aws import clients, keys, storage
from motiv8.catalogue.locales import LANGUAGES
from motiv8.pipeline.export_account import export_account
from motiv8.settings import settings

Make = Callable[..., Any]
FIRST = consent.CURRENT
SECOND = Text("2027-01-01", "en", "New words", ("Something else.",), "I agree")
SHOWN = {"version": FIRST.version, "language": FIRST.language}


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch, noon: datetime) -> Callable[[int], str]:
    """Let it be so many hours after noon; that moment as the API writes it."""

    def move(hours: int) -> str:
        now = noon + timedelta(hours=hours)
        monkeypatch.setattr(clock, "now", lambda: now)
        return clock.rfc3339(now)

    return move


@pytest.fixture
def second_text(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Have new words take the place of the present ones."""

    def change() -> None:
        monkeypatch.setattr(consent, "TEXTS", (FIRST, SECOND))
        monkeypatch.setattr(consent, "CURRENT", SECOND)

    return change


@pytest.fixture
def ask(call: Make) -> Make:
    """One request of user-1 about consent."""
    return lambda method, body=None: call(method, "/v1/me/consent", body, user="user-1")


def _spoil(value: dict[str, Any]) -> None:
    clients.dynamodb().update_item(
        TableName=settings().users_table,
        Key={"user_id": {"S": "user-1"}},
        UpdateExpression="SET consents = :value",
        ExpressionAttributeValues={":value": value},
    )


def test_the_text_is_served_word_for_word_with_its_version_and_language(ask: Make, make_user: Make) -> None:
    make_user(consent_at=None)
    answer = ask("GET").json
    assert (answer["status"], answer["history"]) == ("none", [])
    assert answer["text"] == {
        "version": FIRST.version,
        "language": "en",
        "title": FIRST.title,
        "points": list(FIRST.points),
        "agreement": FIRST.agreement,
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_is_read_and_agreed_to_in_the_language_of_the_request(
    call: Make, make_user: Make, language: str
) -> None:
    make_user(consent_at=None)

    def ask(method: str, speaks: str, body: Any = None) -> Any:
        headers = {"Accept-Language": speaks}
        return call(method, "/v1/me/consent", body, user="user-1", headers=headers).json

    text = ask("GET", f"{language}-XX")["text"]
    assert (text["language"], len(text["points"])) == (language, len(FIRST.points))
    given = ask("PUT", language, {"version": text["version"], "language": language})
    assert given["history"][-1]["language"] == language
    # Another language is no other version: nobody is asked again.
    assert {ask("GET", other)["status"] for other in LANGUAGES} == {"given"}


def test_what_was_given_and_withdrawn_stays_on_record(call: Make, ask: Make, make_user: Make, at: Make) -> None:
    make_user(consent_at=None)
    given, withdrawn, given_again = at(1), at(2), at(3)
    at(1)
    assert ask("PUT", SHOWN).json["status"] == "given"
    me = call("GET", "/v1/me", user="user-1").json
    assert (me["biometric_consent"], me["consent_at"]) == (True, given)
    at(2)
    assert ask("DELETE").json["status"] == "none"
    me = call("GET", "/v1/me", user="user-1").json
    assert (me["biometric_consent"], me["consent_at"]) == (False, None)
    at(3)
    history = ask("PUT", SHOWN).json["history"]
    assert history == [
        SHOWN | {"given_at": given, "withdrawn_at": withdrawn},
        SHOWN | {"given_at": given_again, "withdrawn_at": None},
    ]
    assert ask("GET").json["history"] == history


def test_agreeing_twice_is_one_consent_and_withdrawing_twice_changes_nothing(
    ask: Make, make_user: Make, at: Make
) -> None:
    make_user(consent_at=None)
    at(1)
    first = ask("PUT", SHOWN).json
    at(2)
    assert ask("PUT", SHOWN).json == first
    gone = ask("DELETE").json
    at(3)
    assert ask("DELETE").json == gone


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body.version"),
        ({"version": "1999-01-01", "language": "en"}, "body.version"),
        ({"version": consent.UNRECORDED, "language": "en"}, "body.version"),
        ({"version": consent.IMPORTED, "language": "en"}, "body.version"),
        ({"version": 7, "language": "en"}, "body.version"),
        ({"version": FIRST.version, "language": "tlh"}, "body.language"),
        ({"version": FIRST.version}, "body.language"),
        (SHOWN | {"given_at": "2020-01-01T00:00:00Z"}, "body.given_at"),
    ],
)
def test_nobody_agrees_to_a_text_that_was_not_shown(
    ask: Make, make_user: Make, person: Make, body: dict[str, Any], field: str
) -> None:
    make_user(consent_at=None)
    answer = ask("PUT", body)
    assert answer.status == 422
    assert field in [each["field"] for each in answer.json["errors"]]
    assert person().consent_at is None


def test_new_words_want_new_consent_before_the_next_photo_and_leave_the_face_in_use(
    call: Make, ask: Make, make_user: Make, person: Make, second_text: Make, at: Make, noon: datetime
) -> None:
    make_user()
    second_text()
    later = at(1)
    assert ask("GET").json["status"] == "outdated"
    refused = ask("PUT", SHOWN)
    assert (refused.status, refused.json["type"]) == (409, "urn:motiv8:problem:consent-text-outdated")
    photo = call("POST", "/v1/selfies", {"content_type": "image/jpeg"}, user="user-1")
    assert (photo.status, photo.json["type"]) == (403, "urn:motiv8:problem:consent-required")
    assert (person().face_selfie_id, person().consent_at) == ("selfie-1", noon)
    answer = ask("PUT", {"version": SECOND.version, "language": "en"}).json
    assert answer["status"] == "given"
    assert [(each["version"], each["given_at"]) for each in answer["history"]] == [
        (FIRST.version, clock.rfc3339(noon)),
        (SECOND.version, later),
    ]
    assert call("POST", "/v1/selfies", {"content_type": "image/jpeg"}, user="user-1").status == 201
    assert {each["withdrawn_at"] for each in ask("DELETE").json["history"]} == {later}


def test_consent_from_before_versions_were_recorded_is_shown_as_such_and_kept(
    ask: Make, make_user: Make, noon: datetime, at: Make
) -> None:
    make_user(consents=None)
    unrecorded = {"version": "unrecorded", "language": None, "given_at": clock.rfc3339(noon), "withdrawn_at": None}
    later = at(1)
    answer = ask("GET").json
    assert (answer["status"], answer["history"]) == ("outdated", [unrecorded])
    current = SHOWN | {"given_at": later, "withdrawn_at": None}
    assert ask("PUT", SHOWN).json["history"] == [unrecorded, current]
    assert ask("DELETE").json["history"] == [each | {"withdrawn_at": later} for each in (unrecorded, current)]


def test_neither_signing_up_nor_preferences_give_consent(call: Make, make_user: Make, person: Make) -> None:
    body = {"email": "you@example.com", "password": "a long enough password", "biometric_consent": True}
    assert call("POST", "/v1/auth/register", body).status == 422
    make_user(consent_at=None)
    for field in ("biometric_consent", "consent_at", "consents"):
        assert call("PATCH", "/v1/me", {field: True}, user="user-1").status == 422
    assert call("PUT", "/v1/me/consent", SHOWN).status == 401
    assert person().consent_at is None


def test_taking_consent_back_is_one_write_with_the_face(
    ask: Make, make_user: Make, person: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crash after it leaves no face in use without consent, and asking again removes the files."""
    make_user()
    storage.put(settings().media_bucket, keys.cutout("user-1", "selfie-1"), b"face", "image/webp")
    with monkeypatch.context() as patch:
        patch.setattr(storage, "delete", lambda *_: 1 / 0)
        assert ask("DELETE").status == 500
    assert (person().consent_at, person().face_selfie_id, person().embedding_key) == (None, None, None)
    assert ask("DELETE").status == 200
    assert not storage.exists(settings().media_bucket, keys.cutout("user-1", "selfie-1"))


def test_too_many_consents_are_refused_and_none_is_lost(make_user: Make, ask: Make, noon: datetime) -> None:
    make_user(consent_at=None)
    for _ in range(consent.MOST):
        assert service.give_consent("user-1", FIRST.version, "en", noon)
        service.withdraw_consent("user-1", noon)
    assert ask("PUT", SHOWN).status == 409
    assert len(ask("DELETE").json["history"]) == consent.MOST


GOOD = {"version": FIRST.version, "language": "en", "given_at": "2026-11-19T12:00:00Z", "withdrawn_at": None}
TOO_EARLY = GOOD | {"given_at": "0001-01-01T00:00:00+14:00"}


@pytest.mark.parametrize(
    ("value", "unread"),
    [
        ({"S": "["}, ["["]),
        ({"S": '{"version": 1}'}, [{"version": 1}]),
        ({"S": "7"}, [7]),
        ({"N": "7"}, ["{'N': '7'}"]),
        ({"BOOL": True}, ["{'BOOL': True}"]),
        ({"L": [{"S": "x"}]}, ["{'L': [{'S': 'x'}]}"]),
        ({"B": b"\xff"}, ["{'B': b'\\xff'}"]),
        ({"NULL": True}, []),
        ({"S": json.dumps([GOOD, 7, None, {}, [], TOO_EARLY])}, [7, None, {}, [], TOO_EARLY]),
    ],
    ids=str,
)
def test_garbage_in_the_record_stops_nobody_and_is_not_thrown_away(
    call: Make, ask: Make, make_user: Make, value: dict[str, Any], unread: list[Any]
) -> None:
    make_user()
    _spoil(value)
    assert call("GET", "/v1/me", user="user-1").status == 200
    assert ask("GET").status == 200
    assert ask("PUT", SHOWN).json["status"] == "given"
    assert call("POST", "/v1/selfies", {"content_type": "image/jpeg"}, user="user-1").status == 201
    assert ask("DELETE").json["status"] == "none"
    stored = clients.dynamodb().get_item(TableName=settings().users_table, Key={"user_id": {"S": "user-1"}})
    kept = json.loads(stored["Item"]["consents"]["S"])
    assert all(each in kept for each in unread)


def test_the_archive_holds_the_record_and_the_words(make_user: Make, ask: Make, second_text: Make, at: Make) -> None:
    make_user(consents=None)
    at(1)
    ask("PUT", SHOWN)
    second_text()
    export_account("user-1", "2026-11-20T12")
    stored = storage.get(settings().media_bucket, keys.export("user-1", "2026-11-20T12.zip")) or b""
    with ZipFile(io.BytesIO(stored)) as archive:
        consents = json.loads(archive.read("account.json"))["consents"]
    assert [each["version"] for each in consents] == ["unrecorded", FIRST.version]
    assert [each["text"] for each in consents] == [None, [FIRST.title, *FIRST.points, FIRST.agreement]]
