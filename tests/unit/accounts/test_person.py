"""A person's row as values: each concern changes on its own, and what is stored otherwise stays."""

from __future__ import annotations

import ast
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from motiv8.accounts import rows
from motiv8.accounts.devices import Device
from motiv8.accounts.person import Person
from motiv8.accounts.photo import Photo
from motiv8.accounts.schedule import PHOTO_CHECK_AFTER, Schedule, next_delivery
from motiv8.aws.tables import UserRow

SOURCE = Path(__file__).parents[3] / "src"
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
WITH_FACE = Photo(selfie_id="s", status="ready", updated_at=NOW, face_selfie_id="s", embedding_key="key")
# As the first version wrote it: no theme, format, locale, consents, quota of uploads, devices or visits.
OLD_ROW: dict[str, Any] = {
    "user_id": {"S": "user-1"},
    "email": {"S": "ada@example.com"},
    "created_at": {"S": "2024-05-01T08:30:00Z"},
    "consent_at": {"S": "2024-05-01T08:31:00Z"},
    "time_zone": {"S": "Europe/Berlin"},
    "delivery_hour": {"N": "7"},
    "workout_days": {"SS": ["mon", "fri"]},
    "mode": {"S": "summit"},
    "tone": {"S": "tease"},
    "mail_enabled": {"BOOL": False},
    "selfie_id": {"S": "s"},
    "selfie_status": {"S": "ready"},
    "selfie_updated_at": {"S": "2024-05-01T08:32:00Z"},
    "face_selfie_id": {"S": "s"},
    "embedding_key": {"S": "faces/user-1/s.npy"},
    "asked": {"S": '[["2024-05-02-x", "2024-05-02T06:00:00Z"]]'},
    "due_shard": {"N": "5"},
    "next_due_at": {"S": "2024-05-03T05:00:00Z"},
    "version": {"N": "3"},
}
GARBAGE = {
    "devices": {"S": '["x"]'},
    "uploads": {"S": "7"},
    "email_change": {"S": '{"email": 1}'},
    "consents": {"S": "x"},
}


def _person(**changes: Any) -> Person:
    schedule = Schedule("UTC", 6, frozenset({"mon", "tue", "wed", "thu", "fri"}))
    values: dict[str, Any] = {"user_id": "user-1", "email": "ada@example.com", "created_at": NOW, "schedule": schedule}
    return Person(**(values | changes))


def _stored(person: Person) -> UserRow:
    row = UserRow(person.user_id)
    rows.write(row, None, person)
    return row


def test_a_row_as_an_older_version_wrote_it_is_read_and_changes_nothing_but_what_changes() -> None:
    row = UserRow.from_raw_data(OLD_ROW)
    person = rows.read(row)
    assert person.schedule == Schedule(
        "Europe/Berlin", 7, frozenset({"mon", "fri"}), datetime(2024, 5, 3, 5, tzinfo=UTC)
    )
    assert (person.preferences.tone, person.preferences.theme, person.preferences.format) == (
        "tease",
        "dark",
        "portrait",
    )
    assert (person.photo.has_face, person.photo.is_pending, person.photo.content_type) == (True, False, None)
    assert [record.version for record in person.consents.history()] == ["unrecorded"]
    assert [use.subject for use in person.asked.all] == ["2024-05-02-x"]
    assert (person.devices.all, person.pending_email, person.visits.seen_on) == ((), None, None)
    before = row.serialize()
    rows.write(row, person, person.with_email("new@example.com"))
    assert row.serialize() == before | {"email": {"S": "new@example.com"}}


def test_what_is_written_is_what_is_read() -> None:
    device = Device("id", "https://push", "p", "a", "2026-11-20T12:00:00Z")
    person = _person(photo=WITH_FACE).rescheduled(NOW)
    person = replace(
        person,
        devices=person.devices.with_device(device),
        uploads=person.uploads.with_use("s", 5, NOW, ""),
        visits=person.visits._replace(seen_on="2026-11-20"),
    )
    assert rows.read(UserRow.from_raw_data(_stored(person).serialize())) == person


def test_garbage_in_one_concern_stays_while_another_changes() -> None:
    row = UserRow.from_raw_data(OLD_ROW | GARBAGE)
    person = rows.read(row)
    assert (person.devices.all, person.uploads.all, person.pending_email) == ((), (), None)
    rows.write(row, person, person.with_photo(Photo(), NOW))
    written = row.serialize()
    assert {name: written[name] for name in ("devices", "uploads", "email_change")} == {
        name: GARBAGE[name] for name in ("devices", "uploads", "email_change")
    }
    assert "embedding_key" not in written


