"""AWS's own data, as cfn-lint ships it: the registry's schemas, and IAM's actions with their resources."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from typing import Any

_DATA = files("cfnlint") / "data"


@cache
def schema(resource_type: str) -> dict[str, Any]:
    """The registry's schema of a resource type (us-east-1's, which has them all)."""
    found: dict[str, Any] = _read(f"schemas/resources/{_read('schemas/providers/us-east-1.json')[resource_type]}.json")
    return found


def handlers(resource_type: str) -> dict[str, list[str]]:
    """The IAM actions of each handler, with those on tags, since stacks are tagged; a few types have none."""
    found = schema(resource_type)
    listed = found.get("handlers", {})
    tagging = found.get("tagging", {}).get("permissions", [])
    return {
        name: sorted({_named(action) for action in [*listed[name]["permissions"], *extra]})
        for name, extra in {"create": [], "read": [], "update": tagging, "delete": []}.items()
        if name in listed
    }


def is_taggable(resource_type: str) -> bool:
    """Whether CloudFormation gives things of the type the stack's tags."""
    return bool(schema(resource_type).get("tagging", {}).get("taggable"))


def is_action(action: str) -> bool:
    """Whether IAM knows the action: some schemas list API operations that are no actions."""
    service, _, name = action.partition(":")
    return name.lower() in _actions().get(service, {}).get("Actions", {})


def arn_formats(action: str) -> dict[str, bool]:
    """The kinds of resource that an action is decided on, as patterns of their ARNs; none for those decided on `*`.

    The value says whether IAM looks at the kind's tags (`aws:ResourceTag`).
    """
    service, _, name = action.partition(":")
    kinds = _actions()[service]["Actions"][name.lower()].get("Resources", [])
    known = _actions()[service]["Resources"]
    return {
        _pattern(arn): any(key.startswith("aws:ResourceTag") for key in known[kind.lower()].get("ConditionKeys", ()))
        for kind in ([kinds] if isinstance(kinds, str) else kinds)
        for arn in known.get(kind.lower(), {}).get("ARNFormats", ())
    }


def _named(action: str) -> str:
    service, _, name = action.partition(":")
    return f"{service.lower()}:{name}"


def _pattern(arn: str) -> str:
    return re.escape(re.sub(r"\$\{\w+\}", "*", arn).replace(".*", "*")).replace(r"\*", ".*")


@cache
def _actions() -> dict[str, Any]:
    return _read("AdditionalSpecs/Policies.json")  # type: ignore[no-any-return]


@cache
def _read(path: str) -> Any:
    return json.loads((_DATA / path).read_text(encoding="utf-8"))
