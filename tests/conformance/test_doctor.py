"""What `motiv8 doctor` and the state machines name is what AWS names so."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import botocore.session
import pytest

from motiv8_tooling.operations.doctor import PERMISSIONS
from motiv8_tooling.operations.environment import SERVICES
from motiv8_tooling.operations.quotas import CONCURRENCY, MAIL_RATE, MAILS_A_DAY, QUOTAS, ServiceQuota

SESSION = botocore.session.get_session()
# AWS's own list of IAM actions, as cfn-lint ships it.
ACTIONS = json.loads((files("cfnlint") / "data/AdditionalSpecs/Policies.json").read_text(encoding="utf-8"))
# IAM names some services otherwise than the SDK does.
SDK_NAMES = {"ses": "sesv2", "servicequotas": "service-quotas"}
DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("operation", PERMISSIONS)
def test_a_permission_that_is_asked_for_is_one_of_iams_and_allows_that_call(operation: str) -> None:
    service, action = PERMISSIONS[operation].split(":")
    assert action.lower() in {each.lower() for each in ACTIONS[service]["Actions"]}
    assert operation in SESSION.get_service_model(SDK_NAMES.get(service, service)).operation_names


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_that_a_region_must_have_is_one_whose_regions_are_known(service: str) -> None:
    assert "us-east-1" in SESSION.get_available_regions(service)


def test_lambda_has_the_error_that_the_machines_wait_for() -> None:
    """Step Functions puts `Lambda.` before it; its guide: dg/bp-lambda-serviceexception.html"""
    errors = SESSION.get_service_model("lambda").operation_model("Invoke").error_shapes
    assert "TooManyRequestsException" in {each.name for each in errors}


def test_service_quotas_answers_as_it_is_read() -> None:
    model = SESSION.get_service_model("service-quotas").operation_model("GetServiceQuota")
    assert "NoSuchResourceException" in {each.name for each in model.error_shapes}


@pytest.mark.parametrize("quota", [CONCURRENCY, MAIL_RATE, MAILS_A_DAY, *QUOTAS], ids=lambda quota: quota.code)
def test_each_quota_that_is_read_is_explained(quota: ServiceQuota) -> None:
    assert f"`{quota.code}`" in (DOCS / "launch-quotas.md").read_text(encoding="utf-8")
