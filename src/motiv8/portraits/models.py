"""What the portrait routes take and give."""

from typing import Annotated, Literal

from pydantic import Field

from motiv8.catalogue.engines import EngineName
from motiv8.catalogue.formats import FormatName
from motiv8.catalogue.layouts import LayoutName
from motiv8.catalogue.modes import ModeName
from motiv8.catalogue.themes import ThemeName
from motiv8.catalogue.tones import ToneName
from motiv8.schema import PartialBody, ResponseBody

Trigger = Literal["daily", "asked", "imported"]
Status = Literal["queued", "making", "ready", "failed"]
MailStatus = Literal["off", "waiting", "sending", "sent", "refused"]

MESSAGES: dict[str, str] = {
    "no_selfie": "You had no photo in use. Upload a selfie first.",
    "selfie_rejected": "Your photo could not be used. See /v1/selfies/current for what to do.",
    "internal_error": "Something went wrong on our side. Please try again.",
}
"""Why a picture was not made → a sentence that a person can act on."""


class PortraitRequest(PartialBody):
    """What to make; what is left out comes from the preferences."""

    mode: ModeName | None = None
    tone: ToneName | None = None
    theme: ThemeName | None = None
    format: FormatName | None = None
    layout: Annotated[
        LayoutName | None,
        Field(description="How person and type share the sheet, if the photo affords it; else one that it affords"),
    ] = None
    engine: Annotated[
        EngineName | None, Field(description="What makes it; others than the usual one need an entitlement")
    ] = None


class Portrait(ResponseBody):
    """A picture; URLs and paths of its images are there once it is `ready`.

    The URLs are signed, need no token, and hold for five minutes. The paths never change: each, below the API's
    address and with the access token, redirects to an image that a client may keep for good.
    """

    portrait_id: str
    date: Annotated[str, Field(description="The person's local date")]
    trigger: Trigger
    status: Status
    reason: str | None
    message: str | None
    mode: ModeName
    tone: ToneName
    theme: ThemeName
    format: FormatName
    layout: Annotated[LayoutName | None, Field(description="The one that was asked for; once `ready`, the one it has")]
    line: str | None
    alt_text: str | None
    image_url: Annotated[str | None, Field(description="JPEG, 1080 wide and as high as the format")]
    thumbnail_url: Annotated[str | None, Field(description="WebP, 480 wide")]
    image_path: Annotated[str | None, Field(description="The stable address of the image at `image_url`")]
    thumbnail_path: Annotated[str | None, Field(description="The stable address of the image at `thumbnail_url`")]
    mail_status: MailStatus
    created_at: str
    ready_at: str | None


LINKS = {"image_url", "thumbnail_url"}
"""The fields of a Portrait that are signed anew for each answer."""


class PortraitPage(ResponseBody):
    """Newest first; `next_cursor` is null on the last page."""

    portraits: list[Portrait]
    next_cursor: str | None


class Week(ResponseBody):
    """A week from Monday to Sunday, in the person's local dates, and the picture of each day that has one."""

    week: Annotated[str, Field(description="ISO 8601: `2026-W48`")]
    first: Annotated[str, Field(description="Its Monday")]
    last: Annotated[str, Field(description="Its Sunday")]
    streak: Annotated[int, Field(ge=0, description="Workout days in a row on which you had a picture, up to today")]
    portraits: Annotated[list[Portrait], Field(description="Oldest first; the daily one of a day, else its newest")]
    sheet_status: Annotated[
        Literal["not_asked", "none", "making", "ready"],
        Field(description="Whether sheet and film are there: `none` without a picture; asked for with `sheet=true`"),
    ]
    sheet_url: Annotated[str | None, Field(description="The week's pictures on one sheet: JPEG, 1080 x 1350")]
    film_url: Annotated[str | None, Field(description="As a short film: animated WebP, 540 x 675, up to 2 MB")]


class Choice(ResponseBody):
    """Something to choose."""

    name: str
    title: str
    description: str


class Choices(ResponseBody):
    """All modes, tones, themes, formats and layouts; of layouts those that a photo affords take turns."""

    modes: list[Choice]
    tones: list[Choice]
    themes: list[Choice]
    formats: list[Choice]
    layouts: list[Choice]
