"""The main job from a client's side: from signing up to the delivered picture, on a stack of its own."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from motiv8.client.person import ApiError, Person
from motiv8.local.local_stack import running
from motiv8.local.provisioning import PROJECT
from motiv8.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable

SAMPLE = PROJECT / "samples" / "astronaut.jpg"
CONTENT_TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".heic": "image/heic",
    ".heif": "image/heif",
}


def run(photo: Path, folder: Path, say: Callable[[str], None]) -> None:
    """Play the whole path with a photo; picture and mail are saved under `folder`.

    Raises ApiError (a rejected photo included), FileNotFoundError, EmulatorError, OperationError.
    """
    content_type = CONTENT_TYPES.get(photo.suffix.lower())
    if content_type is None:
        raise ApiError(f"{photo.name}: send a JPEG, PNG, WebP or HEIC photo.")
    data = photo.read_bytes()
    began = time.monotonic()

    def step(text: str) -> None:
        say(f"{time.monotonic() - began:6.2f} s  {text}")

    with (
        tempfile.TemporaryDirectory(prefix="motiv8-demo-") as home,
        running(Path(home), keep=False, announce=step) as stack,
    ):
        person = Person(stack.front.url, "you@example.com")
        person.register()
        step("registered, and confirmed with the code from the mail")
        person.sign_in()
        step("signed in")
        person.agree()
        step("gave consent")
        answer = person.upload(data, content_type)
        if not answer.is_success:
            raise ApiError(f"The upload was refused: S3 answered {answer.status_code}")
        step(f"uploaded {photo.name} ({len(data) / 1024:.0f} KB) to the presigned URL")
        person.wait_for_selfie()
        step("the face was found")
        asked = person.call("POST", "/v1/portraits", {}, {"Idempotency-Key": "demo"})
        asked.raise_for_status()
        step("asked for a picture")
        portrait = person.wait_for_portrait(asked.headers["Location"])
        step(f"the picture is ready: “{portrait['line']}”")
        folder.mkdir(parents=True, exist_ok=True)
        picture, mail = folder / "picture.jpg", folder / "mail.eml"
        picture.write_bytes(person.http.get(portrait["image_url"]).raise_for_status().content)
        step("downloaded it")
        mail.write_bytes(_first_mail(stack.mailbox.files))
        step("the email arrived")
    step("stopped everything")
    say(f"picture: {picture}\nmail:    {mail}")


def _first_mail(files: Callable[[], list[Path]]) -> bytes:
    try:
        return wait_for(files, seconds=30)[0].read_bytes()
    except TimeoutError as error:
        raise ApiError("the mail did not arrive within 30 s") from error
