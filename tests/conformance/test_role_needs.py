"""GitHub's roles may do what CloudFormation and the scripts do in their name; the boundary takes nothing needed."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from moto.iam.aws_managed_policies import aws_managed_policies_data

from conformance.arns import ARNS
from conformance.aws_data import arn_formats, handlers, is_action, schema
from conformance.deployed import ENVIRONMENTS, ROLE, GithubRole, Stack, stacks
from conformance.needs import exclusions, needs
from conformance.not_called import NOT_CALLED, Without
from conformance.operations import requests
from motiv8_tooling.operations.environment import PROJECT
from stand_in.iam import Request, allows

KINDS = tuple(ENVIRONMENTS)
ALL = [(kind, stack) for kind in KINDS for stack in stacks(kind)]
MANAGED = json.loads(aws_managed_policies_data)


@pytest.mark.parametrize(("kind", "stack"), ALL, ids=[f"{kind}-{stack.name}" for kind, stack in ALL])
class TestCloudFormation:
    def test_every_handler_may_call_what_it_calls(self, kind: str, stack: Stack) -> None:
        role = GithubRole(kind)
        wanted = list(needs(stack, role))
        assert wanted
        missing = {str(need) for need in wanted if not allows(role.policies, need.request)}
        assert sorted(missing) == []

    def test_a_thing_that_a_tag_alone_tells_apart_has_the_tag_written_out(self, kind: str, stack: Stack) -> None:
        """Stack tags do not reach every type: aws/aws-cdk#14127 says so of user pools."""
        for name, resource in stack.resources.items():
            pattern = ARNS.get(resource["Type"], [""])[0]
            tagging = schema(resource["Type"]).get("tagging", {})
            # A stage has the tags of its API (API Gateway Developer Guide, "API Gateway resources that can be tagged").
            if tagging.get("taggable") and not re.search(r"\{(?!name)", pattern) and "Stage" not in resource["Type"]:
                where = tagging["tagProperty"].rpartition("/")[2]
                if resource["Type"] == "AWS::IAM::Role" or resource["Type"].startswith("AWS::CodeDeploy"):
                    continue
                assert "environment" in json.dumps(resource.get("Properties", {}).get(where)), f"{kind} {name}"


def test_every_exclusion_is_of_properties_and_actions_that_the_schemas_have() -> None:
    for kind, entries in NOT_CALLED.items():
        called = {action for actions in handlers(kind).values() for action in actions}
        for pattern, why in entries.items():
            assert any(re.fullmatch(pattern.replace("*", ".*"), each) for each in called), f"{kind} {pattern}"
            for path in why.properties if isinstance(why, Without) else ():
                assert _has_property(schema(kind), path), f"{kind} {path}"


def test_every_exclusion_leaves_something_out() -> None:
    used = {
        (resource["Type"], pattern)
        for _, stack in ALL
        for resource in stack.resources.values()
        for actions in handlers(resource["Type"]).values()
        for action in actions
        if is_action(action)
        for pattern in exclusions(stack, resource, action)
    }
    there = {resource["Type"] for _, stack in ALL for resource in stack.resources.values()}
    entries = {(kind, pattern) for kind, of_kind in NOT_CALLED.items() for pattern in of_kind if kind in there}
    assert sorted(entries - used) == []


def test_a_property_that_appears_brings_its_actions_back() -> None:
    stack = stacks("prod")[0]
    table = {"Type": "AWS::DynamoDB::Table", "Properties": {"KinesisStreamSpecification": {"StreamArn": "arn"}}}
    assert exclusions(stack, {"Type": table["Type"], "Properties": {}}, "kinesis:DescribeStream") == {"kinesis:*"}
    assert not exclusions(stack, table, "kinesis:DescribeStream")


def test_what_previews_leave_out_is_off_in_them_and_documented() -> None:
    left_out = ROLE["Metadata"]["Previews"]["Parameters"]
    text = (PROJECT / "docs" / "deployment.md").read_text(encoding="utf-8")
    section = text[text.index("## From GitHub") : text.index("## Without an AWS account")]
    for name, value in left_out.items():
        assert name in section
        parameter = stacks("prod")[0].document["Parameters"][name]
        assert value in parameter.get("AllowedValues", [value])


def _has_property(document: dict[str, Any], path: str) -> bool:
    node: Any = document
    for part in path.split("."):
        node = _followed(document, node)
        if part not in node.get("properties", {}):
            return False
        node = node["properties"][part]
    return True


