"""API Gateway before the handler, as a WSGI application."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable
from http.client import responses
from typing import Any
from urllib.parse import parse_qs

Start = Callable[[str, list[tuple[str, str]]], object]


class Gateway:
    """Turns each request into a REST event, and what the handler answers into a response."""

    def __init__(self, handler: Callable[[dict[str, Any], Any], dict[str, Any]], context: Any) -> None:
        self._handler, self._context = handler, context

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        answer = self._handler(_event(environ), self._context)
        body = answer["body"]
        start(
            f"{answer['statusCode']} {responses.get(answer['statusCode'], '')}",
            [(name, str(value)) for name, value in answer["headers"].items()],
        )
        return [base64.b64decode(body) if answer["isBase64Encoded"] else body.encode()]


def _event(environ: dict[str, Any]) -> dict[str, Any]:
    headers = {
        name.removeprefix("HTTP_").replace("_", "-").title(): value
        for name, value in environ.items()
        if name.startswith("HTTP_") or (name == "CONTENT_TYPE" and value)
    }
    query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
    return {
        "httpMethod": environ["REQUEST_METHOD"],
        "path": path,
        "headers": headers,
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "requestContext": {
            "requestId": "gateway-request",
            "stage": "test",
            "path": f"/test{path}",
            "identity": {"sourceIp": environ.get("REMOTE_ADDR", "")},
        },
        "body": base64.b64encode(body).decode() if body else None,
        "isBase64Encoded": bool(body),
    }
