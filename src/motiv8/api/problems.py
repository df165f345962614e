"""Every error as RFC 9457 `application/problem+json`, with its status and headers."""

from __future__ import annotations

import json
import traceback
from typing import TYPE_CHECKING

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError

from motiv8 import errors
from motiv8.catalogue.translation import said, spoken
from motiv8.errors import FieldError, Invalid, Problem, TooManyRequests, Unauthorized, Unavailable
from motiv8.quota import Quota
from motiv8.rate_limit import rate_limit_headers
from motiv8.telemetry import logger
from motiv8.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

CONTENT_TYPE = "application/problem+json"


class MethodNotAllowed(Problem):
    """The path exists, with other methods."""

    slug = "method-not-allowed"
    title = "Method not allowed"

    def __init__(self, allowed: list[str]) -> None:
        super().__init__(Words("Use {methods} here.", methods=" or ".join(allowed)))
        self.allowed = allowed


class UnsupportedMediaType(Problem):
    """The body is not JSON."""

    slug = "unsupported-media-type"
    title = "The body is not JSON"

    def __init__(self) -> None:
        super().__init__("Send the body as `application/json`.")


class InternalError(Problem):
    """Something that nobody expected; its text is for us alone."""

    slug = "internal-error"
    title = "Something went wrong on our side"

    def __init__(self) -> None:
        super().__init__("Please try again. If the problem persists, send us the value of `instance`.")


_STATUSES: dict[type[Problem], int] = {
    errors.Malformed: 400,
    errors.Unauthorized: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    MethodNotAllowed: 405,
    errors.Conflict: 409,
    errors.PreconditionFailed: 412,
    UnsupportedMediaType: 415,
    errors.Invalid: 422,
    errors.TooManyRequests: 429,
    InternalError: 500,
    errors.Unavailable: 503,
}


def status(kind: type[Problem]) -> int:
    """The HTTP status of an error, which is that of its kind."""
    return next(_STATUSES[base] for base in kind.__mro__ if base in _STATUSES)


def type_of(kind: type[Problem]) -> str:
    """The URI that names an error's kind."""
    return f"urn:motiv8:problem:{kind.slug}"


def response(error: Exception, correlation_id: str) -> Response[str]:
    """The answer for any error; what is unexpected is logged, and says nothing of our insides."""
    problem = _as_problem(error)
    answered = status(type(problem))
    return Response(
        answered,
        CONTENT_TYPE,
        json.dumps(body(problem, correlation_id)),
        headers=_headers(problem) | {"Content-Language": spoken.get()},
    )


def body(problem: Problem, correlation_id: str) -> dict[str, object]:
    """What is sent of an error."""
    kind = type(problem)
    sent: dict[str, object] = {
        "type": type_of(kind),
        "title": said(problem.title),
        "status": status(kind),
        "detail": said(problem.detail),
        "instance": correlation_id,
    }
    if isinstance(problem, Invalid):
        sent["errors"] = [
            {"field": mistake.field, "code": mistake.code, "message": said(mistake.message)}
            for mistake in problem.errors
        ]
    return sent


def _headers(problem: Problem) -> dict[str, Any]:
    if isinstance(problem, Unauthorized):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(problem, MethodNotAllowed):
        return {"Allow": ", ".join(problem.allowed)}
    if isinstance(problem, TooManyRequests):
        left = {} if problem.limit is None else rate_limit_headers(Quota(problem.limit, 0, problem.wait_seconds))
        return {"Retry-After": str(problem.wait_seconds)} | left
    if isinstance(problem, Unavailable):
        return {"Retry-After": str(problem.wait_seconds)}
    return {}


def _as_problem(error: Exception) -> Problem:
    if isinstance(error, Problem):
        return error
    if isinstance(error, RequestValidationError):
        return Invalid(*(_field_error(mistake, error.body) for mistake in error.errors()))
    # The exception's own text may quote what a person sent, so only its type and place are logged.
    logger.error(
        "unexpected exception",
        exception_type=f"{type(error).__module__}.{type(error).__qualname__}",
        stack=traceback.format_tb(error.__traceback__),
    )
    return InternalError()


def _field_error(error: Mapping[str, Any], sent: object) -> FieldError:
    # Only what is refused costs the import.
    from motiv8.api.field_messages import field_message

    return FieldError(_path(error, sent), error["type"], field_message(error))


def _path(error: Mapping[str, Any], sent: object) -> str:
    parts = [str(part) for part in error["loc"]]
    if error["type"].startswith("union_tag"):
        parts.append(error["ctx"]["discriminator"].strip("'"))
    # Of a route that takes several bodies pydantic puts into the path which it was.
    if len(parts) > 2 and isinstance(sent, dict) and parts[1] == sent.get("grant_type"):
        del parts[1]
    return ".".join(parts)
