"""The main job from a client's side: from signing up to the delivered picture, on a stack of its own."""

from __future__ import annotations

import io
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from motiv8.waiting import wait_for
from motiv8_tooling.client.person import ApiError, Person
from motiv8_tooling.local.library_importer import local_importer
from motiv8_tooling.local.local_stack import running
from motiv8_tooling.local.provisioning import PROJECT
from motiv8_tooling.operations.document_import.folder import look_into
from motiv8_tooling.operations.document_import.metadata import read
from motiv8_tooling.operations.document_import.progress import Progress
from motiv8_tooling.operations.document_import.run import ImportOptions
from motiv8_tooling.operations.document_import.run import run as import_folder
from motiv8_tooling.operations.library_answers import answer_as_text, as_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from motiv8_tooling.client.service_user import ServiceUser

QUESTION = "How do I lift a weight from the floor?"
LIBRARY = PROJECT / "samples" / "library"
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
        importer = local_importer(stack.emulator, stack.front.url)
        importer.sign_in()
        # The library processes them while the picture is made.
        _import_library(importer, wait=False)
        _get_picture(person, folder, step)
        (folder / "mail.eml").write_bytes(_first_mail(stack.mailbox.files))
        step("the email arrived")
        step(f"the library has {_import_library(importer, wait=True)} documents")
        found = person.expect("GET", f"/v1/search?{urlencode({'q': QUESTION, 'limit': 1})}")["passages"]
        step(f"asked it: “{QUESTION}”")
        say(as_text(found, highlighted=sys.stdout.isatty()))
        written = person.ask(QUESTION)
        step("asked the coach the same, and it answered from the library:")
        say(answer_as_text(written))
    step("stopped everything")
    say(f"picture: {folder / 'picture.jpg'}\nmail:    {folder / 'mail.eml'}")


def _get_picture(person: Person, folder: Path, step: Callable[[str], None]) -> None:
    """Wait for the face, ask for a picture, and save it."""
    person.wait_for_selfie()
    step("the face was found")
    asked = person.call("POST", "/v1/portraits", {}, {"Idempotency-Key": "demo"})
    asked.raise_for_status()
    step("asked for a picture")
    portrait = person.wait_for_portrait(asked.headers["Location"])
    step(f"the picture is ready: “{portrait['line']}”")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "picture.jpg").write_bytes(person.http.get(portrait["image_url"]).raise_for_status().content)
    step("downloaded it")


def _import_library(importer: ServiceUser, *, wait: bool) -> int:
    """Import the sample documents; the number of files. Without `wait` the library works on by itself."""
    metadata = LIBRARY / "metadata.json"
    content = look_into(LIBRARY, read(metadata), [metadata])
    progress = Progress(io.StringIO(), len(content.files))
    report = import_folder(importer, content, ImportOptions("general", wait=wait), progress)
    if report.failed:
        raise ApiError(report.stopped or report.as_text())
    return len(report.files)


def _first_mail(files: Callable[[], list[Path]]) -> bytes:
    try:
        return wait_for(files, seconds=30)[0].read_bytes()
    except TimeoutError as error:
        raise ApiError("the mail did not arrive within 30 s") from error
