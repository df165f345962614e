"""Runs `motiv8` commands as their scripts would, each in a process forked from one that has its modules imported.

Importing them takes longer than what most commands do, and the tests of deployments run a hundred.
"""

from __future__ import annotations

import gc
import json
import os
import random
import re
import select
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from unittest.mock import patch

from motiv8_tooling.local.emulator import die_with_parent

PROJECT = Path(__file__).parents[2]
# What the deployment's commands import as they run.
_PRELOADED = ("aliases", "artifacts", "deploy", "restore", "rollback", "smoke", "teardown")


class Commands:
    """The process that is forked; it ends with the block."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "stand_in.commands"],
            env=os.environ | {"PYTHONPATH": str(PROJECT / "tests")},
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            preexec_fn=die_with_parent if sys.platform == "linux" else None,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate(timeout=10)

    def run(
        self, script: str, words: tuple[str, ...], environment: dict[str, str], given: str, seconds: float
    ) -> subprocess.CompletedProcess[str]:
        """What the script does with these words, and this on its standard input. Raises TimeoutError."""
        files = [self._folder / name for name in ("in.txt", "out.txt", "err.txt")]
        files[0].write_text(given)
        command = [*_command(script), *words]
        order = {"command": command, "environment": environment, "files": [str(each) for each in files]}
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        self._process.stdin.flush()
        if not select.select([self._process.stdout], [], [], seconds)[0]:
            raise TimeoutError(f"{script} was not done after {seconds:g} s.")
        code = int(self._process.stdout.readline())
        return subprocess.CompletedProcess(command, code, files[1].read_text(), files[2].read_text())


def _command(script: str) -> list[str]:
    """The subcommand that a script hands its words to."""
    text = (PROJECT / "scripts" / f"{script}.sh").read_text(encoding="utf-8")
    [words] = re.findall(r'^exec .*/motiv8\.sh" (.+) "\$@"$', text, re.MULTILINE)
    return str(words).split()


def main() -> None:
    """Fork for each order that comes in, until there are no more."""
    from importlib import import_module

    from motiv8_tooling.cli import main as motiv8

    for name in _PRELOADED:
        import_module(f"motiv8_tooling.operations.{name}")
    _read_ahead()
    gc.freeze()
    for line in sys.stdin.buffer:
        order: dict[str, Any] = json.loads(line)
        child = os.fork()
        if not child:
            _become(order)
            code: object = 1
            try:
                code = motiv8(order["command"])
            except SystemExit as end:
                code = end.code
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code if isinstance(code, int) else int(code is not None))
        status = os.waitpid(child, 0)[1]
        os.write(1, f"{os.waitstatus_to_exitcode(status)}\n".encode())


def _read_ahead() -> None:
    """Read what most commands would each read: the template, TLS's authorities, the SDK's data on the services."""
    from botocore.loaders import Loader, create_loader

    from motiv8_tooling.client.tls import authorities
    from motiv8_tooling.operations.environment import SERVICES
    from motiv8_tooling.operations.package import load_template
    from stand_in.sdk_data import keep_what_is_read

    load_template()
    authorities()
    keep_what_is_read()
    loader = create_loader()
    listed = loader.list_available_services
    patch.object(Loader, "list_available_services", lambda _, type_name: listed(type_name)).start()
    for name in ("endpoints", "partitions", "sdk-default-configuration", "_retry"):
        loader.load_data(name)
    for service in {*SERVICES, "cloudformation", "iam", "sts"} - {"batch", "kms", "wafv2", "xray"}:
        for kind in ("service-2", "endpoint-rule-set-1", "paginators-1"):
            loader.load_service_model(service, kind)


def _become(order: dict[str, Any]) -> None:
    """Take the environment and the files of the order for one's own."""
    die_with_parent()
    # Or every child would draw the same numbers.
    random.seed()
    os.environ.clear()
    os.environ.update(order["environment"])
    modes = (os.O_RDONLY, *[os.O_WRONLY | os.O_CREAT | os.O_TRUNC] * 2)
    for number, (path, mode) in enumerate(zip(order["files"], modes, strict=True)):
        os.dup2(os.open(path, mode), number)


if __name__ == "__main__":
    main()
