"""What the selfie routes take and give."""

from typing import Literal

from motiv8.schema import RequestBody, ResponseBody

ContentType = Literal["image/jpeg", "image/png", "image/webp", "image/heic", "image/heif"]
Status = Literal["waiting", "processing", "ready", "rejected"]

SMALLEST_BYTES = 1024
LARGEST_BYTES = 20 * 1024 * 1024


class UploadRequest(RequestBody):
    """What kind of photo is going to be uploaded."""

    content_type: ContentType


class Upload(ResponseBody):
    """POST the photo to `url` as multipart/form-data: all `fields` first, the photo last as `file`."""

    url: str
    fields: dict[str, str]
    expires_at: str
    min_bytes: int = SMALLEST_BYTES
    max_bytes: int = LARGEST_BYTES


class NewSelfie(ResponseBody):
    """A selfie that waits for its photo."""

    selfie_id: str
    status: Literal["waiting"] = "waiting"
    upload: Upload


class Selfie(ResponseBody):
    """The photo sent last, and how far it is; `message` says what to do about a rejected one."""

    selfie_id: str
    status: Status
    reason: str | None
    message: str | None
    updated_at: str
    face_in_use: bool
    preview_url: str | None