def test_whoever_signs_out_everywhere_has_no_device_left_whatever_is_stored() -> None:
    row = UserRow.from_raw_data(OLD_ROW | GARBAGE)
    person = rows.read(row)
    rows.write(row, person, person.signed_out(NOW))
    assert "devices" not in row.serialize()


def _assigned(tree: ast.AST) -> set[str]:
    """`next_due_at` set as an attribute or given by name, each as its line reads."""
    found = set()
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else []
        if any(isinstance(each, ast.Attribute) and each.attr == "next_due_at" for each in targets):
            found.add(ast.unparse(node))
        if isinstance(node, ast.keyword) and node.arg == "next_due_at":
            found.add(ast.unparse(node))
    return found


def test_only_the_schedule_says_when_somebody_is_due() -> None:
    setting = {
        path.relative_to(SOURCE).as_posix(): found
        for path in SOURCE.rglob("*.py")
        if (found := _assigned(ast.parse(path.read_text(encoding="utf-8"))))
    }
    assert setting.pop("motiv8/accounts/rows.py") == {"row.next_due_at = schedule.next_due_at"}
    assert setting.keys() == {"motiv8/accounts/schedule.py"}


def test_the_place_in_the_index_comes_and_goes_with_the_moment() -> None:
    row = _stored(_person(photo=WITH_FACE).rescheduled(NOW))
    assert row.due_shard is not None
    person = rows.read(row)
    rows.write(row, person, person.under_deletion("d-1"))
    assert row.next_due_at is None
    assert row.due_shard is None


def test_what_a_person_changes_leaves_due_what_is_due() -> None:
    due = _person(photo=WITH_FACE, schedule=Schedule("UTC", 12, frozenset({"fri"}), NOW))
    later = due.schedule.moved_to(delivery_hour=18)
    assert due.with_schedule(later, NOW).schedule.next_due_at == NOW
    assert due.with_photo(WITH_FACE.with_upload("t", "image/png", NOW), NOW).schedule.next_due_at == NOW
    # The run that made it goes on to the next one; without a face there is nothing to lose.
    assert due.rescheduled(NOW).schedule.next_due_at == next_delivery(due.schedule, NOW)
    assert due.with_photo(Photo(), NOW).schedule.next_due_at is None


class TestPhoto:
    def test_a_new_photo_leaves_the_face_in_use(self) -> None:
        waiting = WITH_FACE.with_upload("t", "image/png", NOW)
        assert (waiting.status, waiting.selfie_id, waiting.face_selfie_id) == ("waiting", "t", "s")
        assert waiting.awaits("t")
        assert not waiting.awaits("s")
        assert waiting.rejected("no_face", NOW).has_face
        assert waiting.never_came(NOW) == replace(WITH_FACE, content_type="image/png")
        assert waiting.accepted("new", NOW).face_selfie_id == "t"

    def test_a_photo_that_never_came_and_no_face_are_no_photo(self) -> None:
        assert Photo().with_upload("t", "image/png", NOW).never_came(NOW) == Photo()

    @pytest.mark.parametrize(("run", "later", "another"), [("a", 0, False), ("b", 14, True), ("b", 15, False)])
    def test_a_run_has_it_for_a_quarter_of_an_hour(self, run: str, later: int, *, another: bool) -> None:
        photo = Photo().with_upload("t", "image/png", NOW).taken_on("a", NOW)
        assert photo.is_of_another_run(run, NOW + timedelta(minutes=later)) == another

    def test_it_is_looked_at_an_hour_after_it_was_asked_for(self) -> None:
        person = _person().with_photo(Photo().with_upload("t", "image/png", NOW), NOW)
        assert person.schedule.next_due_at == NOW + PHOTO_CHECK_AFTER


def test_an_address_that_bounced_says_nothing_of_the_next_one() -> None:
    preferences = _person().preferences
    bounced, complained = preferences.with_mail_off("bounced"), preferences.with_mail_off("complained")
    assert _person(preferences=bounced).with_email("new@example.com").preferences == preferences
    assert _person(preferences=complained).with_email("new@example.com").preferences == complained
    assert bounced.with_mail_off("unsubscribed") == bounced
