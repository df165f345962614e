"""What a change set is refused for, and what a failure's line says to do."""

from __future__ import annotations

from typing import Any

import pytest

from motiv8_tooling.operations.errors import OperationError
from motiv8_tooling.operations.stack import Stack

# As DescribeChangeSet answers (CloudFormation API Reference, ResourceChange and ResourceChangeDetail).
TABLE = {"ResourceType": "AWS::DynamoDB::Table", "LogicalResourceId": "UsersTable"}
QUEUE = {"ResourceType": "AWS::SQS::Queue", "LogicalResourceId": "DeadLetters"}
# As IAM words it (IAM User Guide, Troubleshoot access denied error messages).
REFUSED = (
    "User: arn:aws:sts::111122223333:assumed-role/motiv8-github-prod/run is not authorized to perform: "
    "sqs:CreateQueue on resource: arn:aws:sqs:eu-central-1:111122223333:motiv8-x because no identity-based policy "
    "allows the sqs:CreateQueue action (Service: Sqs, Status Code: 403)"
)
# As DescribeEvents answers (CloudFormation API Reference, OperationEvent).
VALIDATION = [
    {"EventType": "STACK_EVENT", "LogicalResourceId": "motiv8-dev"},
    {"EventType": "VALIDATION_ERROR", "LogicalResourceId": "LinkSecret", "ValidationStatusReason": "It already exists"},
]
ATTRIBUTES = {
    "Target": {"Attribute": "Properties", "Name": "AttributeDefinitions", "RequiresRecreation": "Conditionally"}
}


class CloudFormation:
    """A stack in a status, and a change set that was proposed for it."""

    def __init__(self, change: dict[str, Any] | None = None, status: str = "UPDATE_COMPLETE", reason: str = "") -> None:
        self.change, self.status, self.reason = change, status, reason
        self.proposed: dict[str, Any] = {}
        self.executed = False

    def describe_stacks(self, **_: Any) -> dict[str, Any]:
        return {"Stacks": [{"StackStatus": self.status, "StackId": "id"}]}

    def create_change_set(self, **words: Any) -> None:
        self.proposed = words

    def describe_change_set(self, **_: Any) -> dict[str, Any]:
        return {"Status": "CREATE_COMPLETE", "ChangeSetName": "c"}

    def get_paginator(self, name: str) -> Any:
        pages: dict[str, list[dict[str, Any]]] = {
            "describe_change_set": [{"Changes": [{"ResourceChange": self.change}]}],
            "describe_stack_events": [{"StackEvents": self._failure() if self.executed else []}],
            "describe_events": [{"OperationEvents": VALIDATION}],
        }

        class Pages:
            @staticmethod
            def paginate(**_: Any) -> list[dict[str, Any]]:
                return pages[name]

        return Pages()

    def _failure(self) -> list[dict[str, Any]]:
        event = {"EventId": "1", "ResourceStatus": "CREATE_FAILED", "ResourceStatusReason": self.reason}
        return [event | QUEUE]

    def describe_stack_events(self, **_: Any) -> dict[str, Any]:
        return {"StackEvents": []}

    def delete_change_set(self, **_: Any) -> None: ...

    def execute_change_set(self, **_: Any) -> None:
        self.executed = True
        if self.reason:
            self.status = "UPDATE_ROLLBACK_COMPLETE"


def _apply(cloudformation: CloudFormation, *may_replace: str) -> list[str]:
    said: list[str] = []
    Stack(cloudformation, "motiv8-dev", said.append, may_replace).apply({"TemplateURL": "https://x"}, {}, {})
    return said


def _modified(replacement: str) -> dict[str, Any]:
    return TABLE | {"Action": "Modify", "Replacement": replacement, "Details": [ATTRIBUTES]}


class TestWhatHoldsPeoplesData:
    @pytest.mark.parametrize("change", [_modified("True"), TABLE | {"Action": "Remove", "PolicyAction": "Retain"}])
    def test_is_never_replaced_or_removed(self, change: dict[str, Any]) -> None:
        cloudformation = CloudFormation(change)
        with pytest.raises(OperationError, match="replace or remove UsersTable"):
            _apply(cloudformation, "UsersTable")
        assert not cloudformation.executed

    def test_is_not_replaced_on_a_condition_either_unless_somebody_says_that_it_is_none(self) -> None:
        cloudformation = CloudFormation(_modified("Conditional"))
        with pytest.raises(OperationError) as refused:
            _apply(cloudformation)
        assert "may replace UsersTable (AttributeDefinitions)" in str(refused.value)
        assert "--may-replace UsersTable" in str(refused.value)
        assert not cloudformation.executed
        assert "    ? UsersTable (AWS::DynamoDB::Table)" in _apply(cloudformation, "UsersTable")
        assert cloudformation.executed

    def test_may_be_changed_in_place(self) -> None:
        _apply(CloudFormation(_modified("False")))

    def test_a_queue_may_be_replaced_without_a_word(self) -> None:
        _apply(CloudFormation(QUEUE | {"Action": "Modify", "Replacement": "Conditional"}))


def test_what_is_there_already_is_taken_over_and_the_difference_pointed_out() -> None:
    cloudformation = CloudFormation(TABLE | {"Action": "Import"})
    said = _apply(cloudformation)
    assert cloudformation.proposed["ImportExistingResources"] is True
    assert "    > UsersTable (AWS::DynamoDB::Table)" in said
    assert any("took over UsersTable" in line and "detect-stack-drift" in line for line in said)


@pytest.mark.parametrize(
    ("reason", "todo"),
    [
        (REFUSED, "motiv8-github-prod may not sqs:CreateQueue on arn:aws:sqs:eu-central-1:111122223333:motiv8-x"),
        ("You are not authorized to perform this operation. Encoded authorization failure message: x", "decode-author"),
        ("motiv8-dead-letters-prod already exists", "An earlier stack left it behind"),
        ("Validation failed with 1 error(s). Call DescribeEvents to …", "LinkSecret: It already exists → An earlier"),
    ],
)
def test_a_failure_of_a_known_kind_says_what_to_do_in_one_line(reason: str, todo: str) -> None:
    with pytest.raises(OperationError) as failed:
        _apply(CloudFormation(QUEUE | {"Action": "Add"}, reason=reason))
    assert "DeadLetters (AWS::SQS::Queue)" in str(failed.value)
    assert todo in str(failed.value)
    assert "\n" not in str(failed.value)


@pytest.mark.parametrize("status", ["UPDATE_IN_PROGRESS", "ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_FAILED"])
def test_a_stack_in_a_wrong_state_is_refused_before_a_change_set_is_made(status: str) -> None:
    cloudformation = CloudFormation(TABLE | {"Action": "Add"}, status)
    with pytest.raises(OperationError, match=f"is in {status}"):
        _apply(cloudformation)
    assert cloudformation.proposed == {}
