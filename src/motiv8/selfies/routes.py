"""/v1/selfies: HTTP in and out."""

from datetime import timedelta
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Header
from ulid import ULID

from motiv8 import clock, long_poll
from motiv8.accounts import face_data
from motiv8.accounts.service import person
from motiv8.aws import keys, storage
from motiv8.catalogue.rejections import SENTENCES
from motiv8.catalogue.translation import said, spoken
from motiv8.declarations import fresh_sign_in, raises
from motiv8.errors import ConsentRequired, IdempotencyKeyReused, NotFound, QuotaUsedUp, RequestInProgress
from motiv8.rate_limit import rate_limit_headers
from motiv8.selfies import service
from motiv8.selfies.models import LARGEST_BYTES, SMALLEST_BYTES, NewSelfie, Selfie, Upload, UploadRequest
from motiv8.settings import settings

router = Router()

_PENDING_SECONDS = "2"
"""When it is worth asking again for a photo that something must still happen to."""


@router.post(
    "/v1/selfies", status_code=201, summary="Request an upload", tags=["selfies"], operation_id="create_selfie"
)
@fresh_sign_in
@raises(ConsentRequired, IdempotencyKeyReused, QuotaUsedUp, RequestInProgress)
def create_selfie(
    body: Annotated[UploadRequest, Body()],
    idempotency_key: Annotated[str | None, Header(alias="Idempotency-Key")] = None,
) -> Response[NewSelfie]:
    """Returns a presigned POST for one photo of 1 KB to 20 MB. A new photo takes the place of the one before.

    So many a day; the face is taken out of it once, however often the form is posted.
    """
    from motiv8.idempotency import once  # costs a cold start as much as a second SDK: other routes do without

    caller = router.context["caller"]
    now = clock.now()
    person(caller.user_id, now).consents.check_current()

    def act() -> dict[str, Any]:
        selfie_id = str(ULID.from_datetime(now)).lower()
        quota = service.begin_upload(caller.user_id, selfie_id, body.content_type, now)
        return {"selfie_id": selfie_id, "headers": rate_limit_headers(quota)}

    request = body.model_dump() | {"path": "/v1/selfies"}
    answer = once(idempotency_key, caller.user_id, request, router.lambda_context, act)
    selfie_id = answer["selfie_id"]
    # Signed anew for each answer: a signature holds for minutes, an Idempotency-Key for a day.
    url, fields = storage.presigned_post(
        settings().uploads_bucket,
        keys.upload(caller.user_id, selfie_id),
        body.content_type,
        SMALLEST_BYTES,
        LARGEST_BYTES,
    )
    expires_at = clock.rfc3339(now + timedelta(seconds=storage.UPLOAD_SECONDS))
    selfie = NewSelfie(selfie_id=selfie_id, upload=Upload(url=url, fields=fields, expires_at=expires_at))
    # An answer that was kept before the release with the quota has none of its headers.
    headers = {"Location": "/v1/selfies/current"} | answer.get("headers", {})
    return Response(201, "application/json", selfie, headers=headers)


@router.get("/v1/selfies/current", summary="My selfie", tags=["selfies"], operation_id="get_selfie")
@raises(NotFound)
def get_selfie(
    prefer: Annotated[str | None, Header(alias="Prefer", description="`wait=20`: wait for a change, so many s")] = None,
) -> Response[Selfie]:
    """The photo sent last: `waiting`, `processing`, `ready`, or `rejected` with what to do about it.

    While it is `waiting` or `processing`, `Retry-After` says when to ask again; `Prefer: wait` waits for a change.
    """
    caller = router.context["caller"]
    known = person(caller.user_id, clock.now()).photo
    photo, headers = long_poll.follow(
        long_poll.Preference(prefer, caller.user_id, router.lambda_context.get_remaining_time_in_millis()),
        known,
        lambda: person(caller.user_id, clock.now()).photo,
        lambda each: not each.is_pending or each != known,
    )
    if photo.selfie_id is None or photo.updated_at is None:
        raise NotFound("You have no selfie yet. Request an upload with POST /v1/selfies.")
    preview = None
    if photo.face_selfie_id is not None:
        preview = storage.presigned_get(settings().media_bucket, keys.cutout(caller.user_id, photo.face_selfie_id))
    selfie = Selfie(
        selfie_id=photo.selfie_id,
        status=photo.status,
        reason=photo.reason,
        message=said(SENTENCES[photo.reason]) if photo.reason else None,
        updated_at=clock.rfc3339(photo.updated_at),
        face_in_use=photo.face_selfie_id is not None,
        preview_url=preview,
    )
    headers["Content-Language"] = spoken.get()
    if photo.is_pending:
        headers["Retry-After"] = _PENDING_SECONDS
    return Response(200, "application/json", selfie, headers=headers)


@router.delete(
    "/v1/selfies/current",
    status_code=204,
    summary="Delete my selfie",
    tags=["selfies"],
    operation_id="delete_selfie",
)
@fresh_sign_in
@raises(NotFound)
def delete_selfie() -> Response[None]:
    """Deletes photo, face and embedding with all their versions; no pictures are made until there is a new one."""
    caller = router.context["caller"]
    now = clock.now()
    if person(caller.user_id, now).photo.selfie_id is None:
        raise NotFound("You have no selfie.")
    face_data.remove(caller.user_id, now)
    return Response(204)
