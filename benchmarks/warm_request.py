"""A warm request in process: ours beside other frameworks, the same stand-in store for all."""

from __future__ import annotations

import importlib
import json
import logging
import os
import statistics
import time
from collections.abc import Callable
from typing import Any

from botocore.session import get_session

from benchmarks.api_peers import BASE, HANDLERS
from benchmarks.event import Context, event
from benchmarks.stand_in import USER, environment, server, token_and_keys
from benchmarks.table import show

ROUNDS = 9
REQUESTS = 150
TARGET = 0.40
LIST = "GET /v1/portraits (token, empty store)"
CALLS = "its calls of DynamoDB alone"
_REQUESTS: dict[str, tuple[str, str, str | None, frozenset[int]]] = {
    "GET /v1/modes (no token)": ("GET", "/v1/modes", None, frozenset({200})),
    LIST: ("GET", "/v1/portraits", None, frozenset({200})),
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
            asked = handlers | ({CALLS: _calls_alone(address)} if name == LIST else {})
            spent: dict[str, list[float]] = {side: [] for side in asked}
            for _ in range(ROUNDS):
                for side, handler in asked.items():
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


def _calls_alone(address: str) -> Callable[..., dict[str, Any]]:
    """What asks DynamoDB what a list has to ask, through botocore, and does nothing else: no handler takes less."""
    client: Any = get_session().create_client("dynamodb", region_name="us-east-1", endpoint_url=address)

    def ask(*_: object) -> dict[str, Any]:
        client.update_item(
            TableName="idempotency",
            Key={"id": {"S": f"requests#{USER}"}},
            UpdateExpression="SET expiration = :until ADD seen :one",
            ExpressionAttributeValues={":until": {"N": "1"}, ":one": {"N": "1"}},
            ReturnValues="UPDATED_NEW",
        )
        client.get_item(TableName="users", Key={"user_id": {"S": USER}}, ConsistentRead=True)
        client.query(
            TableName="portraits",
            KeyConditionExpression="user_id = :user",
            ExpressionAttributeValues={":user": {"S": USER}},
            ScanIndexForward=False,
            ConsistentRead=True,
            Limit=31,
        )
        return {"statusCode": 200}

    return ask


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
