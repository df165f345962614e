"""/v1/portraits and /v1/modes: HTTP in and out."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Header, Query
from ulid import ULID

from motiv8 import clock, long_poll
from motiv8.accounts.schedule import local_date
from motiv8.aws import keys, storage
from motiv8.catalogue.entry import Entry
from motiv8.catalogue.formats import FORMATS, Format
from motiv8.catalogue.layouts import LAYOUTS
from motiv8.catalogue.modes import MODES, Mode
from motiv8.catalogue.themes import THEMES
from motiv8.catalogue.tones import TONES
from motiv8.catalogue.translation import said, spoken
from motiv8.declarations import conditional, public, raises
from motiv8.entity_tags import entity_tag, is_named
from motiv8.errors import (
    EngineNotEntitled,
    FaceMissing,
    FieldError,
    IdempotencyKeyReused,
    Invalid,
    NotFound,
    QuotaUsedUp,
    RequestInProgress,
)
from motiv8.pagination import cursor_after, position_of
from motiv8.portraits import repository, service
from motiv8.portraits.models import LINKS, MESSAGES, Choice, Choices, Portrait, PortraitPage, PortraitRequest, Week
from motiv8.portraits.picture import Picture
from motiv8.rate_limit import rate_limit_headers
from motiv8.settings import settings

router = Router()

_MAKING_SECONDS = "2"
"""When it is worth asking again for a picture that is being made."""
_FOR_GOOD = "private, max-age=31536000, immutable"
_REDIRECT_SECONDS = storage.DOWNLOAD_SECONDS - 60
"""A redirect that is kept no longer leads to an address that still holds."""


@router.post(
    "/v1/portraits",
    status_code=202,
    summary="Request a picture",
    tags=["portraits"],
    operation_id="create_portrait",
)
@raises(EngineNotEntitled, FaceMissing, IdempotencyKeyReused, QuotaUsedUp, RequestInProgress)
def create_portrait(
    body: Annotated[PortraitRequest, Body()],
    idempotency_key: Annotated[str | None, Header(alias="Idempotency-Key")] = None,
) -> Response[Portrait]:
    """Starts making a picture; follow `Location` until it is `ready`. Needs a ready selfie; limited per day."""
    # What other routes do without is imported here: it would make each cold start slower.
    from motiv8.accounts.service import person
    from motiv8.idempotency import once

    caller = router.context["caller"]
    now = clock.now()
    person(caller.user_id, now)

    def act() -> dict[str, Any]:
        picture, quota = service.ask(
            caller.user_id,
            service.PortraitOptions(body.mode, body.tone, body.theme, body.format, body.layout, body.engine),
            caller.groups,
            now,
            str(ULID.from_datetime(now)).lower(),
            router.context["correlation_id"],
        )
        return {"portrait": _portrait(picture).model_dump(), "headers": rate_limit_headers(quota)}

    request = body.model_dump() | {"path": "/v1/portraits"}
    answer = once(idempotency_key, caller.user_id, request, router.lambda_context, act)
    # An answer that was kept before a release has none of its new fields.
    portrait = Portrait(**dict.fromkeys(Portrait.model_fields) | answer["portrait"])
    headers = {"Location": f"/v1/portraits/{portrait.portrait_id}", "Retry-After": _MAKING_SECONDS}
    headers |= answer["headers"]
    return Response(202, "application/json", portrait, headers=headers)


@router.get("/v1/portraits", summary="My pictures", tags=["portraits"], operation_id="list_portraits")
@conditional
def list_portraits(
    first: Annotated[date | None, Query(alias="from", description="First local date")] = None,
    last: Annotated[date | None, Query(alias="to", description="Last local date")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 30,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Response[PortraitPage]:
    """Pictures by local date, newest first."""
    if first and last and first > last:
        raise Invalid(FieldError("query.from", "range_reversed", "must not be later than `to`"))
    before = position_of(cursor, service.PORTRAIT_ID) if cursor is not None else None
    pictures = repository.between(router.context["caller"].user_id, first, last, before, limit + 1)
    page = pictures[:limit]
    next_cursor = cursor_after(page[-1].portrait_id) if len(pictures) > limit else None
    answer = PortraitPage(portraits=[_portrait(picture) for picture in page], next_cursor=next_cursor)
    headers = {"ETag": entity_tag(answer, {"portraits": {"__all__": LINKS}}), "Content-Language": spoken.get()}
    return Response(200, "application/json", answer, headers=headers)


@router.get("/v1/portraits/today", summary="Today's picture", tags=["portraits"], operation_id="get_todays_portrait")
@conditional
@raises(NotFound)
def get_todays_portrait() -> Response[Portrait]:
    """The daily picture of the person's local date, or the newest one that was asked for on it."""
    from motiv8.accounts.service import person  # as above

    caller = router.context["caller"]
    now = clock.now()
    return _answer(service.today(person(caller.user_id, now), now))


