"""What every peer does for a request, whatever its framework: the token check, and the calls of DynamoDB.

Whoever sends a token costs the same reads and writes as with us: a request counted in a window of seconds, and a look
at the person's row, in which the first visit of a day is noted.
"""

import hashlib
import os
import time
from datetime import UTC, date, datetime
from typing import Any

import boto3
import requests
from boto3.dynamodb.conditions import Key
from joserfc import jwt
from joserfc.jwk import KeySet

from motiv8.catalogue.formats import FORMATS
from motiv8.catalogue.layouts import LAYOUTS
from motiv8.catalogue.modes import MODES
from motiv8.catalogue.themes import THEMES
from motiv8.catalogue.tones import TONES
from motiv8.clock import rfc3339
from motiv8.portraits.models import Choice, Choices, Portrait, PortraitPage

dynamodb = boto3.resource("dynamodb")
users = dynamodb.Table(os.environ["MOTIV8_USERS_TABLE"])
portraits = dynamodb.Table(os.environ["MOTIV8_PORTRAITS_TABLE"])
counts = dynamodb.Table(os.environ["MOTIV8_IDEMPOTENCY_TABLE"])
s3 = boto3.client("s3")
step_functions = boto3.client("stepfunctions")
cognito = boto3.client("cognito-idp")
keys: list[KeySet] = []

WINDOW_SECONDS = 10
MOST_REQUESTS = 100


class Refused(Exception):
    """The request is answered with this status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def _count_request(user: str) -> None:
    end = (int(time.time()) // WINDOW_SECONDS + 1) * WINDOW_SECONDS
    answer: Any = counts.update_item(
        Key={"id": f"requests#{hashlib.sha256(user.encode()).hexdigest()}#{end}"},
        UpdateExpression="SET expiration = :until ADD seen :one",
        ExpressionAttributeValues={":until": end + 60, ":one": 1},
        ReturnValues="UPDATED_NEW",
    )
    if answer["Attributes"]["seen"] > MOST_REQUESTS:
        raise Refused(429)


def caller(authorization: str) -> str:
    """The id of whoever sends the header. Raises Refused."""
    token = authorization.removeprefix("Bearer ")
    if not keys:
        keys.append(KeySet.import_key_set(requests.get(os.environ["MOTIV8_JWKS_URL"], timeout=3).json()))
    expected = jwt.JWTClaimsRegistry(iss={"essential": True, "value": os.environ["MOTIV8_TOKEN_ISSUER"]})
    try:
        claims = jwt.decode(token, keys[0], algorithms=["RS256"]).claims
        expected.validate(claims)
    except Exception as error:
        raise Refused(401) from error
    if claims["token_use"] != "access" or claims["client_id"] != os.environ["MOTIV8_USER_POOL_CLIENT_ID"]:
        raise Refused(401)
    user = str(claims["sub"])
    _count_request(user)
    row = users.get_item(
        Key={"user_id": user}, ConsistentRead=True, ProjectionExpression="deletion_id, signed_out_at, seen_on"
    ).get("Item", {})
    if "deletion_id" in row:
        raise Refused(409)
    if rfc3339(datetime.fromtimestamp(claims["iat"], UTC)) < str(row.get("signed_out_at", "")):
        raise Refused(401)
    today = datetime.now(UTC).date().isoformat()
    if row.get("seen_on") != today:
        users.update_item(
            Key={"user_id": user},
            UpdateExpression="SET seen_on = :today",
            ConditionExpression="attribute_exists(user_id)",
            ExpressionAttributeValues={":today": today},
        )
    return user


def page(user: str, first: date | None, last: date | None, limit: int, cursor: str | None) -> PortraitPage:
    """A person's pictures."""
    lowest = first.isoformat() if first else "0"
    highest = cursor or (f"{last.isoformat()}~" if last else "~")
    found = portraits.query(
        KeyConditionExpression=Key("user_id").eq(user) & Key("portrait_id").between(lowest, highest),
        ScanIndexForward=False,
        ConsistentRead=True,
        Limit=limit + 1,
    )
    return PortraitPage(portraits=[Portrait(**item) for item in found["Items"]], next_cursor=None)


def choices() -> Choices:
    """What pictures can be like."""
    return Choices(
        modes=[Choice(name=name, title=each.title, description=each.description) for name, each in MODES.items()],
        tones=[Choice(name=name, title=each.title, description=each.description) for name, each in TONES.items()],
        themes=[Choice(name=name, title=each.title, description=each.description) for name, each in THEMES.items()],
        formats=[Choice(name=name, title=each.title, description=each.description) for name, each in FORMATS.items()],
        layouts=[Choice(name=name, title=each.title, description=each.description) for name, each in LAYOUTS.items()],
    )
