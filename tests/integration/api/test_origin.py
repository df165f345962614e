"""Which way requests come where CloudFront is the only one: each value of the secret, and its change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from motiv8.api import origin
from motiv8.aws import clients
from motiv8.entrypoints import deployment_check
from motiv8.settings import settings

Call = Callable[..., Any]


@pytest.fixture
def secret(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The id of the secret that the stack requires; its first value is `one`."""
    made = clients.secrets_manager().create_secret(Name="origin-test", SecretString="one")["ARN"]
    monkeypatch.setenv("MOTIV8_ORIGIN_SECRET_ARN", made)
    settings.cache_clear()
    origin.origin.cache_clear()
    yield made
    origin.origin.cache_clear()


def _status(call: Call, value: str | None, path: str = "/v1/modes") -> int:
    return int(call("GET", path, headers={origin.HEADER: value} if value else {}).status)


@pytest.mark.usefixtures("secret")
def test_cloudfronts_requests_are_answered(call: Call) -> None:
    assert _status(call, "one") == 200


@pytest.mark.usefixtures("secret")
@pytest.mark.parametrize("value", [None, "two", "onë"])
@pytest.mark.parametrize("path", ["/v1/modes", "/health/ready", "/docs", "/v1/unknown"])
def test_any_other_is_refused_before_anything_else(call: Call, value: str | None, path: str) -> None:
    answer = call("GET", path, headers={origin.HEADER: value} if value else {})
    assert (answer.status, answer.headers["Content-Type"]) == (403, "application/problem+json")
    assert answer.json["type"] == "urn:motiv8:problem:forbidden"


@pytest.mark.usefixtures("secret")
def test_whether_the_function_lives_is_told_to_anybody(call: Call) -> None:
    assert _status(call, None, "/health") == 200


def test_without_a_secret_nothing_is_asked_for(call: Call) -> None:
    assert _status(call, None) == 200


def test_a_change_of_the_secret_refuses_nobody(call: Call, secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _status(call, "one") == 200
    clients.secrets_manager().put_secret_value(SecretId=secret, SecretString="two")
    # CloudFront sends the old value until it is told of the new one.
    assert _status(call, "one") == 200
    monkeypatch.setattr(origin, "_SECONDS_BETWEEN_READINGS", 0.0)
    assert _status(call, "two") == 200
    assert _status(call, "one") == 200
    clients.secrets_manager().put_secret_value(SecretId=secret, SecretString="three")
    origin.origin.cache_clear()
    assert _status(call, "one") == 403


def test_wrong_values_make_nobody_read_the_secret_over_and_over() -> None:
    now, readings = [0.0], []

    def read() -> tuple[str, ...]:
        readings.append(now[0])
        return ("one",)

    one = origin.Origin(read, lambda: now[0])
    for second in range(100):
        now[0] = float(second)
        assert not one.accepts(f"guess-{second}")
    assert readings == [0.0, 30.0, 60.0, 90.0]


@pytest.mark.usefixtures("secret")
def test_the_check_after_a_deployment_comes_in_as_cloudfront_does(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[dict[str, Any]] = []

    def call(_: str, event: dict[str, Any]) -> dict[str, Any]:
        sent.append(event)
        return {}

    monkeypatch.setattr(deployment_check, "_calls", call)
    monkeypatch.setattr(deployment_check, "code_deploy", lambda: _Hooks())
    event = {"DeploymentId": "d", "LifecycleEventHookExecutionId": "h"}
    deployment_check.handler.__wrapped__(event, None)  # type: ignore[attr-defined]  # without Lambda's context
    assert sent[0]["headers"] == {origin.HEADER: "one"}


class _Hooks:
    def get_deployment(self, **_: Any) -> dict[str, Any]:
        """Of the API's function."""
        return {"deploymentInfo": {"deploymentGroupName": "motiv8-dev-ApiHandlerFunctionDeploymentGroup-1"}}

    def put_lifecycle_event_hook_execution_status(self, **_: Any) -> None:
        """Take the word."""
