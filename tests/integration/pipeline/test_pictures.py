"""From a person who is due to a stored picture and a mail, each once."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from email.message import EmailMessage
from typing import Any

import numpy as np
import pytest
from botocore.exceptions import ReadTimeoutError

from motiv8.accounts import repository as accounts
from motiv8.accounts.unsubscribe import verify_unsubscribe_token
from motiv8.aws import keys, storage
from motiv8.aws.tables import PortraitRow, UserRow
from motiv8.engines.engine import Subject
from motiv8.engines.poster import PosterEngine
from motiv8.payloads import Loaded
from motiv8.pipeline.compose import compose
from motiv8.pipeline.deliver import deliver
from motiv8.pipeline.extract_face import extract_face
from motiv8.pipeline.load_portrait import load_portrait
from motiv8.pipeline.make_scene import make_scene, shared_scene
from motiv8.pipeline.record_failure import record_portrait_failure, record_selfie_failure
from motiv8.portraits import repository
from motiv8.portraits.picture import Picture
from motiv8.settings import settings
from motiv8.studio.design import Design
from motiv8.studio.lines import lines
from motiv8.studio.typefaces import CannotBeSet
from stand_in.aws_calls import AwsCalls

Make = Callable[..., Any]
DAILY = "2026-11-20-daily"
ASKED = "2026-11-20-01hasked00000000000000000a"
SUMMIT = Design("summit", date(2026, 11, 20))


def _load(now: datetime, **changes: Any) -> Loaded:
    order: dict[str, Any] = {"portrait_id": DAILY, "trigger": "daily", "task": "portrait", "selfie_id": None} | changes
    return load_portrait("user-1", **order, run="run", now=now)


def _picture() -> Picture:
    picture = repository.get("user-1", DAILY)
    assert picture is not None
    return picture


def _files() -> dict[str, bytes | None]:
    return {
        ending: storage.get(settings().media_bucket, keys.picture("user-1", DAILY, ending))
        for ending in keys.PICTURE_ENDINGS
    }


def test_a_daily_picture_begins_with_the_preferences_of_the_person(make_user: Make, noon: datetime) -> None:
    make_user(mode="track", tone="tease")
    assert _load(noon) == {"action": "compose", "engine": "poster"}
    row = _picture()
    assert (row.mode, row.tone, row.status, row.trigger, row.date) == (
        "track",
        "tease",
        "making",
        "daily",
        "2026-11-20",
    )
    assert (row.attempts, row.mail_status) == (1, "waiting")


def test_a_second_daily_picture_for_the_same_date_is_refused(
    make_user: Make, make_portrait: Make, noon: datetime
) -> None:
    make_user()
    make_portrait(mode="desert")
    assert _load(noon) == {"action": "skip"}
    assert _picture().mode == "desert"
    assert len(list(PortraitRow.query("user-1"))) == 1


@pytest.mark.parametrize("mail_status", ["waiting", "refused"])
def test_a_picture_that_was_not_mailed_is_only_mailed(
    make_user: Make, make_portrait: Make, noon: datetime, mail_status: str
) -> None:
    make_user()
    make_portrait(mail_status=mail_status)
    assert _load(noon) == {"action": "deliver"}


def test_skipping_lets_the_clock_go_on(make_user: Make, make_portrait: Make, person: Make, noon: datetime) -> None:
    make_user(next_due_at=noon, due_shard=3)
    make_portrait()
    _load(noon)
    assert person().next_due_at > noon


def test_a_missing_embedding_is_extracted_first(make_user: Make, noon: datetime) -> None:
    make_user(embedding_key=None, face_selfie_id=None, selfie_id="s", selfie_status="waiting")
    assert _load(noon) == {"action": "extract", "selfie_id": "s", "engine": "poster"}


def test_a_stuck_photo_is_extracted_without_making_a_picture(make_user: Make, noon: datetime) -> None:
    make_user(selfie_id="s", selfie_status="processing")
    assert _load(noon, portrait_id=None, task="selfie", selfie_id="s") == {"action": "extract", "selfie_id": "s"}
    assert list(PortraitRow.query("user-1")) == []


def test_nothing_is_made_for_a_deleted_person_or_picture(make_user: Make, noon: datetime) -> None:
    assert _load(noon) == {"action": "skip"}
    make_user()
    assert _load(noon, trigger="asked") == {"action": "skip"}


@pytest.mark.parametrize("status", ["queued", "making", "failed"])
def test_a_picture_that_loads_after_the_deletion_began_leaves_no_row(
    make_user: Make, make_portrait: Make, noon: datetime, status: str
) -> None:
    make_user()
    make_portrait(DAILY, trigger="asked", status=status)
    accounts.begin_deletion("user-1", "d-1")
    assert _load(noon, trigger="asked") == {"action": "skip"}
    assert list(PortraitRow.query("user-1")) == []


def test_a_picture_in_work_when_the_deletion_begins_ends_without_being_made_or_mailed(
    somebody: Make, make_portrait: Make, mails: list[EmailMessage], noon: datetime
) -> None:
    somebody(selfie_status="waiting")
    make_portrait(DAILY, trigger="asked", status="making", mail_status="waiting")
    accounts.begin_deletion("user-1", "d-1")
    assert extract_face("user-1", "selfie-1", "run-1", noon) == {"outcome": "stale"}
    assert compose("user-1", DAILY, noon) == {"outcome": "gone"}
    assert deliver("user-1", DAILY, noon) == {"mail": "gone"}
    assert record_selfie_failure("user-1", "selfie-1", "run-1", noon) == {"outcome": "stale"}
    assert (set(_files().values()), mails) == ({None}, [])
    assert storage.get(settings().media_bucket, keys.cutout("user-1", "selfie-1")) is None
    # As the machine records an extraction that came to nothing.
    assert record_portrait_failure("user-1", DAILY, "no_selfie", noon) == {"outcome": "recorded"}
    assert _picture().status == "failed"


def test_a_picture_is_stored_and_described(somebody: Make, noon: datetime) -> None:
    somebody()
    _load(noon)
    assert compose("user-1", DAILY, noon) == {"outcome": "ready"}
    row = _picture()
    assert row.status == "ready"
    assert row.line
    assert row.line in (row.alt_text or "")
    assert all(_files().values())


def test_a_picture_speaks_the_language_of_the_person_and_tells_a_round_streak(somebody: Make, noon: datetime) -> None:
    somebody(locale="de-AT", streak=[6, "2026-11-19"])
    _load(noon)
    compose("user-1", DAILY, noon)
    picture = _picture()
    said = [line.format(streak=7) for line in lines("de")[picture.tone]["streak"]]
    assert picture.line in said
    assert picture.alt_text == f"Du, auf einem Bergkamm im kalten Morgenlicht. Darauf steht: {picture.line}"


def test_the_daily_picture_of_a_weekday_carries_the_persons_own_line(
    somebody: Make, make_portrait: Make, noon: datetime
) -> None:
    somebody(own_lines={"fri": "Für Oma, also los", "sat": "Morgen"})
    _load(noon)
    compose("user-1", DAILY, noon)
    assert _picture().line == "Für Oma, also los"
    make_portrait(portrait_id=ASKED, trigger="asked", status="making", line=None)
    compose("user-1", ASKED, noon)
    asked = repository.get("user-1", ASKED)
    assert asked is not None
    assert asked.line in lines("en")["motivate"]["any"]


def test_an_own_line_that_cannot_be_set_any_more_costs_nobody_their_picture(
    somebody: Make, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    somebody(own_lines={"fri": "Run"})
    _load(noon)
    picture = PosterEngine.picture

    def refusing(self: PosterEngine, subject: Subject, design: Design, line: str, scene: Any, seed: int) -> Any:
        if line == "Run":
            raise CannotBeSet(line)
        return picture(self, subject, design, line, scene, seed)

    monkeypatch.setattr(PosterEngine, "picture", refusing)
    assert compose("user-1", DAILY, noon) == {"outcome": "ready"}
    assert _picture().line not in {None, "Run"}


def test_making_it_again_gives_the_same_bytes(somebody: Make, noon: datetime) -> None:
    somebody()
    _load(noon)
    compose("user-1", DAILY, noon)
    first = _files()
    repository.change("user-1", DAILY, lambda picture: replace(picture, status="making"))
    compose("user-1", DAILY, noon)
    assert _files() == first


def test_a_kill_between_files_and_row_is_made_good_by_running_again(
    somebody: Make, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    somebody()
    _load(noon)
    with monkeypatch.context() as killed:
        killed.setattr(repository, "change", lambda *_: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            compose("user-1", DAILY, noon)
    first = _files()
    assert _picture().status == "making"
    assert compose("user-1", DAILY, noon) == {"outcome": "ready"}
    assert _files() == first


def test_without_a_face_there_is_no_picture(make_user: Make, noon: datetime) -> None:
    make_user(face_selfie_id=None, embedding_key=None, selfie_status="rejected")
    _load(noon)
    assert compose("user-1", DAILY, noon) == {"outcome": "no_selfie"}


def test_a_picture_deleted_meanwhile_leaves_no_files(
    somebody: Make, noon: datetime, monkeypatch: pytest.MonkeyPatch, objects: Make
) -> None:
    somebody()
    _load(noon)
    change = repository.change

    def deleted_first(*arguments: Any) -> Any:
        repository.delete("user-1", DAILY)
        return change(*arguments)

    monkeypatch.setattr(repository, "change", deleted_first)
    assert compose("user-1", DAILY, noon) == {"outcome": "gone"}
    assert not [key for key in objects(settings().media_bucket) if key.startswith("pictures/")]
    assert compose("user-1", DAILY, noon) == {"outcome": "gone"}


def test_a_scene_is_made_once_for_everybody(somebody: Make, noon: datetime, objects: Make) -> None:
    assert make_scene(SUMMIT, "poster") == {"made": True}
    assert make_scene(SUMMIT, "poster") == {"made": False}
    somebody()
    _load(noon)
    compose("user-1", DAILY, noon)
    scenes = [key for key in objects(settings().media_bucket) if key.startswith("scenes/")]
    assert scenes == ["scenes/2026-11-20/poster/summit-dark-portrait.webp"]


def test_a_batch_reads_a_scene_once(monkeypatch: pytest.MonkeyPatch) -> None:
    make_scene(SUMMIT, "poster")
    read: list[str] = []
    get = storage.get

    def noted(bucket: str, key: str) -> bytes | None:
        read.append(key)
        return get(bucket, key)

    monkeypatch.setattr(storage, "get", noted)
    first = shared_scene(SUMMIT, "poster")
    teasing = replace(SUMMIT, tone="tease")
    assert shared_scene(teasing, "poster") is first
    assert read == ["scenes/2026-11-20/poster/summit-dark-portrait.webp"]


@pytest.fixture
def ready(make_user: Make, make_portrait: Make) -> Callable[..., None]:
    """A person with a picture that is ready and not mailed yet."""

    def make(**changes: Any) -> None:
        make_user(next_due_at=datetime.fromisoformat("2026-11-20T06:00:00Z"), due_shard=1)
        make_portrait(**{"mail_status": "waiting"} | changes)
        storage.put(settings().media_bucket, keys.picture("user-1", DAILY, ".jpg"), b"\xff\xd8picture", "image/jpeg")

    return make


def test_the_mail_brings_the_picture_and_a_way_out(
    ready: Make, noon: datetime, mails: list[EmailMessage], person: Make
) -> None:
    ready()
    assert deliver("user-1", DAILY, noon) == {"mail": "sent"}
    assert _picture().mail_status == "sent"
    [message] = mails
    assert message["To"] == "user-1@example.com"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = str(message["List-Unsubscribe"]).strip("<>")
    assert link.startswith("https://api.example/v1/mail/unsubscribe?token=")
    assert verify_unsubscribe_token(link.partition("token=")[2], "a secret for links") == "user-1"
    assert person().next_due_at > noon


def test_delivering_twice_sends_one_mail(ready: Make, noon: datetime, mails: list[EmailMessage]) -> None:
    ready()
    deliver("user-1", DAILY, noon)
    assert deliver("user-1", DAILY, noon) == {"mail": "sent"}
    assert len(mails) == 1


@pytest.mark.parametrize("mail_enabled", [True, False])
def test_a_delivered_picture_counts_for_the_streak_once(
    ready: Make, noon: datetime, person: Make, *, mail_enabled: bool
) -> None:
    ready()
    row = person()
    row.streak, row.mail_enabled = [2, "2026-11-19"], mail_enabled
    row.save()
    deliver("user-1", DAILY, noon)
    deliver("user-1", DAILY, noon)
    assert person().streak == [3, "2026-11-20"]


@pytest.mark.parametrize("changes", [{"portrait_id": ASKED, "trigger": "asked"}, {"status": "failed"}])
def test_a_picture_that_was_asked_for_or_failed_counts_for_no_streak(
    make_user: Make, noon: datetime, person: Make, make_portrait: Make, changes: dict[str, str]
) -> None:
    make_user()
    make_portrait(**{"mail_status": "off"} | changes)
    deliver("user-1", changes.get("portrait_id", DAILY), noon)
    assert person().streak is None


def test_who_wants_no_mail_gets_none(ready: Make, noon: datetime, mails: list[EmailMessage], person: Make) -> None:
    ready()
    row = person()
    row.mail_enabled = False
    row.save()
    assert deliver("user-1", DAILY, noon) == {"mail": "off"}
    assert (_picture().mail_status, mails) == ("off", [])
    assert person().next_due_at > noon


def test_a_refused_mail_keeps_the_picture_and_is_tried_three_times(
    ready: Make, noon: datetime, person: Make, ses: AwsCalls
) -> None:
    ready()
    due = person().next_due_at
    ses.refuse("send_email", "MessageRejected")
    for _ in range(2):
        assert deliver("user-1", DAILY, noon) == {"mail": "refused"}
        assert (_picture().status, _picture().mail_status) == ("ready", "refused")
        assert person().next_due_at == due, "the next hour takes it up"
    deliver("user-1", DAILY, noon)
    assert person().next_due_at > noon, "after three times it is given up"


def test_a_mail_above_the_accounts_quota_is_tried_until_it_goes_out(
    ready: Make, noon: datetime, person: Make, ses: AwsCalls
) -> None:
    ready()
    due = person().next_due_at
    ses.refuse("send_email", "TooManyRequestsException")
    for _ in range(5):
        assert deliver("user-1", DAILY, noon) == {"mail": "throttled"}
    assert person().next_due_at == due


def test_a_refused_mail_goes_out_the_next_hour(ready: Make, noon: datetime, mails: list[EmailMessage]) -> None:
    ready(mail_status="refused")
    assert _load(noon) == {"action": "deliver"}
    assert deliver("user-1", DAILY, noon) == {"mail": "sent"}
    assert len(mails) == 1


def test_a_kill_after_the_mail_went_out_sends_no_second_one(
    ready: Make, noon: datetime, ses: AwsCalls, mails: list[EmailMessage]
) -> None:
    ready()
    ses.crash_after("send_email", times=1)
    with pytest.raises(ReadTimeoutError):
        deliver("user-1", DAILY, noon)
    assert _picture().mail_status == "sending"
    assert deliver("user-1", DAILY, noon) == {"mail": "sent"}
    assert len(mails) == 1


def test_a_failure_that_may_pass_is_left_to_the_next_hour_three_times(
    make_user: Make, person: Make, noon: datetime
) -> None:
    make_user(next_due_at=noon, due_shard=1)
    for attempt in (1, 2, 3):
        _load(noon)
        assert record_portrait_failure("user-1", DAILY, "internal_error", noon) == {"outcome": "recorded"}
        assert (_picture().status, _picture().reason, _picture().attempts) == ("failed", "internal_error", attempt)
        assert (person().next_due_at > noon) == (attempt == 3)


def test_a_failure_that_will_not_pass_is_given_up_at_once(make_user: Make, person: Make, noon: datetime) -> None:
    make_user(next_due_at=noon, due_shard=1)
    _load(noon)
    record_portrait_failure("user-1", DAILY, "no_selfie", noon)
    assert person().next_due_at > noon
    assert _load(noon) == {"action": "skip"}


def test_a_late_failure_does_not_undo_a_ready_picture(make_user: Make, make_portrait: Make, noon: datetime) -> None:
    make_user()
    make_portrait()
    record_portrait_failure("user-1", DAILY, "internal_error", noon)
    assert _picture().status == "ready"


def test_steps_for_a_deleted_person_do_nothing(noon: datetime, mails: list[EmailMessage]) -> None:
    assert deliver("user-1", DAILY, noon) == {"mail": "gone"}
    assert record_portrait_failure("user-1", DAILY, "internal_error", noon) == {"outcome": "gone"}
    assert (mails, list(UserRow.scan())) == ([], [])


def test_an_engine_that_cannot_leaves_the_picture_to_the_poster_engine(
    somebody: Make, noon: datetime, logged: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    somebody()
    _load(noon)
    [row] = PortraitRow.query("user-1")
    row.engine = "diffusion"
    row.save()
    assert compose("user-1", DAILY, noon) == {"outcome": "ready"}
    assert all(_files().values())
    assert "the engine diffusion is not installed here" in logged.getvalue()
    assert "EngineFallbacks" in capsys.readouterr().out


def test_an_engine_is_given_the_embedding_of_the_face_in_use(
    somebody: Make, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Looking(PosterEngine):
        def picture(self, subject: Subject, design: Design, line: str, scene: np.ndarray, seed: int) -> np.ndarray:
            seen.append(subject.embedding())
            return super().picture(subject, design, line, scene, seed)

    seen: list[np.ndarray] = []
    monkeypatch.setattr("motiv8.engines.engine.by_name", lambda _: Looking())
    somebody()
    _load(noon)
    stored = io.BytesIO()
    np.save(stored, np.arange(128, dtype=np.float32))
    key = keys.embedding("user-1", "selfie-1")
    storage.put(settings().media_bucket, key, stored.getvalue(), "application/octet-stream")
    compose("user-1", DAILY, noon)
    [embedding] = seen
    assert np.array_equal(embedding, np.arange(128, dtype=np.float32))
