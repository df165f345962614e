"""The one logger and the one set of metrics; tracing is Lambda's own and needs no SDK."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger

from motiv8.settings import settings

if TYPE_CHECKING:
    from aws_lambda_powertools import Metrics

logger = Logger(service="motiv8", utc=True)


@cache
def metrics() -> Metrics:
    """Business metrics in the embedded metric format; imported only by what emits one."""
    from aws_lambda_powertools import Metrics

    made = Metrics(namespace="motiv8", service="motiv8")
    made.set_default_dimensions(environment=settings().environment)
    return made


def flush_metrics() -> None:
    """Write out what was counted, if anything was (powertools warns of nothing to write)."""
    if metrics().metric_set:
        metrics().flush_metrics()
