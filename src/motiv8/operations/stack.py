"""A CloudFormation stack: what a change would do, doing it, and what came of it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from motiv8.operations.errors import OperationError

if TYPE_CHECKING:
    from collections.abc import Callable


# Losing one of these loses what people gave us; no deployment may do it in passing.
PRECIOUS = frozenset(
    {
        "AWS::Cognito::UserPool",
        "AWS::DynamoDB::Table",
        "AWS::KMS::Key",
        "AWS::S3::Bucket",
        "AWS::SecretsManager::Secret",
    }
)
# Of the same types, and holding nothing of anybody's.
MADE_ANEW = frozenset({"OriginSecret"})
_LONGEST_PAUSE = 3.0
_PATIENCE_SECONDS = 3600.0
_SIGNS = {"Add": "+", "Modify": "~", "Remove": "-", "Import": ">", "Dynamic": "?"}
_DEAD = {
    "ROLLBACK_COMPLETE": "it was never there: delete it (scripts/teardown.sh for dev-pr-N, or aws cloudformation"
    " delete-stack --stack-name {name}) and deploy again",
    "ROLLBACK_FAILED": "delete it (aws cloudformation delete-stack --stack-name {name}) and deploy again",
    "CREATE_FAILED": "delete it (aws cloudformation delete-stack --stack-name {name}) and deploy again",
    "DELETE_FAILED": "finish deleting it (aws cloudformation delete-stack --stack-name {name}) and deploy again",
    "UPDATE_ROLLBACK_FAILED": "mend what the events name, then aws cloudformation continue-update-rollback"
    " --stack-name {name}, and deploy again",
}


@dataclass(frozen=True, slots=True)
class Change:
    """What a change set would do to one resource."""

    action: str
    kind: str
    name: str
    replaced: bool

    def __str__(self) -> str:
        return f"{'!' if self.replaced else _SIGNS.get(self.action, '?')} {self.name} ({self.kind})"


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of it: the changes, none when nothing was to do, and what the stack says of itself."""

    changes: tuple[Change, ...]
    outputs: dict[str, str]


