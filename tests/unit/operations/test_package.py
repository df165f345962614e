"""The document that is deployed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from motiv8.operations.errors import OperationError
from motiv8.operations.package import base_of, load_template, package, release, settled


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
    ("text", "said"), [("a: [", "no YAML"), ("just words", "no template"), ("a: 1", "no template")]
)
def test_a_file_that_is_no_template_is_refused(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(text)
    with pytest.raises(OperationError, match=said):
        load_template(path)
    with pytest.raises(OperationError, match="No such file"):
        load_template(tmp_path / "absent.yaml")
