"""Mails that the local stack caught: pictures as `.eml` files, sign-up and reset codes from the embedded AWS."""

from __future__ import annotations

import base64
import email
import json
from dataclasses import dataclass
from email import policy
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from motiv8_tooling.client.tls import authorities
from motiv8_tooling.local.emulator import ACCOUNT

if TYPE_CHECKING:
    from email.message import EmailMessage


@dataclass(frozen=True, slots=True)
class Caught:
    """One mail; `name` is its file's, where it is one that we sent, and empty for Cognito's."""

    name: str
    to: str
    subject: str
    text: str
    sent_at: float


class Mailbox:
    """The folder of caught mails, beside what the embedded AWS itself keeps."""

    def __init__(self, folder: Path, emulator_url: str) -> None:
        self._folder = folder
        self._emulator_url = emulator_url
        folder.mkdir(parents=True, exist_ok=True)

    def keep(self, request_body: bytes, message_id: str) -> None:
        """Store a mail that SES accepted; `request_body` is the SendEmail request."""
        raw = json.loads(request_body).get("Content", {}).get("Raw", {}).get("Data")
        if raw:
            mail = self._folder / f"{Path(message_id).name.partition('@')[0]}.eml"
            # Under its name only when it is whole: others list the folder meanwhile.
            whole = mail.with_suffix(".new")
            whole.write_bytes(base64.b64decode(raw))
            whole.rename(mail)

    def all(self) -> list[Caught]:
        """All mails, newest first."""
        return sorted([*self._pictures(), *self._codes()], key=lambda each: -each.sent_at)

    def files(self) -> list[Path]:
        """The stored mails, newest first."""
        return sorted(self._folder.glob("*.eml"), key=lambda path: -path.stat().st_mtime)

    def read(self, name: str) -> EmailMessage:
        """One stored mail. Raises FileNotFoundError."""
        return email.message_from_bytes((self._folder / Path(name).name).read_bytes(), policy=policy.default)

    def _pictures(self) -> list[Caught]:
        caught = []
        for path in self.files():
            message = self.read(path.name)
            caught.append(Caught(path.name, str(message["To"]), str(message["Subject"]), "", path.stat().st_mtime))
        return caught

    def _codes(self) -> list[Caught]:
        answer = httpx.get(f"{self._emulator_url}/_ministack/ses/messages", timeout=5, verify=authorities()).json()
        return [
            Caught(
                "",
                ", ".join(message["To"]),
                message["Subject"],
                message["BodyText"] or message["BodyHtml"] or "",
                message["Timestamp"],
            )
            for message in answer["messages"].get(ACCOUNT, ())
            if not message["Type"].startswith("v2.")
        ]


def html_of(message: EmailMessage) -> str:
    """A mail's HTML part with its inline pictures put in, for a browser."""
    body = message.get_body(("html", "plain"))
    html: str = body.get_content() if body else ""
    for part in message.walk():
        cid = part.get("Content-ID")
        if cid and part.get_content_maintype() == "image":
            data = base64.b64encode(part.get_payload(decode=True)).decode()  # type: ignore[arg-type]  # bytes, decoded
            html = html.replace(f"cid:{cid.strip('<>')}", f"data:{part.get_content_type()};base64,{data}")
    return html
