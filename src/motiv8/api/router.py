"""From a request to a feature: guard, choose, resolve, answer. Every answer leaves through here."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError

from motiv8.api import fair_share, origin, problems
from motiv8.api.events import Event, Request, read
from motiv8.api.features import feature, is_public, takes_forms
from motiv8.api.sessions import admit
from motiv8.device import device
from motiv8.errors import BadRequest, MethodNotAllowed, NotFound, UnsupportedMediaType
from motiv8.page_policy import NOTHING
from motiv8.settings import settings
from motiv8.telemetry import logger

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.event_handler.api_gateway import Router
    from aws_lambda_powertools.utilities.typing import LambdaContext

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# Not `-` first: a command line would take it for an option.
_CORRELATION_ID = re.compile(r"[A-Za-z0-9._:=][A-Za-z0-9._:=-]{7,127}")


def dispatch(event: Event, context: LambdaContext) -> dict[str, Any]:
    """Answer one event; whatever goes wrong comes out as problem+json with the correlation id."""
    correlation_id = context.aws_request_id
    request: Request | None = None
    fair_share.begin()
    try:
        request = read(event)
        correlation_id = _correlation_id(request) or correlation_id
        logger.set_correlation_id(correlation_id)
        origin.check(request.path, request.headers)
        device.set(origin.device(request))
        answer = _answer(request, context, correlation_id)
    except Exception as error:  # noqa: BLE001 - the last door: nothing may leave but problem+json
        answer = _plain(problems.response(error, correlation_id))
    if answer["statusCode"] in _LATER:
        answer["headers"] = _when_to_come_back(answer["headers"])
    answer["headers"] |= _headers(correlation_id, answer["headers"])
    if request:
        # Without its query, which may hold a token, and not where it is of the caller's making.
        path = request.path if answer["statusCode"] != 404 else "unknown"
        logger.info("answered", method=request.method, path=path, status=answer["statusCode"])
    return answer


def _answer(request: Request, context: LambdaContext, correlation_id: str) -> dict[str, Any]:
    if request.method == "OPTIONS":
        return {"statusCode": 204, "headers": _PREFLIGHT, "body": "", "isBase64Encoded": False}
    load = feature(request.path)
    if load is None:
        raise NotFound("There is nothing at this address.")
    app = resolver(load)
    if is_public(request.path):
        fair_share.take_for_network(origin.network(request), request.path)
    else:
        app.append_context(caller=admit(request))
    _check_media_type(request)
    app.append_context(correlation_id=correlation_id)
    answer = app.resolve(request.event, context)
    # One shape that REST, HTTP and function URLs all take; no answer of ours repeats a header.
    headers = {name: ", ".join(values) for name, values in answer.pop("multiValueHeaders").items()}
    # Not every gateway takes a body of null for none.
    return {**answer, "headers": headers, "body": answer.get("body") or ""}


@cache
def resolver(load: Callable[[], Router]) -> APIGatewayRestResolver:
    """The feature's routes, imported and built when first asked for."""
    app = APIGatewayRestResolver(enable_validation=True, json_body_deserializer=_json)
    app.include_router(load())

    @app.exception_handler(NotFoundError)  # type: ignore[untyped-decorator]
    def unknown_route(_: NotFoundError) -> Response[str]:
        allowed = [method for method in METHODS if _matches(app, method, app.current_event.path)]
        if allowed:
            error = MethodNotAllowed(f"Use {' or '.join(allowed)} here.", headers={"Allow": ", ".join(allowed)})
            return problems.response(error, app.context["correlation_id"])
        return problems.response(NotFound("There is nothing at this address."), app.context["correlation_id"])

    @app.exception_handler(Exception)  # type: ignore[untyped-decorator]
    def failed(error: Exception) -> Response[str]:
        return problems.response(error, app.context["correlation_id"])

    return app


def _matches(app: APIGatewayRestResolver, method: str, path: str) -> bool:
    # powertools does not tell a wrong method from an unknown path, so its route tables are asked.
    routes = app._static_routes + app._dynamic_routes
    return any(route.method == method and route.rule.match(path) for route in routes)


def _json(text: str) -> Any:
    try:
        value = json.loads(text)
        if "\\ud" in text.lower():
            json.dumps(value, ensure_ascii=False).encode()  # refuses lone surrogates, which no store of ours can hold
    except (ValueError, RecursionError) as error:
        raise BadRequest("The body is not valid JSON.") from error
    return value


def _check_media_type(request: Request) -> None:
    if not request.event["body"] or request.method == "GET" or takes_forms(request.path):
        return
    media_type = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise UnsupportedMediaType("Send the body as `application/json`.")


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


def _when_to_come_back(given: dict[str, str]) -> dict[str, str]:
    """The headers with when to try again, and with what is left: of the quota that says no, or of the fair share."""
    share = {} if "RateLimit-Limit" in given else fair_share.headers()
    return {"Retry-After": _RETRY_SECONDS} | share | given


_LATER = frozenset({429, 503})
_RETRY_SECONDS = "5"

_PREFLIGHT = {
    "Access-Control-Allow-Methods": ", ".join(METHODS),
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, X-Correlation-Id",
    "Access-Control-Max-Age": "3600",
}


def _headers(correlation_id: str, present: dict[str, str]) -> dict[str, str]:
    headers = {
        "X-Correlation-Id": correlation_id,
        "Access-Control-Allow-Origin": settings().cors_origin,
        "Access-Control-Expose-Headers": "Location, Retry-After, X-Correlation-Id, "
        "RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset",
        "X-Content-Type-Options": "nosniff",
        "Strict-Transport-Security": "max-age=63072000",
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": NOTHING,
    }
    if settings().cors_origin != "*":
        headers["Vary"] = "Origin"
    return {name: value for name, value in headers.items() if name not in present}
