"""A client of the REST API, as a phone would be one: it knows addresses and JSON, and nothing of AWS."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx

from motiv8.waiting import wait_for
from motiv8_tooling.client.tls import authorities

if TYPE_CHECKING:
    from collections.abc import Callable

SIGN_UP_CODE = "123456"
"""The embedded AWS's fixed code; on AWS a person reads theirs in the mail."""
_PATIENCE_SECONDS = 120.0


class ApiError(Exception):
    """The API said no; the text is its sentence for the person, `kind` the last part of the problem's type."""

    def __init__(self, text: str, *, status: int | None = None, kind: str = "") -> None:
        super().__init__(text)
        self.status = status
        self.kind = kind


class SelfieRejected(ApiError):
    """The photo will not do; the text says what to do about it."""


@dataclass
class Person:
    """Somebody with an email address, a password and an access token once signed in."""

    api: str
    email: str
    password: str = field(default="a long enough password", repr=False)
    token: str = field(default="", repr=False)
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=30, verify=authorities()))

    def call(
        self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """One request; signed in, it carries the token."""
        given = dict(headers or {})
        if self.token:
            given["Authorization"] = f"Bearer {self.token}"
        return self.http.request(method, f"{self.api}{path}", json=body, headers=given)

    def expect(self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None) -> Any:
        """One request's JSON. Raises ApiError for anything but a 2xx."""
        answer = self.call(method, path, body, headers)
        if not answer.is_success:
            raise _refusal(answer, f"{method} {path}")
        return answer.json() if answer.content else None

    def register(self, time_zone: str = "UTC") -> None:
        """Sign up and confirm."""
        self.sign_up(time_zone)
        self.confirm()

    def confirm(self) -> None:
        """Enter the mailed code, and the password."""
        proof = {"email": self.email, "code": SIGN_UP_CODE, "password": self.password}
        self.expect("POST", "/v1/auth/confirm", proof)

    def sign_up(self, time_zone: str) -> None:
        """Ask for an account."""
        wanted = {"email": self.email, "password": self.password, "time_zone": time_zone}
        self.expect("POST", "/v1/auth/register", wanted)

    def sign_in(self) -> None:
        """Get a token and keep it."""
        grant = {"grant_type": "password", "email": self.email, "password": self.password}
        self.token = self.expect("POST", "/v1/auth/token", grant)["access_token"]

    def agree(self) -> None:
        """Read the text about the use of the face, and agree to it."""
        text = self.expect("GET", "/v1/me/consent")["text"]
        self.expect("PUT", "/v1/me/consent", {"version": text["version"], "language": text["language"]})

    def upload(self, photo: bytes, content_type: str) -> httpx.Response:
        """Ask for an upload and POST the photo to the presigned URL."""
        upload = self.expect("POST", "/v1/selfies", {"content_type": content_type})["upload"]
        return self.http.post(upload["url"], data=upload["fields"], files={"file": ("photo", photo, content_type)})

    def wait_for_selfie(self) -> dict[str, Any]:
        """Wait until the photo is ready. Raises SelfieRejected with what to do about it."""
        selfie = self.wait_until("/v1/selfies/current", lambda found: found["status"] in {"ready", "rejected"})
        if selfie["status"] == "rejected":
            raise SelfieRejected(selfie["message"])
        return selfie

    def wait_for_portrait(self, location: str) -> dict[str, Any]:
        """Wait until a picture is made. Raises ApiError when it failed."""
        portrait = self.wait_until(location, lambda found: found["status"] in {"ready", "failed"})
        if portrait["status"] == "failed":
            raise ApiError(portrait["message"])
        return portrait

    def ask(self, question: str) -> dict[str, Any]:
        """Ask the coach in a new conversation, and wait for the whole answer. Raises ApiError when there is none."""
        conversation = self.expect("POST", "/v1/conversations", {})["conversation_id"]
        messages = f"/v1/conversations/{conversation}/messages"
        asked = self.expect("POST", messages, {"text": question})
        answer = self.wait_until(f"{messages}/{asked['message_id']}", lambda found: found["status"] != "streaming")
        if answer["status"] != "ready":
            raise ApiError(answer["message"] or f"the coach's answer is {answer['status']}")
        return answer

    def wait_until(self, path: str, done: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Ask until an answer is the one that is waited for. Raises ApiError when none is."""

        def ask() -> dict[str, Any] | None:
            found: dict[str, Any] = self.expect("GET", path)
            return found if done(found) else None

        try:
            return wait_for(ask, seconds=_PATIENCE_SECONDS, pause=0.2, longest_pause=1)
        except TimeoutError as error:
            raise ApiError(f"{path} did not change within {_PATIENCE_SECONDS:.0f} s") from error


def _refusal(answer: httpx.Response, request: str) -> ApiError:
    problem = answer.json() if "json" in answer.headers.get("content-type", "") else {}
    text = problem.get("detail") or f"{request} answered {answer.status_code}"
    if wrong := "; ".join(f"{mistake['field']}: {mistake['message']}" for mistake in problem.get("errors", ())):
        text = f"{text} ({wrong})"
    return ApiError(text, status=answer.status_code, kind=problem.get("type", "").rpartition(":")[2])
