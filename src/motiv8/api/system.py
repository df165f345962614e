"""Health, and the API's own description."""

from __future__ import annotations

import math
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import aws_lambda_powertools.event_handler.openapi as powertools_openapi
from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from motiv8 import clock
from motiv8.api.auth import key_set
from motiv8.aws import clients, coach, library_search, machines
from motiv8.declarations import public
from motiv8.page_policy import page_policy
from motiv8.schema import ResponseBody
from motiv8.settings import settings
from motiv8.telemetry import logger

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

router = Router()

DOCUMENT = Path(__file__).parents[3] / "docs" / "openapi.json"
_SWAGGER_UI = Path(powertools_openapi.__file__).parent / "swagger_ui"
_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>motiv8 API</title>
<link rel="stylesheet" href="{base}/docs/swagger-ui.css">
<div id="swagger-ui"></div>
<script src="{base}/docs/swagger-ui.js"></script>
<script>{start}</script>
</html>
"""
_START = """SwaggerUIBundle({{url: "{base}/openapi.json", dom_id: "#swagger-ui", deepLinking: true}})"""
# Swagger UI sets styles of its own, and draws its icons from data.
_SWAGGER_NEEDS = "style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'"


@router.get("/health", summary="Liveness", tags=["system"], operation_id="get_health")
@public
def health() -> dict[str, str]:
    """Whether the function itself answers, and which release of it."""
    return {"status": "ok", "release": settings().release}


class ReadinessReport(ResponseBody):
    """Whether each part that a request needs answers."""

    status: Literal["ready", "unavailable"]
    checks: dict[str, Literal["ok", "failed"]]


@router.get(
    "/health/ready",
    summary="Readiness",
    tags=["system"],
    operation_id="get_readiness",
    responses={
        200: {"description": "Every part answers", "content": {"application/json": {"model": ReadinessReport}}},
        503: {"description": "Some part does not", "content": {"application/json": {"model": ReadinessReport}}},
    },
)
@public
def ready() -> Response[ReadinessReport]:
    """Whether each part that a request needs answers: the table, the buckets, the sign-in keys, the
    state machine, the coach's function, and the library, which is asked a question that it knows the answer of.

    What it was a few seconds ago, for whoever asks often.
    """
    checks = readiness().checks()
    if all(checks.values()):
        return Response(200, "application/json", _report("ready", checks))
    headers = {"Retry-After": str(math.ceil(Readiness.KEPT_SECONDS))}
    return Response(503, "application/json", _report("unavailable", checks), headers=headers)


def _report(status: Literal["ready", "unavailable"], checks: Mapping[str, bool]) -> ReadinessReport:
    return ReadinessReport(
        status=status, checks={name: "ok" if passed else "failed" for name, passed in checks.items()}
    )


class Readiness:
    """What the checks said last; whoever asks again within KEPT_SECONDS is told that, and asks nothing of AWS.

    That the library answers is kept for longer, since a question costs more than the other checks together.
    """

    KEPT_SECONDS = 5.0
    LIBRARY_KEPT_SECONDS = 60.0

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._passed: dict[str, bool] = {}
        self._checked_at: float | None = None
        self._library_answered_at: float | None = None

    def checks(self) -> dict[str, bool]:
        """Whether each passes, by its name."""
        if self._checked_at is None or self._clock() - self._checked_at >= self.KEPT_SECONDS:
            self._passed = {name: _passes(name, check) for name, check in _CHECKS.items()}
            self._passed["library"] = self._library()
            self._checked_at = self._clock()
        return self._passed

    def _library(self) -> bool:
        now, answered_at = self._clock(), self._library_answered_at
        if answered_at is None or now - answered_at >= self.LIBRARY_KEPT_SECONDS:
            self._library_answered_at = now if _passes("library", _ask_library) else None
        return self._library_answered_at is not None


@cache
def readiness() -> Readiness:
    """That of this process."""
    return Readiness()


_CHECKS: dict[str, Callable[[], object]] = {
    "table": lambda: clients.dynamodb().describe_table(TableName=settings().users_table),
    "uploads": lambda: clients.s3().head_bucket(Bucket=settings().uploads_bucket),
    "media": lambda: clients.s3().head_bucket(Bucket=settings().media_bucket),
    "keys": lambda: key_set().refresh(),
    "state_machine": lambda: clients.step_functions().describe_state_machine(
        stateMachineArn=settings().portrait_state_machine_arn
    ),
    "coach": lambda: coach.check_callable(),
}


class _NoAnswer(Exception):
    """The library does not find what it must."""


def _ask_library() -> None:
    """Ask the known question; where the index does not have the answer, which is so when it is new, have it put in."""
    if not library_search.answers_probe():
        now = clock.now()
        machines.start_document("probe", "probe", f"probe-{now:%Y%m%d%H}{now.minute // 10}", "readiness")
        raise _NoAnswer


def _passes(name: str, check: Callable[[], object]) -> bool:
    try:
        check()
    except Exception as error:  # noqa: BLE001 - whatever it is, this part is not ready
        logger.warning("not ready", check=name, exception_type=type(error).__qualname__)
        return False
    return True


@router.get("/openapi.json", include_in_schema=False)
@public
def openapi() -> Response[str]:
    """The OpenAPI 3.1 document, made at build time."""
    return _file(DOCUMENT, "application/json")


@router.get("/docs", include_in_schema=False)
@public
def docs() -> Response[str]:
    """Swagger UI, from files of ours alone: it works without the internet."""
    # Relative, because a stage or a mapping may stand before the path that we see.
    base = ".." if router.current_event.path.endswith("/") else "."
    start = _START.format(base=base)
    headers = page_policy(script=start, more=_SWAGGER_NEEDS)
    return Response(200, "text/html; charset=utf-8", _PAGE.format(base=base, start=start), headers=headers)


@router.get("/docs/swagger-ui.js", include_in_schema=False)
@public
def swagger_script() -> Response[str]:
    """Swagger UI's script."""
    return _file(_SWAGGER_UI / "swagger-ui-bundle.min.js", "text/javascript; charset=utf-8", "public, max-age=86400")


@router.get("/docs/swagger-ui.css", include_in_schema=False)
@public
def swagger_style() -> Response[str]:
    """Swagger UI's style."""
    return _file(_SWAGGER_UI / "swagger-ui.min.css", "text/css; charset=utf-8", "public, max-age=86400")


def _file(path: Path, content_type: str, cache: str = "no-cache") -> Response[str]:
    return Response(200, content_type, path.read_text(encoding="utf-8"), headers={"Cache-Control": cache})
