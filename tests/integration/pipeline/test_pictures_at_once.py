"""Pictures of a batch are made at once: what one does is nothing to those in work beside it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from threading import Barrier, Event
from typing import Any

import c2pa
import pytest
from botocore.exceptions import ClientError

from motiv8.aws import clients, keys, secrets, storage
from motiv8.pipeline import compose as compose_module
from motiv8.pipeline import serve_batch as serving
from motiv8.pipeline.make_scene import make_scene
from motiv8.pipeline.serve_batch import AT_ONCE, SECONDS, serve_batch
from motiv8.portraits import repository
from motiv8.portraits.picture import MOST_ATTEMPTS, Picture
from motiv8.settings import settings
from motiv8.studio.design import Design
from motiv8.telemetry import logger
from stand_in.certificate import credentials

Make = Callable[..., Any]
DAILY = "2026-11-20-daily"
AHEAD = datetime(2026, 11, 20, 5, 15, tzinfo=UTC)
PEOPLE = [f"user-{number}" for number in range(AT_ONCE + 4)]
FIRST, LATER = PEOPLE[:AT_ONCE], PEOPLE[AT_ONCE:]
SLOW = ClientError({"Error": {"Code": "SlowDown", "Message": "503"}}, "PutObject")


@pytest.fixture
def people(somebody: Make) -> list[str]:
    """Twice as many as are served at once, due at six."""
    for user_id in PEOPLE:
        somebody(user_id, next_due_at=AHEAD + timedelta(minutes=45), due_shard=1)
    return PEOPLE


def _serve(people: list[str]) -> list[str]:
    """Serve a batch, and say who is left."""
    orders: Any = [{"user_id": each, "portrait_id": DAILY} for each in people]
    served = serve_batch({"run": "run", "ordered": False, "orders": orders}, lambda: AHEAD)
    return [each["user_id"] for each in served["left"]]


def _picture(user_id: str) -> Picture:
    picture = repository.get(user_id, DAILY)
    assert picture is not None
    return picture


def _ready(order: Picture) -> str:
    """Note that a picture is made, without making it."""
    repository.change(order.user_id, order.portrait_id, lambda picture: picture.made("Go.", "You.", None, AHEAD))
    return "ready"


def test_one_that_fails_while_others_are_in_work_costs_them_nothing(
    people: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    all_in_work = Barrier(AT_ONCE)

    def make(order: Picture, *_: object) -> str:
        if order.user_id in FIRST:
            all_in_work.wait(10)
        if order.user_id == people[0]:
            raise ValueError("garbage")
        if order.user_id == people[1]:
            raise SLOW
        return _ready(order)

    monkeypatch.setattr(serving, "make_picture", make)
    assert _serve(people) == [people[1]]
    statuses = [(_picture(each).status, _picture(each).attempts) for each in people]
    assert statuses == [("failed", 1), ("making", 0), *[("ready", 1)] * (len(people) - 2)]


def test_those_in_work_when_the_time_is_up_are_finished_and_no_other_is_begun(
    people: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    passed = [0.0]
    all_in_work = Barrier(AT_ONCE, action=lambda: passed.append(SECONDS))
    monkeypatch.setattr("motiv8.pipeline.serve_batch.time.monotonic", lambda: passed[-1])

    def make(order: Picture, *_: object) -> str:
        all_in_work.wait(10)
        return _ready(order)

    monkeypatch.setattr(serving, "make_picture", make)
    assert _serve(people) == LATER
    assert {_picture(each).status for each in FIRST} == {"ready"}
    assert [repository.get(each, DAILY) for each in LATER] == [None] * len(LATER)


def test_a_picture_that_ends_the_process_is_made_alone_from_then_on_and_takes_nobody_with_it(
    people: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    dead, beside_it = Event(), set(FIRST)

    def make(order: Picture, *_: object) -> str:
        """What is in work when the process ends is broken off, too."""
        if order.user_id == people[0]:
            dead.set()
        elif order.user_id in beside_it:
            dead.wait(10)
        if dead.is_set():
            raise SystemExit
        return _ready(order)

    monkeypatch.setattr(serving, "make_picture", make)
    for _ in range(MOST_ATTEMPTS):
        dead.clear()
        with pytest.raises(SystemExit):
            _serve(people)
        beside_it.clear()
    dead.clear()
    assert _serve(people) == []
    assert _picture(people[0]).status == "failed"
    assert {_picture(each).status for each in people[1:]} == {"ready"}
    assert {_picture(each).attempts for each in FIRST[1:]} == {2}


def test_each_line_and_each_metric_is_whole_and_every_line_has_the_correlation_id(
    people: list[str], monkeypatch: pytest.MonkeyPatch, logged: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    def make(*_: object) -> str:
        raise SLOW

    monkeypatch.setattr(serving, "make_picture", make)
    logger.set_correlation_id("run-7")
    assert _serve(people) == people
    lines = [json.loads(line) for line in logged.getvalue().splitlines()]
    assert [line["correlation_id"] for line in lines] == ["run-7"] * len(people)
    metrics = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [metric["DailyDue"] for metric in metrics] == [[1.0]] * len(people)


def test_pictures_made_at_once_are_those_made_alone_and_signed(
    people: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = clients.secrets_manager().create_secret(Name="pictures", SecretString=json.dumps(asdict(credentials())))
    make_scene(Design("summit", AHEAD.date()), "poster")
    made: list[tuple[tuple[Any, ...], Any]] = []
    make = compose_module._make

    def noted(*given: Any) -> Any:
        made.append((given, make(*given)))
        return made[-1][1]

    with monkeypatch.context() as signing:
        signing.setenv("MOTIV8_CREDENTIALS_SECRET_ARN", secret["ARN"])
        signing.setattr(compose_module, "_make", noted)
        settings.cache_clear()
        secrets.content_credentials.cache_clear()
        assert _serve(people[:3]) == []
    settings.cache_clear()
    secrets.content_credentials.cache_clear()
    assert [make(*given) for given, _ in made] == [files for _, files in made]
    for user_id in people[:3]:
        file = storage.get(settings().media_bucket, keys.picture(user_id, DAILY, ".jpg"))
        assert file is not None
        assert c2pa.Reader("image/jpeg", io.BytesIO(file)).get_validation_state() == "Valid"
