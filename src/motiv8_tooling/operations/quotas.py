"""The quotas of an account that `motiv8 doctor` compares with what a number of people needs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServiceQuota:
    """One of Service Quotas, and which of the needs it must hold."""

    service: str
    code: str
    name: str
    need: str


# docs/launch-quotas.md explains each; AWS lists them in its General Reference, service by service.
QUOTAS = (
    ServiceQuota("states", "L-CE9F8059", "Step Functions: executions started at once", "starts"),
    ServiceQuota("states", "L-1B55A735", "Step Functions: executions started a second", "starts"),
    ServiceQuota("states", "L-AD9B4E93", "Step Functions: state transitions a second", "transitions"),
    ServiceQuota("cognito-idp", "L-026ADBA3", "Cognito: sign-ins a second", "sign_ins"),
    ServiceQuota("cognito-idp", "L-5987B8A0", "Cognito: sign-ups a second", "sign_ups"),
    ServiceQuota("apigateway", "L-8A5B8E43", "API Gateway: requests a second", "requests"),
    ServiceQuota("dynamodb", "L-CF0CBE56", "DynamoDB: reads a second of a table", "reads"),
    ServiceQuota("dynamodb", "L-AB614373", "DynamoDB: writes a second of a table", "writes"),
)
CONCURRENCY = ServiceQuota("lambda", "L-B99A9384", "Lambda: calls at once", "concurrency")
MAIL_RATE = ServiceQuota("ses", "L-CDEF9B6B", "SES: mails a second", "mails")
MAILS_A_DAY = ServiceQuota("ses", "L-804C8AE8", "SES: mails a day", "mails_a_day")
