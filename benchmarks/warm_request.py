"""A warm request in process: ours beside other frameworks, the same stand-in store for all."""

from __future__ import annotations

import importlib
import json
import logging
import os
import statistics
import time
from typing import Any

from benchmarks.api_peers import BASE, HANDLERS
from benchmarks.event import Context, event
from benchmarks.stand_in import environment, server, token_and_keys
from benchmarks.table import show

ROUNDS = 9
REQUESTS = 150
TARGET = 0.40
_REQUESTS: dict[str, tuple[str, str, str | None, frozenset[int]]] = {
    "GET /v1/modes (no token)": ("GET", "/v1/modes", None, frozenset({200})),
    "GET /v1/portraits (token, empty store)": ("GET", "/v1/portraits", None, frozenset({200})),
    "PATCH /v1/me (token, body refused)": ("PATCH", "/v1/me", json.dumps({"delivery_hour": 24}), frozenset({400, 422})),
}


def main() -> None:
    """Measure in turn and print medians."""
    token, keys = token_and_keys()
    with server(keys) as address:
        os.environ.update(environment(address))
        for name in ("httpx", "mangum"):
            logging.getLogger(name).setLevel(logging.WARNING)
        handlers = {name: importlib.import_module(module).handler for name, module in HANDLERS.items()}
        rows = []
        for name, (method, path, body, statuses) in _REQUESTS.items():
            request = event(method, path, token, body)
            spent: dict[str, list[float]] = {side: [] for side in HANDLERS}
            for _ in range(ROUNDS):
                for side, handler in handlers.items():
                    spent[side].append(_round(handler, request, statuses))
            took = {side: statistics.median(times) for side, times in spent.items()}
            rows += [
                (name, side, f"{seconds * 1e6:.0f}", f"{seconds / took[BASE]:.2f}") for side, seconds in took.items()
            ]
    show(
        f"Warm request, CPU microseconds in process (target {TARGET} for the list)",
        ("request", "handler", "CPU µs", "ratio"),
        rows,
    )


def _round(handler: Any, request: dict[str, object], statuses: frozenset[int]) -> float:
    context = Context()
    if handler(request, context)["statusCode"] not in statuses:
        raise SystemExit(f"{request['path']} did not answer {set(statuses)}")
    begun = time.process_time()
    for _ in range(REQUESTS):
        handler(request, context)
    return (time.process_time() - begun) / REQUESTS


if __name__ == "__main__":
    main()
