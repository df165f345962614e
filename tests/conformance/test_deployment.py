"""What the deployment takes for granted of CloudFormation, held to registry schemas and the SDK's service models."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import boto3
import pytest
from cfnlint.config import ConfigMixIn
from cfnlint.runner import Runner
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

from motiv8_tooling.operations.environment import check_region, sdk_session
from motiv8_tooling.operations.errors import OperationError
from motiv8_tooling.operations.package import IMPORTABLE, load_template

PROJECT = Path(__file__).parents[2]
TYPES = {each["Type"] for each in load_template()["Resources"].values()}
# CloudFormation knows it in few regions, so it leaves the template where no budget is asked for.
SOMEWHERE = {"AWS::Budgets::Budget"}


def _schema(kind: str) -> dict[str, Any]:
    found: dict[str, Any] = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema
    return found


def test_cfn_lint_finds_nothing() -> None:
    files = [PROJECT / "template.yaml", *(PROJECT / "infra").glob("*.yaml")]
    assert list(Runner(ConfigMixIn([str(file) for file in files])).run()) == []


@pytest.mark.parametrize(("kind", "name"), IMPORTABLE.items())
def test_what_is_taken_over_is_identified_by_its_name_alone(kind: str, name: str) -> None:
    # "The primary ID for the resource type must be in the template. Primary IDs with read only properties aren't
    # supported." (CloudFormation User Guide, Import AWS resources into a CloudFormation stack automatically)
    assert _schema(kind)["primaryIdentifier"] == [f"/properties/{name}"]
    assert f"/properties/{name}" not in _schema(kind).get("readOnlyProperties", [])
    assert "read" in _schema(kind)["handlers"]


@pytest.mark.parametrize("kind", ["AWS::Cognito::UserPool", "AWS::KMS::Key", "AWS::SecretsManager::Secret"])
def test_what_is_not_has_an_identifier_of_awss_making(kind: str) -> None:
    assert set(_schema(kind)["primaryIdentifier"]) <= set(_schema(kind)["readOnlyProperties"])


def test_whatever_is_kept_is_either_taken_over_or_asked_about() -> None:
    kept = {
        e["Type"] for e in load_template()["Resources"].values() if e.get("DeletionPolicy") == "RetainExceptOnCreate"
    }
    asked = {"AWS::Cognito::UserPool", "AWS::KMS::Key", "AWS::SecretsManager::Secret"}
    # The pool's trigger goes with it.
    asked |= {"AWS::IAM::Role", "AWS::Lambda::Function", "AWS::Lambda::Permission"}
    # DNS records that are in the way are named by the failure's line, and are to be had by hand.
    assert kept <= set(IMPORTABLE) | asked | {"AWS::Route53::RecordSetGroup"}


def test_the_sdk_knows_what_a_deployment_asks_of_cloudformation() -> None:
    model: Any = boto3.client("cloudformation", region_name="us-east-1").meta.service_model
    for operation, word in (
        ("CreateChangeSet", "ImportExistingResources"),
        ("UpdateTerminationProtection", "EnableTerminationProtection"),
        ("CancelUpdateStack", "StackName"),
    ):
        assert word in model.operation_model(operation).input_shape.members
    assert model.shape_for("Replacement").enum == ["True", "False", "Conditional"]


@pytest.mark.parametrize("region", sdk_session().get_available_regions("lambda"))
def test_a_region_passes_the_check_when_cloudformation_has_all_the_templates_types_there(region: str) -> None:
    there = set(PROVIDER_SCHEMA_MANAGER.get_resource_types(region))
    missing = {each for each in TYPES - there - SOMEWHERE if not each.startswith("AWS::Serverless::")}
    if not missing:
        check_region(region)
        return
    assert {each.split("::")[1] for each in missing} == {"SES"}
    with pytest.raises(OperationError, match="has no SES"):
        check_region(region)
