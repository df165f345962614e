"""Powertools' resolver in one file, as its documentation shows it: validation on, middleware, boto3."""

from datetime import date
from typing import Annotated, Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware
from aws_lambda_powertools.event_handler.openapi.params import Query

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

logger = Logger(service="peer")
app = APIGatewayRestResolver(enable_validation=True)


@app.exception_handler(rules.Refused)
def refused(error: rules.Refused) -> Response[Any]:
    return Response(error.status, "application/json", {"message": "refused"})


def signed_in(resolver: APIGatewayRestResolver, next_middleware: NextMiddleware) -> Response[Any]:
    resolver.append_context(user=rules.caller(resolver.current_event.headers["Authorization"]))
    return next_middleware(resolver)


@app.get("/health")
def health() -> dict[str, str]:
    return {"status": "ok"}


@app.get("/health/ready")
def ready() -> dict[str, str]:
    return {"status": "ready"}


@app.post("/v1/auth/register")
def register(body: Registration) -> Accepted:
    return Accepted(message=body.email)


@app.post("/v1/auth/confirm")
def confirm(body: Confirmation) -> Accepted:
    return Accepted(message=body.email)


@app.post("/v1/auth/resend")
def resend(body: EmailOnly) -> Accepted:
    return Accepted(message=body.email)


@app.post("/v1/auth/token")
def token(body: Grant) -> TokenAnswer:
    raise rules.Refused(401 if body else 400)


@app.post("/v1/auth/password/forgot")
def forgot(body: EmailOnly) -> Accepted:
    return Accepted(message=body.email)


@app.post("/v1/auth/password/reset")
def reset(body: PasswordReset) -> Accepted:
    return Accepted(message=body.email)


@app.post("/v1/auth/logout", middlewares=[signed_in])
def logout() -> dict[str, str]:
    return {}


@app.get("/v1/me", middlewares=[signed_in])
def get_me() -> Profile:
    raise rules.Refused(404)


@app.patch("/v1/me", middlewares=[signed_in])
def change_me(body: ProfileChange) -> dict[str, Any]:
    return {"user_id": app.context["user"]} | body.model_dump(exclude_unset=True)


@app.delete("/v1/me", middlewares=[signed_in])
def delete_me() -> Deletion:
    return Deletion(deletion_id="none")


@app.get("/v1/mail/unsubscribe")
def unsubscribe_page(link: Annotated[str, Query(alias="token")]) -> str:
    return link


@app.post("/v1/mail/unsubscribe")
def unsubscribe(link: Annotated[str, Query(alias="token")]) -> str:
    return link


@app.post("/v1/selfies", middlewares=[signed_in])
def create_selfie(body: UploadRequest) -> NewSelfie:
    raise rules.Refused(403 if body else 400)


@app.get("/v1/selfies/current", middlewares=[signed_in])
def get_selfie() -> Selfie:
    raise rules.Refused(404)


@app.delete("/v1/selfies/current", middlewares=[signed_in])
def delete_selfie() -> dict[str, str]:
    return {}


@app.post("/v1/portraits", middlewares=[signed_in])
def create_portrait(body: PortraitRequest) -> Portrait:
    raise rules.Refused(409 if body else 400)


@app.get("/v1/portraits", middlewares=[signed_in])
def list_portraits(
    first: Annotated[date | None, Query(alias="from")] = None,
    last: Annotated[date | None, Query(alias="to")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 30,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> PortraitPage:
    return rules.page(app.context["user"], first, last, limit, cursor)


@app.get("/v1/portraits/today", middlewares=[signed_in])
def todays_portrait() -> Portrait:
    raise rules.Refused(404)


@app.get("/v1/portraits/<portrait_id>", middlewares=[signed_in])
def get_portrait(portrait_id: str) -> Portrait:
    raise rules.Refused(404 if portrait_id else 400)


@app.delete("/v1/portraits/<portrait_id>", middlewares=[signed_in])
def delete_portrait(portrait_id: str) -> dict[str, str]:
    raise rules.Refused(404 if portrait_id else 400)


@app.get("/v1/modes")
def modes() -> Choices:
    return rules.choices()


@logger.inject_lambda_context(correlation_id_path="requestContext.requestId")
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return app.resolve(event, context)
