"""An answer from the order to its end: what is kept and pushed, and that nothing is done twice."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from motiv8 import clock
from motiv8.accounts import repository as accounts
from motiv8.answering.model import End, ModelThrottled, ModelUnavailable, TextDelta, Usage
from motiv8.answering.quoting import QuotingModel
from motiv8.aws import library_search
from motiv8.aws.library_search import Hit
from motiv8.coach import budget, budget_repository, repository
from motiv8.coach.conversation import Confirmation, Conversation, Message, Outcome, answer, question
from motiv8.entrypoints import coach
from motiv8.pipeline import answer_message
from stand_in.chat_model import Script, ScriptedModel, asks_for, says

pytestmark = pytest.mark.usefixtures("machines", "hits")
LATER = 2_000_000_000
ASKED, ANSWER, AGAIN = "01jd4y6m3k9v8w2x1z0a5b7c91", "01jd4y6m3k9v8w2x1z0a5b7c92", "01jd4y6m3k9v8w2x1z0a5b7c93"
SLEEP = "Adults need seven to nine hours of sleep. Get up at the same time every day."


@dataclass
class Coach:
    """The function, with a model of the test's, and everything that it writes."""

    handle: Callable[[dict[str, Any]], Any]
    pushed: list[dict[str, Any]]
    model: ScriptedModel = field(default_factory=lambda: ScriptedModel([says("Sleep well [1].")]))

    def order(self, message_id: str = ANSWER, **more: Any) -> dict[str, Any]:
        ids = {"user_id": "ann", "conversation_id": "c1", "message_id": message_id}
        return {"step": "answer", "groups": [], "correlation_id": "corr"} | ids | more

    def answers(self, *scripts: Script, **more: Any) -> str:
        if scripts:
            self.model = ScriptedModel(list(scripts))
        outcome: str = self.handle(self.order(**more))["outcome"]
        return outcome

    def message(self, message_id: str = ANSWER) -> Message:
        found = repository.get_message("ann", "c1", message_id)
        assert found is not None
        return found

    def kept(self, message_id: str = ANSWER) -> list[dict[str, Any]]:
        return [each.body for each in repository.events_after(message_id, -1)]


@pytest.fixture
def hits(monkeypatch: pytest.MonkeyPatch) -> list[Hit]:
    """What the library's search finds."""
    found: list[Hit] = []
    monkeypatch.setattr(library_search, "search", lambda *_, **__: found)
    return found


@pytest.fixture
def conversation(noon: datetime) -> Conversation:
    made = Conversation(
        user_id="ann", conversation_id="c1", title=None, namespace=None, created_at=noon, updated_at=noon
    )
    repository.create_conversation(made)
    return made


@pytest.fixture
def ask(conversation: Conversation, noon: datetime) -> Callable[..., None]:
    def ask(text: str = "How long should I sleep?", asked: str = ASKED, answered: str = ANSWER) -> None:
        budget.reserve("ann", noon)
        written = answer(conversation, answered, asked, noon)
        assert repository.add_question(question(conversation, asked, text, noon), written, noon)

    return ask


@pytest.fixture
def the_coach(
    monkeypatch: pytest.MonkeyPatch,
    make_user: Callable[..., Any],
    lambda_context: Any,
    noon: datetime,
) -> Coach:
    make_user("ann", locale="en-GB")
    monkeypatch.setattr(clock, "now", lambda: noon)
    monkeypatch.setattr(lambda_context, "get_remaining_time_in_millis", lambda: 300_000, raising=False)
    pushed: list[dict[str, Any]] = []

    def post(connection: str, event: dict[str, Any]) -> bool:
        pushed.append({"to": connection} | event)
        return connection != "gone"

    made = Coach(lambda order: coach.handler(order, lambda_context), pushed)
    monkeypatch.setattr(answer_message, "engine", lambda: made.model)
    monkeypatch.setattr(answer_message, "_LOOK_SECONDS", 0.0)
    monkeypatch.setattr(answer_message, "post", post)
    repository.add_connection("ann", "open", "c1", LATER)
    return made


@pytest.fixture
def sleep(hits: list[Hit], make_document: Callable[..., Any]) -> None:
    row = make_document(title="Sleep", url="https://example.com/sleep")
    hits.append(
        Hit(
            f"{row.document_id}:00000",
            row.document_id,
            0.03,
            SLEEP,
            "Nights",
            2,
            2,
            (),
            1.0,
            ((0, 41, 0.9), (42, 76, 0.2)),
        )
    )


