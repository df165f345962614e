"""A function on Lambda's own runtime: the Runtime Interface Emulator, awslambdaric, and what the image holds."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from motiv8.waiting import wait_for
from motiv8_tooling.client.tls import authorities
from motiv8_tooling.local.emulator import die_with_parent, free_port

PROJECT = Path(__file__).parents[2]
TOOLS = PROJECT / ".tools"
_START_SECONDS = 30.0
_ANSWER_SECONDS = 120.0
# Lives as long as this process, so that a runtime ends with the process and not with the thread that asked for it.
_STARTER = ThreadPoolExecutor(1, thread_name_prefix="runtimes")


def emulator_binary() -> Path:
    """The emulator that the aws-sam-cli wheel carries."""
    machine = {"x86_64": "x86_64", "aarch64": "arm64"}[platform.machine()]
    [found] = (TOOLS / "sam").glob(f"lib/python*/site-packages/samcli/local/rapid/aws-lambda-rie-{machine}")
    return found


class Runtime:
    """One execution environment of a function: `code` beside the packages of its image, and nothing else."""

    def __init__(self, package: str, handler: str, code: Path, environment: dict[str, str]) -> None:
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the environment
        self.port = free_port()
        path = [code, TOOLS / "packages" / package, TOOLS / "packages" / "tool-runtime"]
        # The interpreter without its site-packages (-S): what the image lacks is not found here either.
        interpreter = [os.path.realpath(sys.executable), "-S", "-m", "awslambdaric", handler]
        command: list[str | Path] = [
            emulator_binary(),
            *("--runtime-interface-emulator-address", f"127.0.0.1:{self.port}"),
            *("--runtime-api-address", f"127.0.0.1:{free_port()}"),
            *interpreter,
        ]
        given = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": ":".join(str(each) for each in path),
            "AWS_LAMBDA_FUNCTION_NAME": handler,
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            **environment,
        }
        self._process = _STARTER.submit(
            lambda: subprocess.Popen(
                command,
                env=given,
                stdin=subprocess.DEVNULL,
                stdout=self._log,
                stderr=self._log,
                start_new_session=True,
                preexec_fn=die_with_parent if sys.platform == "linux" else None,
            )
        ).result()
        # Overlapping requests crash the emulator: one environment serves one at a time, as on Lambda.
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def invoke(self, event: dict[str, Any]) -> Any:
        """Call the function; a handler's exception comes back as `{"errorMessage": …, "errorType": …}`."""
        url = f"http://127.0.0.1:{self.port}/2015-03-31/functions/function/invocations"

        def ask() -> httpx.Response | None:
            try:
                return httpx.post(url, json=event, timeout=_ANSWER_SECONDS, verify=authorities())
            except httpx.ConnectError:
                if self._process.poll() is not None:
                    raise
                return None

        try:
            with self._lock:
                return wait_for(ask, seconds=_START_SECONDS, pause=0.05).json()
        except (httpx.ConnectError, TimeoutError):
            raise RuntimeError(f"the runtime did not start: {self.log()[-2000:]}") from None

    def log(self) -> str:
        """What function and platform printed."""
        self._log.seek(0)
        return self._log.read().decode(errors="replace")

    def platform_events(self) -> list[dict[str, Any]]:
        """The function's JSON log lines."""
        lines = (line for line in self.log().splitlines() if line.startswith("{"))
        return [json.loads(line) for line in lines]

    def stop(self) -> None:
        """End it with everything it started."""
        # On SIGTERM the emulator ends the function's process too, which has a process group of its own.
        self._process.terminate()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
