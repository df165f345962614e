"""From template.yaml to the one JSON document that is deployed."""

from __future__ import annotations

import hashlib
import json
import pickle
import re
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from motiv8_tooling.operations.environment import PROJECT
from motiv8_tooling.operations.errors import OperationError

TEMPLATE = PROJECT / "template.yaml"
_SWITCH = "DeployFunctions"
_ATTEMPT_DIGITS = 4
# Links in mail and browsers' preflights cannot carry a key; whoever watches health should not need one.
_WITHOUT_API_KEY = ("/v1/mail/", "/{proxy+}")

# What CloudFormation takes over when it is there already, by the property that names it: the types of which the name is
# the primary identifier. Pools, keys and secrets have identifiers of AWS's making.
IMPORTABLE = {
    "AWS::SES::ConfigurationSet": "Name",
    "AWS::SES::EmailIdentity": "EmailIdentity",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::ECR::Repository": "RepositoryName",
    "AWS::S3::Bucket": "BucketName",
}

Template = dict[str, Any]


def load_template(path: Path = TEMPLATE) -> Template:
    """A template with CloudFormation's short forms written out. Raises OperationError."""
    try:
        template = pickle.loads(_parsed(path.read_text(encoding="utf-8")))  # noqa: S301 - our own
    except yaml.YAMLError as error:
        raise OperationError(f"{path.name} is not valid YAML: {' '.join(str(error).split())}") from error
    except OSError as error:
        raise OperationError(f"{path}: {error.strerror}") from error
    if not isinstance(template, dict) or "Resources" not in template:
        raise OperationError(f"{path.name} is not a template: it has no Resources.")
    return template


@lru_cache(maxsize=8)
def _parsed(text: str) -> bytes:
    """What a document says, pickled for those who get a copy.

    A deployment and a start of the local stack read the same one several times.
    """
    try:
        # JSON is YAML, and its own parser is faster.
        read = json.loads(text)
    except json.JSONDecodeError:
        read = yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader
    return pickle.dumps(read)


def _copied(template: Template) -> Template:
    """A copy, which by way of a pickle takes a tenth of the time that the module `copy` takes."""
    made: Template = pickle.loads(pickle.dumps(template))  # noqa: S301 - our own
    return made


def package(path: Path = TEMPLATE) -> Template:
    """The template with the state machines' definitions inside. Raises OperationError."""
    template = load_template(path)
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::Serverless::StateMachine" and "DefinitionUri" in properties:
            definition = (path.parent / properties.pop("DefinitionUri")).read_text(encoding="utf-8")
            properties["Definition"] = json.loads(definition)
    return template


def literal_names(template: Template, values: dict[str, str]) -> Template:
    """The template with the names of what may be taken over written out, since CloudFormation compares literals only
    (CloudFormation User Guide, Import AWS resources into a CloudFormation stack automatically)."""
    made = _copied(template)
    for resource in made["Resources"].values():
        key = IMPORTABLE.get(resource["Type"])
        pattern = resource.get("Properties", {}).get(key)
        if isinstance(pattern, dict) and "Fn::Sub" in pattern:
            resource["Properties"][key] = re.sub(r"\$\{([\w:]+)\}", lambda found: values[found[1]], pattern["Fn::Sub"])
    return made


def settled(template: Template, parameters: dict[str, str]) -> Template:
    """The template for these parameters: they become its defaults, so that the document says what was deployed.

    SAM needs some of them as literals: a method's ApiKeyRequired, and what a version is named by. CloudFormation needs
    the sender as one, to take it over from an earlier stack. A budget that is not asked for leaves the template: in
    many regions CloudFormation knows no budgets, and refuses a template that names one, whatever its condition
    (cloudformation-coverage-roadmap #2177).
    Raises OperationError for a parameter that the template does not have.
    """
    unknown = sorted(set(parameters) - set(template["Parameters"]))
    if unknown:
        raise OperationError(
            f"template.yaml has no parameter {unknown[0]}; it has {', '.join(template['Parameters'])}."
        )
    made = _copied(template)
    for name, value in parameters.items():
        made["Parameters"][name]["Default"] = value
    sender = made["Resources"].get("SenderIdentity")
    if sender and "SenderDomain" in made["Parameters"]:
        domain, address = (made["Parameters"][name]["Default"] for name in ("SenderDomain", "SenderAddress"))
        sender["Properties"]["EmailIdentity"] = domain or address
    if parameters.get("MonthlyBudget", "0") == "0":
        made["Resources"] = {n: each for n, each in made["Resources"].items() if each["Type"] != "AWS::Budgets::Budget"}
    for resource in made["Resources"].values():
        for event in resource.get("Properties", {}).get("Events", {}).values():
            _require_key(event["Properties"], on=parameters.get("RequireApiKey") == "true")
    return made


