"""The coach's model on a laptop: any server that speaks OpenAI's protocol, named by `COACH_URL`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import httpx

from motiv8_tooling.client.tls import authorities

if TYPE_CHECKING:
    from collections.abc import Callable

_SECONDS_BETWEEN_LOOKS = 10.0


class ModelServer:
    """It stands behind the embedded AWS's Bedrock, so that the coach runs as it does on AWS."""

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.url = url.rstrip("/").removesuffix("/v1")
        self._clock = clock
        self._answers = True
        self._looked_at = clock()

    def parameters(self) -> dict[str, str]:
        """The template's parameters that have the coach ask it, by its first model. Raises RuntimeError."""
        try:
            listed = self._models(seconds=5).raise_for_status().json()["data"]
            return {"CoachModel": listed[0]["id"]}
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, IndexError, TypeError) as error:
            raise RuntimeError(
                f"COACH_URL: no model is served at {self.url} ({type(error).__name__} from {self.url}/v1/models). "
                "Start the server, or unset COACH_URL to have the coach quote the library."
            ) from error

    def report(self, say: Callable[[str], None]) -> None:
        """Say when it has stopped answering, and when it answers again."""
        if self._clock() - self._looked_at < _SECONDS_BETWEEN_LOOKS:
            return
        self._looked_at = self._clock()
        answers = self._is_there()
        if answers != self._answers:
            say(
                f"the model at {self.url} answers again"
                if answers
                else f"the model at {self.url} does not answer: questions to the coach fail until it does"
            )
        self._answers = answers

    def _is_there(self) -> bool:
        try:
            return self._models(seconds=2).is_success
        except httpx.HTTPError:
            return False

    def _models(self, *, seconds: float) -> httpx.Response:
        return httpx.get(f"{self.url}/v1/models", timeout=seconds, verify=authorities())
