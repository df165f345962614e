"""The embedded AWS as motiv8 starts it: ministack with a bound on each function's processes.

ministack starts a process for each call that finds none free, and its own limit refuses calls where AWS would run them.
Here a call waits until one of the function's processes is free, and those that were started stay warm.
"""

from __future__ import annotations

import os
import sys
from threading import BoundedSemaphore
from typing import Any

from ministack import app
from ministack.services import lambda_svc

WORKERS = max(2, min(4, os.cpu_count() or 2))
"""The most processes of one function."""

_places: dict[str, BoundedSemaphore] = {}
_run = lambda_svc._execute_function_warm


def _run_when_one_is_free(function: dict[str, Any], event: Any, request_id: str) -> Any:
    name = (function.get("config") or function)["FunctionName"]
    # No function waits for another call of itself, so calls that wait here cannot wait for each other.
    with _places.setdefault(name, BoundedSemaphore(WORKERS)):
        return _run(function, event, request_id)


def main() -> None:
    """Serve until SIGTERM; state is written on the way out."""
    lambda_svc._execute_function_warm = _run_when_one_is_free
    try:
        app.main()
    finally:
        sys.stdout.flush()
        # A plain return would wait for every step of a state machine that is still under way.
        os._exit(0)


if __name__ == "__main__":
    main()
