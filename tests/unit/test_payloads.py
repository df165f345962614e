"""State machines, events, steps and samples agree on what is passed: `payloads` and `library_payloads` alone say it."""

from __future__ import annotations

import ast
import inspect
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, TypedDict, Union, get_args, get_origin, get_type_hints, is_typeddict

import pytest

from motiv8.daily_payloads import Batch, DaySummary, Part, PartSummary, PlanGroup, Planned, PlannedSoFar, ServedPart
from motiv8.entrypoints import exporter, image_worker, library_worker, worker
from motiv8.library.document import DocumentStatus
from motiv8.library_payloads import LIBRARY_ORDERS, DocumentOrder, LibraryOrder, TakenIn
from motiv8.payloads import ORDERS, DayOrder, MailFeedback, PictureStep, PortraitOrder, Scene, UploadOrder
from motiv8_tooling.operations.package import load_template

ROOT = Path(__file__).parents[2]
STEPS: dict[str, Callable[[Any], Any]] = {
    **library_worker.STEPS,
    **worker.STEPS,
    **exporter.STEPS,
    **image_worker.STEPS,
}
STARTED_WITH = ORDERS | LIBRARY_ORDERS
RESOURCES = load_template()["Resources"]
ENDS = {"groups": PlanGroup, "parts": ServedPart}
"""In which states the executions of a Map end whose answers are kept there."""
LAMBDA = "arn:aws:states:::lambda:invoke"
State = dict[str, Any]


def _states(name: str) -> dict[str, State]:
    definition: dict[str, Any] = json.loads((ROOT / "statemachines" / f"{name}.asl.json").read_text(encoding="utf-8"))
    states: dict[str, State] = definition["States"]
    return states


def _given(step: str) -> tuple[type, ...]:
    """The types that a step takes: one, or several ways to call it."""
    [parameter] = inspect.signature(STEPS[step]).parameters
    hint = get_type_hints(STEPS[step])[parameter]
    return get_args(hint) if get_origin(hint) in {Union, UnionType} else (hint,)


def _answer(step: str) -> type:
    answer: type = get_type_hints(STEPS[step])["return"]
    return answer


def _fits(keys: set[str], kind: Any) -> bool:
    return bool(kind.__required_keys__ <= keys <= kind.__required_keys__ | kind.__optional_keys__)


def _known(states: dict[str, State], order: Any) -> dict[str, Any]:
    """What the state of a machine may hold: its order, and what steps and Pass states put there, each with its type."""
    known = dict(get_type_hints(order))
    for state in states.values():
        place = (state.get("ResultPath") or "$").removeprefix("$.")
        if state["Type"] == "Pass" and "Result" in state:
            known[place] = Literal[(*get_args(known.get(place)), state["Result"])]
        if state["Type"] == "Pass" and "Parameters" in state:
            # An order is kept whole beside what the machine begins with; texts are cut out of it or named by AWS.
            known |= {"given": order, "correlation_id": str}
        if state.get("Resource") == LAMBDA and state.get("ResultPath"):
            assert state["ResultSelector"] == {"value.$": "$.Payload"}
            answer = _answer(state["Parameters"]["Payload"]["step"])
            if place in known and is_typeddict(_without_none(known[place])):
                # The type of the state says what a step put there, which is the same.
                assert get_type_hints(_without_none(known[place])) == {"value": answer}
            known[place] = {"value": answer}
        if state["Type"] == "Map" and state.get("ResultPath"):
            # A list of the states in which its executions ended.
            known[place] = list[ENDS[place]]  # type: ignore[valid-type]
    return known


def _resolve(path: str, known: Any) -> Any:
    """The type of what a path leads to."""
    if path.startswith("$$.Execution."):
        return str
    for name in path.split(".")[1:]:
        known = (known if isinstance(known, dict) else get_type_hints(known))[name]
    return known


