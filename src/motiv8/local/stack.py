"""Bringing the whole stack up and down: embedded AWS, template, front."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from motiv8.local.deploy import Outputs, deploy, outputs
from motiv8.local.emulator import Emulator, free_port
from motiv8.local.mailbox import Mailbox
from motiv8.local.server import Front

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SENDER = "motiv8@example.com"


@dataclass(frozen=True, slots=True)
class Stack:
    """A running stack."""

    emulator: Emulator
    front: Front
    mailbox: Mailbox
    outputs: Outputs


@contextmanager
def running(
    home: Path,
    *,
    keep: bool,
    front_port: int = 0,
    wait_scale: float = 1.0,
    parameters: dict[str, str] | None = None,
    announce: Callable[[str], None] = lambda _: None,
) -> Iterator[Stack]:
    """The stack, for as long as the block runs; `keep` makes its state outlive it under `home`.

    `parameters` are more of the template's.

    Raises EmulatorError and OperationError.
    """
    emulator = Emulator(home, free_port(), keep=keep, wait_scale=wait_scale)
    mailbox = Mailbox(home / "mail", emulator.url)
    with ExitStack() as parts:
        front = parts.enter_context(Front(front_port, emulator.url, mailbox))
        emulator.mail_url = front.url
        parts.enter_context(emulator)
        announce("embedded AWS is up")
        given = {"SenderAddress": SENDER, "PublicUrl": front.url, "AppUrl": front.url, "DailyQuota": "20"}
        # The mailbox takes every mail, so that codes come in our own words.
        given |= {"SignInUrl": emulator.url, "CognitoUsesSes": "true"} | (parameters or {})
        base = _base(emulator, given)
        announce("base: registries, user pool, tables, buckets, roles")
        pool = base["UserPoolId"]
        given |= {"JwksUrl": f"{emulator.url}/{pool}/.well-known/jwks.json"}
        deployed = deploy(emulator, given, functions=True)
        announce("functions: API, workers, state machines, schedule")
        front.backend = f"{emulator.url}/_aws/execute-api/{deployed['ApiId']}/local"
        yield Stack(emulator, front, mailbox, deployed)


def _base(emulator: Emulator, parameters: dict[str, str]) -> Outputs:
    """The base phase, unless the functions of an earlier run are there: switching them off would lose the API's id."""
    present = outputs(emulator)
    return present if "ApiId" in present else deploy(emulator, parameters, functions=False)
