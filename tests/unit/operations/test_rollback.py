"""Which image a rollback goes back to, seen from what serves."""

from __future__ import annotations

import pytest

from motiv8_tooling.operations.aliases import Live
from motiv8_tooling.operations.artifacts import Deployment
from motiv8_tooling.operations.errors import OperationError
from motiv8_tooling.operations.rollback import previous

RED, GREEN = Deployment("1", "deploy", "red", "r1"), Deployment("2", "deploy", "green", "r2")


def _before(history: list[Deployment], release: str, *, in_flight: bool = False) -> str:
    return previous(history, Live({"api-handler": "7"}, release, shifting=in_flight), "dev", in_flight=in_flight)


def test_it_is_the_one_before_what_serves() -> None:
    assert _before([RED, GREEN], "r2") == "red"


def test_a_deployment_that_serves_and_never_got_on_record_is_left_for_the_last_one_that_did() -> None:
    assert _before([RED, GREEN], "r3") == "green"


def test_a_deployment_in_flight_is_left_for_what_serves_beside_it() -> None:
    assert _before([RED, GREEN], "r2", in_flight=True) == "green"


@pytest.mark.parametrize("history", [[], [RED]])
def test_without_an_earlier_one_a_tag_is_asked_for(history: list[Deployment]) -> None:
    with pytest.raises(OperationError, match="name a tag"):
        _before(history, "r1")
