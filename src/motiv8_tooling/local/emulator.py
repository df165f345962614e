"""The embedded AWS (ministack) as a child process on a loopback port."""

from __future__ import annotations

import contextlib
import ctypes
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from motiv8.waiting import wait_for

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

REGION = "us-east-1"
ACCOUNT = "000000000000"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": REGION}
_START_SECONDS = 30
_STOP_SECONDS = 20
_PORTS = range(20_000, 32_000)
# Found now: between fork and exec a child had better not look for it.
_LIBC = ctypes.CDLL(None)


class EmulatorError(Exception):
    """The embedded AWS does not start; the text says where its log is."""


def free_port() -> int:
    """A loopback port that nobody uses at the moment. Raises EmulatorError.

    It lies below those that systems hand to outgoing connections, of which one could take it before its server does.
    """
    for port in random.sample(_PORTS, 100):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
    raise EmulatorError("There is no free port between 20000 and 32000.")


@dataclass
class Emulator:
    """One embedded AWS; state lives under `home` and outlives it when `keep` is set."""

    home: Path
    port: int
    keep: bool = False
    # SES calls of the functions go here, where mails are caught with their attachments.
    mail_url: str | None = None
    # Image functions by name: where the embedded AWS sends their events, since it runs none itself without Docker.
    image_functions: dict[str, str] = field(default_factory=dict)
    # Where Bedrock's language models are asked: a server that speaks OpenAI's protocol.
    model_url: str | None = None
    # Shrinks waits and retries of state machines.
    wait_scale: float = 1.0
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where every AWS service answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What it printed."""
        return self.home / "emulator.log"

    @property
    def running(self) -> bool:
        """Whether its process is there."""
        return self._process is not None and self._process.poll() is None

    @property
    def _scratch(self) -> Path:
        return self.home / "workers"

    @property
    def _state(self) -> Path:
        return self.home / "state"

    @property
    def _objects(self) -> Path:
        return self.home / "s3"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start and wait until it answers. Raises EmulatorError."""
        # A killed one left its workers' folders; and objects that nothing knows of, when no state was ever saved.
        shutil.rmtree(self._scratch, ignore_errors=True)
        if not (self._state / "cloudformation.json").exists():
            shutil.rmtree(self._objects, ignore_errors=True)
        self._scratch.mkdir(parents=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "motiv8_tooling.local.embedded_aws"],
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C in the terminal must reach us alone: we then stop it in an orderly way, so that it saves.
                start_new_session=True,
                preexec_fn=die_with_parent if sys.platform == "linux" else None,
            )
        try:
            self._wait_until_ready(self._process)
        except BaseException:
            self.stop()
            raise

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        import httpx

        from motiv8_tooling.client.tls import authorities

        def ended_or_ready() -> bool:
            with contextlib.suppress(httpx.HTTPError):
                answer = httpx.get(f"{self.url}/_ministack/ready", timeout=1, verify=authorities())
                return answer.status_code == 200
            return process.poll() is not None

        with contextlib.suppress(TimeoutError):
            wait_for(ended_or_ready, seconds=_START_SECONDS)
            if process.poll() is None:
                return
        raise EmulatorError(f"The embedded AWS did not start; see {self.log}")

    def stop(self) -> None:
        """Stop in an orderly way, which is when it writes its state; its workers and their folders go with it."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _environment(self) -> dict[str, str]:
        # Functions inherit it, and must find what the template gives them and nothing of ours.
        ours = ("AWS_", "MOTIV8_", "POWERTOOLS_")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        environment |= CREDENTIALS | {
            "BIND_HOST": "127.0.0.1",
            "MINISTACK_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self.port),
            "IOT_MTLS_ENABLED": "0",
            "AUTH": "true",
            "LOG_LEVEL": "WARNING",
            "SFN_WAIT_SCALE": str(self.wait_scale),
            "STATE_DIR": str(self._state),
            "S3_DATA_DIR": str(self._objects),
            "TMPDIR": str(self._scratch),
            # Every process of a function stays, and calls beyond their number wait (motiv8_tooling.local.embedded_aws).
            "LAMBDA_WARM_TTL_SECONDS": "86400",
            "LAMBDA_ACCOUNT_CONCURRENCY": "0",
            "OMP_NUM_THREADS": "1",
        }
        environment |= {f"MINISTACK_LAMBDA_PROXY_{name}": url for name, url in self.image_functions.items()}
        if self.model_url:
            environment["MINISTACK_BEDROCK_PROXY_URL"] = self.model_url
        if self.mail_url:
            environment["AWS_ENDPOINT_URL_SESV2"] = self.mail_url
        if self.keep:
            environment |= {"PERSIST_STATE": "1", "S3_PERSIST": "1"}
        return environment


def die_with_parent() -> None:
    """What a child does first so that it is told to stop when the thread that started it ends; on Linux alone."""
    # PR_SET_PDEATHSIG: whoever kills us with -9 leaves no server behind.
    _LIBC.prctl(1, signal.SIGTERM)