class Stack:
    """One stack by name; `say` is told what happens as it happens."""

    def __init__(self, cloudformation: Any, name: str, say: Callable[[str], None]) -> None:
        self._cloudformation = cloudformation
        self.name = name
        self._say = say

    def described(self) -> dict[str, Any] | None:
        """The stack as CloudFormation describes it, or None where there is none."""
        try:
            stacks: list[dict[str, Any]] = self._cloudformation.describe_stacks(StackName=self.name)["Stacks"]
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise
        live = [each for each in stacks if each["StackStatus"] not in {"DELETE_COMPLETE", "REVIEW_IN_PROGRESS"}]
        return live[0] if live else None

    def outputs(self) -> dict[str, str]:
        """What it says of itself; nothing where there is no stack."""
        found = self.described() or {}
        return {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", ())}

    def parameters(self) -> dict[str, str]:
        """The parameters that it was deployed with."""
        found = self.described() or {}
        return {each["ParameterKey"]: each.get("ParameterValue", "") for each in found.get("Parameters", ())}

    def template(self) -> dict[str, Any]:
        """The document that it was deployed from, as it was handed over."""
        body: dict[str, Any] = self._cloudformation.get_template(StackName=self.name, TemplateStage="Original")[
            "TemplateBody"
        ]
        return body

    def apply(
        self,
        template: dict[str, str],
        parameters: dict[str, str],
        tags: dict[str, str],
        confirm: Callable[[str], None] = lambda _: None,
    ) -> Applied:
        """Create or update it by a change set, which is shown first, and wait.

        `template` is `{"TemplateURL": …}` or `{"TemplateBody": …}`; `confirm` may raise to stop before anything is
        done. Raises OperationError with the first resource that failed and its reason.
        """
        self._check_usable()
        change_set = self._propose(template, parameters, tags)
        if change_set is None:
            self._say(f"  {self.name}: nothing to change")
            return Applied((), self.outputs())
        changes = _changes(change_set)
        try:
            self._show(changes)
            confirm(self.name)
        except BaseException:
            self._discard(change_set["ChangeSetName"])
            raise
        seen = self._events_so_far()
        self._cloudformation.execute_change_set(StackName=self.name, ChangeSetName=change_set["ChangeSetName"])
        self._wait(seen)
        return Applied(changes, self.outputs())

    def delete(self) -> bool:
        """Delete it and wait; False where there is none. Raises OperationError."""
        found = self.described()
        if found is None:
            return False
        seen = self._events_so_far()
        # By its id, since the name tells nothing any more once it is gone.
        self._cloudformation.delete_stack(StackName=found["StackId"])
        self._wait(seen, found["StackId"])
        return True

    def _check_usable(self) -> None:
        found = self.described()
        status = found["StackStatus"] if found else ""
        if status in _DEAD:
            raise OperationError(f"Stack {self.name} is in {status}: {_DEAD[status].format(name=self.name)}.")
        if status.endswith("_IN_PROGRESS"):
            raise OperationError(f"Stack {self.name} is in {status}: wait until that is done, and run this again.")

    def _propose(
        self, template: dict[str, str], parameters: dict[str, str], tags: dict[str, str]
    ) -> dict[str, Any] | None:
        name = f"deploy-{time.time_ns()}"
        try:
            self._cloudformation.create_change_set(
                StackName=self.name,
                ChangeSetName=name,
                ChangeSetType="UPDATE" if self.described() else "CREATE",
                Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
                Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
                Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
                **template,
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ValidationError":
                raise
            said = " ".join(error.response["Error"]["Message"].split())
            raise OperationError(f"Stack {self.name} cannot be changed so: {said[:300]}") from error
        for pause in _pauses():
            found: dict[str, Any] = self._cloudformation.describe_change_set(StackName=self.name, ChangeSetName=name)
            if found["Status"] == "CREATE_COMPLETE":
                return found | {"Changes": self._all_changes(name)}
            if found["Status"] == "FAILED":
                self._discard(name)
                reason = found.get("StatusReason", "no reason given")
                if "didn't contain changes" in reason or "No updates are to be performed" in reason:
                    return None
                raise OperationError(f"Stack {self.name} cannot be changed so: {reason}")
            time.sleep(pause)
        raise OperationError(f"The change set {name} of {self.name} was not ready in time.")

    def _all_changes(self, name: str) -> list[dict[str, Any]]:
        pages = self._cloudformation.get_paginator("describe_change_set").paginate(
            StackName=self.name, ChangeSetName=name
        )
        return [change for page in pages for change in page.get("Changes", ())]

    def _show(self, changes: tuple[Change, ...]) -> None:
        self._say(f"  {self.name}: {len(changes)} changes (+ added, ~ changed, ! replaced, - removed)")
        for change in changes:
            self._say(f"    {change}")
        held = [each for each in changes if each.kind in PRECIOUS and each.name not in MADE_ANEW]
        lost = [each.name for each in held if each.replaced or each.action == "Remove"]
        if lost:
            raise OperationError(
                f"This would replace or remove {', '.join(lost)}, which holds people's data: nothing was done. "
                "Move the data first, in a change of its own."
            )

    def _discard(self, change_set: str) -> None:
        self._cloudformation.delete_change_set(StackName=self.name, ChangeSetName=change_set)
        if self.described() is None:
            # A change set for a stack that is not there leaves an empty one, in review.
            self._cloudformation.delete_stack(StackName=self.name)

    def _events_so_far(self) -> set[str]:
        try:
            events = self._cloudformation.describe_stack_events(StackName=self.name)["StackEvents"]
        except ClientError:
            return set()
        return {each["EventId"] for each in events}

    def _wait(self, seen: set[str], stack: str | None = None) -> None:
        failed: list[dict[str, Any]] = []
        for pause in _pauses():
            status = self._status(stack)
            for event in self._new_events(seen, stack):
                seen.add(event["EventId"])
                if event["ResourceStatus"].endswith("_FAILED"):
                    failed.append(event)
                if not event["ResourceStatus"].endswith("_IN_PROGRESS"):
                    self._say(f"    {event['ResourceStatus']:24}{event['LogicalResourceId']}")
            if not status.endswith("_IN_PROGRESS"):
                break
            time.sleep(pause)
        else:
            raise OperationError(f"Stack {self.name} was not done within an hour; look at it before you go on.")
        if "ROLLBACK" in status or status.endswith("FAILED"):
            raise OperationError(f"Stack {self.name} ended in {status}. {self._why(failed)}")

    def _status(self, stack: str | None) -> str:
        stacks = self._cloudformation.describe_stacks(StackName=stack or self.name)["Stacks"]
        status: str = stacks[0]["StackStatus"]
        return status

    def _new_events(self, seen: set[str], stack: str | None) -> list[dict[str, Any]]:
        events: list[dict[str, Any]] = []
        pages = self._cloudformation.get_paginator("describe_stack_events").paginate(StackName=stack or self.name)
        for page in pages:
            new = [each for each in page["StackEvents"] if each["EventId"] not in seen]
            events += new
            if len(new) < len(page["StackEvents"]):
                break
        return events[::-1]

    def _why(self, failed: list[dict[str, Any]]) -> str:
        # What failed first is the cause; the others were only cancelled because of it.
        for event in failed:
            reason = event.get("ResourceStatusReason", "no reason given")
            if "cancelled" not in reason.lower():
                return f"{event['LogicalResourceId']} ({event['ResourceType']}): {' '.join(reason.split())}"
        return str((self.described() or {}).get("StackStatusReason", "CloudFormation gives no reason."))


def _changes(change_set: dict[str, Any]) -> tuple[Change, ...]:
    found = (each["ResourceChange"] for each in change_set["Changes"])
    return tuple(
        Change(each["Action"], each["ResourceType"], each["LogicalResourceId"], each.get("Replacement") == "True")
        for each in found
    )


def _pauses() -> Any:
    """Seconds to wait between looks, more and more of them, until patience ends."""
    pause, give_up = 0.1, time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < give_up:
        yield pause
        pause = min(2 * pause, _LONGEST_PAUSE)
