"""The actions that roles are given are ones that IAM knows, on resources that they are checked against.

By the service authorization reference, as cfn-lint ships it.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from motiv8_tooling.operations.package import load_template

ACTIONS = json.loads((files("cfnlint") / "data" / "AdditionalSpecs" / "Policies.json").read_text(encoding="utf-8"))
OTHER_NAMES = Path(__file__).parents[2] / "tools" / "checks" / "iam_actions.toml"


def _known(action: str) -> dict[str, Any] | None:
    service, _, name = action.partition(":")
    found: dict[str, Any] | None = ACTIONS[service]["Actions"].get(name.lower())
    return found


def _given() -> Iterator[tuple[str, str]]:
    for name, resource in load_template()["Resources"].items():
        for policy in resource.get("Properties", {}).get("Policies", ()):
            document = policy.get("PolicyDocument", policy) if isinstance(policy, dict) else {}
            for given in document.get("Statement", ()):
                statement = given["Fn::If"][1] if "Fn::If" in given else given
                actions = statement["Action"]
                yield from ((name, each) for each in ([actions] if isinstance(actions, str) else actions))


def test_every_action_of_a_role_is_one_that_iam_knows() -> None:
    given = list(_given())
    assert len(given) > 60
    assert [(name, action) for name, action in given if _known(action) is None] == []


def test_operations_are_said_to_need_actions_that_iam_knows_each_with_its_source() -> None:
    table = tomllib.loads(OTHER_NAMES.read_text(encoding="utf-8"))
    for operation, needed in table.items():
        assert needed["source"].startswith("https://"), operation
        assert all(_known(action) is not None for action in needed["actions"]), operation


def test_sending_a_whole_message_is_checked_against_identity_and_configuration_set() -> None:
    sending = _known("ses:SendRawEmail")
    assert sending is not None
    assert set(sending["Resources"]) == {"identity", "configuration-set"}
