"""FastAPI + Mangum with the same routes, models, token check and SDK clients as ours.

Whoever sends a token costs the same reads and writes on both sides: a request counted in a window of seconds, and a
look at the person's row, in which the first visit of a day is noted.
"""

import hashlib
import os
import time
from datetime import UTC, date, datetime
from typing import Annotated, Any

import boto3
import requests
from boto3.dynamodb.conditions import Key
from fastapi import Depends, FastAPI, Header, HTTPException, Query
from jose import jwt
from mangum import Mangum

from motiv8.accounts.models import (
    Accepted,
    Confirmation,
    Deletion,
    EmailOnly,
    Grant,
    PasswordReset,
    Profile,
    ProfileChange,
    Registration,
    TokenAnswer,
)
from motiv8.catalogue.formats import FORMATS
from motiv8.catalogue.layouts import LAYOUTS
from motiv8.catalogue.modes import MODES
from motiv8.catalogue.themes import THEMES
from motiv8.catalogue.tones import TONES
from motiv8.clock import rfc3339
from motiv8.portraits.models import Choice, Choices, Portrait, PortraitPage, PortraitRequest
from motiv8.selfies.models import NewSelfie, Selfie, UploadRequest

dynamodb = boto3.resource("dynamodb")
users = dynamodb.Table(os.environ["MOTIV8_USERS_TABLE"])
portraits = dynamodb.Table(os.environ["MOTIV8_PORTRAITS_TABLE"])
counts = dynamodb.Table(os.environ["MOTIV8_IDEMPOTENCY_TABLE"])
s3 = boto3.client("s3")
step_functions = boto3.client("stepfunctions")
cognito = boto3.client("cognito-idp")
keys: dict[str, Any] = {}

WINDOW_SECONDS = 10
MOST_REQUESTS = 100

app = FastAPI(title="motiv8")


