"""IAM's decision on one request: the parts of the policy language that infra/github-oidc.yaml and template.yaml use.

AWS's rules: "Policy evaluation logic", "IAM JSON policy elements: Condition operators" (IAM User Guide).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

Document = dict[str, Any]
Context = Mapping[str, str | list[str]]


@dataclass(frozen=True)
class Request:
    """An action on a resource, `*` for actions that have none; `context` has the condition keys that AWS fills in."""

    action: str
    resource: str = "*"
    context: Context = field(default_factory=dict)


def allows(policies: Iterable[Document], request: Request, boundary: Document | None = None) -> bool:
    """Whether a role with these policies, and with this boundary if it has one, may do it.

    Raises ValueError for a condition operator that is not known here.
    """
    decided = _decision(policies, request)
    return decided and (boundary is None or _decision([boundary], request))


def _decision(policies: Iterable[Document], request: Request) -> bool:
    """One kind of policies by itself: some statement allows it, and none denies it."""
    effects = {
        statement["Effect"]
        for policy in policies
        for statement in _listed(policy["Statement"])
        if _applies(statement, request)
    }
    return effects == {"Allow"}


def _applies(statement: Mapping[str, Any], request: Request) -> bool:
    if "Action" in statement:
        named = _names(tuple(_listed(statement["Action"])), request.action)
    else:
        named = not _names(tuple(_listed(statement["NotAction"])), request.action)
    return (
        named
        and any(_same_resource(each, request.resource) for each in _listed(statement["Resource"]))
        and all(
            _holds(operator, key, _listed(values), request.context)
            for operator, keys in statement.get("Condition", {}).items()
            for key, values in keys.items()
        )
    )


# The same few statements meet each action many times.
@cache
def _names(patterns: tuple[str, ...], action: str) -> bool:
    return any(_like(each, action, fold=True) for each in patterns)


def _holds(operator: str, key: str, values: list[str], context: Context) -> bool:
    given = {name.lower(): value for name, value in context.items()}.get(key.lower())
    if operator == "Null":
        return str(given is None).lower() == str(values[0]).lower()
    quantifier, _, name = operator.rpartition(":")
    if given is None:
        # `…IfExists`, a negated operator and `ForAllValues` hold for a key that is not there.
        return name.endswith("IfExists") or "Not" in name or quantifier == "ForAllValues"
    test = _OPERATORS.get(name.removesuffix("IfExists").replace("Not", ""))
    if test is None:
        raise ValueError(f"unknown condition operator {operator}")
    matches = [any(test(value, each) for value in values) for each in _listed(given)]
    met = all(matches) if quantifier == "ForAllValues" else any(matches)
    return met != ("Not" in name)


def _same_resource(pattern: str, resource: str) -> bool:
    """A wildcard stays within its part of an ARN; the last part, which may hold colons, is one."""
    if pattern == "*":
        return True
    wanted, given = pattern.split(":", 5), resource.split(":", 5)
    return len(wanted) == len(given) and all(_like(*pair) for pair in zip(wanted, given, strict=True))


def _like(pattern: str, text: str, *, fold: bool = False) -> bool:
    return _compiled(pattern, fold=fold).fullmatch(text) is not None


# The same few hundred patterns meet millions of names.
@cache
def _compiled(pattern: str, *, fold: bool) -> re.Pattern[str]:
    parts = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.compile(parts, re.IGNORECASE if fold else 0)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda value, given: value == given,
    "StringLike": _like,
    "ArnEquals": _same_resource,
    "ArnLike": _same_resource,
    "Bool": lambda value, given: str(value).lower() == str(given).lower(),
}
