"""The definitions of the state machines: whole, reachable, and with nothing that can fail unseen."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from motiv8.local.deploy import local_template
from motiv8.pipeline import courier, studio

FOLDER = Path(__file__).parents[2] / "statemachines"
MACHINES = ("selfie", "portrait", "daily")


def _definition(name: str) -> dict[str, Any]:
    definition: dict[str, Any] = json.loads((FOLDER / f"{name}.asl.json").read_text())
    return definition


def _machines(definition: dict[str, Any]) -> list[dict[str, Any]]:
    """The machine and those inside its Map states."""
    inner = [each["ItemProcessor"] for each in definition["States"].values() if each["Type"] == "Map"]
    return [definition, *(found for each in inner for found in _machines(each))]


def _targets(state: dict[str, Any]) -> set[str]:
    choices = [each["Next"] for each in state.get("Choices", ())]
    caught = [each["Next"] for each in state.get("Catch", ())]
    return {*choices, *caught, *(state[key] for key in ("Next", "Default") if key in state)}


@pytest.mark.parametrize("name", MACHINES)
def test_every_state_is_reached_and_every_target_is_there(name: str) -> None:
    for machine in _machines(_definition(name)):
        states = machine["States"]
        targets = {machine["StartAt"]}.union(*(_targets(state) for state in states.values()))
        assert targets == set(states)


@pytest.mark.parametrize("name", MACHINES)
def test_every_state_ends_or_goes_on(name: str) -> None:
    for machine in _machines(_definition(name)):
        for state in machine["States"].values():
            final = state["Type"] in {"Succeed", "Fail"} or state.get("End") is True
            assert final != ("Next" in state or "Choices" in state)


@pytest.mark.parametrize("name", MACHINES)
def test_every_task_is_retried_with_backoff_and_jitter(name: str) -> None:
    for machine in _machines(_definition(name)):
        for state in machine["States"].values():
            if state["Type"] == "Task":
                [retry] = state["Retry"]
                assert retry["BackoffRate"] > 1
                assert retry["JitterStrategy"] == "FULL"
                if "lambda" in state["Resource"]:
                    assert state["TimeoutSeconds"] <= 300


@pytest.mark.parametrize("name", ["selfie", "portrait"])
def test_what_breaks_is_recorded(name: str) -> None:
    states = _definition(name)["States"]
    for title, state in states.items():
        if state["Type"] == "Task" and not title.startswith("Record") and title != "Deliver":
            reached = state["Catch"][0]["Next"]
            while states[reached]["Type"] != "Task":
                reached = next(iter(_targets(states[reached])))
            assert reached.startswith("Record")


def test_the_steps_that_are_asked_for_are_those_that_there_are() -> None:
    asked: dict[str, set[str]] = {"${CourierFunctionArn}": set(), "${StudioFunctionArn}": set()}
    for name in MACHINES:
        for machine in _machines(_definition(name)):
            for state in machine["States"].values():
                if state.get("Resource") == "arn:aws:states:::lambda:invoke":
                    parameters = state["Parameters"]
                    asked[parameters["FunctionName"]].add(parameters["Payload"]["step"])
    assert asked == {"${CourierFunctionArn}": set(courier.STEPS), "${StudioFunctionArn}": set(studio.STEPS)}


def test_every_step_is_given_a_correlation_id() -> None:
    for name in MACHINES:
        for machine in _machines(_definition(name)):
            for state in machine["States"].values():
                if state.get("Resource") == "arn:aws:states:::lambda:invoke":
                    assert "correlation_id.$" in state["Parameters"]["Payload"]


@pytest.mark.parametrize("name", MACHINES)
def test_the_template_fills_in_every_placeholder(name: str) -> None:
    placeholders = set(re.findall(r"\$\{(\w+)}", (FOLDER / f"{name}.asl.json").read_text()))
    machine = local_template()["Resources"][f"{name.title()}StateMachine"]["Properties"]
    assert set(machine["DefinitionSubstitutions"]) == placeholders


def test_both_ways_to_a_picture_use_the_same_steps() -> None:
    make = _definition("daily")["States"]["MakePortraits"]["ItemProcessor"]["States"]["MakePortrait"]
    assert make["Resource"] == "arn:aws:states:::states:startExecution.sync:2"
    assert make["Parameters"]["StateMachineArn"] == "${PortraitStateMachineArn}"
