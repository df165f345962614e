"""A warm request in process: ours against FastAPI + Mangum, the same stand-in store on both sides."""

from __future__ import annotations

import importlib
import json
import logging
import os
import statistics
import time
from typing import Any

from benchmarks.event import Context, event
from benchmarks.stand_in import environment, server, token_and_keys
from benchmarks.table import show

ROUNDS = 15
REQUESTS = 150
TARGET = 0.55
_SIDES = {"FastAPI + Mangum": "benchmarks.fastapi_peer.app", "motiv8": "motiv8.entrypoints.api"}
_REQUESTS: dict[str, tuple[str, str, str | None, int]] = {
    "GET /v1/modes (no token)": ("GET", "/v1/modes", None, 200),
    "GET /v1/portraits (token, empty store)": ("GET", "/v1/portraits", None, 200),
    "PATCH /v1/me (token, body refused: 422)": ("PATCH", "/v1/me", json.dumps({"delivery_hour": 24}), 422),
}


def main() -> None:
    """Measure in turn and print medians."""
    token, keys = token_and_keys()
    with server(keys) as address:
        os.environ.update(environment(address))
        logging.getLogger("httpx").setLevel(logging.WARNING)
        handlers = {name: importlib.import_module(module).handler for name, module in _SIDES.items()}
        rows = []
        for name, (method, path, body, status) in _REQUESTS.items():
            request = event(method, path, token, body)
            spent: dict[str, list[float]] = {side: [] for side in _SIDES}
            for _ in range(ROUNDS):
                for side, handler in handlers.items():
                    spent[side].append(_round(handler, request, status))
            peer, ours = (statistics.median(spent[side]) for side in _SIDES)
            rows.append((name, f"{peer * 1e6:.0f}", f"{ours * 1e6:.0f}", f"{ours / peer:.2f}"))
    show(
        f"Warm request, CPU microseconds in process (target {TARGET})",
        ("request", *_SIDES, "ratio"),
        rows,
    )


def _round(handler: Any, request: dict[str, object], status: int) -> float:
    context = Context()
    if handler(request, context)["statusCode"] != status:
        raise SystemExit(f"{request['path']} did not answer {status}")
    begun = time.process_time()
    for _ in range(REQUESTS):
        handler(request, context)
    return (time.process_time() - begun) / REQUESTS


if __name__ == "__main__":
    main()
