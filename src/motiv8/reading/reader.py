"""A document is read in a process of its own, within limits: a small file can be made to take much time and memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from motiv8.catalogue.document_failures import Reason
from motiv8.catalogue.document_formats import MAX_BYTES
from motiv8.reading.document import Document, Unreadable

CPU_SECONDS = 180
"""Of CPU time for one document: twice what 2,000 full pages take on one core."""
MEMORY = 1 << 30
"""Of addresses, in bytes."""
_WALL_FACTOR = 3


def read(data: bytes, media_type: str, cpu_seconds: int = CPU_SECONDS, memory: int = MEMORY) -> Document:
    """The document in the bytes; what they are counts more than what they are said to be.

    Raises Unreadable whatever the bytes are, and RuntimeError where no process can read at all.
    """
    if len(data) > MAX_BYTES:
        raise Unreadable(Reason.TOO_LONG)
    # A new process rather than a fork, which threads of the caller may hang; it gets none of the caller's credentials.
    command = [sys.executable, "-BPm", "motiv8.reading", media_type, str(cpu_seconds), str(memory)]
    environment = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1"}
    if "LD_LIBRARY_PATH" in os.environ:
        environment["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            command, input=data, capture_output=True, env=environment, timeout=cpu_seconds * _WALL_FACTOR, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable(Reason.UNREADABLE) from error
    if done.returncode < 0:
        # By a signal: out of CPU time, or crashed.
        raise Unreadable(Reason.UNREADABLE)
    if done.returncode:
        raise RuntimeError("the process that reads documents did not start; are the packages of the library installed?")
    answer = json.loads(done.stdout)
    if "reason" in answer:
        raise Unreadable(Reason(answer["reason"]))
    return Document.from_json(answer)
