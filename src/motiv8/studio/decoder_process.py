"""Decoding in a process of its own that may use little CPU time, since a small file can be made to take minutes."""

from __future__ import annotations

import gc
import json
import math
import mmap
import multiprocessing
import resource
import time
from typing import TYPE_CHECKING

import numpy as np

from motiv8.catalogue.rejections import Rejection
from motiv8.studio import photo
from motiv8.studio.rejection import PhotoRejected

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

CPU_SECONDS = 10
"""Of CPU time for one photo: three times what the slowest photo within the limits takes on one shared core."""
_WALL_FACTOR = 3
_MOST_PIXEL_BYTES = 3 * photo.WORKING_SIDE**2

# Forked, so that the child has every library loaded already; it decodes and touches nothing else of the parent's.
_CONTEXT = multiprocessing.get_context("fork")


def decode(data: bytes, cpu_seconds: int = CPU_SECONDS) -> np.ndarray:
    """What `photo.decode` gives, and UNREADABLE as well for a photo that takes longer than `cpu_seconds` or crashes.

    Raises PhotoRejected.
    """
    receiver, sender = _CONTEXT.Pipe(duplex=False)
    # Seen by both: 9 MB through a pipe take longer than many a photo takes to decode.
    pixels = mmap.mmap(-1, _MOST_PIXEL_BYTES)
    process = _CONTEXT.Process(target=_run, args=(sender, pixels, data, cpu_seconds), daemon=True)
    _start(process)
    # The child has its own; without this the end of the child is not seen.
    sender.close()
    try:
        if not receiver.poll(cpu_seconds * _WALL_FACTOR):
            raise PhotoRejected(Rejection.UNREADABLE)
        answer = json.loads(receiver.recv_bytes())
        if "reason" in answer:
            raise PhotoRejected(Rejection(answer["reason"]))
        return np.frombuffer(pixels, np.uint8, math.prod(answer["shape"])).reshape(answer["shape"])
    except (EOFError, OSError, ValueError, KeyError) as error:
        raise PhotoRejected(Rejection.UNREADABLE) from error
    finally:
        receiver.close()
        process.kill()
        process.join()
        process.close()


def _start(process: BaseProcess) -> None:
    # The child must not take down what the parent left: a library waits there for threads that no fork brings along.
    collects = gc.isenabled()
    gc.disable()
    try:
        process.start()
    finally:
        if collects:
            gc.enable()


def _run(sender: Connection, pixels: mmap.mmap, data: bytes, cpu_seconds: int) -> None:
    # What the parent had used until now does not count.
    limit = math.ceil(time.process_time()) + cpu_seconds
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
    try:
        image = photo.decode(data)
    except PhotoRejected as rejected:
        _send(sender, reason=rejected.reason)
    else:
        np.frombuffer(pixels, np.uint8, image.size).reshape(image.shape)[:] = image
        _send(sender, shape=image.shape)
    sender.close()


def _send(sender: Connection, **answer: object) -> None:
    # Not pickled: what a photo may have done to this process must not reach the parent.
    sender.send_bytes(json.dumps(answer).encode())
