"""An answer on its way to the person: gathered, kept as numbered events, pushed to open sockets, and ended once."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

from motiv8 import clock
from motiv8.coach import repository
from motiv8.coach.conversation import Citation, Confirmation, KeptEvent, Outcome, ToolUse, last_event

if TYPE_CHECKING:
    from collections.abc import Callable

    from motiv8.answering.grounding import Cited
    from motiv8.answering.turn import Confirm, ToolDone, ToolStarted
    from motiv8.catalogue.locales import Language
    from motiv8.coach.conversation import Message

_GATHER_SECONDS = 0.1
_GATHER_CHARACTERS = 200
_KEPT = timedelta(days=1)
_LONGEST_QUOTE = 500


class AnswerWriter:
    """Writes one answer for one invocation, `run`.

    It is `lost` once the answer is not ours to write any more: it was ended, removed, or is another invocation's.
    Nothing is kept or sent from then on. `language` is the person's, once it is known.
    """

    def __init__(self, message: Message, run: str, post: Callable[[str, dict[str, Any]], bool]) -> None:
        """`post` sends an event to a connection, and is False where that is gone."""
        self._message = message
        self._run = run
        self._post = post
        self.lost = False
        self.language: Language = "en"
        self._sequence = 0
        self._started = time.monotonic()
        self._waiting: list[str] = []
        self._kept_at = float("-inf")
        self._text: list[str] = []
        self._citations: list[Citation] = []
        self._tools: list[ToolUse] = []
        self._confirmation: Confirmation | None = None
        self.input_tokens = self.output_tokens = 0
        self.first_word_seconds: float | None = None

    def text(self, text: str) -> None:
        """More of the text; a little is gathered before it is sent, but for the first word."""
        self._text.append(text)
        self._waiting.append(text)
        gathered = sum(map(len, self._waiting))
        if gathered >= _GATHER_CHARACTERS or time.monotonic() - self._kept_at >= _GATHER_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Send what was gathered."""
        text = "".join(self._waiting)
        self._waiting.clear()
        if not text:
            return
        self._send("delta", text=text)
        self._kept_at = time.monotonic()
        if self.first_word_seconds is None:
            self.first_word_seconds = self._kept_at - self._started

    def cite(self, cited: Cited) -> None:
        """A source of what was said."""
        self.flush()
        passage = cited.passage
        nearest = max(passage.sentences, key=lambda each: each.similarity, default=None)
        quote = passage.text if nearest is None else passage.text[nearest.start : nearest.end]
        citation = Citation(
            number=cited.number,
            passage_id=passage.passage_id,
            document_id=passage.document_id,
            title=passage.title,
            page=passage.page,
            last_page=passage.last_page,
            heading=passage.heading,
            url=passage.url,
            quote=quote[:_LONGEST_QUOTE],
        )
        self._citations.append(citation)
        self._send("citation", citation=citation._asdict())

    def tool_started(self, event: ToolStarted) -> None:
        """A tool runs."""
        self.flush()
        self._send("tool", name=event.name, arguments=event.arguments, status="started")

    def tool_done(self, event: ToolDone) -> None:
        """It ran, or failed."""
        status: Literal["done", "failed"] = "failed" if event.failed else "done"
        self._tools.append(ToolUse(event.name, event.arguments, event.result, status))
        self._send("tool", name=event.name, arguments=event.arguments, status=status, result=event.result)

    def confirm(self, event: Confirm) -> None:
        """The person is asked."""
        self.flush()
        self._confirmation = Confirmation(event.name, event.summary, event.arguments)
        self._send("confirm", tool=event.name, summary=event.summary, arguments=event.arguments)

    def spent(self, input_tokens: int, output_tokens: int) -> None:
        """Tokens of one call of the model."""
        self.input_tokens += input_tokens
        self.output_tokens += output_tokens

    def end(self, status: Literal["ready", "stopped", "failed"], reason: str | None = None) -> bool:
        """End the answer; False where it was not ours any more.

        The last event is not kept: who resumes is told how the answer ended by the message itself.
        """
        outcome = Outcome(
            status,
            "".join(self._text).strip(),
            tuple(self._citations),
            self._confirmation,
            reason,
            self.input_tokens,
            self.output_tokens,
            tuple(self._tools),
        )
        if not repository.finish(self._message, self._run, outcome, clock.now()):
            return False
        self._push(self._event(last_event(status, reason, self.language) or {}))
        return True

    def _send(self, kind: str, **body: Any) -> None:
        """Keep first, then push: what a socket misses can be asked for."""
        event = KeptEvent(self._sequence, self._event({"type": kind} | body))
        expires_at = int((clock.now() + _KEPT).timestamp())
        self.lost = self.lost or not repository.keep_event(self._message, self._run, event, expires_at)
        if self.lost:
            return
        self._push(event.body)
        self._sequence += 1

    def _push(self, event: dict[str, Any]) -> None:
        message = self._message
        for connection_id in repository.connections(message.user_id, message.conversation_id, clock.now()):
            if not self._post(connection_id, event):
                repository.remove_connection(message.user_id, connection_id)

    def _event(self, body: dict[str, Any]) -> dict[str, Any]:
        return {"message_id": self._message.message_id, "sequence": self._sequence} | body
