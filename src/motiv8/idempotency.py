"""`Idempotency-Key`: the same request sent again gets the first answer and does nothing twice.

Only the two routes that honour it import this: it costs a cold start as much as a second SDK.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)
from aws_lambda_powertools.utilities.idempotency.exceptions import (
    IdempotencyAlreadyInProgressError,
    IdempotencyValidationError,
)

from motiv8.aws.clients import dynamodb
from motiv8.errors import FieldError, IdempotencyKeyReused, Invalid, RequestInProgress
from motiv8.settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.utilities.typing import LambdaContext

KEPT_SECONDS = 24 * 3600
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


def once(
    key: str | None, user_id: str, request: dict[str, Any], context: LambdaContext, act: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """Run `act` and return its answer, or return the first answer again where this person sent this `key` before.

    An answer is what JSON can hold, and is kept for a day. Without a key `act` runs each time; what `act` raises is
    raised and not kept, so that the key can be used again. Raises Invalid for a malformed key;
    IdempotencyKeyReused when it came with another request before; RequestInProgress while the first one is under way.
    """
    if key is None:
        return act()
    if not _KEY.fullmatch(key):
        message = "1 to 255 visible ASCII characters, without spaces"
        raise Invalid(FieldError("header.idempotency-key", "idempotency_key_malformed", message))
    config = _config()
    config.register_lambda_context(context)

    @idempotent_function(  # type: ignore[untyped-decorator]
        data_keyword_argument="keyed", persistence_store=_store(), config=config, key_prefix="api"
    )
    def run(*, keyed: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001 - powertools reads the argument
        return act()

    try:
        answer: dict[str, Any] = run(keyed={"user": user_id, "key": key, "request": request})
    except IdempotencyValidationError as error:
        raise IdempotencyKeyReused from error
    except IdempotencyAlreadyInProgressError as error:
        raise RequestInProgress from error
    return answer


@cache
def _config() -> IdempotencyConfig:
    return IdempotencyConfig(
        event_key_jmespath="[user, key]",
        payload_validation_jmespath="request",
        expires_after_seconds=KEPT_SECONDS,
    )


@cache
def _store() -> DynamoDBPersistenceLayer:
    return DynamoDBPersistenceLayer(table_name=settings().idempotency_table, boto3_client=dynamodb())
