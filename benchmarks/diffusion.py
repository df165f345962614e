"""`make bench-diffusion`: seconds a picture of the engine diffusion takes, as large as it is, with random weights.

What is painted is noise, but the arithmetic is that of Stable Diffusion 1.5 with the plus-face adapter.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

import numpy as np

from benchmarks.table import show

RUNS = (
    {"runtime": "torch", "precision": "float32"},
    {"runtime": "torch", "precision": "bfloat16"},
    {"runtime": "openvino", "precision": "float32"},
)


def main() -> None:
    """Each way to run in a process of its own; 4 steps without guidance, at 512 x 640."""
    rows = []
    for said in RUNS:
        command = [sys.executable, "-m", "benchmarks.diffusion", said["runtime"], said["precision"]]
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - fixed
        rows.append((said["runtime"], said["precision"], *done.stdout.split()[-4:]))
    header = ("runtime", "precision", "load s", "first picture s", "next picture s", "peak MB")
    show(f"Diffusion, 512 x 640, 4 steps, {os.cpu_count()} cores", header, rows)


def measure(runtime: str, precision: str) -> None:
    """Print seconds to load, of the first and of the next picture, and the peak memory in MB."""
    from diffusion import random_model
    from motiv8.engines import diffusion_model, diffusion_pipeline

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "model"
        # Made by a process of its own, so that it leaves no memory behind here.
        if not (pid := os.fork()):
            sizes = {"portrait": [512, 640], "story": [512, 912], "square": [512, 512]}
            random_model.make(
                folder, size=random_model.FULL, steps=4, runtime=runtime, precision=precision, sizes=sizes
            )
            os._exit(0)
        os.waitpid(pid, 0)
        times = [time.perf_counter()]
        paint = diffusion_pipeline.load(folder, diffusion_model.read(folder))
        times.append(time.perf_counter())
        face = np.full((512, 512, 3), 128, np.uint8)
        for seed in (1, 2):
            paint(diffusion_model.PaintRequest("a person on a hill", "text", face, 512, 640, seed))
            times.append(time.perf_counter())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(*(f"{later - earlier:.1f}" for earlier, later in pairwise(times)), f"{peak:.0f}")


if __name__ == "__main__":
    measure(*sys.argv[1:]) if sys.argv[1:] else main()
