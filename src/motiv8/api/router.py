"""From a request to a feature: guard, choose, resolve, answer. Every answer leaves through here."""

from __future__ import annotations

import json
import re
import time
from functools import cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError

from motiv8 import long_poll
from motiv8.api import fair_share, origin, problems
from motiv8.api.events import Event, Request, read, text_body
from motiv8.api.features import feature
from motiv8.api.guard import admit
from motiv8.api.problems import MethodNotAllowed, UnsupportedMediaType
from motiv8.catalogue.translation import preferred, spoken
from motiv8.declarations import is_conditional, is_public, needs_fresh_sign_in, raises
from motiv8.device import device
from motiv8.entity_tags import is_named
from motiv8.errors import Malformed, NotFound
from motiv8.page_policy import NOTHING
from motiv8.settings import settings
from motiv8.telemetry import count, logger

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.event_handler.api_gateway import Route, Router
    from aws_lambda_powertools.utilities.typing import LambdaContext

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
# Not `-` first: a command line would take it for an option.
_CORRELATION_ID = re.compile(r"[A-Za-z0-9._:=][A-Za-z0-9._:=-]{7,127}")


def dispatch(event: Event, context: LambdaContext) -> dict[str, Any]:
    """Answer one event; whatever goes wrong comes out as problem+json with the correlation id."""
    correlation_id = context.aws_request_id
    request: Request | None = None
    fair_share.begin()
    spoken.set("en")
    long_poll.begin()
    begun = time.monotonic()
    try:
        request = read(event)
        correlation_id = _correlation_id(request) or correlation_id
        logger.set_correlation_id(correlation_id)
        spoken.set(preferred(request.headers.get("accept-language", "")))
        origin.check(request.path, request.headers)
        device.set(origin.device(request))
        answer = _answer(request, context, correlation_id)
    except Exception as error:  # noqa: BLE001 - the last door: nothing may leave but problem+json
        answer = _plain(problems.response(error, correlation_id))
    if answer["statusCode"] in _LATER and "RateLimit-Limit" not in answer["headers"]:
        # A quota that says no has said what is left of it.
        answer["headers"] |= fair_share.headers()
    answer["headers"] |= _headers(correlation_id, answer["headers"])
    if request:
        if request.method == "HEAD":
            answer["body"] = ""
        # Without its query, which may hold a token, and not where it is of the caller's making.
        path = request.path if answer["statusCode"] != 404 else "unknown"
        logger.info("answered", method=request.method, path=path, status=answer["statusCode"])
    # Lambda's own metric holds what somebody asked to wait, too.
    if time.monotonic() - begun - long_poll.waited() >= _SLOW_SECONDS:
        count("AnswersSlow")
    return answer


def _answer(request: Request, context: LambdaContext, correlation_id: str) -> dict[str, Any]:
    only_looks = request.method == "HEAD"
    request = request.as_get()
    if request.method == "OPTIONS":
        return {"statusCode": 204, "headers": _PREFLIGHT, "body": "", "isBase64Encoded": False}
    load = feature(request.path)
    if load is None:
        raise NotFound("There is nothing at this address.")
    app = resolver(load)
    route = _route(app, request.method, request.path)
    if is_public(route.func):
        fair_share.take_for_network(origin.network(request), request.path)
    else:
        app.append_context(caller=admit(request, fresh=needs_fresh_sign_in(route.func)))
    app.append_context(correlation_id=correlation_id, only_looks=only_looks)
    body = read_body(request) if route.dependant.body_params else None
    answer = app.resolve({**request.event, "body": body, "isBase64Encoded": False}, context)
    # One shape that REST, HTTP and function URLs all take; no answer of ours repeats a header.
    headers = {name: ", ".join(values) for name, values in answer.pop("multiValueHeaders").items()}
    # Not every gateway takes a body of null for none.
    answer = {**answer, "headers": headers, "body": answer.get("body") or ""}
    known = request.headers.get("if-none-match", "")
    if is_conditional(route.func) and answer["statusCode"] == 200 and is_named(headers["ETag"], known):
        del headers["Content-Type"]
        return {**answer, "statusCode": 304, "body": ""}
    return answer


@cache
def resolver(load: Callable[[], Router]) -> APIGatewayRestResolver:
    """The feature's routes, imported and built when first asked for."""
    app = APIGatewayRestResolver(enable_validation=True, json_body_deserializer=parse_json)
    app.include_router(load())

    @app.exception_handler(Exception)  # type: ignore[untyped-decorator]
    def failed(error: Exception) -> Response[str]:
        if isinstance(error, RequestValidationError) and app.current_event.body:
            error.body = app.current_event.json_body
        return problems.response(error, app.context["correlation_id"])

    return app


def _route(app: APIGatewayRestResolver, method: str, path: str) -> Route:
    """The route that will answer: powertools takes the first that fits, too. Raises NotFound, MethodNotAllowed."""
    routes = [each for each in app._static_routes + app._dynamic_routes if each.rule.match(path)]
    if not routes:
        raise NotFound("There is nothing at this address.")
    for route in routes:
        if route.method == method:
            return route
    allowed = {route.method for route in routes}
    if "GET" in allowed:
        allowed.add("HEAD")
    raise MethodNotAllowed([each for each in METHODS if each in allowed])


@raises(Malformed)
def parse_json(text: str) -> Any:
    """The value of a JSON text. Raises Malformed."""
    try:
        value = json.loads(text)
        if "\\ud" in text.lower():
            json.dumps(value, ensure_ascii=False).encode()  # refuses lone surrogates, which no store of ours can hold
    except (ValueError, RecursionError) as error:
        raise Malformed("The body is not valid JSON.") from error
    return value


@raises(Malformed, UnsupportedMediaType)
def read_body(request: Request) -> str | None:
    """What a route that takes a body is given. Raises Malformed, UnsupportedMediaType."""
    body = text_body(request.event)
    media_type = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if body and media_type != "application/json":
        raise UnsupportedMediaType
    return body


def _correlation_id(request: Request) -> str:
    given = request.headers.get("x-correlation-id", "")
    return given if _CORRELATION_ID.fullmatch(given) else request.request_id


def _plain(response: Response[str]) -> dict[str, Any]:
    headers = {"Content-Type": str(response.headers["Content-Type"])} | {
        name: str(value) for name, value in response.headers.items()
    }
    return {
        "statusCode": response.status_code,
        "headers": headers,
        "body": response.body,
        "isBase64Encoded": False,
    }


_SLOW_SECONDS = 3
_LATER = frozenset({429, 503})
_PREFLIGHT = {
    "Access-Control-Allow-Methods": ", ".join(METHODS),
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, "
    "Prefer, X-Correlation-Id, MCP-Protocol-Version, Mcp-Method, Mcp-Name",
    "Access-Control-Max-Age": "3600",
}


def _headers(correlation_id: str, present: dict[str, str]) -> dict[str, str]:
    headers = {
        "X-Correlation-Id": correlation_id,
        "Access-Control-Allow-Origin": settings().cors_origin,
        "Access-Control-Expose-Headers": "ETag, Location, Preference-Applied, Retry-After, X-Correlation-Id, "
        "RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset",
        "X-Content-Type-Options": "nosniff",
        "Strict-Transport-Security": "max-age=63072000",
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": NOTHING,
        # The gateway compresses for whoever accepts it.
        "Vary": "Accept-Encoding, Accept-Language" + ("" if settings().cors_origin == "*" else ", Origin"),
    }
    return {name: value for name, value in headers.items() if name not in present}
