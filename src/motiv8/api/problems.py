"""Every error as RFC 9457 `application/problem+json`."""

from __future__ import annotations

import json
import traceback
from typing import TYPE_CHECKING

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.exceptions import ServiceError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError

from motiv8.errors import BadRequest, FieldError, Invalid, NotFound, Problem
from motiv8.telemetry import logger

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

CONTENT_TYPE = "application/problem+json"


def response(error: Exception, correlation_id: str) -> Response[str]:
    """The answer for any error; what is unexpected is logged, and says nothing of our insides."""
    problem = _as_problem(error)
    body: dict[str, object] = {
        "type": f"urn:motiv8:problem:{problem.slug}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "instance": correlation_id,
    }
    if problem.errors:
        body["errors"] = [{"field": each.field, "message": each.message} for each in problem.errors]
    return Response(problem.status, CONTENT_TYPE, json.dumps(body), headers=dict(problem.headers))


def _as_problem(error: Exception) -> Problem:
    if isinstance(error, Problem):
        return error
    if isinstance(error, RequestValidationError):
        return Invalid(
            "See `errors` for what to change.", tuple(FieldError(_path(e["loc"]), _message(e)) for e in error.errors())
        )
    if isinstance(error, ServiceError) and error.status_code < 500:
        return (
            NotFound("There is nothing at this address.")
            if error.status_code == 404
            else BadRequest("The request cannot be read.")
        )
    # The exception's own text may quote what a person sent, so only its type and place are logged.
    logger.error(
        "unexpected exception",
        exception_type=f"{type(error).__module__}.{type(error).__qualname__}",
        stack=traceback.format_tb(error.__traceback__),
    )
    return Problem("Please try again; if it goes on, tell us the value of `instance`.")


def _path(location: Iterable[object]) -> str:
    return ".".join(str(part) for part in location)


def _message(error: Mapping[str, Any]) -> str:
    # pydantic puts this before the text of a ValueError that a validator of ours raised
    return str(error["msg"]).removeprefix("Value error, ")
