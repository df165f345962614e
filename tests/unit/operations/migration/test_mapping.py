"""What the old system's rows mean here."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from motiv8.portraits.service import PORTRAIT_ID
from motiv8_tooling.operations.migration.mapping import PlannedAccount, mode, moment, plan, portrait_id, workout_days
from motiv8_tooling.operations.migration.report import Report
from motiv8_tooling.operations.migration.source import OldPicture, OldUser

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def _user(**changes: Any) -> OldUser:
    values: dict[str, Any] = {
        "id": 1,
        "email": "ada@example.com",
        "google_id": None,
        "apple_id": None,
        "selfie_filename": None,
        "workout_days": '["mon"]',
        "anti_motivation_mode": 0,
        "mode": "summit",
        "created_at": "2024-05-01T08:30:00+02:00",
        "updated_at": None,
    }
    return OldUser(**(values | changes))


def _picture(**changes: Any) -> OldPicture:
    values: dict[str, Any] = {
        "id": 10,
        "user_id": 1,
        "s3_key": "a.png",
        "generation_date": "2024-05-03",
        "generated_at_millis": 1714716000000,
        "mode": None,
    }
    return OldPicture(**(values | changes))


def _planned(users: list[OldUser], pictures: list[OldPicture] | None = None) -> tuple[list[PlannedAccount], list[str]]:
    report = Report()
    accounts = plan(users, pictures or [], report, NOW)
    return accounts, [f"{each.outcome} {each.what} {each.id}: {each.why}" for each in report.entries]


@pytest.mark.parametrize(
    ("value", "days"),
    [
        ('["monday", "Wed", "FRIDAY", "tues"]', {"mon", "tue", "wed", "fri"}),
        (["sat", "sunday"], {"sat", "sun"}),
        ({"monday": True, "tuesday": False}, {"mon"}),
        *(
            (unreadable, None)
            for unreadable in (None, "", "[]", "{", "[0, 1]", '["mon", "x"]', '["mo"]', "3", {"mon": False}, '"mon"')
        ),
    ],
)
def test_workout_days(value: object, days: set[str] | None) -> None:
    assert workout_days(value) == days


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("summit", "summit"),
        ("City_Night", "city-night"),
        ("Northern Lights", "aurora"),
        ("beach", "sunrise"),
        ("x", None),
    ],
)
def test_modes_have_names_of_ours(old: str, new: str | None) -> None:
    assert mode(old) == new


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("2024-05-01T08:30:00+02:00", datetime(2024, 5, 1, 6, 30, tzinfo=UTC)),
        ("2024-05-01 08:30:00.123", datetime(2024, 5, 1, 8, 30, 0, 123000, tzinfo=UTC)),
        (datetime(2024, 5, 1, 8, 30), datetime(2024, 5, 1, 8, 30, tzinfo=UTC)),  # noqa: DTZ001 - as databases give it
        *((unreadable, None) for unreadable in ("yesterday", None, 7, "0001-01-01T00:00:00+14:00", "1969-12-31")),
    ],
)
def test_moments_are_utc(value: object, read: datetime | None) -> None:
    assert moment(value) == read


def test_a_picture_has_the_same_id_in_every_run() -> None:
    made_at = datetime(2024, 5, 3, 6, tzinfo=UTC)
    one, again, other = (portrait_id(old_id, date(2024, 5, 3), made_at) for old_id in ("10", "10", "11"))
    assert one == again != other
    assert PORTRAIT_ID.fullmatch(one)


def test_of_two_accounts_with_one_email_the_one_used_last_is_brought_with_the_pictures_of_both() -> None:
    users = [
        _user(id=1, updated_at="2024-06-01", mode="track"),
        _user(id=2, email="ADA@example.com ", updated_at="2025-06-01", mode="desert"),
    ]
    [account], said = _planned(users, [_picture(id=10, user_id=1), _picture(id=11, user_id=2)])
    assert (account.old_id, account.mode) == ("2", "desert")
    assert [each.old_id for each in account.pictures] == ["10", "11"]
    assert said == ["skipped account 1: user 2 has the same email; its pictures go there"]


def test_clashing_ids_are_named() -> None:
    users = [_user(), _user(email="b@example.com", updated_at="2025-01-01")]
    accounts, said = _planned(users, [_picture()])
    assert [(each.email, each.pictures) for each in accounts] == [("b@example.com", [])]
    assert said == [
        "skipped account 1: another account has the same id; the one used last is brought",
        "skipped picture 10: two users have its user's id: whose it is cannot be told",
    ]
    [account], said = _planned([_user()], [_picture(), _picture(generation_date="2024-05-04")])
    assert [each.day.isoformat() for each in account.pictures] == ["2024-05-03"]
    assert said == ["skipped picture 10: another picture has the same id; the first one is brought"]


@pytest.mark.parametrize(
    "email", [None, "", "ada", "ada@", "a" * 300 + "@example.com", "ada@example.com, b@example.com"]
)
def test_without_an_email_nobody_is_brought(email: str | None) -> None:
    accounts, said = _planned([_user(email=email)], [_picture()])
    assert accounts == []
    assert said == [
        "skipped account 1: it has no email that mail can be sent to",
        "skipped picture 10: its user is not brought",
    ]


def test_what_cannot_be_read_of_a_person_is_named_and_set_to_what_is_usual() -> None:
    [account], said = _planned([_user(workout_days="[7]", mode="disco", created_at="?", anti_motivation_mode="true")])
    assert account.workout_days == {"mon", "tue", "wed", "thu", "fri"}
    assert (account.mode, account.tone, account.created_at) == ("summit", "tease", NOW)
    assert said == [
        "changed account 1: its workout days cannot be read: Monday to Friday",
        "changed account 1: when it was made cannot be read: now",
        "changed account 1: the mode 'disco' is not known here: summit",
    ]


def test_pictures_keep_their_dates() -> None:
    pictures = [
        _picture(id=1, generated_at_millis=None),
        _picture(id=2, generation_date=None),
        _picture(id=3, generation_date=date(2024, 5, 4)),
        _picture(id=7, generation_date="0001-01-01"),
        _picture(id=4, generation_date="soon", generated_at_millis=-5),
        _picture(id=5, s3_key=" "),
        _picture(id=6, user_id=99),
    ]
    [account], said = _planned([_user(mode="aurora")], pictures)
    assert [(each.day.isoformat(), each.made_at.hour) for each in account.pictures] == [
        ("2024-05-03", 12),
        ("2024-05-03", 6),
        ("2024-05-04", 6),
        ("2024-05-03", 6),
    ]
    assert {each.mode for each in account.pictures} == {"aurora"}
    assert said == [
        "skipped picture 4: it has neither a date nor a time",
        "skipped picture 5: the database names no file for it",
        "skipped picture 6: there is no such user",
    ]


def test_people_come_in_the_old_systems_order() -> None:
    users = [_user(id=number, email=f"{number}@example.com", updated_at=f"202{number}-01-01") for number in (3, 1, 2)]
    accounts, _ = _planned(users)
    assert [each.old_id for each in accounts] == ["3", "1", "2"]


def test_a_report_gathers_reasons_and_counts() -> None:
    report = Report()
    for number in range(7):
        report.add("picture", str(number), "skipped", "its file is not there")
    report.add("account", "1", "brought")
    text = report.as_text()
    assert "skipped: picture 0, 1, 2, 3, 4 and 2 more: its file is not there" in text
    assert report.counts()["account"]["brought"] == 1
    assert report.as_json(applied=False)["applied"] is False
    assert not report.failed
