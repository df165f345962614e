"""What GitHub's roles deploy, as CloudFormation gets it, with everything on that the kind of role may switch on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache, cached_property
from typing import Any

from conformance.arns import ACCOUNT, ARNS, REF_IS_ARN, REGION
from motiv8_tooling.operations.environment import PROJECT
from motiv8_tooling.operations.package import load_template
from stand_in.sam import expanded

ENVIRONMENTS = {"pull-requests": "dev-pr-7", "prod": "prod"}
ROLE = load_template(PROJECT / "infra" / "github-oidc.yaml")
_PSEUDO = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Region": REGION,
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
}
# What parameters are, for texts; the conditions on them may hold or not.
_EXAMPLES = {
    "SenderAddress": "motiv8@example.com",
    "SenderDomain": "example.com",
    "DiffusionRepositoryArn": f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/motiv8-diffusion",
}
_NAMES = ("FunctionName", "BucketName", "TopicName", "QueueName", "Name")
_GONE = {"Ref": "AWS::NoValue"}


class Stack:
    """A template with the parameters that are known; a condition on any other may hold or not."""

    def __init__(self, name: str, document: dict[str, Any], known: dict[str, str]) -> None:
        self.name = name
        self.document = document
        # What CloudFront uses lies in us-east-1.
        self.region = "us-east-1" if name.startswith("motiv8-edge-") else REGION
        self._known = known

    @cached_property
    def resources(self) -> dict[str, dict[str, Any]]:
        """The resources that there can be."""
        return {
            name: each
            for name, each in self.document["Resources"].items()
            if "Condition" not in each or self.holds({"Condition": each["Condition"]}) is not False
        }

    def holds(self, condition: Any) -> bool | None:
        """Whether a condition holds; None where that is for a parameter to say that is not known."""
        [(kind, given)] = condition.items()
        if kind == "Condition":
            return self.holds(self.document["Conditions"][given])
        if kind == "Fn::Equals":
            left, right = (self._literal(each) for each in given)
            return None if left is None or right is None else left == right
        parts = [self.holds(each) for each in given]
        if kind == "Fn::Not":
            return None if parts[0] is None else not parts[0]
        decisive = kind == "Fn::Or"
        return decisive if decisive in parts else None if None in parts else not decisive

    def branches(self, node: Any) -> Iterator[Any]:
        """What a value can be, by its conditions."""
        if isinstance(node, dict) and set(node) == {"Fn::If"}:
            name, *choices = node["Fn::If"]
            holds = self.holds({"Condition": name})
            for choice in choices if holds is None else [choices[not holds]]:
                yield from self.branches(choice)
        elif node != _GONE:
            yield node

    def paths(self, node: Any, above: str = "") -> set[str]:
        """The properties within a value, as `A.B`; a list adds nothing to the path."""
        found: set[str] = set()
        for branch in self.branches(node):
            if isinstance(branch, list):
                found |= set().union(*(self.paths(each, above) for each in branch))
            elif isinstance(branch, dict):
                for name, value in branch.items():
                    if any(True for _ in self.branches(value)):
                        here = f"{above}.{name}".lstrip(".")
                        found |= {here} | self.paths(value, here)
        return found

    def text(self, node: Any) -> str:
        """A value as text; the first of what it can be. What AWS makes up is named by the resource."""
        node = next(self.branches(node), "")
        if isinstance(node, dict):
            kind, given = next(iter(node.items()))
            if kind == "Ref":
                return self._reference(str(given))
            if kind == "Fn::GetAtt":
                return self.arns(given[0])[0] if given[1] == "Arn" else f"{given[0]}.{given[1]}"
            if kind == "Fn::Sub":
                pattern, names = given if isinstance(given, list) else (given, {})
                return re.sub(r"\$\{([\w.:]+)\}", lambda found: self._substitute(found[1], names), pattern)
            if kind == "Fn::Join":
                return str(given[0]).join(self.text(each) for each in given[1])
            if kind == "Fn::FindInMap":
                table, *keys = given
                return str(self.document["Mappings"][table][self.text(keys[0])][self.text(keys[1])])
            return json.dumps(node, sort_keys=True)
        return node if isinstance(node, str) else json.dumps(node)

    def resolved(self, node: Any) -> Any:
        """A value with every function resolved, for a document whose parameters are all known."""
        node = next(self.branches(node), None)
        if isinstance(node, list):
            kept = [each for each in node if any(True for _ in self.branches(each))]
            return [self.resolved(each) for each in kept]
        if not isinstance(node, dict):
            return node
        if set(node) & {"Ref", "Fn::Sub", "Fn::Join", "Fn::FindInMap", "Fn::GetAtt"}:
            return self.text(node)
        return {name: self.resolved(value) for name, value in node.items()}

    def nodes(self, node: Any) -> Iterator[Any]:
        """Every value within a value."""
        for branch in self.branches(node):
            yield branch
            for each in branch.values() if isinstance(branch, dict) else branch if isinstance(branch, list) else ():
                yield from self.nodes(each)

    def name_of(self, properties: dict[str, Any], path: list[str]) -> str:
        """The name that a property holds, or that the resource has which it refers to."""
        value: Any = properties
        for part in path:
            value = next(self.branches(value[part]))
        value = value[0] if isinstance(value, list) else value
        target = value.get("Ref") or value.get("Fn::GetAtt", [""])[0] if isinstance(value, dict) else ""
        if target not in self.document["Resources"]:
            return self.text(value)
        named = self.document["Resources"][target]["Properties"]
        return self.name_of(named, [next(each for each in _NAMES if each in named)])

    def arns(self, name: str) -> list[str]:
        """The ARNs of a resource and of what its handlers touch, as arns.py has them."""
        resource = self.document["Resources"][name]
        properties = resource.get("Properties", {})
        scope = "global" if properties.get("Scope") == "CLOUDFRONT" else "regional"
        fixed = {"stack": self.name, "name": name, "environment": self._known["EnvironmentName"], "scope": scope}
        if resource["Type"] == "AWS::IAM::Role" and "RoleName" not in properties:
            return [f"arn:aws:iam::{ACCOUNT}:role/{self.name}-{name}-AbC1"]

        def value(match: re.Match[str]) -> str:
            return fixed.get(match[1]) or self.name_of(properties, match[1].split("."))

        filled = (re.sub(r"\{([\w.]+)\}", value, pattern) for pattern in ARNS.get(resource["Type"], ()))
        return [arn.replace(REGION, self.region) for arn in filled]

    def _reference(self, name: str) -> str:
        resource = self.document["Resources"].get(name, {})
        if resource.get("Type") in REF_IS_ARN:
            return self.arns(name)[0]
        if any(each in resource.get("Properties", {}) for each in _NAMES):
            return self.name_of({"": {"Ref": name}}, [""])
        default = self.document.get("Parameters", {}).get(name, {}).get("Default")
        return self._known.get(name) or _PSEUDO.get(name) or _EXAMPLES.get(name) or str(default or name)

    def _substitute(self, name: str, names: dict[str, Any]) -> str:
        if name in names:
            return self.text(names[name])
        target, dot, attribute = name.partition(".")
        return self.text({"Fn::GetAtt": [target, attribute]} if dot else {"Ref": name})

    def _literal(self, node: Any) -> str | None:
        if isinstance(node, dict):
            return self._known.get(node.get("Ref", ""))
        return str(node)


@cache
def stacks(kind: str) -> tuple[Stack, ...]:
    """The stacks that the role of a kind deploys."""
    environment = ENVIRONMENTS[kind]
    known = {"EnvironmentName": environment}
    names = ["template.yaml", *(f"infra/{each.name}" for each in sorted((PROJECT / "infra").glob("*.yaml")))]
    if kind == "pull-requests":
        known |= ROLE["Metadata"]["Previews"]["Parameters"]
        names = ROLE["Metadata"]["Previews"]["Templates"]
    # Secrets that parameters name are called as docs/deployment.md says.
    parameters = load_template(PROJECT / "template.yaml")["Parameters"]
    for name in (each.removesuffix("SecretArn") for each in parameters if each.endswith("SecretArn")):
        secret = f"motiv8-{name.lower()}-{environment}-AbC123"
        known |= {f"{name}SecretArn": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{secret}"}
    return tuple(
        Stack(_stack_name(name, environment), _expanded(name), known)
        for name in names
        if name != "infra/github-oidc.yaml"
    )


def _stack_name(template: str, environment: str) -> str:
    part = template.removeprefix("infra/").removesuffix(".yaml")
    return f"motiv8-{environment}" if part == "template" else f"motiv8-{part}-{environment}"


@cache
def _expanded(template: str) -> dict[str, Any]:
    """A template after SAM's transform."""
    if template != "template.yaml":
        return load_template(PROJECT / template)
    return expanded(RequireApiKey="true")


class GithubRole:
    """The role of a kind as infra/github-oidc.yaml makes it."""

    def __init__(self, kind: str) -> None:
        self.environment = ENVIRONMENTS[kind]
        stack = Stack(
            f"motiv8-github-{kind}",
            ROLE,
            {
                "Kind": kind,
                "ProviderArn": "",
                "Repository": "owner/motiv8",
                "SenderIdentity": "*example.com",
                "HostedZone": "Z123",
                # A boundary is named by its ARN.
                "Boundary": f"arn:aws:iam::{ACCOUNT}:policy/motiv8-github-{kind}-boundary",
            },
        )
        self.boundary_arn = stack.text({"Ref": "Boundary"})
        self.documents: dict[str, dict[str, Any]] = {
            name: stack.resolved(each["Properties"]["PolicyDocument"])
            for name, each in stack.resources.items()
            if each["Type"] == "AWS::IAM::ManagedPolicy"
        }
        attached = stack.resolved(stack.resources["Role"]["Properties"]["ManagedPolicyArns"])
        self.policies = [self.documents[name] for name in attached]
        self.boundary = self.documents["Boundary"]
        self.trust: dict[str, Any] = stack.resolved(stack.resources["Role"]["Properties"]["AssumeRolePolicyDocument"])
