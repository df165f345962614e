"""What a change set would do to a stack, and which changes lose data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

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
_SIGNS = {"Add": "+", "Modify": "~", "Remove": "-", "Import": ">", "Dynamic": "?"}


@dataclass(frozen=True, slots=True)
class Change:
    """What a change set would do to one resource. `replacement` is True, False or Conditional, as CloudFormation says;
    `properties` are those that change."""

    action: str
    kind: str
    name: str
    replacement: str
    properties: tuple[str, ...]

    @property
    def loses_data(self) -> bool:
        """Whether it certainly replaces or removes what holds people's data."""
        return self._is_precious and (self.replacement == "True" or self.action == "Remove")

    @property
    def may_lose_data(self) -> bool:
        """Whether CloudFormation cannot say before it is done."""
        return self._is_precious and self.replacement == "Conditional"

    @property
    def _is_precious(self) -> bool:
        return self.kind in PRECIOUS and self.name not in MADE_ANEW

    def __str__(self) -> str:
        sign = {"True": "!", "Conditional": "?"}.get(self.replacement) or _SIGNS.get(self.action, "?")
        return f"{sign} {self.name} ({self.kind})"


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of it: the changes, none when nothing was to do, and what the stack says of itself."""

    changes: tuple[Change, ...]
    outputs: dict[str, str]


def changes_of(change_set: dict[str, Any]) -> tuple[Change, ...]:
    """The changes, from a change set as CloudFormation describes it."""
    found = (change["ResourceChange"] for change in change_set["Changes"])
    return tuple(
        Change(
            change["Action"],
            change["ResourceType"],
            change["LogicalResourceId"],
            change.get("Replacement", "False"),
            tuple(
                sorted({detail["Target"]["Name"] for detail in change.get("Details", ()) if "Name" in detail["Target"]})
            ),
        )
        for change in found
    )
