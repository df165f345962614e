"""A photo is decoded in a process of its own: what takes too long or crashes there is one rejected photo."""

from __future__ import annotations

import gc
import io
import multiprocessing
import os
import signal
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from motiv8.catalogue.rejections import Rejection
from motiv8.studio import decoder_process, photo
from motiv8.studio.rejection import PhotoRejected

SAMPLE = (Path(__file__).parents[3] / "samples" / "astronaut.jpg").read_bytes()


def test_it_gives_what_the_decoder_gives() -> None:
    assert np.array_equal(decoder_process.decode(SAMPLE), photo.decode(SAMPLE))


def test_a_photo_that_the_decoder_refuses_is_refused_for_the_same_reason() -> None:
    with pytest.raises(PhotoRejected) as rejected:
        decoder_process.decode(b"no photo")
    assert rejected.value.reason == Rejection.UNREADABLE


def _busy(_: bytes) -> np.ndarray:
    while True:
        sum(range(1000))


def _crash(_: bytes) -> np.ndarray:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def _sleep(_: bytes) -> np.ndarray:
    time.sleep(60)
    return np.zeros((1, 1, 3), np.uint8)


@pytest.mark.parametrize("decoder", [_busy, _crash, _sleep])
def test_one_that_takes_too_long_or_crashes_is_unreadable_and_its_process_is_gone(
    decoder: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photo, "decode", decoder)
    with pytest.raises(PhotoRejected) as rejected:
        decoder_process.decode(SAMPLE, cpu_seconds=1)
    assert rejected.value.reason == Rejection.UNREADABLE
    assert multiprocessing.active_children() == []


def test_the_largest_photo_comes_through() -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (8000, 6000), "teal").save(buffer, "JPEG")
    assert decoder_process.decode(buffer.getvalue()).shape == (1500, 2000, 3)


class _Threads:
    """What waits for its threads when it is taken down, of which a forked process has none."""

    def __init__(self) -> None:
        self.itself, self.process = self, os.getpid()

    def __del__(self) -> None:
        if os.getpid() != self.process:
            time.sleep(60)


def _makes_many_objects(_: bytes) -> np.ndarray:
    return np.zeros((len([[] for _ in range(300_000)]) // 300_000, 1, 3), np.uint8)


def test_what_the_caller_left_is_not_taken_down_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photo, "decode", _makes_many_objects)
    usual = gc.get_threshold()
    gc.set_threshold(100_000)
    try:
        _Threads()
        assert decoder_process.decode(SAMPLE, cpu_seconds=2).shape == (1, 1, 3)
    finally:
        gc.set_threshold(*usual)
    assert gc.isenabled()
