"""An answer's course: tools, the person's yes, and everything that a model may do wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from motiv8.answering.grounding import Cited
from motiv8.answering.model import (
    End,
    ModelBroken,
    ModelRefused,
    ModelThrottled,
    ModelUnavailable,
    TextDelta,
    ToolCall,
    ToolResult,
    ToolSpec,
    Usage,
)
from motiv8.answering.passages import Passage
from motiv8.answering.prompt import build
from motiv8.answering.turn import (
    MOST_AT_ONCE,
    MOST_ROUNDS,
    AnswerEvent,
    Confirm,
    ConfirmedCall,
    Done,
    Failed,
    Spent,
    Text,
    ToolDone,
    ToolFailed,
    ToolStarted,
    answer,
)
from stand_in.chat_model import Script, ScriptedModel, asks_for, passage, says

INJECTIONS = json.loads(Path(__file__).with_name("injections.json").read_text(encoding="utf-8"))["injections"]


@dataclass
class SomeTool:
    """Keeps what it was run with."""

    name: str
    changes: bool = False
    takes: frozenset[str] = frozenset({"hour"})
    result: dict[str, Any] = field(default_factory=lambda: {"hour": 6})
    fails: bool = False
    runs: list[dict[str, Any]] = field(default_factory=list)

    @property
    def spec(self) -> ToolSpec:
        return ToolSpec(self.name, "Does something.", {"type": "object"})

    def checked(self, arguments: dict[str, Any]) -> dict[str, Any]:
        if not set(arguments) <= self.takes:
            raise ToolFailed("hour: the only argument")
        return arguments

    def summary(self, arguments: dict[str, Any]) -> str:
        return f"Set {arguments}"

    def run(self, arguments: dict[str, Any]) -> dict[str, Any]:
        self.runs.append(arguments)
        if self.fails:
            raise ToolFailed("It is broken.")
        return self.result


def play(
    *scripts: Script,
    tools: tuple[SomeTool, ...] = (),
    passages: tuple[Passage, ...] = (passage(1, "Sleep well."), passage(2, "Run slowly.")),
    halted: Callable[[], bool] = lambda: False,
    confirmed: ConfirmedCall | None = None,
    person: dict[str, Any] | None = None,
) -> tuple[list[AnswerEvent], ScriptedModel]:
    model = ScriptedModel(list(scripts))
    prompt = build("How do I get better?", [], passages, person or {}, "en")
    return list(answer(model, prompt, {each.name: each for each in tools}, halted, confirmed)), model


def text_of(events: list[AnswerEvent]) -> str:
    return "".join(each.text for each in events if isinstance(each, Text))


def test_an_answer_is_text_with_its_sources_and_an_end() -> None:
    events, _ = play(says("Sleep well [1]. Made up [9]."))
    assert text_of(events) == "Sleep well [1]. Made up."
    assert [each.number for each in events if isinstance(each, Cited)] == [1]
    assert events[-2:] == [Spent(100, 20), Done("ready")]


def test_a_tool_that_reads_runs_and_its_result_goes_back_to_the_model() -> None:
    tool = SomeTool("get_settings")
    events, model = play(asks_for("get_settings", {}), says("At six."), tools=(tool,))
    assert [each for each in events if isinstance(each, ToolStarted | ToolDone)] == [
        ToolStarted("get_settings", {}),
        ToolDone("get_settings", {}, {"hour": 6}, failed=False),
    ]
    assert model.prompts[1].messages[-1].content == (ToolResult("use-1", {"hour": 6}),)
    assert model.prompts[1].messages[-2].content == (ToolCall("use-1", "get_settings", "{}"),)
    assert [each for each in events if isinstance(each, Spent)] == [Spent(100, 20)] * 2
    assert events[-1] == Done("ready")


def test_a_tool_that_changes_something_waits_for_the_persons_yes() -> None:
    tool = SomeTool("change_settings", changes=True)
    events, model = play(asks_for("change_settings", {"hour": 7}, "Gladly."), tools=(tool,))
    assert events[-2:] == [Confirm("change_settings", "Set {'hour': 7}", {"hour": 7}), Done("ready")]
    assert tool.runs == []
    assert len(model.prompts) == 1


def test_what_the_person_said_yes_to_runs_once_and_the_answer_goes_on() -> None:
    tool = SomeTool("change_settings", changes=True)
    events, model = play(says("Done."), tools=(tool,), confirmed=ConfirmedCall("change_settings", {"hour": 7}))
    assert tool.runs == [{"hour": 7}]
    assert events[0] == ToolStarted("change_settings", {"hour": 7})
    assert model.prompts[0].messages[-1].content == (ToolResult("confirmed", {"hour": 6}),)
    assert text_of(events) == "Done."


def test_a_yes_is_for_one_call_and_a_model_that_asks_again_asks_the_person_again() -> None:
    tool = SomeTool("change_settings", changes=True)
    events, _ = play(
        asks_for("change_settings", {"hour": 9}),
        tools=(tool,),
        confirmed=ConfirmedCall("change_settings", {"hour": 7}),
    )
    assert tool.runs == [{"hour": 7}]
    assert events[-2] == Confirm("change_settings", "Set {'hour': 9}", {"hour": 9})


@pytest.mark.parametrize(
    ("name", "arguments", "error"),
    [
        ("no_such_tool", {}, "no tool with this name"),
        ("get_settings", '{"hour": ', "no JSON object"),
        ("get_settings", "[" * 100_000, "no JSON object"),
        ("get_settings", '"text"', "no JSON object"),
        ("get_settings", {"user_id": "x"}, "hour"),
    ],
)
def test_a_call_that_makes_no_sense_runs_nothing_and_the_model_is_told(
    name: str, arguments: dict[str, Any] | str, error: str
) -> None:
    tool = SomeTool("get_settings")
    events, model = play(asks_for(name, arguments), says("Sorry."), tools=(tool,))
    [result] = model.prompts[1].messages[-1].content
    assert isinstance(result, ToolResult)
    assert result.failed
    assert error in result.result["error"]
    assert tool.runs == []
    assert text_of(events) == "Sorry."


def test_a_tool_that_fails_is_told_of() -> None:
    events, model = play(asks_for("get", {}), says("Sorry."), tools=(SomeTool("get", fails=True),))
    assert ToolDone("get", {}, {"error": "It is broken."}, failed=True) in events
    assert model.prompts[1].messages[-1].content == (ToolResult("use-1", {"error": "It is broken."}, failed=True),)


def test_of_many_tools_at_once_the_first_run_and_the_others_are_refused() -> None:
    tool = SomeTool("get_settings")
    calls = [ToolCall(f"use-{number}", "get_settings", "{}") for number in range(MOST_AT_ONCE + 100)]
    events, model = play([*calls, Usage(100, 20), End("tools")], says("At six."), tools=(tool,))
    assert len(tool.runs) == MOST_AT_ONCE
    results = model.prompts[1].messages[-1].content
    assert [each.use_id for each in results if isinstance(each, ToolResult)] == [each.use_id for each in calls]
    assert results[-1] == ToolResult(calls[-1].use_id, {"error": "Too many tools at once."}, failed=True)
    assert events[-1] == Done("ready")


def test_a_model_that_never_stops_asking_for_tools_is_stopped() -> None:
    tool = SomeTool("get_settings")
    events, model = play(asks_for("get_settings", {}), tools=(tool,))
    assert events[-1] == Failed("too_many_tools")
    assert len(model.prompts) == MOST_ROUNDS


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ([ModelThrottled("429")], "throttled"),
        ([TextDelta("Half of"), ModelThrottled("429")], "throttled"),
        ([ModelUnavailable("timeout")], "unavailable"),
        ([TextDelta("Half of"), ModelUnavailable("timeout")], "unavailable"),
        ([ModelRefused("guardrail")], "refused"),
        ([TextDelta("No."), Usage(5, 1), End("refused")], "refused"),
        ([ModelBroken("bad")], "ended_early"),
        ([TextDelta("Half of")], "ended_early"),
        ([], "ended_early"),
        ([End("tools")], "ended_early"),
        ([TextDelta("Long"), Usage(5, 1), End("too_long")], "too_long"),
        ([Usage(5, 0), End("finished")], "no_answer"),
    ],
)
def test_every_way_to_fail_has_its_reason_and_counts_what_was_used(script: Script, reason: str) -> None:
    events, _ = play(script)
    assert events[-1] == Failed(reason)  # type: ignore[arg-type]
    [spent] = [each for each in events if isinstance(each, Spent)]
    told = [each for each in script if isinstance(each, Usage)]
    assert spent.input_tokens == told[0].input_tokens if told else spent.input_tokens > 100


def test_a_halt_ends_the_answer_with_what_is_there_and_runs_no_tool() -> None:
    seen = iter([False, False, True, True, True])
    tool = SomeTool("get_settings")
    script: Script = [TextDelta("First. "), ToolCall("1", "get_settings", "{}"), Usage(1, 1), End("tools")]
    events, _ = play(script, tools=(tool,), halted=lambda: next(seen))
    assert text_of(events).strip() == "First."
    assert events[-1] == Done("stopped")
    assert tool.runs == []


def test_a_halt_that_comes_when_a_tool_has_been_announced_keeps_it_from_running() -> None:
    seen = iter([False, False, False, False, True, True])
    tool = SomeTool("get_settings")
    events, model = play(asks_for("get_settings", {}), tools=(tool,), halted=lambda: next(seen))
    assert any(isinstance(each, ToolStarted) for each in events)
    assert events[-1] == Done("stopped")
    assert tool.runs == []
    assert len(model.prompts) == 1


@pytest.mark.parametrize("injection", INJECTIONS, ids=lambda each: each["text"][:40])
def test_an_injection_changes_nothing_even_where_the_model_falls_for_it(injection: dict[str, Any]) -> None:
    """The model does what the text wants; the person is asked, or nothing happens, and no markup gets through."""
    where, text = injection["where"], injection["text"]
    given = {"title": text} if where == "title" else {"heading": text} if where == "heading" else {}
    hostile = passage(1, text if where == "passage" else "Sleep well.", **given)
    reads = SomeTool("get_todays_picture", result={"line": text} if where == "tool" else {"line": "Go"})
    settings = SomeTool("get_settings", takes=frozenset())
    changing = [
        SomeTool(name, changes=True, takes=frozenset({"mail_enabled", "delivery_hour", "tone", "theme", "mode"}))
        for name in ("change_settings", "request_picture")
    ]
    scripts = [asks_for("get_todays_picture", {})] if where == "tool" else []
    scripts.append(
        asks_for(injection["tool"], injection["arguments"]) if "tool" in injection else says(injection["says"])
    )
    scripts.append(says("Sleep well [1]."))
    person = {"locale": text} if where == "person" else {}
    events, model = play(
        *scripts, tools=(reads, settings, *changing), passages=(hostile, passage(2, "Run.")), person=person
    )
    assert all(each.runs == [] for each in changing)
    assert settings.runs == []
    said = text_of(events)
    assert not any(mark in said for mark in ("<", "](", "javascript:", "evil.example", "[3]", "[7]", "[99]"))
    assert all(each.passage in model.prompts[0].passages for each in events if isinstance(each, Cited))
    # The blocks of data are closed once each, by us.
    asked = str(model.prompts[0].messages[-1].content[0])
    assert [asked.count(f"</{block}>") for block in ("library", "person", "question")] == [1, 1, 1]
