"""`make fuzz`: mutated photos through the decoder, in a process that may not crash, hang or take more than its memory.

Whatever the bytes are, `photo.decode` gives an image within the limits or raises PhotoRejected.
"""

from __future__ import annotations

import argparse
import io
import multiprocessing
import resource
import signal
import sys
import time
import warnings
from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import Image

from motiv8.studio import photo
from motiv8.studio.rejection import PhotoRejected

SECONDS = 10
"""Longest that one file may take."""
MEMORY = 1536 * 1024 * 1024
"""Address space that the decoder may take beyond what the process has when it begins, in bytes."""
SAMPLE = Path(__file__).parents[2] / "samples" / "astronaut.jpg"


def seeds() -> dict[str, bytes]:
    """Whole files of every kind that is read."""
    with Image.open(SAMPLE) as sample:
        colour = sample.convert("RGB").resize((96, 120))
    alpha = colour.convert("RGBA")
    alpha.putalpha(128)
    profile = b"\x00" * 128
    kinds: dict[str, tuple[Image.Image, str, dict[str, object]]] = {
        "jpeg": (colour, "JPEG", {}),
        "jpeg-progressive": (colour, "JPEG", {"progressive": True}),
        "jpeg-grey": (colour.convert("L"), "JPEG", {}),
        "jpeg-cmyk": (colour.convert("CMYK"), "JPEG", {}),
        "jpeg-profile": (colour, "JPEG", {"icc_profile": profile}),
        "png": (colour, "PNG", {}),
        "png-alpha": (alpha, "PNG", {}),
        "png-palette": (colour.quantize(40), "PNG", {"transparency": 3}),
        "png-16": (Image.fromarray(np.arange(9600, dtype=np.uint16).reshape(120, 80)), "PNG", {}),
        "png-animated": (colour, "PNG", {"save_all": True, "append_images": [colour.rotate(90)]}),
        "webp": (colour, "WEBP", {}),
        "webp-lossless": (alpha, "WEBP", {"lossless": True}),
        "webp-animated": (colour, "WEBP", {"save_all": True, "append_images": [colour.rotate(90)]}),
    }
    files = {}
    for name, (image, kind, options) in kinds.items():
        buffer = io.BytesIO()
        image.save(buffer, kind, **options)
        files[name] = buffer.getvalue()
    for name, frames in (("heic", [colour]), ("heic-frames", [colour, colour.rotate(180)])):
        heif = pillow_heif.HeifFile()
        for frame in frames:
            heif.add_from_pillow(frame)
        buffer = io.BytesIO()
        heif.save(buffer, quality=60)
        files[name] = buffer.getvalue()
    return files


def mutated(whole: bytes, rng: np.random.Generator) -> bytes:
    """Bytes changed, cut off, doubled, moved, or numbers in the head made large."""
    data = bytearray(whole)
    for _ in range(int(rng.integers(1, 5))):
        place = int(rng.integers(0, max(1, len(data))))
        match int(rng.integers(7)):
            case 0:
                for each in rng.integers(0, len(data), int(rng.integers(1, 12))):
                    data[each] = int(rng.integers(256))
            case 1:
                data = data[: max(1, place)]
            case 2:
                data[place:place] = data[place : place + int(rng.integers(1, 400))]
            case 3:
                del data[place : place + int(rng.integers(1, 60))]
            case 4:
                head = int(rng.integers(0, min(300, len(data))))
                data[head : head + 4] = bytes(rng.choice([0x00, 0x7F, 0xFF], 4).astype(np.uint8))
            case 5:
                head = int(rng.integers(0, min(300, len(data))))
                data[head : head + 2] = int(rng.integers(65536)).to_bytes(2)
            case _:
                other = int(rng.integers(0, len(data)))
                size = int(rng.integers(1, 64))
                data[place : place + size] = data[other : other + size]
        if not data:
            return b"\x00"
    return bytes(data)


def _work(seed: int, first: int, last: int, pipe: Connection) -> None:
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, used + MEMORY))
    # A decoder that hangs is ended by the kernel, whatever it is doing.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    warnings.simplefilter("ignore")
    files = seeds()
    names = list(files)
    for case in range(first, last):
        rng = np.random.default_rng([seed, case])
        name = names[case % len(names)]
        data = mutated(files[name], rng)
        pipe.send(("begun", case, name, 0.0))
        signal.alarm(SECONDS)
        started = time.monotonic()
        try:
            image = photo.decode(data)
        except PhotoRejected:
            outcome = "rejected"
        except BaseException as error:  # noqa: BLE001 - that is what we look for
            outcome = f"raised {type(error).__name__}: {error}"
        else:
            right = image.dtype == np.uint8 and image.ndim == 3 and max(image.shape[:2]) <= photo.WORKING_SIDE
            outcome = "read" if right else f"gave {image.dtype} {image.shape}"
        signal.alarm(0)
        pipe.send((outcome, case, name, time.monotonic() - started))
    pipe.close()


def run(cases: int, seed: int) -> int:
    """Returns how many cases went wrong; each is printed with what makes it again."""
    outcomes: Counter[str] = Counter()
    wrong, slowest, first = 0, 0.0, 0
    context = multiprocessing.get_context("spawn")
    while first < cases:
        receiver, sender = context.Pipe(duplex=False)
        worker = context.Process(target=_work, args=(seed, first, cases, sender))
        worker.start()
        sender.close()
        case, name = first, ""
        while True:
            try:
                outcome, case, name, seconds = receiver.recv()
            except EOFError:
                break
            if outcome == "begun":
                continue
            first = case + 1
            slowest = max(slowest, seconds)
            outcomes[outcome if outcome in {"read", "rejected"} else "wrong"] += 1
            if outcome not in {"read", "rejected"}:
                wrong += 1
                print(f"case {case} of seed {seed} ({name}): {outcome}", flush=True)
        worker.join()
        if first < cases:
            wrong += 1
            outcomes["wrong"] += 1
            how = "hung" if worker.exitcode == -signal.SIGALRM else f"ended with {worker.exitcode}"
            print(f"case {case} of seed {seed} ({name}): the decoder {how}", flush=True)
            first = case + 1
    told = ", ".join(f"{number:,} {outcome}" for outcome, number in sorted(outcomes.items()))
    print(f"{cases:,} files: {told}; the slowest took {slowest:.2f} s")
    return wrong


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    sys.exit(min(1, run(given.cases, given.seed)))
