"""A batch of the daily plan and the delivery queue: everybody else is served whatever breaks, and nobody twice."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from types import ModuleType
from typing import Any

import pytest
from botocore.exceptions import ClientError

from motiv8.accounts import repository as accounts
from motiv8.accounts.person import Person
from motiv8.aws import clients, keys, storage
from motiv8.entrypoints import delivery
from motiv8.pipeline import compose as compose_module
from motiv8.pipeline import make_scene as scene_module
from motiv8.pipeline import serve_batch as serving
from motiv8.pipeline.deliver_queued import deliver_queued
from motiv8.pipeline.pace import Pace
from motiv8.pipeline.serve_batch import serve_batch
from motiv8.portraits import repository
from motiv8.portraits.picture import MOST_ATTEMPTS, PAUSE, QUEUED, Picture
from motiv8.settings import settings
from stand_in.aws_calls import AwsCalls

Make = Callable[..., Any]
DAILY = "2026-11-20-daily"
MORNING = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
AHEAD = MORNING - timedelta(minutes=45)
PEOPLE = [f"user-{number}" for number in range(10)]


@pytest.fixture(scope="module")
def drawn() -> dict[ModuleType, Any]:
    """What was drawn first: what it looks like is nothing to a batch."""
    return {}


@pytest.fixture(autouse=True)
def _quick_pictures(monkeypatch: pytest.MonkeyPatch, drawn: dict[ModuleType, Any]) -> None:
    """One scene and one picture for all, a file as small as its thumbnail: much of a mail's way is reading it."""
    make_picture = compose_module._make

    def small(*arguments: Any) -> Any:
        files, engine = make_picture(*arguments)
        return replace(files, jpeg=files.thumbnail), engine

    def once(module: ModuleType, make: Make) -> Make:
        def made(*arguments: Any) -> Any:
            if module not in drawn:
                drawn[module] = make(*arguments)
            return drawn[module]

        return made

    monkeypatch.setattr(compose_module, "_make", once(compose_module, small))
    monkeypatch.setattr(scene_module, "_make", once(scene_module, scene_module._make))


@pytest.fixture
def people(somebody: Make) -> list[str]:
    """Ten people with a face who are due at six."""
    for user_id in PEOPLE:
        somebody(user_id, next_due_at=MORNING, due_shard=1)
    return PEOPLE


@pytest.fixture
def sqs() -> Iterator[AwsCalls]:
    """The queue as our code reaches it."""
    with AwsCalls(clients.sqs()) as calls:
        yield calls


def _serve(people: list[str], now: datetime, run: str = "run", *, ordered: bool = False, **more: Any) -> Any:
    orders = [{"user_id": each, "portrait_id": DAILY} for each in people]
    return serve_batch({"run": run, "ordered": ordered, "orders": orders, **more}, lambda: now)  # type: ignore[typeddict-item]


def _picture(user_id: str) -> Picture:
    picture = repository.get(user_id, DAILY)
    assert picture is not None
    return picture


def _statuses(people: list[str]) -> set[str]:
    return {_picture(each).status for each in people}


def _deliver(messages: list[dict[str, Any]], now: datetime = MORNING) -> list[str]:
    return deliver_queued(messages, Pace(0), lambda: now, lambda: 60.0)


def _users(messages: list[dict[str, Any]]) -> list[str]:
    return sorted(json.loads(each["body"])["user_id"] for each in messages)


