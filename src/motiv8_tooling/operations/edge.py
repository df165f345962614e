"""The firewall before CloudFront: a stack of its own in us-east-1, the one region where AWS takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motiv8_tooling.operations.environment import PROJECT, client
from motiv8_tooling.operations.stack import Stack

if TYPE_CHECKING:
    from collections.abc import Callable

    from motiv8_tooling.operations.environment import Environment

REGION = "us-east-1"
TEMPLATE = PROJECT / "infra" / "edge.yaml"
OPEN = {"EdgeFirewallArn": "", "OriginRequired": "false", "OriginSecretVersion": ""}
"""The main template's parameters for a stack that anybody may call past CloudFront, or that has no CloudFront."""


def is_wanted(given: dict[str, str]) -> bool:
    """Whether CloudFront is to be the only way in."""
    return given.get("EnableWaf") == given.get("WebApp") == "true"


def deploy(environment: Environment, say: Callable[[str], None], confirm: Callable[[str], None]) -> str:
    """Make the firewall, or bring it up to date; returns its ARN. Raises OperationError."""
    body = TEMPLATE.read_text(encoding="utf-8")
    given = {"EnvironmentName": environment.name}
    return (
        stack(environment, say).apply({"TemplateBody": body}, given, environment.tags, confirm).outputs["FirewallArn"]
    )


def stack(environment: Environment, say: Callable[[str], None]) -> Stack:
    """The firewall's stack, wherever the main one is."""
    return Stack(client("cloudformation", REGION), environment.edge_stack, say)
