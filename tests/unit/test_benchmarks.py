"""Benchmarks are not run by the tests; that they start is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[2]
# In environments of their own: with torch, and with the peer's packages.
ELSEWHERE = {"__main__", "diffusion", "library_peer", "studio_peer"}


def test_every_benchmark_finds_what_it_imports_by_the_path_that_its_target_gives() -> None:
    [path] = {
        word.removeprefix("PYTHONPATH=")
        for line in (PROJECT / "Makefile").read_text().splitlines()
        if line.startswith("BENCHMARKS :=")
        for word in line.split()
        if word.startswith("PYTHONPATH=")
    }
    names = sorted({file.stem for file in (PROJECT / "benchmarks").glob("[!_]*.py")} - ELSEWHERE)
    assert len(names) > 5
    program = f"import {', '.join(f'benchmarks.{name}' for name in names)}"
    done = subprocess.run(  # noqa: S603 - our own modules
        [sys.executable, "-c", program],
        cwd=PROJECT,
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
