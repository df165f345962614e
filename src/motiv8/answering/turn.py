"""One answer: the model writes, tools run in between, and what changes something waits for the person's yes."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, Protocol

from motiv8.answering.grounding import Cited, Grounding
from motiv8.answering.model import (
    End,
    ModelBroken,
    ModelRefused,
    ModelThrottled,
    ModelUnavailable,
    PromptMessage,
    TextDelta,
    ToolCall,
    ToolResult,
    ToolSpec,
    Usage,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping

    from motiv8.answering.model import ChatModel, EndReason, ModelError, Prompt
    from motiv8.answering.passages import Passage

MOST_ROUNDS = 5
"""Calls of the model that may end with tools."""
MOST_AT_ONCE = 8
"""Tools of one call: what an answer used is stored with its end in one transaction, which takes 100 items."""
_CHARACTERS_A_TOKEN = 4

FailureReason = Literal[
    "throttled", "unavailable", "refused", "ended_early", "too_long", "too_many_tools", "no_answer", "interrupted"
]


class ToolFailed(Exception):
    """A tool did not do what it was asked; the text says why, for the model."""


class OfferedTool(Protocol):
    """What a turn knows of a tool."""

    @property
    def spec(self) -> ToolSpec:
        """How the model is told of it."""

    @property
    def changes(self) -> bool:
        """Whether it changes something, which takes the person's yes."""

    def checked(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """The arguments as they will be used. Raises ToolFailed for ones that are none."""

    def summary(self, arguments: dict[str, Any]) -> str:
        """What exactly it will do, for the person who is asked."""

    def run(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Do it. Raises ToolFailed."""


@dataclass(frozen=True, slots=True)
class Text:
    """More of the answer's text."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolStarted:
    """A tool runs."""

    name: str
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ToolDone:
    """It ran, or failed."""

    name: str
    arguments: dict[str, Any]
    result: dict[str, Any]
    failed: bool


@dataclass(frozen=True, slots=True)
class Confirm:
    """The person is asked; the answer ends here."""

    name: str
    summary: str
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Spent:
    """Tokens of one call of the model; an estimate where it broke off before it told."""

    input_tokens: int
    output_tokens: int


@dataclass(frozen=True, slots=True)
class Done:
    """The answer is whole, or the person stopped it."""

    status: Literal["ready", "stopped"]


@dataclass(frozen=True, slots=True)
class Failed:
    """There is no (whole) answer."""

    reason: FailureReason


AnswerEvent = Text | Cited | ToolStarted | ToolDone | Confirm | Spent | Done | Failed


@dataclass(frozen=True, slots=True)
class ConfirmedCall:
    """A tool that the person said yes to, with the arguments that they saw."""

    name: str
    arguments: dict[str, Any]


def answer(
    model: ChatModel,
    prompt: Prompt,
    tools: Mapping[str, OfferedTool],
    halted: Callable[[], bool],
    confirmed: ConfirmedCall | None = None,
    sources: list[Passage] | None = None,
) -> Iterator[AnswerEvent]:
    """The answer piece by piece; the last event is Done or Failed.

    `halted` says whether to write no more. A tool that changes something runs for `confirmed` alone. `sources` are what
    may be cited, by default the prompt's passages; a tool that finds more adds to them.
    """
    prompt = replace(prompt, tools=tuple(each.spec for each in tools.values()))
    grounding = Grounding(list(prompt.passages) if sources is None else sources)
    if confirmed is not None:
        use = ToolCall("confirmed", confirmed.name, json.dumps(confirmed.arguments))
        tool = tools.get(confirmed.name)
        if tool is None:
            yield Failed("no_answer")
            return
        done = yield from _run(tool, confirmed.arguments, halted)
        prompt = _with_results(prompt, "", [use], [ToolResult(use.use_id, done.result, done.failed)])
    said_something = confirmed is not None
    for _ in range(MOST_ROUNDS):
        if halted():
            yield Done("stopped")
            return
        written = yield from _written(model, prompt, grounding, halted)
        said_something = said_something or bool(written.text)
        if written.failure is not None:
            yield Failed(written.failure)
            return
        if written.end == "finished":
            yield Done("ready") if said_something else Failed("no_answer")
            return
        if written.end is None:
            yield Done("stopped")
            return
        results = yield from _use(written.uses, tools, halted)
        if results is None:
            yield Done("ready")
            return
        prompt = _with_results(prompt, written.text, written.uses, results)
    yield Failed("too_many_tools")


@dataclass(slots=True)
class _Written:
    """One call of the model. Neither `end` nor `failure` where it was halted."""

    text: str
    uses: list[ToolCall]
    end: EndReason | None = None
    failure: FailureReason | None = None


def _written(
    model: ChatModel, prompt: Prompt, grounding: Grounding, halted: Callable[[], bool]
) -> Generator[AnswerEvent, None, _Written]:
    written = _Written("", [])
    spent: Usage | None = None
    try:
        for event in model.stream(prompt):
            match event:
                case TextDelta(text, verbatim):
                    written.text += text
                    yield from _shown(grounding.add(text, verbatim=verbatim))
                case ToolCall():
                    written.uses.append(event)
                case Usage():
                    spent = event
                case End(reason):
                    written.end = reason
            if halted():
                written.end = None
                written.uses.clear()
                break
        else:
            written.failure = _failure_of_end(written)
    except (ModelThrottled, ModelUnavailable, ModelRefused, ModelBroken) as error:
        written.failure = _failure_of_error(error)
    yield from _shown(grounding.finish())
    yield Spent(spent.input_tokens, spent.output_tokens) if spent else _estimate(prompt, written)
    return written


def _failure_of_end(written: _Written) -> FailureReason | None:
    match written.end:
        case None:
            return "ended_early"
        case "tools":
            return None if written.uses else "ended_early"
        case "too_long":
            return "too_long"
        case "refused":
            return "refused"
        case _:
            return None


def _failure_of_error(error: ModelError) -> FailureReason:
    match error:
        case ModelThrottled():
            return "throttled"
        case ModelUnavailable():
            return "unavailable"
        case ModelRefused():
            return "refused"
        case _:
            return "ended_early"


def _shown(pieces: list[str | Cited]) -> Iterator[AnswerEvent]:
    for piece in pieces:
        yield Text(piece) if isinstance(piece, str) else piece


def _use(
    uses: list[ToolCall], tools: Mapping[str, OfferedTool], halted: Callable[[], bool]
) -> Generator[AnswerEvent, None, list[ToolResult] | None]:
    """Run what may run; None where the person is asked first, of all that is asked for about the first change alone."""
    results: list[ToolResult] = []
    for place, use in enumerate(uses):
        try:
            if place >= MOST_AT_ONCE:
                raise ToolFailed("Too many tools at once.")
            tool = tools.get(use.name)
            if tool is None:
                raise ToolFailed("There is no tool with this name.")
            given = use.read()
            if given is None:
                raise ToolFailed("The arguments are no JSON object.")
            arguments = tool.checked(given)
        except ToolFailed as error:
            results.append(ToolResult(use.use_id, {"error": str(error)}, failed=True))
            continue
        if tool.changes:
            yield Confirm(use.name, tool.summary(arguments), arguments)
            return None
        done = yield from _run(tool, arguments, halted)
        results.append(ToolResult(use.use_id, done.result, done.failed))
    return results


def _run(
    tool: OfferedTool, arguments: dict[str, Any], halted: Callable[[], bool]
) -> Generator[AnswerEvent, None, ToolDone]:
    name = tool.spec.name
    yield ToolStarted(name, arguments)
    try:
        if halted():
            raise ToolFailed("The person stopped the answer before.")
        done = ToolDone(name, arguments, tool.run(arguments), failed=False)
    except ToolFailed as error:
        done = ToolDone(name, arguments, {"error": str(error)}, failed=True)
    yield done
    return done


def _with_results(prompt: Prompt, text: str, uses: list[ToolCall], results: list[ToolResult]) -> Prompt:
    asked = PromptMessage("assistant", (*((text,) if text.strip() else ()), *uses))
    return replace(prompt, messages=(*prompt.messages, asked, PromptMessage("user", tuple(results))))


def _estimate(prompt: Prompt, written: _Written) -> Spent:
    given = len(prompt.system) + sum(len(str(part)) for message in prompt.messages for part in message.content)
    return Spent(given // _CHARACTERS_A_TOKEN, len(written.text) // _CHARACTERS_A_TOKEN)
