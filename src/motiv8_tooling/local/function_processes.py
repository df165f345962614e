"""The processes of functions on the local stack, each forked from one that has imported the packages that most share.

Importing them is most of what a function's start takes. Code of ours is not among them, so that a change is live.
"""

from __future__ import annotations

import gc
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from types import TracebackType

PACKAGES = (
    "aws_lambda_powertools.event_handler.api_gateway",
    "aws_lambda_powertools.metrics",
    "aws_lambda_powertools.utilities.idempotency",
    "babel.dates",
    "botocore.session",
    "email_validator",
    "joserfc.jwt",
    "pydantic",
    "pynamodb.models",
    "pynamodb.transactions",
    "ulid",
)
"""None that starts a thread as it is imported: threads do not survive a fork."""
_ORDER_BYTES = 200_000


class FunctionProcess:
    """A process of a function, with as much of `subprocess.Popen` as ministack asks of one; on Linux alone."""

    def __init__(self, server: FunctionServer, script: str, folder: str, environment: dict[str, str]) -> None:
        given, answers, errors = os.pipe(), os.pipe(), os.pipe()
        theirs = [given[0], answers[1], errors[1]]
        try:
            self.pid, self._handle = server.fork({"script": script, "cwd": folder, "env": environment}, theirs)
        finally:
            for each in theirs:
                os.close(each)
        self.stdin = os.fdopen(given[1], "w", 1, encoding="utf-8")
        self.stdout = os.fdopen(answers[0], encoding="utf-8")
        self.stderr = os.fdopen(errors[0], encoding="utf-8", errors="replace")

    def __del__(self) -> None:
        os.close(self._handle)

    def poll(self) -> int | None:
        """Whether it has ended: 0 then, whatever its code was, and None before."""
        return 0 if self._ended(0) else None

    def wait(self, timeout: float) -> int:
        """Wait until it has ended. Raises subprocess.TimeoutExpired."""
        if not self._ended(timeout):
            raise subprocess.TimeoutExpired(str(self.pid), timeout)
        return 0

    def terminate(self) -> None:
        """Send SIGTERM, unless it has ended."""
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        """Send SIGKILL, unless it has ended."""
        self._send(signal.SIGKILL)

    def _ended(self, seconds: float) -> bool:
        # Not select, which takes no number above 1023.
        poll = select.poll()
        poll.register(self._handle, select.POLLIN)
        return bool(poll.poll(seconds * 1000))

    def _send(self, sign: signal.Signals) -> None:
        if not self._ended(0):
            signal.pidfd_send_signal(self._handle, sign)


class FunctionServer:
    """The process that is forked: it starts with the first one that is asked of it, and ends with the block."""

    def __init__(self, packages: tuple[str, ...] = PACKAGES) -> None:
        self._packages = packages
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._orders: socket.socket

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process:
            self._orders.close()
            self._process.wait()

    def popen(self, command: list[str], **given: Any) -> Any:
        """What `subprocess.Popen` would start, forked if it is Python's."""
        if sys.platform != "linux" or command[0] != sys.executable:
            return subprocess.Popen(command, **given)  # noqa: S603 - as ministack has it
        return FunctionProcess(self, command[1], given["cwd"], given["env"])

    def fork(self, order: dict[str, Any], files: list[int]) -> tuple[int, int]:
        """Start a process with these as its standard input, output and error: its id, and a handle of it (a pidfd)."""
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self._start()
            socket.send_fds(self._orders, [json.dumps(order).encode()], files)
            said, [handle], _, _ = socket.recv_fds(self._orders, 100, 1)
            return int(said), handle

    def _start(self) -> None:
        self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        # An order is one message, and longer than is usual.
        self._orders.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _ORDER_BYTES)
        with theirs:
            command = [sys.executable, "-m", "motiv8_tooling.local.function_processes", *self._packages]
            self._process = subprocess.Popen(command, stdin=theirs.fileno())  # noqa: S603 - ours


def main() -> None:
    """Fork for each order on the standard input, until nobody holds its other end."""
    for name in sys.argv[1:]:
        import_module(name)
    # What is there already is nothing that a fork's garbage collection need look at.
    gc.freeze()
    with socket.socket(fileno=0) as orders:
        while True:
            order, files, _, _ = socket.recv_fds(orders, _ORDER_BYTES, 3)
            if not order:
                return
            child = os.fork()
            if not child:
                _become(json.loads(order), files)
            # Before it is waited for, so that its number is nobody else's yet.
            handle = os.pidfd_open(child)
            socket.send_fds(orders, [str(child).encode()], [handle])
            for each in (handle, *files):
                os.close(each)
            _collect_the_ended()


def _collect_the_ended() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _become(order: dict[str, Any], files: list[int]) -> None:
    """Run a script as Python runs it, with the order's environment and folder."""
    code = 1
    try:
        for number, file in enumerate(files):
            os.dup2(file, number)
            os.close(file)
        sys.stdin, sys.stdout = os.fdopen(0, encoding="utf-8"), os.fdopen(1, "w", encoding="utf-8")
        sys.stderr = os.fdopen(2, "w", 1, encoding="utf-8", errors="backslashreplace")
        os.environ.clear()
        os.environ.update(order["env"])
        os.chdir(order["cwd"])
        sys.argv[:] = [order["script"]]
        sys.path[0] = str(Path(order["script"]).parent)
        runpy.run_path(order["script"], run_name="__main__")
        code = 0
    except BaseException:  # noqa: BLE001 - nothing may come back to the loop
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
