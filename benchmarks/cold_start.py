"""Fresh process to the first authenticated list answered: ours against FastAPI + Mangum."""

from __future__ import annotations

import compileall
import os
import statistics
import subprocess
import sys
import sysconfig
from pathlib import Path

from benchmarks.stand_in import environment, server, token_and_keys
from benchmarks.table import show

RUNS = 15
TARGET = 0.55
_SIDES = {"FastAPI + Mangum": "benchmarks.fastapi_peer.app", "motiv8": "motiv8.entrypoints.api"}


def main() -> None:
    """Measure in turn, so that whatever else the machine does falls on both, and print medians."""
    # As in the images: where the environment has no bytecode of its packages, each process would compile them.
    for folder in (str(Path(__file__).parents[1] / "src"), sysconfig.get_path("purelib")):
        compileall.compile_dir(folder, quiet=2, workers=0)
    token, keys = token_and_keys()
    spent: dict[str, list[float]] = {name: [] for name in _SIDES}
    with server(keys) as address:
        for _ in range(RUNS):
            for name, module in _SIDES.items():
                spent[name].append(_first_request(module, token, address))
    base = statistics.median(spent["FastAPI + Mangum"])
    rows = [
        (name, f"{statistics.median(times) * 1000:.0f}", f"{statistics.median(times) / base:.2f}")
        for name, times in spent.items()
    ]
    show(f"Cold start, CPU ms to the first authenticated list (target {TARGET})", ("handler", "CPU ms", "ratio"), rows)


def _first_request(module: str, token: str, address: str) -> float:
    done = subprocess.run(  # noqa: S603 - our own interpreter and modules
        [sys.executable, "-m", "benchmarks.first_request", module, token],
        env=os.environ | environment(address),
        check=True,
        capture_output=True,
        text=True,
    )
    return float(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
