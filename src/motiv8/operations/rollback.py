"""Back to an image that served before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motiv8.operations import artifacts, images
from motiv8.operations.deploy import check_serving, roll_out, serves
from motiv8.operations.environment import Environment, client
from motiv8.operations.errors import OperationError
from motiv8.operations.stack import Stack

if TYPE_CHECKING:
    from collections.abc import Callable


def roll_back(
    environment: Environment, to: str | None, say: Callable[[str], None], confirm: Callable[[str], None]
) -> str:
    """Serve an earlier image with the template as it is; returns its tag. Raises OperationError.

    Without `to` it is the last one that served before the present one. Data stays as it is.
    """
    stack = Stack(client("cloudformation"), environment.stack, say)
    if not serves(stack):
        raise OperationError(f"{environment.name} serves nothing yet, so there is nothing to roll back.")
    present = stack.parameters()
    tag = to or _previous(environment, present["ImageTag"])
    if tag == present["ImageTag"]:
        raise OperationError(f"{environment.name} serves {tag} already.")
    images.check_exist(environment, tag)
    say(f"rolling {environment.name} back from {present['ImageTag']} to {tag}")
    applied, release = roll_out(environment, stack.template(), present | {"ImageTag": tag}, say, confirm)
    check_serving(applied.outputs, release, say)
    artifacts.record(environment, "rollback", tag, release)
    return tag


def _previous(environment: Environment, present: str) -> str:
    history = artifacts.deployments(environment)
    earlier = [tag for tag in artifacts.way_back(history) if tag != present]
    if not earlier:
        raise OperationError(f"{environment.name} served nothing before {present}: name a tag (--to).")
    return earlier[0]
