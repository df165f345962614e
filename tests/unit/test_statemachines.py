"""The definitions of the state machines: whole, reachable, and with nothing that can fail unseen."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from motiv8.entrypoints import batch_job, exporter, image_worker, library_worker, worker
from motiv8.pipeline import export_account, serve_batch
from motiv8.portraits.picture import MOST_ATTEMPTS
from motiv8.telemetry import logger
from motiv8_tooling.local.provisioning import local_template

FOLDER = Path(__file__).parents[2] / "statemachines"
MACHINES = ("selfie", "portrait", "daily", "export", "delete", "document", "library")


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
    for state in _tasks(name):
        for retry in _retried(state):
            assert retry["BackoffRate"] > 1
            assert retry["JitterStrategy"] == "FULL"
        if "lambda" in state["Resource"]:
            # Archives and documents have all the time that Lambda gives; nothing else may take long.
            assert state["TimeoutSeconds"] <= (900 if name in {"export", "document", "library"} else 300)


@pytest.mark.parametrize("name", MACHINES)
def test_a_call_that_lambda_throttles_is_tried_for_minutes_and_any_other_error_for_seconds(name: str) -> None:
    """The error's name: https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html"""
    for state in _tasks(name):
        if "lambda" not in state["Resource"] or state["Parameters"]["Payload"]["step"] == "serve_batch":
            continue
        throttled, other = _retried(state)
        assert throttled["ErrorEquals"] == ["Lambda.TooManyRequestsException"]
        # Full jitter waits between nothing and each delay: half of the sum on average.
        assert sum(_delays(throttled)) / 2 >= 10 * 60
        # A run an hour later tries again what is still due, so that this one must have given up by then.
        assert sum(_delays(throttled)) <= 50 * 60
        assert other["ErrorEquals"] == ["States.ALL"]
        assert sum(_delays(other)) <= 120


@pytest.mark.parametrize("name", ["selfie", "portrait"])
def test_a_photo_that_takes_too_long_or_breaks_the_function_is_not_tried_again(name: str) -> None:
    """As Lambda tells it: docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html"""
    first = _definition(name)["States"]["ExtractFace"]["Retry"][0]
    assert {"States.Timeout", "Sandbox.Timedout", "Lambda.Unknown", "Runtime.ExitError"} == set(first["ErrorEquals"])
    assert first["MaxAttempts"] == 0


def test_a_picture_waits_while_another_run_takes_the_face_out_of_its_photo() -> None:
    states = _definition("portrait")["States"]
    choices = states["IsThereAFace"]["Choices"]
    assert {"Variable": "$.extract.value.outcome", "StringEquals": "running", "Next": "AwaitFace"} in choices
    assert states["AwaitFace"]["Type"] == "Wait"
    assert states["AwaitFace"]["Next"] == "ExtractFace"


@pytest.mark.parametrize("name", ["selfie", "portrait"])
def test_an_extraction_says_which_execution_it_is_a_part_of(name: str) -> None:
    for state in _tasks(name):
        payload = state["Parameters"].get("Payload", {})
        if payload.get("step") in {"extract_face", "record_selfie_failure"}:
            assert payload["run.$"] == "$$.Execution.Name"


def _retried(state: dict[str, Any]) -> list[dict[str, Any]]:
    return [retry for retry in state["Retry"] if retry.get("MaxAttempts") != 0]


def _tasks(name: str) -> list[dict[str, Any]]:
    machines = _machines(_definition(name))
    return [state for machine in machines for state in machine["States"].values() if state["Type"] == "Task"]


def _delays(retry: dict[str, Any]) -> list[float]:
    """The longest wait before each attempt, in seconds."""
    waits = [retry["IntervalSeconds"] * retry["BackoffRate"] ** attempt for attempt in range(retry["MaxAttempts"])]
    return [min(wait, retry.get("MaxDelaySeconds", wait)) for wait in waits]


@pytest.mark.parametrize("name", ["selfie", "portrait", "export"])
def test_what_breaks_is_recorded(name: str) -> None:
    states = _definition(name)["States"]
    for title, state in states.items():
        if state["Type"] == "Task" and not title.startswith("Record") and title != "Deliver":
            reached = state["Catch"][0]["Next"]
            while states[reached]["Type"] != "Task" or reached == "Compose":
                # A job that failed is made good by Compose, whose own failure is recorded.
                step = states[reached]
                reached = step["Catch"][0]["Next"] if step["Type"] == "Task" else next(iter(_targets(step)))
            assert reached.startswith("Record")


def test_what_is_not_made_for_a_person_under_deletion_ends_the_machine() -> None:
    """`skip` of load_portrait and `gone` of compose are no failure; `stale` of extract_face is told as no photo."""
    states = _definition("portrait")["States"]
    named = {each.get("StringEquals") for state in states.values() for each in state.get("Choices", ())}
    assert not named & {"skip", "gone", "stale"}
    assert states["WhatToDo"]["Default"] == states["IsItReady"]["Default"] == "Done"
    assert states["IsThereAFace"]["Default"] == "NoSelfie"


def test_a_deletion_that_failed_can_be_redriven() -> None:
    """A redrive enters a Fail state again: docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html"""
    for state in _definition("delete")["States"].values():
        assert state["Type"] in {"Task", "Wait"}
        assert "Catch" not in state


