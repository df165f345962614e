"""A client that works for hours: its session goes on, and it waits where the API or the network makes it wait."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import TYPE_CHECKING, Any

import httpx

from motiv8 import tokens
from motiv8_tooling.client.person import ApiError, Person

if TYPE_CHECKING:
    from collections.abc import Callable

_TRIES = 7
_TRIES_AT_FIRST = 3
"""For the first sign-in: an address that is wrong does not become right."""
_FIRST_PAUSE, _LONGEST_PAUSE, _LONGEST_ORDERED = 0.5, 20.0, 120.0
_RENEWED_BEFORE = 60.0
_BUSY = frozenset({429, 502, 503, 504})


class Unreachable(ApiError):
    """No answer came, however often it was tried."""


class SignInFailed(ApiError):
    """Nobody signs in with these any more."""


@dataclass(repr=False)
class ServiceUser(Person):
    """Somebody who signs in by email and password, and may be used by several threads.

    `pause` waits for seconds; when what it returns is true, the work was stopped and nothing is tried again.
    """

    password: str = ""
    pause: Callable[[float], object] = field(default_factory=lambda: Event().wait)
    clock: Callable[[], float] = time.monotonic
    _refresh_token: str = ""
    _renew_at: float = 0.0
    _renewing: Lock = field(default_factory=Lock)

    @property
    def groups(self) -> frozenset[str]:
        """The groups that the token names; what they allow is the API's to say."""
        return frozenset(tokens.unverified(self.token).get("cognito:groups") or ())

    def sign_in(self) -> None:
        """Get a session by the password. Raises SignInFailed and Unreachable."""
        self._sign_in(_TRIES_AT_FIRST)

    def call(
        self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """One request's last answer, with a token that holds. Raises Unreachable and SignInFailed."""
        if self.token and self.clock() >= self._renew_at:
            self._renew(self.token)
        used = self.token

        def send() -> httpx.Response:
            return Person.call(self, method, path, body, headers)

        answer = self.patiently(send)
        if used and answer.status_code == httpx.codes.UNAUTHORIZED:
            # Not by its time: somebody signed the account out, or this machine's clock jumped.
            self._renew(used)
            answer = self.patiently(send)
        return answer

    def patiently(self, send: Callable[[], httpx.Response], tries: int = _TRIES) -> httpx.Response:
        """The first answer that is not to be tried again, or the last one. Raises Unreachable."""
        for left in reversed(range(tries)):
            ordered = None
            try:
                answer = send()
            except httpx.TransportError as error:
                if not left:
                    where = f"{error.request.url.scheme}://{error.request.url.netloc.decode()}"
                    raise Unreachable(f"{where} cannot be reached: {error or type(error).__name__}") from error
            else:
                if answer.status_code not in _BUSY or not left:
                    return answer
                ordered = answer.headers.get("Retry-After")
            if self.pause(_seconds(ordered, tries - left)):
                break
        raise Unreachable("The work was stopped.")

    def _renew(self, used: str) -> None:
        """Have another token than the one that was used. A refresh token is good for one use, so one thread does it."""
        with self._renewing:
            if self.token != used:
                return
            if not self._refresh():
                self._sign_in(_TRIES)

    def _refresh(self) -> bool:
        """By the refresh token; False where it renews no session (any more)."""
        if not self._refresh_token:
            return False
        answer = self._grant({"grant_type": "refresh_token", "refresh_token": self._refresh_token}, _TRIES)
        if answer.is_success:
            self._take(answer.json())
        return answer.is_success

    def _sign_in(self, tries: int) -> None:
        answer = self._grant({"grant_type": "password", "email": self.email, "password": self.password}, tries)
        given = answer.json() if "json" in answer.headers.get("content-type", "") else {}
        if not answer.is_success:
            raise SignInFailed(
                given.get("detail") or f"{self.api} answered {answer.status_code} to the sign-in: is it the API's URL?",
                status=answer.status_code,
            )
        if "access_token" not in given:
            wanted = "asks for a code of an app, which a command cannot give: use an account without a second factor"
            raise SignInFailed(f"The account {wanted}." if "challenge" in given else f"{self.api} is not the API.")
        self._take(given)

    def _grant(self, body: dict[str, str], tries: int) -> httpx.Response:
        # Without the old token, which would be refused.
        return self.patiently(lambda: self.http.post(f"{self.api}/v1/auth/token", json=body), tries)

    def _take(self, given: dict[str, Any]) -> None:
        self.token, self._refresh_token = given["access_token"], given["refresh_token"]
        holds = float(given["expires_in"])
        self._renew_at = self.clock() + holds - min(_RENEWED_BEFORE, holds / 2)


def _seconds(ordered: str | None, tried: int) -> float:
    """How long to wait: as the answer says, or twice as long each time."""
    if ordered is not None and ordered.isdecimal():
        return min(float(ordered), _LONGEST_ORDERED) + random.random()  # noqa: S311 - so that threads do not come at once
    doubled: float = _FIRST_PAUSE * 2 ** (tried - 1)
    return min(doubled, _LONGEST_PAUSE) * (1 + random.random() / 4)  # noqa: S311
