"""Chalice, which has no models: what a body must be is asked of pydantic by hand."""

from datetime import date
from typing import Any, TypeVar

from chalice import Chalice, ChaliceViewError, Response
from pydantic import BaseModel, TypeAdapter, ValidationError

from benchmarks.api_peers import rules
from motiv8.accounts.models import Confirmation, EmailOnly, Grant, PasswordReset, ProfileChange, Registration
from motiv8.portraits.models import PortraitRequest
from motiv8.selfies.models import UploadRequest

app = Chalice(app_name="motiv8")
Model = TypeVar("Model", bound=BaseModel)
GRANT: TypeAdapter[Any] = TypeAdapter(Grant)


class Refusal(ChaliceViewError):
    """What Chalice turns into an answer with this status."""

    def __init__(self, status: int) -> None:
        super().__init__("refused")
        self.STATUS_CODE = status


def body(model: type[Model]) -> Model:
    try:
        return model.model_validate_json(app.current_request.raw_body)
    except ValidationError as error:
        raise Refusal(422) from error


def user() -> str:
    try:
        return rules.caller(app.current_request.headers["authorization"])
    except rules.Refused as refused:
        raise Refusal(refused.status) from refused


def answer(model: BaseModel) -> Response:
    return Response(model.model_dump_json(), headers={"Content-Type": "application/json"})


@app.route("/health")
def health() -> dict[str, str]:
    return {"status": "ok"}


@app.route("/health/ready")
def ready() -> dict[str, str]:
    return {"status": "ready"}


@app.route("/v1/auth/register", methods=["POST"])
def register() -> dict[str, str]:
    return {"message": body(Registration).email}


@app.route("/v1/auth/confirm", methods=["POST"])
def confirm() -> dict[str, str]:
    return {"message": body(Confirmation).email}


@app.route("/v1/auth/resend", methods=["POST"])
def resend() -> dict[str, str]:
    return {"message": body(EmailOnly).email}


@app.route("/v1/auth/token", methods=["POST"])
def token() -> dict[str, str]:
    raise Refusal(401 if GRANT.validate_json(app.current_request.raw_body) else 400)


@app.route("/v1/auth/password/forgot", methods=["POST"])
def forgot() -> dict[str, str]:
    return {"message": body(EmailOnly).email}


@app.route("/v1/auth/password/reset", methods=["POST"])
def reset() -> dict[str, str]:
    return {"message": body(PasswordReset).email}


@app.route("/v1/auth/logout", methods=["POST"])
def logout() -> dict[str, str]:
    return {"user_id": user()}


@app.route("/v1/me", methods=["GET"])
def get_me() -> dict[str, str]:
    raise Refusal(404 if user() else 401)


@app.route("/v1/me", methods=["PATCH"])
def change_me() -> dict[str, Any]:
    return {"user_id": user()} | body(ProfileChange).model_dump(exclude_unset=True)


@app.route("/v1/me", methods=["DELETE"])
def delete_me() -> dict[str, str]:
    return {"deletion_id": user()}


@app.route("/v1/mail/unsubscribe", methods=["GET", "POST"])
def unsubscribe() -> str:
    return str(app.current_request.query_params["token"])


@app.route("/v1/selfies", methods=["POST"])
def create_selfie() -> dict[str, str]:
    raise Refusal(403 if user() and body(UploadRequest) else 401)


@app.route("/v1/selfies/current", methods=["GET", "DELETE"])
def selfie() -> dict[str, str]:
    raise Refusal(404 if user() else 401)


@app.route("/v1/portraits", methods=["POST"])
def create_portrait() -> dict[str, str]:
    raise Refusal(409 if user() and body(PortraitRequest) else 401)


@app.route("/v1/portraits", methods=["GET"])
def list_portraits() -> Response:
    asked = app.current_request.query_params or {}
    first, last = (date.fromisoformat(asked[name]) if name in asked else None for name in ("from", "to"))
    return answer(rules.page(user(), first, last, int(asked.get("limit", 30)), asked.get("cursor")))


@app.route("/v1/portraits/today", methods=["GET"])
def todays_portrait() -> dict[str, str]:
    raise Refusal(404 if user() else 401)


@app.route("/v1/portraits/{portrait_id}", methods=["GET", "DELETE"])
def portrait(portrait_id: str) -> dict[str, str]:
    raise Refusal(404 if user() and portrait_id else 401)


@app.route("/v1/modes", methods=["GET"])
def modes() -> Response:
    return answer(rules.choices())


def handler(event: dict[str, Any], context: Any) -> Any:
    """Each route is a resource of API Gateway's here, not one for all."""
    event = event | {"requestContext": event["requestContext"] | {"resourcePath": event["path"]}, "pathParameters": {}}
    event["requestContext"]["httpMethod"] = event["httpMethod"]
    return app(event, context)