def test_the_steps_that_are_asked_for_are_those_that_there_are() -> None:
    asked: dict[str, set[str]] = {
        f"${{{each}FunctionArn}}": set() for each in ("Courier", "Export", "LibraryWorker", "Studio")
    }
    for name in MACHINES:
        for machine in _machines(_definition(name)):
            for state in machine["States"].values():
                if state.get("Resource") == "arn:aws:states:::lambda:invoke":
                    parameters = state["Parameters"]
                    asked[parameters["FunctionName"]].add(parameters["Payload"]["step"])
    # Deployments ask for the one, and a rule of the mails for the other.
    expected = {
        name: set(steps) - {"self_check", "mail_feedback"}
        for name, steps in {
            "Courier": worker.STEPS,
            "Export": exporter.STEPS,
            "LibraryWorker": library_worker.STEPS,
            "Studio": image_worker.STEPS,
        }.items()
    }
    assert asked == {f"${{{name}FunctionArn}}": steps for name, steps in expected.items()}


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


def _serving() -> dict[str, Any]:
    states: dict[str, Any] = _definition("daily")["States"]["ServeParts"]["ItemProcessor"]["States"]
    return states


def test_a_batch_is_one_call_of_an_express_execution_which_has_five_minutes() -> None:
    """docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html"""
    batches = _serving()["ServeBatches"]
    processor = batches["ItemProcessor"]
    assert processor["ProcessorConfig"] == {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}
    call = processor["States"]["ServeBatch"]
    throttled, other = call["Retry"]
    assert throttled["ErrorEquals"] == ["Lambda.TooManyRequestsException"]
    # Half of the delays on average, and a call that goes through all of its batch.
    assert sum(_delays(throttled)) / 2 + serve_batch.SECONDS <= 300
    assert other["ErrorEquals"] == ["States.ALL"]
    # Whoever ends the process that makes their picture is given up by the last call, which serves the others.
    assert other["MaxAttempts"] == MOST_ATTEMPTS
    assert sum(_delays(other)) <= 30


def test_one_part_or_batch_that_fails_ends_no_other() -> None:
    serving = _serving()
    for name in ("ServeBatches", "MakePortraits"):
        assert serving[name]["ToleratedFailurePercentage"] == 100
        assert serving[name]["Catch"] == [
            {"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": serving[name]["Next"]}
        ]
        # Without one the answers of all executions would have to fit into the state, 256 KB.
        assert serving[name]["ResultWriter"]["Parameters"]["Prefix"] == "plans/results"


def test_both_ways_to_a_picture_use_the_same_steps() -> None:
    make = _serving()["MakePortraits"]["ItemProcessor"]["States"]["MakePortrait"]
    assert make["Resource"] == "arn:aws:states:::states:startExecution.sync:2"
    assert make["Parameters"]["StateMachineArn"] == "${PortraitStateMachineArn}"


def test_the_diffusion_engine_runs_in_batch_and_any_other_in_lambda() -> None:
    states = _definition("portrait")["States"]
    choice = states["WhichEngine"]
    assert choice["Choices"] == [
        {"Variable": "$.load.value.engine", "StringEquals": "diffusion", "Next": "ComposeInBatch"}
    ]
    assert choice["Default"] == "Compose"
    job = states["ComposeInBatch"]
    assert job["Resource"] == "arn:aws:states:::batch:submitJob.sync"
    # Done or failed, Compose goes on: it finds the picture made, or makes it itself.
    assert {job["Next"], job["Catch"][0]["Next"]} == {"Compose"}


def test_the_job_is_given_the_words_that_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    command = local_template()["Resources"]["BatchJob"]["Properties"]["ContainerProperties"]["Command"]
    given = _definition("portrait")["States"]["ComposeInBatch"]["Parameters"]["Parameters"]
    assert [word.removeprefix("Ref::") for word in command[2:]] == [name.removesuffix(".$") for name in given]
    assert command[0] == "job"  # which infra/studio-entrypoint.sh takes for Batch
    composed: list[tuple[str, str]] = []

    def compose(user_id: str, portrait_id: str, _: object) -> dict[str, str]:
        composed.append((user_id, portrait_id))
        return {"outcome": "ready"}

    monkeypatch.setattr(batch_job, "compose", compose)
    assert batch_job.main([command[1], "u1", "p1", "c1"]) == 0
    assert composed == [("u1", "p1")]
    assert logger.get_correlation_id() == "c1"


def test_an_archive_is_given_up_when_its_function_is_and_not_before() -> None:
    function = local_template()["Resources"]["ExportFunction"]["Properties"]
    export = _definition("export")["States"]["Export"]
    assert export["Parameters"]["FunctionName"] == "${ExportFunctionArn}"
    # Given up earlier, a second one would start beside the first.
    assert export["TimeoutSeconds"] == function["Timeout"] == 900


def test_ten_years_of_daily_pictures_are_read_in_a_third_of_that_time() -> None:
    """100 to 200 ms to the first byte: docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html"""
    pictures = 10 * 366
    assert pictures * 0.2 / export_account.PICTURES_AT_ONCE < 900 / 3
