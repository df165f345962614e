"""An account as `motiv8 doctor` finds it, and a row of what it says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from motiv8_tooling.operations.environment import Environment
    from motiv8_tooling.operations.needs import Needs

OK, TO_DO, UNSEEN = "ok", "to do", "cannot see"
DENIED = frozenset({"AccessDenied", "AccessDeniedException", "AuthorizationError"})


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was looked at; `advice` is what to do about it, when something is."""

    check: str
    state: str
    found: str
    needed: str = ""
    advice: str = ""


@dataclass(frozen=True)
class CheckedAccount:
    """Where is looked, and what is needed there; `first` is before anything of ours is there."""

    environment: Environment
    identity: dict[str, str]
    region: str
    values: dict[str, str]
    needs: Needs
    stack: dict[str, Any] | None
    first: bool

    @cached_property
    def outputs(self) -> dict[str, str]:
        """What the stack says of itself."""
        return {output["OutputKey"]: output["OutputValue"] for output in (self.stack or {}).get("Outputs", ())}

    @property
    def partition(self) -> str:
        """aws, or AWS's in China or for governments."""
        return self.identity["Arn"].split(":")[1]

    @property
    def asks_bedrock(self) -> bool:
        """Whether anybody's pictures are made with Bedrock."""
        return "bedrock" in {self.values["Engine"], *self.values["EntitledEngines"].split(",")}