@pytest.mark.usefixtures("sleep")
def test_an_answer_is_kept_pushed_and_ended_with_its_source(the_coach: Coach, ask: Callable[..., None]) -> None:
    ask()
    assert the_coach.answers() == "ready"
    message = the_coach.message()
    assert (message.status, message.text, message.reason) == ("ready", "Sleep well [1].", None)
    [citation] = message.citations
    assert (citation.number, citation.title, citation.page, citation.heading) == (1, "Sleep", 2, "Nights")
    assert (citation.url, citation.quote) == ("https://example.com/sleep", "Adults need seven to nine hours of sleep.")
    assert (message.input_tokens, message.output_tokens) == (100, 20)
    kept = the_coach.kept()
    assert [each["sequence"] for each in kept] == list(range(len(kept)))
    assert "".join(each["text"] for each in kept if each["type"] == "delta") == "Sleep well [1]."
    assert [{k: v for k, v in each.items() if k != "to"} for each in the_coach.pushed] == [
        *kept,
        {"type": "done", "message_id": ANSWER, "sequence": len(kept), "status": "ready"},
    ]


@pytest.mark.usefixtures("sleep")
def test_without_a_model_the_library_is_quoted(the_coach: Coach, ask: Callable[..., None]) -> None:
    the_coach.model = QuotingModel()  # type: ignore[assignment]
    ask()
    assert the_coach.answers() == "ready"
    message = the_coach.message()
    assert message.text == "Adults need seven to nine hours of sleep. [1]"
    assert len(message.citations) == 1
    assert message.input_tokens == 0


def test_the_tokens_are_counted_for_the_person_and_for_everybody(
    the_coach: Coach, ask: Callable[..., None], noon: datetime
) -> None:
    ask()
    the_coach.answers([TextDelta("Half"), Usage(30, 5), ModelThrottled("x")])
    assert budget_repository.spent(noon.date(), "ann") == 35
    assert budget_repository.spent(noon.date(), budget_repository.ENVIRONMENT) == 35


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ([ModelThrottled("x")], "throttled"),
        ([TextDelta("Half of"), ModelUnavailable("x")], "unavailable"),
        ([TextDelta("Half of"), Usage(1, 1), End("refused")], "refused"),
        ([TextDelta("Half of")], "ended_early"),
    ],
)
def test_a_model_that_fails_leaves_a_reason_and_a_sentence(
    the_coach: Coach, ask: Callable[..., None], script: Script, reason: str
) -> None:
    ask()
    assert the_coach.answers(script) == "failed"
    message = the_coach.message()
    assert (message.status, message.reason) == ("failed", reason)
    last = the_coach.pushed[-1]
    assert (last["type"], last["reason"]) == ("error", reason)
    assert last["message"].endswith(".")


def test_somebody_in_danger_is_told_where_to_turn_and_no_model_is_asked(
    the_coach: Coach, ask: Callable[..., None]
) -> None:
    ask("I want to die")
    assert the_coach.answers() == "ready"
    assert "116 123" in the_coach.message().text
    assert the_coach.model.prompts == []


