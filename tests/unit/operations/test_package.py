"""The document that is deployed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import ClassVar

import pytest
from samtranslator.translator.logical_id_generator import LogicalIdGenerator

from motiv8_tooling.operations.errors import OperationError
from motiv8_tooling.operations.package import (
    IMPORTABLE,
    at_once,
    attempt,
    base_of,
    literal_names,
    load_template,
    package,
    release,
    settled,
)

TEMPLATE = load_template()


def test_it_holds_the_state_machines_and_fits_what_cloudformation_takes() -> None:
    whole = package()
    for name in ("Selfie", "Portrait", "Daily"):
        properties = whole["Resources"][f"{name}StateMachine"]["Properties"]
        assert "DefinitionUri" not in properties
        assert properties["Definition"]["StartAt"]
    assert len(json.dumps(whole)) < 1_000_000


def test_it_says_which_parameters_it_was_deployed_with() -> None:
    made = settled(package(), {"ImageTag": "abc", "DailyQuota": "9"})
    assert made["Parameters"]["ImageTag"]["Default"] == "abc"
    assert made["Parameters"]["DailyQuota"]["Default"] == "9"


def test_its_sender_is_named_by_a_literal_so_that_one_that_is_there_can_be_taken_over() -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources-automatically.html"""

    def sender(given: dict[str, str]) -> object:
        return settled(package(), given)["Resources"]["SenderIdentity"]["Properties"]["EmailIdentity"]

    address = {"SenderAddress": "a@example.com"}
    assert sender(address) == "a@example.com"
    assert sender(address | {"SenderDomain": "example.com"}) == "example.com"


def test_a_budget_that_nobody_asks_for_leaves_the_template_since_many_regions_know_none() -> None:
    assert "Budget" not in settled(package(), {})["Resources"]
    assert "Budget" not in settled(package(), {"MonthlyBudget": "0"})["Resources"]
    assert "Budget" in settled(package(), {"MonthlyBudget": "50"})["Resources"]


def test_a_parameter_that_it_does_not_have_is_refused() -> None:
    with pytest.raises(OperationError, match="no parameter Colour; it has EnvironmentName"):
        settled(package(), {"Colour": "red"})


def test_a_release_changes_with_image_parameters_and_template_and_not_by_itself() -> None:
    template, given = package(), {"ImageTag": "abc", "DailyQuota": "5"}
    same = release(template, given | {"Release": "whatever"})
    assert release(template, given) == same
    assert len(same) == 10
    others = [
        release(template, given | {"ImageTag": "abd"}),
        release(template, given | {"DailyQuota": "6"}),
        release(template | {"Description": "another"}, given),
    ]
    assert len({same, *others}) == 4


def test_the_release_does_not_depend_on_what_an_earlier_deployment_left_in_the_defaults() -> None:
    given = {"ImageTag": "abc"}
    assert release(settled(package(), {"ImageTag": "old"}), given) == release(settled(package(), {}), given)


def test_a_new_base_leaves_the_functions_as_they_are_deployed() -> None:
    deployed, new = package(), package()
    deployed["Resources"]["StudioFunction"]["Properties"]["MemorySize"] = 1
    new["Resources"]["Extra"] = {"Type": "AWS::ECR::Repository", "Properties": {}}
    new["Resources"]["ExtraFunction"] = {"Type": "AWS::Serverless::Function", "Condition": "DeployFunctions"}
    new["Resources"]["ExtraJob"] = {"Type": "AWS::Batch::JobQueue", "Condition": "RunsBatch"}
    merged = base_of(new, deployed)["Resources"]
    assert "Extra" in merged
    assert "ExtraFunction" not in merged
    assert "ExtraJob" not in merged
    assert merged["StudioFunction"]["Properties"]["MemorySize"] == 1


def test_a_new_base_leaves_the_user_pool_as_it_is_with_the_trigger_that_it_names() -> None:
    deployed, new = package(), package()
    deployed["Resources"]["UserPool"]["Properties"] = {"UserPoolName": "as deployed, before there was a trigger"}
    merged = base_of(new, deployed)["Resources"]
    assert merged["UserPool"] == deployed["Resources"]["UserPool"]
    # Taken out of the template it would be taken out of the stack.
    assert set(merged) == set(new["Resources"])


@pytest.mark.parametrize(
    ("text", "said"), [("a: [", "not valid YAML"), ("just words", "not a template"), ("a: 1", "not a template")]
)
def test_a_file_that_is_no_template_is_refused(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(text)
    with pytest.raises(OperationError, match=said):
        load_template(path)
    with pytest.raises(OperationError, match="No such file"):
        load_template(tmp_path / "absent.yaml")


class TestAttempts:
    def test_what_the_stack_has_already_is_not_published_again(self) -> None:
        present = attempt("0123456789", "", again=False)
        assert attempt("0123456789", present, again=False) == present

    def test_the_same_content_after_another_is_a_new_attempt(self) -> None:
        # A rolled-back update leaves its version behind, and the stack with the release of before.
        tried = {attempt("0123456789", "00009876543210", again=False) for _ in range(20)}
        assert len(tried) > 15

    def test_aliases_that_were_moved_are_served_anew(self) -> None:
        present = attempt("0123456789", "", again=False)
        assert len({attempt("0123456789", present, again=True) for _ in range(20)} - {present}) > 15

    def test_sam_names_the_version_by_what_differs(self) -> None:
        # SAM takes the first ten characters (samtranslator, LogicalIdGenerator.HASH_LENGTH).
        first, second = (attempt("0123456789", "", again=True) for _ in range(2))
        assert LogicalIdGenerator.HASH_LENGTH == 10
        assert (first[4:], second[4:]) == ("0123456789", "0123456789")
        assert re.fullmatch(TEMPLATE["Parameters"]["Release"]["AllowedPattern"], first)


class TestNames:
    VALUES: ClassVar = {"EnvironmentName": "dev", "AWS::AccountId": "111122223333", "AWS::Region": "eu-central-1"}

    def test_what_can_be_taken_over_is_named_literally(self) -> None:
        resources = literal_names(TEMPLATE, self.VALUES)["Resources"]
        assert resources["UsersTable"]["Properties"]["TableName"] == "users-dev"
        assert resources["StudioRepository"]["Properties"]["RepositoryName"] == "motiv8-studio-dev"
        bucket = resources["MediaBucket"]["Properties"]["BucketName"]
        assert bucket == "motiv8-media-dev-111122223333-eu-central-1"

    def test_all_of_it_is_kept_by_its_policy_as_taking_over_demands(self) -> None:
        held = [each for each in TEMPLATE["Resources"].values() if each["Type"] in IMPORTABLE]
        # Not the idempotency table: it holds nothing that counts, and goes with its stack.
        assert {each["DeletionPolicy"] for each in held} == {"RetainExceptOnCreate", "Delete"}
        assert len([each for each in held if each["DeletionPolicy"] == "Delete"]) == 1


def test_without_code_deploy_the_aliases_move_at_once() -> None:
    properties = at_once(TEMPLATE)["Resources"]["ApiHandlerFunction"]["Properties"]
    assert "DeploymentPreference" not in properties
    assert properties["AutoPublishAlias"] == "live"
