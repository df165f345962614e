"""Litestar with Mangum."""

from datetime import date
from typing import Annotated, Any

from litestar import Litestar, Request, delete, get, patch, post
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.params import Parameter
from mangum import Mangum

from benchmarks.api_peers import rules
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
from motiv8.portraits.models import Choices, Portrait, PortraitPage, PortraitRequest
from motiv8.selfies.models import NewSelfie, Selfie, UploadRequest


def caller(request: Request[Any, Any, Any]) -> str:
    try:
        return rules.caller(request.headers["authorization"])
    except rules.Refused as refused:
        raise HTTPException(status_code=refused.status) from refused


@get("/health", sync_to_thread=False)
def health() -> dict[str, str]:
    return {"status": "ok"}


@get("/health/ready", sync_to_thread=False)
def ready() -> dict[str, str]:
    return {"status": "ready"}


@post("/v1/auth/register", status_code=202, sync_to_thread=False)
def register(data: Registration) -> Accepted:
    return Accepted(message=data.email)


@post("/v1/auth/confirm", status_code=200, sync_to_thread=False)
def confirm(data: Confirmation) -> Accepted:
    return Accepted(message=data.email)


@post("/v1/auth/resend", status_code=202, sync_to_thread=False)
def resend(data: EmailOnly) -> Accepted:
    return Accepted(message=data.email)


@post("/v1/auth/token", status_code=200, sync_to_thread=False)
def token(data: Grant) -> TokenAnswer:
    raise HTTPException(status_code=401, detail=data.grant_type)


@post("/v1/auth/password/forgot", status_code=202, sync_to_thread=False)
def forgot(data: EmailOnly) -> Accepted:
    return Accepted(message=data.email)


@post("/v1/auth/password/reset", status_code=200, sync_to_thread=False)
def reset(data: PasswordReset) -> Accepted:
    return Accepted(message=data.email)


@post("/v1/auth/logout", status_code=204, sync_to_thread=False)
def logout(user: str) -> None:
    assert user


@get("/v1/me", sync_to_thread=False)
def get_me(user: str) -> Profile:
    raise HTTPException(status_code=404, detail=user)


@patch("/v1/me", sync_to_thread=False)
def change_me(data: ProfileChange, user: str) -> dict[str, Any]:
    return {"user_id": user} | data.model_dump(exclude_unset=True)


@delete("/v1/me", status_code=202, sync_to_thread=False)
def delete_me(user: str) -> Deletion:
    return Deletion(deletion_id=user)


@get("/v1/mail/unsubscribe", sync_to_thread=False)
def unsubscribe_page(link: Annotated[str, Parameter(query="token")]) -> str:
    return link


@post("/v1/mail/unsubscribe", sync_to_thread=False)
def unsubscribe(link: Annotated[str, Parameter(query="token")]) -> str:
    return link


@post("/v1/selfies", status_code=201, sync_to_thread=False)
def create_selfie(data: UploadRequest, user: str) -> NewSelfie:
    raise HTTPException(status_code=403, detail=user + data.content_type)


@get("/v1/selfies/current", sync_to_thread=False)
def get_selfie(user: str) -> Selfie:
    raise HTTPException(status_code=404, detail=user)


@delete("/v1/selfies/current", status_code=204, sync_to_thread=False)
def delete_selfie(user: str) -> None:
    assert user


@post("/v1/portraits", status_code=202, sync_to_thread=False)
def create_portrait(data: PortraitRequest, user: str) -> Portrait:
    raise HTTPException(status_code=409, detail=user + str(data.mode))


@get("/v1/portraits", sync_to_thread=False)
def list_portraits(
    user: str,
    first: Annotated[date | None, Parameter(query="from")] = None,
    last: Annotated[date | None, Parameter(query="to")] = None,
    limit: Annotated[int, Parameter(ge=1, le=100)] = 30,
    cursor: Annotated[str | None, Parameter(max_length=200)] = None,
) -> PortraitPage:
    return rules.page(user, first, last, limit, cursor)


@get("/v1/portraits/today", sync_to_thread=False)
def todays_portrait(user: str) -> Portrait:
    raise HTTPException(status_code=404, detail=user)


@get("/v1/portraits/{portrait_id:str}", sync_to_thread=False)
def get_portrait(portrait_id: str, user: str) -> Portrait:
    raise HTTPException(status_code=404, detail=user + portrait_id)


@delete("/v1/portraits/{portrait_id:str}", status_code=204, sync_to_thread=False)
def delete_portrait(portrait_id: str, user: str) -> None:
    raise HTTPException(status_code=404, detail=user + portrait_id)


@get("/v1/modes", sync_to_thread=False)
def modes() -> Choices:
    return rules.choices()


app = Litestar(
    [
        *(health, ready, register, confirm, resend, token, forgot, reset, logout),
        *(get_me, change_me, delete_me, unsubscribe_page, unsubscribe, create_selfie, get_selfie, delete_selfie),
        *(create_portrait, list_portraits, todays_portrait, get_portrait, delete_portrait, modes),
    ],
    logging_config=None,
    dependencies={"user": Provide(caller, sync_to_thread=False)},
)
handler = Mangum(app, lifespan="off")
