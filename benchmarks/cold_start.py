"""Fresh process to the first authenticated list answered: ours beside other frameworks."""

from __future__ import annotations

import compileall
import os
import statistics
import subprocess
import sys
import sysconfig
from pathlib import Path

from benchmarks.api_peers import BASE, HANDLERS
from benchmarks.stand_in import environment, server, token_and_keys
from benchmarks.table import show

RUNS = 15
PROJECT = Path(__file__).parents[1]
IMAGE = PROJECT / ".tools" / "packages" / "api-handler"
"""The packages as our image has them, which also sets this variable; the others have theirs as they are installed."""
IMAGE_VARIABLES = {"PYDANTIC_DISABLE_PLUGINS": "__all__"}
TARGET = 0.45


def main() -> None:
    """Measure in turn, so that whatever else the machine does falls on all, and print medians."""
    # As in the images: where the environment has no bytecode of its packages, each process would compile them.
    for folder in (str(PROJECT / "src"), str(IMAGE), sysconfig.get_path("purelib")):
        compileall.compile_dir(folder, quiet=2, workers=0)
    token, keys = token_and_keys()
    spent: dict[str, list[float]] = {name: [] for name in HANDLERS}
    with server(keys) as address:
        for _ in range(RUNS):
            for name, module in HANDLERS.items():
                spent[name].append(_first_request(module, token, address))
    base = statistics.median(spent[BASE])
    rows = [
        (name, f"{statistics.median(times) * 1000:.0f}", f"{statistics.median(times) / base:.2f}")
        for name, times in spent.items()
    ]
    show(f"Cold start, CPU ms to the first authenticated list (target {TARGET})", ("handler", "CPU ms", "ratio"), rows)


def _first_request(module: str, token: str, address: str) -> float:
    is_ours = module.startswith("motiv8.")
    path = (PROJECT / "src", IMAGE) if is_ours else (PROJECT / "src",)
    own = {"PYTHONPATH": os.pathsep.join(map(str, path))} | (IMAGE_VARIABLES if is_ours else {})
    done = subprocess.run(  # noqa: S603 - our own interpreter and modules
        [sys.executable, "-m", "benchmarks.first_request", module, token],
        env=os.environ | environment(address) | own,
        check=True,
        capture_output=True,
        text=True,
    )
    return float(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
