"""What SAM made of a template is kept, and is what SAM makes of it."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
from ministack.services.cloudformation import engine
from samtranslator.swagger import swagger

from motiv8_tooling.local import embedded_aws
from motiv8_tooling.local.provisioning import local_template

TEMPLATE = {
    "Transform": "AWS::Serverless-2016-10-31",
    "Resources": {
        "Machine": {
            "Type": "AWS::Serverless::StateMachine",
            "Properties": {"Definition": {"StartAt": "End", "States": {"End": {"Type": "Succeed"}}}},
        }
    },
}


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for what is kept; SAM's own way of copying is back after the test."""
    monkeypatch.setattr(swagger, "_deepcopy", copy.deepcopy)
    monkeypatch.setattr(embedded_aws, "TRANSFORMED", tmp_path / "transformed")
    return tmp_path / "transformed"


def test_it_is_made_once_and_is_the_same_from_then_on(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: Any = engine._apply_transforms(copy.deepcopy(TEMPLATE), {}, {})
    assert made["Resources"]["Machine"]["Type"] == "AWS::StepFunctions::StateMachine"
    assert embedded_aws._transformed(copy.deepcopy(TEMPLATE), {}, {}) == made
    monkeypatch.setattr(engine, "_apply_transforms", None)
    assert embedded_aws._transformed(copy.deepcopy(TEMPLATE), {"Another": "parameter"}, {}) == made
    assert len(list(kept.iterdir())) == 1


@pytest.mark.usefixtures("kept")
def test_without_sams_copies_the_name_of_the_apis_deployment_alone_is_another() -> None:
    template = local_template()

    def without_digests(made: Any) -> str:
        return re.sub(r"[0-9a-f]{40}|(?<=ApiDeployment)[0-9a-f]{10}", "", json.dumps(made, sort_keys=True))

    made = engine._apply_transforms(copy.deepcopy(template), {}, {})
    assert without_digests(embedded_aws._transformed(copy.deepcopy(template), {}, {})) == without_digests(made)


def test_a_template_that_differs_is_made_anew(kept: Path) -> None:
    for name in ("One", "Another"):
        resources = {name: TEMPLATE["Resources"]["Machine"]}  # type: ignore[index]
        assert name in embedded_aws._transformed(TEMPLATE | {"Resources": resources}, {}, {})["Resources"]
    assert len(list(kept.iterdir())) == 2


def test_what_cannot_be_made_is_not_kept(kept: Path) -> None:
    broken = {"Resources": {"Broken": {"Type": "AWS::Serverless::Function"}}}
    with pytest.raises(Exception, match="Broken"):
        embedded_aws._transformed(TEMPLATE | broken, {}, {})
    assert not kept.exists()


def test_the_oldest_make_room(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded_aws, "_KEPT", 2)
    for number in range(4):
        embedded_aws._keep(kept / f"{number}.json", "{}")
    assert len(list(kept.iterdir())) == 2
    assert (kept / "3.json").exists()