def count_request(user: str) -> None:
    end = (int(time.time()) // WINDOW_SECONDS + 1) * WINDOW_SECONDS
    answer: Any = counts.update_item(
        Key={"id": f"requests#{hashlib.sha256(user.encode()).hexdigest()}#{end}"},
        UpdateExpression="SET expiration = :until ADD seen :one",
        ExpressionAttributeValues={":until": end + 60, ":one": 1},
        ReturnValues="UPDATED_NEW",
    )
    if answer["Attributes"]["seen"] > MOST_REQUESTS:
        raise HTTPException(429)


def caller(authorization: Annotated[str, Header()]) -> str:
    token = authorization.removeprefix("Bearer ")
    if not keys:
        keys.update(requests.get(os.environ["MOTIV8_JWKS_URL"], timeout=3).json())
    try:
        claims = jwt.decode(
            token,
            keys,
            algorithms=["RS256"],
            issuer=os.environ["MOTIV8_TOKEN_ISSUER"],
            options={"verify_aud": False},
        )
    except Exception as error:
        raise HTTPException(401) from error
    if claims["token_use"] != "access" or claims["client_id"] != os.environ["MOTIV8_USER_POOL_CLIENT_ID"]:
        raise HTTPException(401)
    user = str(claims["sub"])
    count_request(user)
    row = users.get_item(
        Key={"user_id": user}, ConsistentRead=True, ProjectionExpression="deletion_id, signed_out_at, seen_on"
    ).get("Item", {})
    if "deletion_id" in row:
        raise HTTPException(409)
    if rfc3339(datetime.fromtimestamp(claims["iat"], UTC)) < str(row.get("signed_out_at", "")):
        raise HTTPException(401)
    today = datetime.now(UTC).date().isoformat()
    if row.get("seen_on") != today:
        users.update_item(
            Key={"user_id": user},
            UpdateExpression="SET seen_on = :today",
            ConditionExpression="attribute_exists(user_id)",
            ExpressionAttributeValues={":today": today},
        )
    return user


Caller = Annotated[str, Depends(caller)]


@app.get("/health")
def health() -> dict[str, str]:
    return {"status": "ok"}


@app.get("/health/ready")
def ready() -> dict[str, str]:
    return {"status": "ready"}


@app.post("/v1/auth/register", status_code=202)
def register(body: Registration) -> Accepted:
    return Accepted(message=body.email)


@app.post("/v1/auth/confirm")
def confirm(body: Confirmation) -> Accepted:
    return Accepted(message=body.email)


@app.post("/v1/auth/resend", status_code=202)
def resend(body: EmailOnly) -> Accepted:
    return Accepted(message=body.email)


@app.post("/v1/auth/token")
def token(body: Grant) -> TokenAnswer:
    raise HTTPException(401, body.grant_type)


@app.post("/v1/auth/password/forgot", status_code=202)
def forgot(body: EmailOnly) -> Accepted:
    return Accepted(message=body.email)


@app.post("/v1/auth/password/reset")
def reset(body: PasswordReset) -> Accepted:
    return Accepted(message=body.email)


@app.post("/v1/auth/logout", status_code=204)
def logout(_: Caller) -> None:
    return None


@app.get("/v1/me")
def get_me(user: Caller) -> Profile:
    raise HTTPException(404, user)


@app.patch("/v1/me")
def change_me(body: ProfileChange, user: Caller) -> dict[str, Any]:
    return {"user_id": user} | body.model_dump(exclude_unset=True)


@app.delete("/v1/me", status_code=202)
def delete_me(_: Caller) -> Deletion:
    return Deletion(deletion_id="none")


@app.get("/v1/mail/unsubscribe")
def unsubscribe_page(token: str) -> str:
    return token


@app.post("/v1/mail/unsubscribe")
def unsubscribe(token: str) -> str:
    return token


@app.post("/v1/selfies", status_code=201)
def create_selfie(body: UploadRequest, user: Caller) -> NewSelfie:
    raise HTTPException(403, user + body.content_type)


@app.get("/v1/selfies/current")
def get_selfie(user: Caller) -> Selfie:
    raise HTTPException(404, user)


@app.delete("/v1/selfies/current", status_code=204)
def delete_selfie(_: Caller) -> None:
    return None


@app.post("/v1/portraits", status_code=202)
def create_portrait(body: PortraitRequest, user: Caller) -> Portrait:
    raise HTTPException(409, user + str(body.mode))


@app.get("/v1/portraits")
def list_portraits(
    user: Caller,
    first: Annotated[date | None, Query(alias="from")] = None,
    last: Annotated[date | None, Query(alias="to")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 30,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> PortraitPage:
    lowest = first.isoformat() if first else "0"
    highest = cursor or (f"{last.isoformat()}~" if last else "~")
    found = portraits.query(
        KeyConditionExpression=Key("user_id").eq(user) & Key("portrait_id").between(lowest, highest),
        ScanIndexForward=False,
        ConsistentRead=True,
        Limit=limit + 1,
    )
    return PortraitPage(portraits=[Portrait(**item) for item in found["Items"]], next_cursor=None)


@app.get("/v1/portraits/today")
def todays_portrait(user: Caller) -> Portrait:
    raise HTTPException(404, user)


@app.get("/v1/portraits/{portrait_id}")
def get_portrait(portrait_id: str, user: Caller) -> Portrait:
    raise HTTPException(404, user + portrait_id)


@app.delete("/v1/portraits/{portrait_id}", status_code=204)
def delete_portrait(portrait_id: str, user: Caller) -> None:
    raise HTTPException(404, user + portrait_id)


@app.get("/v1/modes")
def modes() -> Choices:
    return Choices(
        modes=[Choice(name=name, title=each.title, description=each.description) for name, each in MODES.items()],
        tones=[Choice(name=name, title=each.title, description=each.description) for name, each in TONES.items()],
        themes=[Choice(name=name, title=each.title, description=each.description) for name, each in THEMES.items()],
        formats=[Choice(name=name, title=each.title, description=each.description) for name, each in FORMATS.items()],
        layouts=[Choice(name=name, title=each.title, description=each.description) for name, each in LAYOUTS.items()],
    )


handler = Mangum(app, lifespan="off")
