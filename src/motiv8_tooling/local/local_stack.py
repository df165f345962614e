"""Bringing the whole stack up and down: embedded AWS, template, front."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from motiv8_tooling.local.emulator import Emulator, free_port
from motiv8_tooling.local.mailbox import Mailbox
from motiv8_tooling.local.provisioning import Outputs, client, deploy, outputs
from motiv8_tooling.local.server import Front

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from motiv8_tooling.local.model_server import ModelServer

SENDER = "motiv8@example.com"


@dataclass(slots=True)
class LocalStack:
    """A running stack."""

    emulator: Emulator
    front: Front
    mailbox: Mailbox
    # More of the template's.
    parameters: dict[str, str]
    announce: Callable[[str], None]
    outputs: Outputs = field(default_factory=lambda: Outputs({}))

    def start(self) -> None:
        """Start the embedded AWS, bring the template up, and take up what was left undone by an earlier run.

        Raises EmulatorError and OperationError.
        """
        began = datetime.now(UTC)
        self.emulator.start()
        self.announce("embedded AWS is up")
        given = {"SenderAddress": SENDER, "PublicUrl": self.front.url, "AppUrl": self.front.url, "DailyQuota": "20"}
        given |= {"GatewayUrl": f"{self.emulator.url}/_aws/execute-api"}
        # Everybody has this machine's address, and tests send many requests.
        given |= {"RequestLimit": "10000"}
        # SES's rate is AWS's.
        given |= {"MailsPerSecond": "1000"}
        # The mailbox takes every mail, so that codes come in our own words.
        given |= {"SignInUrl": self.emulator.url, "CognitoUsesSes": "true"} | self.parameters
        pool = _base(self.emulator, given)["UserPoolId"]
        self.announce("base: registries, user pool, tables, buckets, roles")
        given |= {"JwksUrl": f"{self.emulator.url}/{pool}/.well-known/jwks.json"}
        self.outputs = deploy(self.emulator, given, functions=True)
        self.announce("functions: API, workers, state machines, schedule")
        self.front.backend = f"{self.emulator.url}/_aws/execute-api/{self.outputs['ApiId']}/local"
        if self.emulator.keep:
            self._resume(began)

    def restart_if_dead(self) -> None:
        """Start the embedded AWS again should it have died, and say what that cost. Raises as `start` does."""
        if self.emulator.running:
            return
        self.announce("the embedded AWS died and is started again: what came since its last orderly stop is lost")
        self.emulator.stop()
        self.start()

    def _resume(self, began: datetime) -> None:
        """Run again what the last stop cut off, and the daily machine for what was due in the meantime."""
        step_functions = client("stepfunctions", self.emulator)
        daily = self.outputs["DailyStateMachineArn"]
        for machine in step_functions.list_state_machines()["stateMachines"]:
            arn = machine["stateMachineArn"]
            ended = step_functions.list_executions(stateMachineArn=arn, statusFilter="FAILED")["executions"]
            # The embedded AWS fails at its start what ran at its stop, which AWS's own never does.
            for each in ended if arn != daily else []:
                found = step_functions.describe_execution(executionArn=each["executionArn"])
                if found["error"] == "States.ServiceRestart" and each["stopDate"] >= began:
                    step_functions.start_execution(stateMachineArn=arn, input=found["input"])
        step_functions.start_execution(stateMachineArn=daily, input="{}")


@contextmanager
def running(
    home: Path,
    *,
    keep: bool,
    front_port: int = 0,
    wait_scale: float = 1.0,
    parameters: dict[str, str] | None = None,
    model: ModelServer | None = None,
    announce: Callable[[str], None] = lambda _: None,
) -> Iterator[LocalStack]:
    """The stack, for as long as the block runs; `keep` makes its state outlive it under `home`.

    `parameters` are more of the template's; with a `model` the coach asks that, and otherwise quotes the library.

    Raises RuntimeError when the model is not there, EmulatorError and OperationError.
    """
    given = (model.parameters() if model else {}) | (parameters or {})
    emulator = Emulator(home, free_port(), keep=keep, wait_scale=wait_scale, model_url=model.url if model else None)
    mailbox = Mailbox(home / "mail", emulator.url)
    with ExitStack() as parts:
        front = parts.enter_context(Front(front_port, emulator.url, mailbox))
        emulator.mail_url = front.url
        stack = LocalStack(emulator, front, mailbox, given, announce)
        parts.callback(emulator.stop)
        stack.start()
        yield stack


def _base(emulator: Emulator, parameters: dict[str, str]) -> Outputs:
    """The base phase, unless the functions of an earlier run are there: switching them off would lose the API's id."""
    present = outputs(emulator)
    return present if "ApiId" in present else deploy(emulator, parameters, functions=False)