def _followed(document: dict[str, Any], node: Any) -> Any:
    while "$ref" in node or "items" in node:
        node = document["definitions"][node["$ref"].rpartition("/")[2]] if "$ref" in node else node["items"]
    return node


class TestScripts:
    @pytest.mark.parametrize("kind", KINDS)
    def test_the_role_may_make_every_call(self, kind: str) -> None:
        role = GithubRole(kind)
        wanted = requests(kind)
        assert len(wanted) > 20
        missing = {f"{each.action} on {each.resource}" for each in wanted if not allows(role.policies, each)}
        assert sorted(missing) == []


class TestBoundary:
    @pytest.mark.parametrize("kind", KINDS)
    def test_it_takes_nothing_from_the_stacks_own_roles(self, kind: str) -> None:
        boundary = GithubRole(kind).boundary
        environment = ENVIRONMENTS[kind]
        checked, missing = 0, set()
        for stack in stacks(kind):
            for name, resource in stack.resources.items():
                if resource["Type"] != "AWS::IAM::Role":
                    continue
                for action, thing in _allowed(stack, name):
                    checked += 1
                    request = Request(action, thing, {"aws:ResourceTag/environment": environment})
                    if not allows([boundary], request):
                        missing.add(f"{name}: {action} on {thing}")
        assert checked > 50
        assert sorted(missing) == []

    @pytest.mark.parametrize("kind", KINDS)
    def test_every_role_of_the_stacks_has_it(self, kind: str) -> None:
        wanted = {"Fn::If": ["HasBoundary", {"Ref": "PermissionsBoundary"}, {"Ref": "AWS::NoValue"}]}
        for stack in stacks(kind):
            for name, resource in stack.resources.items():
                if resource["Type"] == "AWS::IAM::Role":
                    assert resource["Properties"].get("PermissionsBoundary") == wanted, name

    @pytest.mark.parametrize("kind", KINDS)
    def test_the_stacks_roles_are_given_no_managed_policy_that_the_role_may_not_attach(self, kind: str) -> None:
        role = GithubRole(kind)
        for stack in stacks(kind):
            for name, resource in stack.resources.items():
                for policy in resource["Properties"].get("ManagedPolicyArns", ()) if "Role" in resource["Type"] else ():
                    context = {"iam:PermissionsBoundary": role.boundary_arn, "iam:PolicyARN": stack.text(policy)}
                    assert allows(role.policies, Request("iam:AttachRolePolicy", stack.arns(name)[0], context))


def _allowed(stack: Stack, role: str) -> set[tuple[str, str]]:
    """What a role's own policies and AWS's managed ones allow it, as action and resource."""
    properties = stack.resources[role]["Properties"]
    apart = [each["Properties"] for each in stack.resources.values() if each["Type"] == "AWS::IAM::Policy"]
    inline = [
        {name: [stack.text(each) for each in _many(stack, value)] for name, value in statement.items()}
        for policy in [*properties.get("Policies", ()), *(each for each in apart if {"Ref": role} in each["Roles"])]
        for statement in _many(stack, policy["PolicyDocument"]["Statement"])
    ]
    managed = [
        {name: value if isinstance(value, list) else [value] for name, value in statement.items()}
        for arn in properties.get("ManagedPolicyArns", ())
        for statement in MANAGED[stack.text(arn).rpartition("/")[2]]["Document"]["Statement"]
        # Read by CodeDeploy for servers alone.
        if not statement["Action"][0].startswith("s3:")
    ]
    found = {(action, thing) for each in inline for action in each["Action"] for thing in each["Resource"]}
    for statement in managed:
        for action in statement["Action"]:
            # Where it allows everything, the stack's own things will do.
            own = [arn for arn in _things(stack) if any(re.fullmatch(form, arn) for form in arn_formats(action))]
            found |= {(action, thing) for thing in own or ["*"]}
    return found


def _many(stack: Stack, node: Any) -> list[Any]:
    branches = list(stack.branches(node))
    return [
        each
        for branch in branches
        for part in (branch if isinstance(branch, list) else [branch])
        for each in stack.branches(part)
    ]


def _things(stack: Stack) -> set[str]:
    return {stack.arns(name)[0] for name, each in stack.resources.items() if each["Type"] in ARNS}
