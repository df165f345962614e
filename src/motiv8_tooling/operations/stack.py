"""A CloudFormation stack: what a change would do, doing it, and what came of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from motiv8.waiting import Answer, wait_for
from motiv8_tooling.operations.changes import Applied, Change, changes_of
from motiv8_tooling.operations.errors import OperationError, refused_action

if TYPE_CHECKING:
    from collections.abc import Callable, Collection


_LONGEST_PAUSE = 3.0
_PATIENCE_SECONDS = 3600.0
_DEAD = {
    "ROLLBACK_COMPLETE": "it was never there: delete it (scripts/teardown.sh for dev-pr-N, or aws cloudformation"
    " delete-stack --stack-name {name}) and deploy again",
    "ROLLBACK_FAILED": "delete it (aws cloudformation delete-stack --stack-name {name}) and deploy again",
    "CREATE_FAILED": "delete it (aws cloudformation delete-stack --stack-name {name}) and deploy again",
    "DELETE_FAILED": "finish deleting it (aws cloudformation delete-stack --stack-name {name}) and deploy again",
    "UPDATE_ROLLBACK_FAILED": "mend what the events name, then aws cloudformation continue-update-rollback"
    " --stack-name {name}, and deploy again",
}


class Stack:
    """One stack by name; `say` is told what happens as it happens.

    `may_replace` names the precious resources of which somebody has seen that a conditional replacement keeps them.
    """

    def __init__(
        self, cloudformation: Any, name: str, say: Callable[[str], None], may_replace: Collection[str] = ()
    ) -> None:
        self._cloudformation = cloudformation
        self.name = name
        self._say = say
        self._may_replace = may_replace

    def described(self) -> dict[str, Any] | None:
        """The stack as CloudFormation describes it, or None where there is none."""
        try:
            stacks: list[dict[str, Any]] = self._cloudformation.describe_stacks(StackName=self.name)["Stacks"]
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise
        live = [stack for stack in stacks if stack["StackStatus"] not in {"DELETE_COMPLETE", "REVIEW_IN_PROGRESS"}]
        return live[0] if live else None

    def outputs(self) -> dict[str, str]:
        """What it says of itself; nothing where there is no stack."""
        found = self.described() or {}
        return {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", ())}

    def parameters(self) -> dict[str, str]:
        """The parameters that it was deployed with."""
        found = self.described() or {}
        return {
            parameter["ParameterKey"]: parameter.get("ParameterValue", "") for parameter in found.get("Parameters", ())
        }

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
        self.check_usable()
        change_set = self._propose(template, parameters, tags)
        if change_set is None:
            self._say(f"  {self.name}: nothing to change")
            return Applied((), self.outputs())
        changes = changes_of(change_set)
        try:
            self._show(changes)
            confirm(self.name)
        except BaseException:
            self._discard(change_set["ChangeSetName"])
            raise
        seen = self._events_so_far()
        self._cloudformation.execute_change_set(StackName=self.name, ChangeSetName=change_set["ChangeSetName"])
        self._wait(seen)
        if imported := [change.name for change in changes if change.action == "Import"]:
            self._say(
                f"  {self.name} took over {', '.join(imported)} as they are: what differs from the template stays so. "
                f"Look: aws cloudformation detect-stack-drift --stack-name {self.name}"
            )
        return Applied(changes, self.outputs())

    def protect(self, *, on: bool) -> None:
        """Switch termination protection on or off: with it, CloudFormation deletes the stack for nobody."""
        if (self.described() or {}).get("EnableTerminationProtection", False) != on:
            self._cloudformation.update_termination_protection(StackName=self.name, EnableTerminationProtection=on)
            self._say(f"  {self.name}: termination protection is {'on' if on else 'off'}")

    def updating(self) -> bool:
        """Whether an update runs that can be cancelled."""
        return (self.described() or {}).get("StackStatus") == "UPDATE_IN_PROGRESS"

    def cancel_update(self) -> None:
        """Cancel an update that runs, and wait until it is taken back; nothing where none runs."""
        if not self.updating():
            return
        self._say(f"  {self.name}: the update that runs is cancelled")
        self._cloudformation.cancel_update_stack(StackName=self.name)
        self._until(lambda: not self._status(None).endswith("_IN_PROGRESS"))

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

    def check_usable(self) -> None:
        """That an update can begin. Raises OperationError, which says how to get there."""
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
                # What an earlier stack left behind; docs/adr/013-a-first-deployment-can-be-tried-again.md.
                ImportExistingResources=True,
                **template,
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ValidationError":
                raise
            said = " ".join(error.response["Error"]["Message"].split())
            raise OperationError(
                f"Stack {self.name} cannot be changed this way: {said[:300]} {_way_out(said)}".rstrip()
            ) from error
        found = self._until(lambda: self._proposed(name))
        if found["Status"] == "CREATE_COMPLETE":
            return found | {"Changes": self._all_changes(name)}
        reason = self._in_full(found.get("StatusReason", "no reason given"), ChangeSetName=found["ChangeSetId"])
        self._discard(name)
        if "didn't contain changes" in reason or "No updates are to be performed" in reason:
            return None
        raise OperationError(f"Stack {self.name} cannot be changed this way: {reason} {_way_out(reason)}".rstrip())

    def _proposed(self, name: str) -> dict[str, Any] | None:
        """The change set, once CloudFormation has made it or refused to."""
        found: dict[str, Any] = self._cloudformation.describe_change_set(StackName=self.name, ChangeSetName=name)
        return found if found["Status"] in {"CREATE_COMPLETE", "FAILED"} else None

    def _all_changes(self, name: str) -> list[dict[str, Any]]:
        pages = self._cloudformation.get_paginator("describe_change_set").paginate(
            StackName=self.name, ChangeSetName=name
        )
        return [change for page in pages for change in page.get("Changes", ())]

    def _show(self, changes: tuple[Change, ...]) -> None:
        self._say(
            f"  {self.name}: {len(changes)} changes (+ added, ~ changed, ? perhaps replaced, ! replaced, - removed)"
        )
        for change in changes:
            self._say(f"    {change}")
        if lost := [each.name for each in changes if each.loses_data]:
            raise OperationError(
                f"This would replace or remove {', '.join(lost)}, which holds people's data: nothing was done. "
                "Move the data first, in a change of its own."
            )
        if unsure := [each for each in changes if each.may_lose_data and each.name not in self._may_replace]:
            of = ", ".join(
                f"{resource.name} ({', '.join(resource.properties) or 'no property named'})" for resource in unsure
            )
            words = " ".join(f"--may-replace {resource.name}" for resource in unsure)
            raise OperationError(
                f"This may replace {of}, which holds people's data: nothing was done. If the change keeps it "
                f"(such as another index of a table), say so: {words}."
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
        return {event["EventId"] for event in events}

    def _wait(self, seen: set[str], stack: str | None = None) -> None:
        failed: list[dict[str, Any]] = []

        def look() -> str | None:
            status = self._status(stack)
            for event in self._new_events(seen, stack):
                seen.add(event["EventId"])
                if event["ResourceStatus"].endswith("_FAILED"):
                    failed.append(event)
                if not event["ResourceStatus"].endswith("_IN_PROGRESS"):
                    self._say(f"    {event['ResourceStatus']:24}{event['LogicalResourceId']}")
            return None if status.endswith("_IN_PROGRESS") else status

        status = self._until(look)
        if "ROLLBACK" in status or status.endswith("FAILED"):
            raise OperationError(f"Stack {self.name} ended in {status}. {self._why(failed)}")

    def _until(self, ask: Callable[[], Answer | None]) -> Answer:
        """Wait for an answer that is true. Raises OperationError after an hour."""
        try:
            return wait_for(ask, seconds=_PATIENCE_SECONDS, longest_pause=_LONGEST_PAUSE)
        except TimeoutError as error:
            raise OperationError(
                f"Stack {self.name} was not done within an hour; look at it before you go on."
            ) from error

    def _in_full(self, reason: str, **which: str) -> str:
        """The reason, with what CloudFormation's early validation keeps for those who ask (DescribeEvents)."""
        if "DescribeEvents" not in reason:
            return reason
        pages = self._cloudformation.get_paginator("describe_events").paginate(**which)
        found = [event for page in pages for event in page["OperationEvents"] if "ValidationStatusReason" in event]
        named = (f"{each.get('LogicalResourceId', '?')}: {each['ValidationStatusReason']}" for each in found)
        return "; ".join(dict.fromkeys(named)) or reason

    def _status(self, stack: str | None) -> str:
        stacks = self._cloudformation.describe_stacks(StackName=stack or self.name)["Stacks"]
        status: str = stacks[0]["StackStatus"]
        return status

    def _new_events(self, seen: set[str], stack: str | None) -> list[dict[str, Any]]:
        events: list[dict[str, Any]] = []
        pages = self._cloudformation.get_paginator("describe_stack_events").paginate(StackName=stack or self.name)
        for page in pages:
            new = [event for event in page["StackEvents"] if event["EventId"] not in seen]
            events += new
            if len(new) < len(page["StackEvents"]):
                break
        return events[::-1]

    def _why(self, failed: list[dict[str, Any]]) -> str:
        # What failed first is the cause; the others were only cancelled because of it.
        for event in failed:
            reason = event.get("ResourceStatusReason", "no reason given")
            if "cancelled" not in reason.lower():
                reason = self._in_full(reason, StackName=self.name)
                said = f"{event['LogicalResourceId']} ({event['ResourceType']}): {' '.join(reason.split())}"
                return f"{said} {_way_out(reason)}".rstrip()
        return str((self.described() or {}).get("StackStatusReason", "CloudFormation gives no reason."))


def _way_out(reason: str) -> str:
    """What to do about a failure of a known kind; empty for any other."""
    if action := refused_action(reason):
        return f"→ {action}"
    if "AWS::Budgets::Budget" in reason:
        return (
            "→ CloudFormation knows no budgets in this region: deploy with MonthlyBudget=0, and make it in us-east-1."
        )
    if "already exist" in reason.lower():
        return (
            "→ An earlier stack left it behind, and CloudFormation takes over tables, buckets and registries only: "
            "delete it if nothing in it counts, or import it (docs/deployment.md, What an earlier stack left behind)."
        )
    return ""