def _require_key(method: dict[str, Any], *, on: bool) -> None:
    authorization = method.setdefault("Auth", {})
    authorization.pop("ApiKeyRequired", None)
    if on and method["Method"] != "options" and not method["Path"].startswith(_WITHOUT_API_KEY):
        authorization["ApiKeyRequired"] = True
    if not authorization:
        method.pop("Auth")


def release(template: Template, parameters: dict[str, str]) -> str:
    """Ten hex digits that change with the template and its parameters."""
    given = {name: value for name, value in parameters.items() if name != "Release"}
    bare = {name: part for name, part in template.items() if name != "Parameters"}
    return hashlib.sha256(json.dumps([bare, given], sort_keys=True).encode()).hexdigest()[:10]


def attempt(content: str, present: str, *, again: bool) -> str:
    """The release of one attempt at deploying this content: what a function's version is named by.

    It is the stack's present one where that has the same content, unless it is to be published `again`. Otherwise it is
    new, also after an update that was rolled back: the version of that attempt stays, and Lambda publishes no second
    one of the same code and configuration, which AWS::Lambda::Version takes for an error (aws-cdk #5334, #28252). SAM
    names versions by the first ten characters, so what differs comes first.
    """
    if not again and present[_ATTEMPT_DIGITS:] == content:
        return present
    return secrets.token_hex(_ATTEMPT_DIGITS // 2) + content


def at_once(template: Template) -> Template:
    """The template without CodeDeploy: the aliases move as soon as CloudFormation comes to them."""
    made = _copied(template)
    for resource in made["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"].pop("DeploymentPreference", None)
    return made


def base_of(template: Template, deployed: Template) -> Template:
    """The new base with the functions as they are deployed: what phase 1 gives a stack that serves already."""
    merged = _copied(template)
    for part in ("Conditions", "Parameters"):
        merged[part] = deployed.get(part, {}) | merged.get(part, {})
    switches = _switched_conditions(merged)
    switched = {name for name, each in merged["Resources"].items() if each.get("Condition") in switches}
    for part in ("Resources", "Outputs"):
        # The user pool names its trigger, so it changes together with the functions.
        late = {
            name for name, each in merged[part].items() if each.get("Condition") in switches or named(each) & switched
        }
        new = {name: each for name, each in merged[part].items() if name not in late}
        old = {name: each for name, each in deployed[part].items() if name in late or each.get("Condition") in switches}
        merged[part] = new | old
    merged["Globals"] = deployed.get("Globals", {})
    return merged


def named(part: Any) -> set[str]:
    """The resources and parameters that a part of a template names, and so waits for."""
    if isinstance(part, list):
        return set().union(*map(named, part))
    if not isinstance(part, dict):
        return set()
    waits = part.get("DependsOn", [])
    found = {waits} if isinstance(waits, str) else set(waits)
    for key, value in part.items():
        if key == "Ref":
            found.add(value.partition(".")[0])
        elif key == "Fn::GetAtt":
            found.add(value[0] if isinstance(value, list) else value.partition(".")[0])
        elif key == "Fn::Sub":
            text, given = (value, {}) if isinstance(value, str) else value
            found |= {name for name in re.findall(r"\$\{([\w]+)[^}]*\}", text) if name not in given} | named(given)
        else:
            found |= named(value)
    return found


def _switched_conditions(template: Template) -> set[str]:
    """The conditions that hold only with functions on."""
    switched = {_SWITCH}
    for name, condition in template["Conditions"].items():
        if any(part == {"Condition": _SWITCH} for part in condition.get("Fn::And", ())):
            switched.add(name)
    # A condition may stand on another (HasDomainRecord on HasDomain).
    for name, condition in template["Conditions"].items():
        if any(part.get("Condition") in switched for part in condition.get("Fn::And", ())):
            switched.add(name)
    return switched


class _Loader(yaml.CSafeLoader):
    """YAML with CloudFormation's short forms (`!Ref`, `!Sub`, `!GetAtt`, …)."""


def _short_form(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
        return {name: value.split(".", 1) if suffix == "GetAtt" else value}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    assert isinstance(node, yaml.MappingNode)  # noqa: S101 - YAML has three kinds of nodes
    return {name: loader.construct_mapping(node, deep=True)}


_Loader.add_multi_constructor("!", _short_form)
