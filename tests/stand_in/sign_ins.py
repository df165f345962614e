"""Time that passes after a sign-in, on the local stack."""

from __future__ import annotations

from motiv8_tooling.local.local_stack import LocalStack
from motiv8_tooling.local.provisioning import ENVIRONMENT, client


def ten_minutes_pass(stack: LocalStack) -> None:
    """Have every session be one that was begun ten minutes ago."""
    dynamodb, table = client("dynamodb", stack.emulator), f"idempotency-{ENVIRONMENT}"
    for page in dynamodb.get_paginator("scan").paginate(TableName=table):
        for item in page["Items"]:
            if item["id"]["S"].startswith("sign-in#"):
                item["expiration"]["N"] = "0"
                dynamodb.put_item(TableName=table, Item=item)