@router.get("/v1/portraits/week", summary="A week in review", tags=["portraits"], operation_id="get_week")
@conditional
def get_week(
    week: Annotated[str | None, Query(max_length=10, description="ISO 8601: `2026-W48`; else this week")] = None,
    sheet: Annotated[bool, Query(description="Have the pictures put on one sheet and into a film")] = False,
) -> Response[Week]:
    """The picture of each day of a week, by the person's local dates, and their streak.

    With `sheet=true` sheet and film are made, too; until they are `ready`, `Retry-After` says when to ask again.
    HEAD has none made.
    """
    from motiv8.accounts.service import person  # as above
    from motiv8.portraits import week as weeks

    now = clock.now()
    known = person(router.context["caller"].user_id, now)
    monday = weeks.first_day_of(week, known, now)
    pictures = weeks.of_week(known.user_id, monday)
    status, sheet_url, film_url = "not_asked", None, None
    if sheet and not router.context["only_looks"]:
        asked = (known.user_id, monday, pictures, now, router.context["correlation_id"])
        status, sheet_url, film_url = weeks.request_sheet(*asked)
    answer = Week(
        week=weeks.name_of(monday),
        first=monday.isoformat(),
        last=(monday + timedelta(days=6)).isoformat(),
        streak=known.streak_on(local_date(known.schedule.time_zone, now)),
        portraits=[_portrait(picture) for picture in pictures],
        sheet_status=status,
        sheet_url=sheet_url,
        film_url=film_url,
    )
    tag = entity_tag(answer, {"portraits": {"__all__": LINKS}, "sheet_url": True, "film_url": True})
    headers = {"ETag": tag, "Content-Language": spoken.get()}
    if status == "making":
        headers["Retry-After"] = _MAKING_SECONDS
    return Response(200, "application/json", answer, headers=headers)


@router.get("/v1/portraits/<portrait_id>", summary="One picture", tags=["portraits"], operation_id="get_portrait")
@conditional
@raises(NotFound)
def get_portrait(
    portrait_id: str,
    prefer: Annotated[str | None, Header(alias="Prefer", description="`wait=20`: wait for a change, so many s")] = None,
) -> Response[Portrait]:
    """A picture with its status, and signed URLs once it is ready; until then `Retry-After` says when to ask again.

    With `Prefer: wait` an answer comes when the picture changes, or is another than `If-None-Match` names.
    """
    user_id = router.context["caller"].user_id
    picture = service.get(user_id, portrait_id)
    known = router.current_event.headers.get("if-none-match") or _tag(picture)
    picture, headers = long_poll.follow(
        long_poll.Preference(prefer, user_id, router.lambda_context.get_remaining_time_in_millis()),
        picture,
        lambda: service.get(user_id, portrait_id),
        lambda each: not each.is_unfinished or not is_named(_tag(each), known),
    )
    return _answer(picture, headers)


@router.get(
    "/v1/portraits/<portrait_id>/images/<image>",
    status_code=307,
    response_description="Where the image is, for five minutes",
    summary="One image of a picture",
    tags=["portraits"],
    operation_id="get_portrait_image",
)
@raises(NotFound)
def get_portrait_image(portrait_id: str, image: str) -> Response[None]:
    """Redirects from a stable address (`image_path`) to an image that may be kept for good. It takes no token there."""
    user_id = router.context["caller"].user_id
    key = keys.picture(user_id, portrait_id, service.image_ending(user_id, portrait_id, image))
    url = storage.presigned_get(settings().media_bucket, key, _FOR_GOOD)
    return Response(307, headers={"Location": url, "Cache-Control": f"private, max-age={_REDIRECT_SECONDS}"})


@router.delete(
    "/v1/portraits/<portrait_id>",
    status_code=204,
    summary="Delete a picture",
    tags=["portraits"],
    operation_id="delete_portrait",
)
@raises(NotFound)
def delete_portrait(portrait_id: str) -> Response[None]:
    """Deletes a picture with all versions of its files."""
    service.delete(router.context["caller"].user_id, portrait_id)
    return Response(204)


@router.get(
    "/v1/modes", summary="Modes, tones, themes, formats and layouts", tags=["portraits"], operation_id="list_modes"
)
@public
@conditional
def list_modes() -> Response[Choices]:
    """What there is to choose."""
    answer = Choices(
        modes=_choices(MODES),
        tones=_choices(TONES),
        themes=_choices(THEMES),
        formats=_choices(FORMATS),
        layouts=_choices(LAYOUTS),
    )
    return Response(
        200, "application/json", answer, headers={"ETag": entity_tag(answer), "Content-Language": spoken.get()}
    )


def _choices(entries: Mapping[str, Entry | Mode | Format]) -> list[Choice]:
    return [
        Choice(name=name, title=said(entry.title), description=said(entry.description))
        for name, entry in entries.items()
    ]


def _tag(picture: Picture) -> str:
    return entity_tag(_portrait(picture), LINKS)


def _answer(picture: Picture, more: dict[str, str] | None = None) -> Response[Portrait]:
    portrait = _portrait(picture)
    headers = {"ETag": entity_tag(portrait, LINKS), "Content-Language": spoken.get()} | (more or {})
    if picture.is_unfinished:
        headers["Retry-After"] = _MAKING_SECONDS
    return Response(200, "application/json", portrait, headers=headers)


def _portrait(picture: Picture) -> Portrait:
    return Portrait(
        portrait_id=picture.portrait_id,
        date=picture.date,
        trigger=picture.trigger,
        status=picture.status,
        reason=picture.reason,
        message=said(MESSAGES[picture.reason]) if picture.reason in MESSAGES else None,
        mode=picture.mode,
        tone=picture.tone,
        theme=picture.theme,
        format=picture.format,
        layout=picture.layout,
        line=picture.line,
        alt_text=picture.alt_text,
        image_url=_url(picture, ".jpg"),
        thumbnail_url=_url(picture, "-thumbnail.webp"),
        image_path=_path(picture, ".jpg"),
        thumbnail_path=_path(picture, "-thumbnail.webp"),
        mail_status=picture.mail_status,
        created_at=clock.rfc3339(picture.created_at),
        ready_at=clock.rfc3339(picture.ready_at) if picture.ready_at else None,
    )


def _url(picture: Picture, ending: str) -> str | None:
    if picture.status != "ready":
        return None
    return storage.presigned_get(settings().media_bucket, keys.picture(picture.user_id, picture.portrait_id, ending))


def _path(picture: Picture, ending: str) -> str | None:
    if picture.version is None:
        return None
    return f"/v1/portraits/{picture.portrait_id}/images/{picture.version}{ending}"