def _agree(there: Any, wanted: Any) -> bool:
    """Whether what is there can be given where something is wanted; that there is something a Choice has made sure."""
    there, wanted = _without_none(there), _without_none(wanted)
    if is_typeddict(wanted) and isinstance(there, dict):
        hints = get_type_hints(wanted)
        return wanted.__required_keys__ <= there.keys() and all(
            _agree(there[name], hint) for name, hint in hints.items() if name in there
        )
    if get_origin(there) is Literal:
        return wanted is str or set(get_args(there)) <= set(get_args(wanted))
    return bool(there == wanted)


def _without_none(kind: Any) -> Any:
    if get_origin(kind) not in {Union, UnionType}:
        return kind
    [left] = [each for each in get_args(kind) if each is not NoneType]
    return left


LINES = {"$.batches": Batch, "$.alone": PortraitOrder}
"""What a line of an object is that a Map reads."""


def _machines(name: str) -> Iterator[tuple[dict[str, State], dict[str, Any]]]:
    """The states of a machine and of those inside its Map states, with what the state may hold there."""
    yield from _inside(_states(name), STARTED_WITH[name])


def _inside(states: dict[str, State], order: Any) -> Iterator[tuple[dict[str, State], dict[str, Any]]]:
    known = _known(states, order)
    yield states, known
    for state in states.values():
        if state["Type"] == "Map":
            yield from _inside(state["ItemProcessor"]["States"], _item(state, known))


def _item(state: State, known: dict[str, Any]) -> Any:
    if "ItemReader" in state:
        return LINES[state["ItemReader"]["Parameters"]["Key.$"]]
    [item] = get_args(_resolve(state["ItemsPath"], known))
    return item


def _lambda_tasks(name: str) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Each task's title and payload, with what the state may hold there."""
    for states, known in _machines(name):
        for title, state in states.items():
            if state.get("Resource") == LAMBDA:
                yield title, state["Parameters"]["Payload"], known


@pytest.mark.parametrize("name", list(STARTED_WITH))
def test_every_task_gives_its_step_what_the_step_takes(name: str) -> None:
    for title, payload, known in _lambda_tasks(name):
        keys = {key.removesuffix(".$") for key in payload}
        [kind] = [each for each in _given(payload["step"]) if _fits(keys, each)]
        hints = get_type_hints(kind)
        for key, value in payload.items():
            wanted = hints[key.removesuffix(".$")]
            if key.endswith(".$"):
                assert _agree(_resolve(value, known), wanted), (title, key)
            else:
                assert wanted is str or value in get_args(wanted), (title, key)


@pytest.mark.parametrize("name", list(STARTED_WITH))
def test_every_choice_asks_for_an_outcome_that_there_is(name: str) -> None:
    for states, known in _machines(name):
        for title, choice in ((title, each) for title, state in states.items() for each in state.get("Choices", ())):
            kind = _without_none(_resolve(choice["Variable"], known))
            [operator] = choice.keys() - {"Variable", "Next"}
            if operator == "StringEquals":
                assert kind is str or choice[operator] in get_args(kind), (title, choice)
            elif operator == "IsPresent":
                order: Any = STARTED_WITH[name]
                assert choice["Variable"].rpartition(".")[2] in order.__optional_keys__, (title, choice)
            else:
                assert (operator, kind) in {("NumericGreaterThan", int), ("BooleanEquals", bool)}, (title, choice)


@pytest.mark.parametrize("name", list(LIBRARY_ORDERS))
def test_what_a_machine_of_the_library_puts_together_is_what_its_steps_read(name: str) -> None:
    known = _known(_states(name), STARTED_WITH[name])
    [made] = [state["Parameters"] for state in _states(name).values() if state["Type"] == "Pass"]
    for key, value in made.items():
        place = key.removesuffix(".$")
        if isinstance(value, dict):
            assert value["value"].keys() <= get_type_hints(known[place]["value"]).keys()
        elif key == place:
            assert value in get_args(known[place])
        elif value.startswith("States."):
            assert known[place] is str
            for path in re.findall(r"\$\.[a-z_]+", value):
                assert _resolve(path, known) is str
        elif value != "$":
            assert _agree(_resolve(value, known), known[place])


