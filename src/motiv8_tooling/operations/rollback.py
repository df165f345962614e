"""Back to an image that served before: first what serves, then the stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motiv8_tooling.operations import aliases, artifacts, images
from motiv8_tooling.operations.deploy import check_serving, roll_out, serves
from motiv8_tooling.operations.environment import Environment, client
from motiv8_tooling.operations.errors import OperationError
from motiv8_tooling.operations.stack import Stack

if TYPE_CHECKING:
    from collections.abc import Callable

    from motiv8_tooling.operations.aliases import Live
    from motiv8_tooling.operations.artifacts import Deployment


def roll_back(
    environment: Environment, to: str | None, say: Callable[[str], None], confirm: Callable[[str], None]
) -> str:
    """Serve an earlier image with the template as it is; returns its tag. Raises OperationError.

    The aliases move at once, past CloudFormation and CodeDeploy, so that neither a ringing alarm nor a stuck stack can
    stop them; an update that runs is cancelled. Then the stack is brought in line, or the output says how, where that
    cannot be done now. Without `to` it is the last image that served before the present one. Data stays as it is.
    """
    stack = Stack(client("cloudformation"), environment.stack, say)
    live = aliases.live(environment) if serves(stack.parameters()) else None
    if live is None:
        raise OperationError(f"{environment.name} serves nothing yet, so there is nothing to roll back.")
    history = artifacts.deployments(environment)
    present = stack.parameters()
    in_flight = live.shifting or stack.updating()
    tag = to or previous(history, live, environment.name, in_flight=in_flight)
    if (tag, live.release) == (present["ImageTag"], present["Release"]) and not in_flight:
        raise OperationError(f"{environment.name} already serves {tag}.")
    images.check_exist(environment, tag)
    say(f"rolling {environment.name} back to {tag}")
    confirm(environment.name)
    served = _move(environment, history, tag, stack, say)
    stack.cancel_update()
    present = stack.parameters()
    if served == present["Release"]:
        return tag
    try:
        applied, release = roll_out(environment, stack.template(), present | {"ImageTag": tag}, say, lambda _: None)
    except OperationError as error:
        if not served:
            raise
        say(f"  the stack does not know it yet: {error}")
        say(f"  once it is at rest: scripts/rollback.sh {environment.name} --to {tag}, or deploy a fix")
        return tag
    check_serving(applied.outputs, release, say)
    artifacts.record(environment, "rollback", tag, release)
    return tag


def previous(history: list[Deployment], live: Live, name: str, *, in_flight: bool) -> str:
    """The tag that served before what serves now. Raises OperationError.

    What is not on record, or is being deployed, never served: the last one on record is before it.
    """
    serving = next((entry.tag for entry in reversed(history) if entry.release == live.release), None)
    earlier = artifacts.way_back(history) if serving and not in_flight else [entry.tag for entry in history[-1:]]
    if not earlier:
        raise OperationError(f"{name} served nothing before {serving or 'what it serves now'}: name a tag (--to).")
    return earlier[0]


def _move(
    environment: Environment, history: list[Deployment], tag: str, stack: Stack, say: Callable[[str], None]
) -> str | None:
    """Move the aliases to the versions that served the tag last; returns their release, None where they are gone."""
    release = next((each.release for each in reversed(history) if each.tag == tag), None)
    versions = aliases.versions_of(environment, release) if release else None
    if not release or not versions:
        say(f"  no versions of {tag} are left: CloudFormation publishes new ones")
        return None
    aliases.point(environment, versions, say)
    check_serving(stack.outputs(), release, say)
    artifacts.record(environment, "rollback", tag, release)
    return release