class TestMaking:
    def test_pictures_are_made_ahead_and_nothing_is_delivered_before_the_hour(
        self, people: list[str], queued: Make, mails: list[EmailMessage]
    ) -> None:
        assert _serve(people, AHEAD) == {"more": False, "rounds": 1, "left": []}
        assert _statuses(people) == {"ready"}
        assert (queued(), mails) == ([], [])

    def test_at_the_hour_what_is_ready_is_queued_and_delivered_once(
        self, people: list[str], queued: Make, mails: list[EmailMessage], person: Make
    ) -> None:
        _serve(people, AHEAD)
        _serve(people, MORNING, "next")
        messages = queued()
        assert _users(messages) == people
        assert {each["attributes"]["MessageGroupId"] for each in messages} == {"2026-11-20T06:00:00Z"}
        assert _deliver(messages) == []
        assert sorted(str(mail["To"]) for mail in mails) == [f"{each}@example.com" for each in people]
        assert all(person(each).next_due_at > MORNING for each in people)

    def test_what_is_made_late_is_queued_at_once(self, people: list[str], queued: Make) -> None:
        _serve(people, MORNING + timedelta(minutes=1))
        assert _users(queued()) == people

    def test_an_order_of_the_team_is_delivered_whatever_the_hour(self, people: list[str], queued: Make) -> None:
        _serve(people[:1], AHEAD, ordered=True)
        assert _users(queued()) == people[:1]

    def test_a_picture_that_two_runs_want_is_made_by_one(self, people: list[str], monkeypatch: Any) -> None:
        made: list[str] = []

        def second_run_meanwhile(order: Picture, person: Person, now: datetime) -> Any:
            made.append(order.user_id)
            if len(made) == 1:
                _serve(people, AHEAD, "second")
            return compose_module.make_picture(order, person, now)

        monkeypatch.setattr(serving, "make_picture", second_run_meanwhile)
        _serve(people, AHEAD)
        assert sorted(made) == people
        assert {_picture(each).attempts for each in people} == {1}

    def test_a_run_that_died_is_taken_up_by_the_next_once_its_lease_ends(
        self, people: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        begun: list[str] = []

        def kills(order: Picture, *_: object) -> Any:
            begun.append(order.user_id)
            raise SystemExit

        with monkeypatch.context() as killed:
            killed.setattr(serving, "make_picture", kills)
            with pytest.raises(SystemExit):
                _serve(people, AHEAD)
        _serve(people, AHEAD + timedelta(minutes=9), "next")
        assert _statuses(begun) == {"making"}
        assert {_picture(each).status for each in people if each not in begun} <= {"ready"}
        _serve(people, AHEAD + timedelta(minutes=10), "later")
        assert _statuses(people) == {"ready"}

    def test_who_goes_meanwhile_leaves_no_row(self, people: list[str]) -> None:
        accounts.begin_deletion(people[0], "deletion")
        _serve(people, AHEAD)
        assert repository.get(people[0], DAILY) is None
        assert _statuses(people[1:]) == {"ready"}

    def test_a_replay_of_a_batch_changes_nothing(
        self, people: list[str], queued: Make, mails: list[EmailMessage]
    ) -> None:
        _serve(people, MORNING)
        before = [_picture(each) for each in people]
        _serve(people, MORNING)
        assert [_picture(each) for each in people] == before
        messages = queued()
        assert _users(messages) == people
        _deliver(messages + messages)
        assert len(mails) == len(people)


class TestBadInput:
    def test_one_row_in_ten_that_is_broken_costs_the_others_nothing(
        self, people: list[str], queued: Make, mails: list[EmailMessage], logged: io.StringIO
    ) -> None:
        clients.dynamodb().update_item(
            TableName=settings().users_table,
            Key={"user_id": {"S": people[3]}},
            UpdateExpression="SET created_at = :value",
            ExpressionAttributeValues={":value": {"S": "long ago"}},
        )
        storage.put(settings().media_bucket, keys.cutout(people[4], "selfie-1"), b"", "image/webp")
        assert _serve(people, MORNING)["left"] == []
        others = [each for each in people if each not in people[3:4]]
        assert _statuses(others) == {"ready"}
        assert _deliver(queued()) == []
        assert len(mails) == len(others)
        assert "long ago" not in logged.getvalue()

    def test_a_picture_that_cannot_be_made_is_recorded_with_its_reason_and_tried_an_hour_later(
        self, people: list[str], monkeypatch: pytest.MonkeyPatch, person: Make
    ) -> None:
        def broken(order: Picture, person: Person, now: datetime) -> Any:
            if order.user_id == people[0]:
                raise ValueError("garbage")
            return compose_module.make_picture(order, person, now)

        monkeypatch.setattr(serving, "make_picture", broken)
        for attempt in range(1, MOST_ATTEMPTS + 1):
            _serve(people, AHEAD + (attempt - 1) * PAUSE, f"run-{attempt}")
            picture = _picture(people[0])
            assert (picture.status, picture.reason, picture.attempts) == ("failed", "internal_error", attempt)
            assert not picture.is_free(AHEAD + attempt * PAUSE - timedelta(seconds=1))
        assert _statuses(people[1:]) == {"ready"}
        assert person(people[0]).next_due_at > MORNING, "after three times it is given up"

    def test_who_ends_the_process_is_given_up_by_the_last_retry_which_serves_the_others(
        self, people: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def kills(order: Picture, person: Person, now: datetime) -> Any:
            if order.user_id == people[5]:
                raise SystemExit
            return compose_module.make_picture(order, person, now)

        monkeypatch.setattr(serving, "make_picture", kills)
        for _ in range(MOST_ATTEMPTS):
            with pytest.raises(SystemExit):
                _serve(people, AHEAD)
        assert _serve(people, AHEAD)["left"] == []
        assert _picture(people[5]).status == "failed"
        assert _statuses([each for each in people if each != people[5]]) == {"ready"}

    def test_s3_answering_503_is_nobodys_fault_and_is_tried_again(
        self, people: list[str], queued: Make, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        slow = ClientError({"Error": {"Code": "SlowDown", "Message": "503"}}, "PutObject")
        broken = set(people[:5])

        def half(order: Picture, person: Person, now: datetime) -> Any:
            if order.user_id in broken:
                raise slow
            return compose_module.make_picture(order, person, now)

        monkeypatch.setattr(serving, "make_picture", half)
        answer = _serve(people, MORNING)
        assert [each["user_id"] for each in answer["left"]] == people[:5]
        assert (answer["more"], _users(queued())) == (True, people[5:])
        assert {(_picture(each).status, _picture(each).attempts) for each in people[:5]} == {("making", 0)}
        broken.clear()
        answer = _serve(people, MORNING, served={"value": answer})
        assert answer == {"more": False, "rounds": 2, "left": []}
        assert _users(queued()) == people[:5]

    def test_what_stays_broken_is_left_to_the_next_run_without_counting_against_anybody(
        self, people: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        slow = ClientError({"Error": {"Code": "SlowDown", "Message": "503"}}, "PutObject")
        with monkeypatch.context() as broken:
            broken.setattr(serving, "make_picture", lambda *_: (_ for _ in ()).throw(slow))
            answer = {"more": True, "rounds": 0, "left": [{"user_id": each, "portrait_id": DAILY} for each in people]}
            while answer["more"]:
                answer = _serve(people, AHEAD, served={"value": answer})
            assert answer["rounds"] == serving.ROUNDS
        _serve(people, AHEAD, "next")
        assert _statuses(people) == {"ready"}

    def test_a_batch_that_has_no_time_left_in_its_middle_says_who_is_left(
        self, people: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ticks = iter(range(0, 1000, 15))
        monkeypatch.setattr("motiv8.pipeline.serve_batch.time.monotonic", lambda: float(next(ticks)))
        answer = _serve(people, AHEAD)
        left = [each["user_id"] for each in answer["left"]]
        assert left == [each for each in people if each in left]
        assert len(left) == len(people) - 3
        assert _statuses([each for each in people if each not in left]) == {"ready"}
        assert len(_serve(people, AHEAD, served={"value": answer})["left"]) == len(left) - 3

    def test_what_sqs_does_not_take_is_tried_again(self, people: list[str], queued: Make, sqs: AwsCalls) -> None:
        failed = {"Id": "0", "SenderFault": False, "Code": "ServiceUnavailable"}
        taken = [{"Id": str(each), "MessageId": "m", "MD5OfMessageBody": "d"} for each in range(1, 10)]
        sqs.answer("send_message_batch", {"Failed": [failed], "Successful": taken}, times=1)
        answer = _serve(people, MORNING)
        assert [each["user_id"] for each in answer["left"]] == people[:1]
        _serve(people, MORNING, served={"value": answer})
        assert _users(queued()) == people[:1]

    def test_a_clock_that_goes_back_an_hour_serves_everybody_once(
        self, people: list[str], queued: Make, mails: list[EmailMessage]
    ) -> None:
        _serve(people, MORNING)
        _deliver(queued())
        for minutes in (-60, -15, 0, 15):
            _serve(people, MORNING + timedelta(minutes=minutes), f"run{minutes}")
        assert len(mails) == len(people)
        _deliver(queued())
        assert len(mails) == len(people)

    def test_a_schedule_that_fires_twice_serves_everybody_once(
        self, people: list[str], planned: Make, queued: Make, mails: list[EmailMessage]
    ) -> None:
        plans = [planned(MORNING, run) for run in ("one", "two")]
        assert [len(plan.pictures) for plan in plans] == [10, 10]
        for plan in plans:
            for batch in plan.batches:
                serve_batch(batch, lambda: MORNING)
        _deliver(queued())
        assert len(mails) == len(people)
        assert planned(MORNING + timedelta(minutes=15)).due == 0

    def test_a_run_that_is_stopped_by_hand_leaves_the_rest_to_the_next(
        self, people: list[str], planned: Make, queued: Make, mails: list[EmailMessage]
    ) -> None:
        _serve(people[:4], MORNING, "stopped")
        plan = planned(MORNING + timedelta(minutes=15), "next")
        assert sorted(plan.pictures) == people[4:]
        for batch in plan.batches:
            serve_batch(batch, lambda: MORNING + timedelta(minutes=15))
        _deliver(queued())
        assert len(mails) == len(people)


class TestDelivering:
    def test_ses_refusing_half_leaves_the_others_their_mail_and_tries_an_hour_later(
        self, people: list[str], planned: Make, queued: Make, ses: AwsCalls, mails: list[EmailMessage]
    ) -> None:
        _serve(people, MORNING)
        for each in people[:5]:
            ses.refuse("send_email", "MessageRejected", times=1, Destination={"ToAddresses": [f"{each}@example.com"]})
        assert _deliver(queued()) == []
        assert len(mails) == 5
        assert planned(MORNING + PAUSE - timedelta(seconds=1)).due == 0
        later = MORNING + PAUSE
        plan = planned(later, "next")
        assert sorted(plan.pictures) == people[:5]
        for batch in plan.batches:
            serve_batch(batch, lambda: later)
        assert _deliver(queued(), later) == []
        assert len(mails) == 10

    def test_a_mail_that_ses_throttles_goes_back_to_the_queue_and_is_no_attempt(
        self, people: list[str], queued: Make, ses: AwsCalls, mails: list[EmailMessage], planned: Make
    ) -> None:
        _serve(people[:2], MORNING)
        ses.refuse("send_email", "TooManyRequestsException", times=1)
        messages = queued()
        [back] = _deliver(messages)
        assert len(mails) == 1
        assert planned(MORNING + QUEUED - timedelta(minutes=1)).pictures.keys() <= set(people[2:])
        assert _deliver([each for each in messages if each["messageId"] == back]) == []
        assert {_picture(each).attempts for each in people[:2]} == {1}
        assert len(mails) == 2

    def test_a_message_that_breaks_costs_the_others_nothing(
        self, people: list[str], queued: Make, mails: list[EmailMessage]
    ) -> None:
        _serve(people, MORNING)
        messages = queued()
        for number, garbage in enumerate(("", "{}", "[1]", '{"user_id": 1}')):
            messages.insert(2 * number, {"messageId": f"bad-{number}", "body": garbage})
        assert _deliver(messages) == [f"bad-{number}" for number in range(4)]
        assert len(mails) == len(people)

    def test_messages_that_there_is_no_time_left_for_go_back(self, people: list[str], queued: Make) -> None:
        _serve(people, MORNING)
        messages, left = queued(), iter([60.0, 40.0, *[20.0] * 8])
        back = deliver_queued(messages, Pace(0.5), lambda: MORNING, lambda: next(left))
        assert back == [each["messageId"] for each in messages[2:]]

    def test_the_function_answers_what_sqs_is_to_keep(
        self, people: list[str], queued: Make, lambda_context: Any
    ) -> None:
        lambda_context.get_remaining_time_in_millis = lambda: 60_000
        _serve(people[:1], MORNING)
        messages = [*queued(), {"messageId": "bad", "body": "?"}]
        assert delivery.handler({"Records": messages}, lambda_context) == {
            "batchItemFailures": [{"itemIdentifier": "bad"}]
        }
        assert _picture(people[0]).mail_status == "sent"

    @pytest.mark.parametrize(("minutes", "late"), [(0, False), (15, False), (16, True)])
    def test_how_late_a_delivery_is_is_counted_once(
        self, people: list[str], queued: Make, capsys: pytest.CaptureFixture[str], minutes: int, *, late: bool
    ) -> None:
        now = MORNING + timedelta(minutes=minutes)
        _serve(people[:1], now)
        messages = queued()
        capsys.readouterr()
        _deliver(messages * 2, now)
        counted = capsys.readouterr().out.replace(" ", "")
        assert counted.count('"DeliveriesMade":[1.0]') == 1
        assert counted.count(f'"DeliveryLateness":[{minutes * 60}.0]') == 1
        assert counted.count('"DeliveriesLate":[1.0]') == late
