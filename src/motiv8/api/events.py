"""One shape for the three events that can reach us: API Gateway REST (v1), HTTP (v2) and Lambda function URLs."""

from __future__ import annotations

import base64
import binascii
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from motiv8.declarations import raises
from motiv8.errors import Malformed

Event = dict[str, Any]


class Request(NamedTuple):
    """What the router needs of a request before a feature is chosen; `event` is in REST (v1) shape."""

    method: str
    path: str
    headers: dict[str, str]
    request_id: str
    event: Event

    def as_get(self) -> Request:
        """The GET that answers a HEAD; anything else as it is."""
        if self.method != "HEAD":
            return self
        return self._replace(method="GET", event={**self.event, "httpMethod": "GET"})


def read(event: Event) -> Request:
    """Bring any of the three events into one shape; header names come out in lower case."""
    rest = event if "httpMethod" in event else _from_version_2(event)
    headers = {name.lower(): value for name, value in (rest.get("headers") or {}).items() if value is not None}
    rest = {**rest, "headers": headers}
    return Request(
        method=rest["httpMethod"].upper(),
        path=rest["path"],
        headers=headers,
        request_id=(rest.get("requestContext") or {}).get("requestId", ""),
        event=rest,
    )


def _from_version_2(event: Event) -> Event:
    context = event["requestContext"]
    path = event["rawPath"]
    stage = context.get("stage", "$default")
    if stage != "$default" and path.startswith(f"/{stage}/"):
        path = path.removeprefix(f"/{stage}")
    query = parse_qs(event.get("rawQueryString", ""), keep_blank_values=True)
    return {
        "httpMethod": context["http"]["method"],
        "path": path,
        "headers": event.get("headers"),
        "queryStringParameters": {name: values[-1] for name, values in query.items()},
        "multiValueQueryStringParameters": query,
        "requestContext": {
            "requestId": context.get("requestId", ""),
            "stage": stage,
            "path": path,
            "identity": {"sourceIp": context["http"].get("sourceIp", "")},
        },
        "body": event.get("body"),
        "isBase64Encoded": event.get("isBase64Encoded", False),
    }


@raises(Malformed)
def text_body(event: Event) -> str | None:
    """The body as text; None where there is none. Raises Malformed for one that is not UTF-8."""
    body: str | None = event.get("body")
    if body is None or not event.get("isBase64Encoded"):
        return body
    try:
        return base64.b64decode(body, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise Malformed("The body is not UTF-8 text.") from error
