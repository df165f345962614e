"""`make bench-studio`: seconds a stage and peak memory, from a photo to the finished files, beside another pipeline."""

from __future__ import annotations

import io
import json
import multiprocessing
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.table import show

PROJECT = Path(__file__).parents[1]
PEER = PROJECT / ".tools" / "peer" / "bin" / "python"
RUNS = 5
DAY = date(2026, 11, 20)
SIZES = {"1 MP": 1_000_000, "12 MP": 12_000_000, "50 MP": 50_000_000}
Stages = dict[str, tuple[float, float]]


def main() -> None:
    """Each photo in a process of its own, so that peak memory is its own; one warm-up run first."""
    context = multiprocessing.get_context("spawn")
    for cores in (1, 2):
        rows = []
        for name, data in _photos().items():
            with context.Pool(1) as pool:
                stages, peak = pool.apply(_measure, (data, cores))
            first, daily, floor = (
                sum(stages[each][0] for each in some) for some in (FIRST, DAILY, ("decode", "encode"))
            )
            wall = sum(stages[each][1] for each in FIRST)
            peer, peer_wall, peer_peak = _peer(data, cores)
            times = [stages[stage][0] for stage in STAGES]
            own = (name, *map(_ms, times), _ms(first), _ms(wall), _ms(daily), _ms(floor), f"{peak:.0f}")
            rows.append((*own, _ms(peer), _ms(peer_wall), f"{peer_peak:.0f}", f"{peer / first:.1f}"))
        show(TITLE.format(cores=cores), (*OURS, "peer", "peer wall", "peer peak MB", "peer / first"), rows)


DAILY = ("read back", "compose", "encode")
FIRST = ("decode", "find the face", "embed", "cut out", "scene", "compose", "encode")
STAGES = ("decode", "find the face", "embed", "cut out", "store", "scene", *DAILY)
OURS = ("photo", *STAGES, "first", "wall", "daily", "floor", "peak MB")
TITLE = """Studio, CPU ms, cores: {cores}
First: from a photo to the files, without storing the cut-out between its two functions; daily: from a stored cut-out
and scene; floor: decode and encode alone; peer: face_recognition, GrabCut, Pillow"""


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f}"


def _photos() -> dict[str, bytes]:
    import pillow_heif
    from PIL import Image, ImageOps

    # Here alone: what the stand-ins load would count as the studio's memory.
    from stand_in.photos import from_a_phone

    whole = from_a_phone(4032)
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(whole))).convert("RGB")
    made = {}
    for name, pixels in SIZES.items():
        factor = (pixels / (upright.width * upright.height)) ** 0.5
        buffer = io.BytesIO()
        upright.resize((round(upright.width * factor), round(upright.height * factor))).save(buffer, "JPEG", quality=92)
        made[name] = buffer.getvalue() if name != "12 MP" else whole
    buffer = io.BytesIO()
    pillow_heif.from_pillow(upright).save(buffer, quality=80)
    made["12 MP HEIC"] = buffer.getvalue()
    return made


def _measure(data: bytes, cores: int) -> tuple[Stages, float]:
    os.sched_setaffinity(0, set(range(cores)))
    from motiv8.studio import composition, cutout, face, identity, layers, photo, scene
    from motiv8.studio.design import Design
    from motiv8.studio.lines import pick

    spent: dict[str, list[tuple[float, float]]] = {}

    def timed(stage: str, work: Callable[..., Any], *arguments: Any) -> Any:
        begun, wall = time.process_time(), time.perf_counter()
        result = work(*arguments)
        spent.setdefault(stage, []).append((time.process_time() - begun, time.perf_counter() - wall))
        return result

    for _ in range(RUNS + 1):
        image = timed("decode", photo.decode, data)
        found = timed("find the face", face.find, image)
        timed("embed", identity.embed, image, found)
        person = timed("cut out", cutout.cut_out, image, found)
        stored = timed("store", photo.encode_cutout, person)
        place = timed("scene", scene.make, "summit", DAY)
        kept = photo.encode_scene(place)
        timed("read back", _read_back, photo, stored, kept)
        # What pictures of one design share is not there for the first of them.
        layers.forget_shared()
        line = pick("motivate", DAY, 0)
        picture = timed("compose", composition.compose, person, place, line, Design("summit", DAY))
        timed("encode", _encode, photo, picture)
    medians = {
        stage: (statistics.median(cpu for cpu, _ in times[1:]), statistics.median(wall for _, wall in times[1:]))
        for stage, times in spent.items()
    }
    # Not `ru_maxrss`: that keeps the peak of the process that started this one.
    peak = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
    return medians, peak


def _read_back(photo: Any, cutout: bytes, scene: bytes) -> None:
    photo.decode_own(cutout)
    photo.decode_own(scene)


def _encode(photo: Any, picture: Any) -> None:
    photo.encode_jpeg(picture)
    photo.encode_webp(photo.thumbnail(picture))


def _peer(data: bytes, cores: int) -> tuple[float, float, float]:
    """CPU seconds, wall seconds and peak MB of the other pipeline; not a number where it cannot read the file."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        command = [str(PEER), "benchmarks/studio_peer.py", file.name, str(RUNS), str(cores)]
        done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        return float("nan"), float("nan"), float("nan")
    said = json.loads(done.stdout)
    totals = [[sum(stage[column] for stage in run.values()) for run in said["runs"]] for column in (0, 1)]
    return statistics.median(totals[0]), statistics.median(totals[1]), said["peak"]


if __name__ == "__main__":
    main()
