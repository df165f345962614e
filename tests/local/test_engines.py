"""Engines in the deployed functions, on the embedded AWS."""

from __future__ import annotations

import json

from motiv8_tooling.local.local_stack import LocalStack
from motiv8_tooling.local.provisioning import client


def test_an_answer_of_bedrock_without_a_picture_leaves_the_drawn_scene(stack: LocalStack) -> None:
    # The embedded AWS's Bedrock answers with words alone: a real call, and a real way out.
    event = {"step": "make_scene", "date": "2026-11-20", "mode": "bold", "theme": "light", "format": "square"}
    functions = client("lambda", stack.emulator)
    answers = []
    for _ in range(2):
        said = functions.invoke(
            FunctionName="motiv8-studio-local",
            Payload=json.dumps(event | {"engine": "bedrock", "correlation_id": "scene-by-bedrock"}),
        )
        answers.append(json.loads(said["Payload"].read()))
    assert answers == [{"made": True}, {"made": False}]
    logged = client("logs", stack.emulator).filter_log_events(logGroupName="/aws/lambda/motiv8-studio-local")["events"]
    messages = [each["message"] for each in logged]
    assert any("the model answered without a picture" in each for each in messages)
    assert any("EngineFallbacks" in each for each in messages)
