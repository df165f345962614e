"""AWS's published quotas that the daily run comes up against, with their sources; looked up in November 2026."""

from __future__ import annotations

from dataclasses import dataclass, replace

from motiv8_tooling.operations.package import load_template

SOURCES = {
    "Lambda": "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html",
    "SQS as a source": "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html",
    "SES": "https://docs.aws.amazon.com/ses/latest/dg/quotas.html",
    "Step Functions": "https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html",
    "DynamoDB": "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html",
    "DynamoDB, throttled": "https://repost.aws/knowledge-center/on-demand-table-throttling-dynamodb",
    "S3": "https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html",
    "KMS": "https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html",
}

SCALING_BURST, SCALING_RATE = 1_000, 100.0
"""New environments of a function: a thousand at once, and a thousand in ten seconds from then on."""
POLLERS, POLLERS_A_SECOND = 5, 5.0
"""Concurrent calls that a queue begins with, and 300 more a minute."""
OPEN_MAP_RUNS = 1_000
MAP_CONCURRENCY = 10_000
"""Children of one distributed Map at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotas:
    """What an account has, by the second where the name does not say otherwise; and two parameters of the template.

    `making` and `delivering` are `MakingConcurrency` and `DeliveryConcurrency`; `mails` is `MailsPerSecond` as well.
    """

    name: str
    lambda_concurrency: int
    making: int
    delivering: int
    mails: float
    mails_a_day: int
    express_starts: int = 6_000
    transitions: int = 5_000
    reads: int = 40_000
    writes: int = 40_000
    puts: int = 3_500
    gets: int = 5_500
    keys: int = 100_000


_PARAMETERS = load_template()["Parameters"]
_MAKING, _DELIVERING = (_PARAMETERS[f"{name}Concurrency"]["Default"] for name in ("Making", "Delivery"))
DEFAULTS = Quotas(
    name="defaults",
    lambda_concurrency=1_000,
    making=_MAKING,
    delivering=_DELIVERING,
    mails=14,
    mails_a_day=50_000,
)
"""The published defaults; SES has none beyond the sandbox, and often gives 14 a second and 50,000 a day at first."""
NEW_ACCOUNT = replace(
    DEFAULTS, name="new account", lambda_concurrency=10, mails=1, mails_a_day=200, reads=12_000, writes=4_000
)
"""A new account in SES's sandbox, in us-east-1, with new tables; of Lambda many get 10 at first."""
