"""How many requests came from whom in a window of seconds: counters beside the idempotency keys that end by themselves.

Neither a person's id nor an address stands in a counter's name.
"""

from __future__ import annotations

import hashlib
import hmac

from botocore.exceptions import BotoCoreError, ClientError

from motiv8.aws.clients import dynamodb_at_once
from motiv8.aws.secrets import signing_key
from motiv8.settings import settings

_KEPT_SECONDS = 60
_WAITS = "waits"


class NotCounted(Exception):
    """The table, or the secret that hides addresses, did not answer at once."""


def of_person(user_id: str, end: int) -> int:
    """How many requests of this person there were in the window that ends at a Unix second. Raises NotCounted."""
    return _count(hashlib.sha256(user_id.encode()).hexdigest(), end)


def of_network(network: str, end: int) -> int:
    """How many there were from an address or a network. Raises NotCounted."""
    try:
        # With a key: there are few enough addresses to try them all.
        key = signing_key("request counts")
    except (ClientError, BotoCoreError) as error:
        raise NotCounted from error
    return _count(hmac.digest(key.encode(), network.encode(), "sha256").hex(), end)


def of_waits(end: int) -> int:
    """How many requests began to wait in the window that ends at a Unix second, of everybody. Raises NotCounted."""
    return _count(_WAITS, end)


def _count(owner: str, end: int) -> int:
    try:
        answer = dynamodb_at_once().update_item(
            TableName=settings().idempotency_table,
            Key={"id": {"S": f"requests#{owner}#{end}"}},
            UpdateExpression="SET expiration = :until ADD seen :one",
            ExpressionAttributeValues={":until": {"N": str(end + _KEPT_SECONDS)}, ":one": {"N": "1"}},
            ReturnValues="UPDATED_NEW",
        )
    except (ClientError, BotoCoreError) as error:
        raise NotCounted from error
    return int(answer["Attributes"]["seen"]["N"])
