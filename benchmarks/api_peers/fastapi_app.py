"""FastAPI with Mangum."""

from datetime import date
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, HTTPException, Query
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

app = FastAPI(title="motiv8")


def caller(authorization: Annotated[str, Header()]) -> str:
    try:
        return rules.caller(authorization)
    except rules.Refused as refused:
        raise HTTPException(refused.status) from refused


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
    return rules.page(user, first, last, limit, cursor)


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
    return rules.choices()


handler = Mangum(app, lifespan="off")