@pytest.mark.usefixtures("sleep")
def test_a_library_that_cannot_be_searched_is_said(
    monkeypatch: pytest.MonkeyPatch, the_coach: Coach, ask: Callable[..., None]
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise library_search.NotSearched

    monkeypatch.setattr(library_search, "search", broken)
    ask()
    assert the_coach.answers() == "failed"
    assert the_coach.message().reason == "unavailable"


def test_a_second_call_of_lambda_ends_what_the_first_left_and_does_nothing(
    the_coach: Coach, ask: Callable[..., None]
) -> None:
    ask()
    assert repository.claim(the_coach.message(), "the first one, which was killed")
    assert the_coach.answers() == "interrupted"
    assert the_coach.message().reason == "interrupted"
    assert the_coach.model.prompts == []
    assert the_coach.answers() == "gone"


@pytest.mark.parametrize("after", range(6))
@pytest.mark.usefixtures("confirmed")
def test_killed_between_any_two_writes_the_next_call_ends_it_and_no_tool_runs_twice(
    monkeypatch: pytest.MonkeyPatch, the_coach: Coach, after: int
) -> None:
    class Killed(BaseException): ...

    written = {"count": 0}
    writes = {name: getattr(repository, name) for name in ("claim", "keep_event", "finish")}

    def dying(name: str) -> Callable[..., Any]:
        def write(*given: Any) -> Any:
            if written["count"] == after:
                raise Killed
            written["count"] += 1
            return writes[name](*given)

        return write

    with monkeypatch.context() as patch:
        for name in writes:
            patch.setattr(repository, name, dying(name))
        with suppress(Killed):
            the_coach.answers(says("Done."), message_id=AGAIN, confirmed=ANSWER)
    hour = accounts.get("ann").schedule.delivery_hour  # type: ignore[union-attr]
    the_coach.answers(says("Done."), message_id=AGAIN, confirmed=ANSWER)
    message = the_coach.message(AGAIN)
    assert message.status in {"failed", "ready"}
    assert after == 0 or accounts.get("ann").schedule.delivery_hour == hour  # type: ignore[union-attr]


@pytest.fixture
def confirmed(ask: Callable[..., None], the_coach: Coach, conversation: Conversation, noon: datetime) -> None:
    """The coach asked whether to change the hour, and the person said yes."""
    ask("Send my picture at seven")
    message = the_coach.message()
    assert repository.claim(message, "r")
    asked = Confirmation("change_settings", "Change your settings: delivery hour: 7.", {"delivery_hour": 7})
    assert repository.finish(message, "r", Outcome("ready", "", confirmation=asked), noon)
    assert repository.confirm(the_coach.message(), answer(conversation, AGAIN, ASKED, noon), noon)


def test_a_change_waits_for_the_persons_yes(the_coach: Coach, ask: Callable[..., None]) -> None:
    ask("Send my picture at seven")
    assert the_coach.answers(asks_for("change_settings", {"delivery_hour": 7})) == "ready"
    asked = the_coach.message().confirmation
    assert asked == Confirmation("change_settings", "Change your settings: delivery hour: 7.", {"delivery_hour": 7})
    assert the_coach.kept()[-1]["type"] == "confirm"
    assert accounts.get("ann").schedule.delivery_hour == 6  # type: ignore[union-attr]


@pytest.mark.usefixtures("confirmed")
def test_the_yes_runs_it_once_and_the_answer_goes_on(the_coach: Coach) -> None:
    assert the_coach.answers(says("It comes at seven."), message_id=AGAIN, confirmed=ANSWER) == "ready"
    assert accounts.get("ann").schedule.delivery_hour == 7  # type: ignore[union-attr]
    assert the_coach.message(AGAIN).text == "It comes at seven."
    assert [each["status"] for each in the_coach.kept(AGAIN) if each["type"] == "tool"] == ["started", "done"]


@pytest.mark.usefixtures("confirmed")
def test_a_retry_of_what_was_done_does_it_no_second_time(
    the_coach: Coach, conversation: Conversation, noon: datetime
) -> None:
    the_coach.answers([ModelThrottled("x")], message_id=AGAIN, confirmed=ANSWER)
    accounts.change("ann", lambda person: person.with_schedule(person.schedule.moved_to(delivery_hour=9), noon))
    again = "01jd4y6m3k9v8w2x1z0a5b7c94"
    assert repository.replace_answer(the_coach.message(AGAIN), answer(conversation, again, ASKED, noon), noon)
    assert the_coach.answers(says("Look."), message_id=again, confirmed=ANSWER) == "ready"
    assert accounts.get("ann").schedule.delivery_hour == 9  # type: ignore[union-attr]


@pytest.mark.parametrize("named", [ASKED, "01jd4y6m3k9v8w2x1z0a5b7c99"])
@pytest.mark.usefixtures("confirmed")
def test_a_yes_that_nobody_said_runs_nothing(the_coach: Coach, named: str) -> None:
    assert the_coach.answers(says("Done."), message_id=AGAIN, confirmed=named) == "gone"
    assert accounts.get("ann").schedule.delivery_hour == 6  # type: ignore[union-attr]


def _during(the_coach: Coach, act: Callable[[], object]) -> str:
    """An answer during which something happens, after its first words."""

    class Acting(ScriptedModel):
        def stream(self, prompt: Any) -> Iterator[Any]:
            for number, each in enumerate(super().stream(prompt)):
                if number == 2:
                    act()
                yield each

    the_coach.model = Acting([says("First words and many, many more after them. " * 20)])
    return the_coach.answers()


def test_a_stop_ends_it_with_what_is_there(the_coach: Coach, ask: Callable[..., None]) -> None:
    ask()
    assert _during(the_coach, lambda: repository.ask_to_stop(the_coach.message())) == "stopped"
    message = the_coach.message()
    assert message.status == "stopped"
    assert message.text.startswith("First")
    assert len(message.text) < 100


def test_who_leaves_while_it_streams_leaves_nothing(the_coach: Coach, ask: Callable[..., None], noon: datetime) -> None:
    ask()
    assert _during(the_coach, lambda: repository.remove_person("ann")) == "gone"
    assert repository.get_message("ann", "c1", ANSWER) is None
    assert the_coach.kept() == []
    assert budget_repository.spent(noon.date(), budget_repository.ENVIRONMENT) > 0


def test_an_answer_that_takes_the_functions_whole_time_is_interrupted(
    monkeypatch: pytest.MonkeyPatch, the_coach: Coach, ask: Callable[..., None], lambda_context: Any
) -> None:
    ask()
    act = lambda: monkeypatch.setattr(lambda_context, "get_remaining_time_in_millis", lambda: 5_000, raising=False)  # noqa: E731
    assert _during(the_coach, act) == "failed"
    assert the_coach.message().reason == "interrupted"


def test_a_bug_of_ours_is_said_without_a_word_of_the_conversation(
    monkeypatch: pytest.MonkeyPatch, the_coach: Coach, ask: Callable[..., None], logged: io.StringIO
) -> None:
    ask("My secret is 4711")
    monkeypatch.setattr(answer_message, "build", lambda *_: int("My secret is 4711"))
    assert the_coach.answers() == "failed"
    assert the_coach.message().reason == "internal_error"
    assert "4711" not in logged.getvalue()
    assert "answer broke" in logged.getvalue()


@pytest.mark.usefixtures("sleep")
def test_nothing_of_a_conversation_is_logged(
    the_coach: Coach, ask: Callable[..., None], logged: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    ask("My secret is 4711")
    the_coach.answers(asks_for("get_settings", {}), says("Your secret is 4711, says Nights [1]."))
    for said in (logged.getvalue(), capsys.readouterr().out):
        assert not any(word in said for word in ("4711", "secret", "Nights", "Adults"))


def test_a_socket_that_is_gone_is_forgotten(the_coach: Coach, ask: Callable[..., None], noon: datetime) -> None:
    repository.add_connection("ann", "gone", "c1", LATER)
    ask()
    the_coach.answers()
    assert repository.connections("ann", "c1", noon) == ["open"]
    assert len([each for each in the_coach.pushed if each["to"] == "gone"]) == 1


def test_what_the_search_tool_finds_can_be_cited(
    the_coach: Coach, ask: Callable[..., None], hits: list[Hit], make_document: Callable[..., Any]
) -> None:
    ask("Hello")
    row = make_document(title="Sleep")
    found = Hit(f"{row.document_id}:00000", row.document_id, 0.03, SLEEP, "", None, None, (), 1.0, ((0, 41, 0.9),))

    class Finding(ScriptedModel):
        def stream(self, prompt: Any) -> Iterator[Any]:
            hits[:] = [found]
            return super().stream(prompt)

    the_coach.model = Finding([asks_for("search_library", {"query": "sleep"}), says("Nine hours [1].")])
    assert the_coach.answers() == "ready"
    assert [each.title for each in the_coach.message().citations] == ["Sleep"]
    [result] = the_coach.model.prompts[1].messages[-1].content
    assert result.result["passages"][0]["number"] == 1  # type: ignore[union-attr]


def test_the_model_knows_the_persons_days_and_no_email(the_coach: Coach, ask: Callable[..., None]) -> None:
    ask()
    the_coach.answers()
    said = json.dumps([str(each) for each in the_coach.model.prompts[0].messages[-1].content])
    assert "workout_days" in said
    assert "example.com" not in said
    assert "ann" not in said


@pytest.mark.usefixtures("sleep")
def test_a_namespace_that_was_closed_since_is_not_read(the_coach: Coach, noon: datetime) -> None:
    made = Conversation(
        user_id="ann", conversation_id="c2", title=None, namespace="closed", created_at=noon, updated_at=noon
    )
    repository.create_conversation(made)
    written = answer(made, ANSWER, ASKED, noon)
    assert repository.add_question(question(made, ASKED, "How long should I sleep?", noon), written, noon)
    the_coach.answers(says("Sleep well [1]."), conversation_id="c2")
    found = repository.get_message("ann", "c2", ANSWER)
    assert found is not None
    assert (found.text, found.citations) == ("Sleep well.", ())
