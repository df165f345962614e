"""What `motiv8 library` talks to: the real routes, and a stand-in for sign-in, storage and the machine."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from threading import Lock
from typing import Any

import httpx

from motiv8.aws.library_tables import DocumentRow

LIFTING = b"Lift with your legs."
SLEEP = b"# Sleep\n\nSleep is when muscles grow."
METADATA: list[dict[str, Any]] = [
    {"file": "lifting.txt", "title": "Lifting", "author": "A coach", "tags": ["back"]},
    {"file": "sleep.md", "title": "Sleep", "published": 2026},
]


@dataclass
class LibraryCloud:
    """What answers the command: sign-ins, the routes, S3, and whoever works on documents."""

    call: Callable[..., Any]
    sign: Callable[..., str]
    groups: list[str] = field(default_factory=lambda: ["importers"])
    requests: list[tuple[str, str]] = field(default_factory=list)
    grants: list[str] = field(default_factory=list)
    uploads: dict[str, bytes] = field(default_factory=dict)
    interfere: Callable[[httpx.Request], httpx.Response | None] = lambda _: None
    becomes: dict[bytes, dict[str, Any]] = field(default_factory=dict)
    _lock: Any = field(default_factory=Lock)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        # One at a time, as one process of Lambda answers.
        with self._lock:
            return self.interfere(request) or self._answer(request)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.host != "api.example":
            return self._store(request)
        if request.url.path == "/v1/auth/token":
            return self._grant(json.loads(request.content))
        body = json.loads(request.content) if request.content else None
        self.requests.append((request.method, request.url.path))
        answer = self.call(
            request.method,
            request.url.path,
            body,
            token=request.headers["Authorization"].removeprefix("Bearer "),
            query=dict(request.url.params) or None,
        )
        return httpx.Response(answer.status, headers=answer.headers, text=answer.text)

    def _grant(self, body: dict[str, str]) -> httpx.Response:
        self.grants.append(body["grant_type"])
        if body.get("password", "right") != "right":
            return httpx.Response(401, json={"detail": "The email or password is wrong."})
        token = self.sign(sub="importer", jti=str(len(self.grants)), **{"cognito:groups": self.groups})
        return httpx.Response(200, json={"access_token": token, "refresh_token": "r", "expires_in": 900})

    def _store(self, request: httpx.Request) -> httpx.Response:
        head = b"Content-Type: " + request.headers["Content-Type"].encode() + b"\r\n\r\n"
        parts: Any = message_from_bytes(head + request.content).get_payload()
        fields = {part.get_param("name", header="content-disposition"): part.get_payload(decode=True) for part in parts}
        self.uploads[fields["key"].decode()] = fields["file"]
        [name] = re.findall(r"doc-[a-z2-7]{26}", fields["key"].decode())
        row = DocumentRow.get(name)
        outcome = {"status": "ready", "passages": 1, "characters": 20} | self.becomes.get(fields["file"], {})
        row.update(actions=[getattr(DocumentRow, each).set(value) for each, value in outcome.items()])
        return httpx.Response(204)

    def writes(self) -> list[tuple[str, str]]:
        return [each for each in self.requests if each[0] != "GET"]
