"""A person who talks, and the function that would answer, which only notes what it is asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from motiv8.aws import coach

Send = Callable[..., Any]


class CoachCalls:
    """What the coach's function was called with; it is not there while `broken`."""

    def __init__(self) -> None:
        self.orders: list[dict[str, Any]] = []
        self.broken = False

    def invoke(self, **call: Any) -> dict[str, Any]:
        if self.broken:
            raise EndpointConnectionError(endpoint_url="https://lambda.example")
        assert (call["FunctionName"], call["InvocationType"]) == ("coach-test", "Event")
        self.orders.append(json.loads(call["Payload"]))
        return {"StatusCode": 202}


@pytest.fixture
def coach_calls(monkeypatch: pytest.MonkeyPatch) -> CoachCalls:
    """The coach's function."""
    calls = CoachCalls()
    monkeypatch.setattr(coach, "coach_function", lambda: calls)
    return calls


@pytest.fixture
def send(call: Send, make_user: Callable[..., Any], coach_calls: CoachCalls) -> Send:  # noqa: ARG001 - it is called
    """Send a request as the person user-1."""
    make_user()
    return lambda method, path, body=None, **more: call(method, path, body, **({"user": "user-1"} | more))
