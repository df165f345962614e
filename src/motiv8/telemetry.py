"""The one logger and the one way to count; tracing is Lambda's own and needs no SDK."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger

from motiv8.settings import settings

if TYPE_CHECKING:
    from typing import Literal

logger = Logger(service="motiv8", utc=True)


def count(name: str, value: float = 1, unit: Literal["Count", "Seconds", "Percent"] = "Count", **by: str) -> None:
    """Write a business metric in the embedded metric format; `by` adds a dimension (`reason="no_face"`).

    Metrics with and without a dimension are different ones to CloudWatch, so a name is always counted the same way.
    """
    # Imported here, since most requests count nothing and a cold start would pay for it.
    from aws_lambda_powertools.metrics import MetricUnit, single_metric

    dimensions = {"environment": settings().environment, "service": "motiv8"}
    with single_metric(name, MetricUnit(unit), value, namespace="motiv8", default_dimensions=dimensions) as metric:
        for dimension, given in by.items():
            metric.add_dimension(dimension, given)