class Nothing(TypedDict):
    """The state of a machine that is started with nothing."""


def test_a_map_ends_in_the_states_that_the_next_step_takes() -> None:
    """Each is the item, and what the steps put there."""
    states = _states("daily")
    planning, serving = (states[name]["ItemProcessor"]["States"] for name in ("PlanGroups", "ServeParts"))
    assert _known(planning, Nothing) == {"planned": {"value": Planned}}
    assert _known(serving, Nothing) == {"summary": {"value": DaySummary}}
    assert get_type_hints(PlanGroup)["planned"] is PlannedSoFar
    assert get_type_hints(ServedPart) == get_type_hints(Part) | {"summary": PartSummary}


def _constants(step: str) -> set[str]:
    """Every text in the modules of the pipeline that a step calls, and a document's status, which some answer with."""
    function = STEPS[step]
    called = [function.__globals__.get(name) for name in function.__code__.co_names]
    modules = {each.__module__ for each in called if getattr(each, "__module__", "").startswith("motiv8.pipeline")}
    trees = [ast.parse(inspect.getsource(sys.modules[each])) for each in (*modules, function.__module__)]
    statuses = get_args(DocumentStatus) if _answer(step) is TakenIn else ()
    return {
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }.union(statuses)


@pytest.mark.parametrize("step", [step for step in STEPS if step != "self_check"])
def test_every_outcome_can_come_from_its_step(step: str) -> None:
    for kind in get_type_hints(_answer(step)).values():
        if get_origin(kind) is Literal and _answer(step).__name__ not in {"Done", "Recorded"}:
            assert set(get_args(kind)) <= _constants(step)


@pytest.mark.parametrize("kind", ["Done", "Recorded"])
def test_an_outcome_that_several_steps_share_comes_from_one_of_them(kind: str) -> None:
    steps = [step for step in STEPS if _answer(step).__name__ == kind]
    outcomes = get_args(get_type_hints(_answer(steps[0]))["outcome"])
    assert set(outcomes) <= set().union(*(_constants(step) for step in steps))


def test_the_sample_events_are_what_the_steps_take() -> None:
    for path in (ROOT / "events").glob("*.json"):
        event = json.loads(path.read_text(encoding="utf-8"))
        if event.get("step") in STEPS:
            assert any(_fits(set(event), kind) for kind in _given(event["step"])), path.name


def _rule(name: str) -> Mapping[str, Any]:
    [target] = RESOURCES[name]["Properties"]["Targets"]
    event: Mapping[str, Any] = json.loads(re.sub(r"<[^>]+>", '"value"', target["InputTransformer"]["InputTemplate"]))
    return event


def test_the_templates_events_and_schedule_are_what_they_start() -> None:
    assert _fits(set(_rule("UploadRule")), UploadOrder)
    assert _fits(set(_rule("MailFeedbackRule")), MailFeedback)
    assert _fits(set(_rule("DocumentRule")), DocumentOrder)
    for schedule, order in (("HourlySchedule", DayOrder), ("LibrarySchedule", LibraryOrder)):
        assert _fits(set(json.loads(RESOURCES[schedule]["Properties"]["Target"]["Input"])), order)


def test_the_daily_plan_makes_scenes_and_starts_pictures_by_the_same_types() -> None:
    states = _states("daily")
    known = _known(states, ORDERS["daily"])
    assert _resolve(states["MakeScenes"]["ItemsPath"], known) == list[Scene]
    make = states["ServeParts"]["ItemProcessor"]["States"]["MakePortraits"]["ItemProcessor"]["States"]["MakePortrait"]
    # A line of the plan is the order as it stands.
    assert make["Parameters"]["Input.$"] == "$"
    assert ORDERS["portrait"] is PortraitOrder


def test_the_batch_job_is_given_a_picture() -> None:
    given = _states("portrait")["ComposeInBatch"]["Parameters"]["Parameters"]
    assert _fits({key.removesuffix(".$") for key in given} | {"step"}, PictureStep)
