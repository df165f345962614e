"""The one logger and the one way to count; tracing is Lambda's own and needs no SDK."""

from __future__ import annotations

import json
import sys
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
    from aws_lambda_powertools.metrics import MetricUnit
    from aws_lambda_powertools.metrics.base import SingleMetric

    metric = SingleMetric(namespace="motiv8")
    metric.add_metric(name, MetricUnit(unit), value)
    for dimension, given in {"environment": settings().environment, "service": "motiv8", **by}.items():
        metric.add_dimension(dimension, given)
    # With its end in one piece: another thread's line would come between the two that `print` writes.
    sys.stdout.write(json.dumps(metric.serialize_metric_set(), separators=(",", ":")) + "\n")
