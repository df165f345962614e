"""What writes an answer: what it is given, what it gives back piece by piece, and how it fails."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from motiv8.answering.passages import Passage

Role = Literal["user", "assistant"]
EndReason = Literal["finished", "tools", "too_long", "refused"]


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool that the model asks for; `arguments` is the JSON text that it wrote, whatever that is."""

    use_id: str
    name: str
    arguments: str

    def read(self) -> dict[str, Any] | None:
        """The arguments, None where they are no JSON object."""
        try:
            read = json.loads(self.arguments or "{}")
        except (ValueError, RecursionError):
            return None
        return read if isinstance(read, dict) else None


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What came of a tool, for the model."""

    use_id: str
    result: dict[str, Any]
    failed: bool = False


@dataclass(frozen=True, slots=True)
class PromptMessage:
    """A part of the conversation, as the model sees it: texts, tools asked for, and results."""

    role: Role
    content: tuple[str | ToolCall | ToolResult, ...]


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool that the model may ask for, with the JSON schema of its arguments."""

    name: str
    description: str
    schema: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Prompt:
    """All that an answer is made of. `language` is the person's: en, de, es or fr."""

    system: str
    messages: tuple[PromptMessage, ...]
    tools: tuple[ToolSpec, ...]
    passages: tuple[Passage, ...]
    language: str


@dataclass(frozen=True, slots=True)
class TextDelta:
    """A piece of the answer. What is `verbatim` stands in a passage, and no mark in it is a citation."""

    text: str
    verbatim: bool = False


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one call, those read from a cache included."""

    input_tokens: int
    output_tokens: int


@dataclass(frozen=True, slots=True)
class End:
    """The model has said all; a stream without it broke off."""

    reason: EndReason


ModelEvent = TextDelta | ToolCall | Usage | End


class ModelError(Exception):
    """The model gave no (whole) answer. The text is for a log and holds nothing of the conversation."""


class ModelThrottled(ModelError):
    """Too much is asked of it at the moment."""


class ModelUnavailable(ModelError):
    """It cannot be reached, may not be used, or did not answer in time."""


class ModelRefused(ModelError):
    """It or a guardrail does not answer this."""


class ModelBroken(ModelError):
    """What it said makes no sense, or stops in the middle."""


class ChatModel(Protocol):
    """What every engine is."""

    def stream(self, prompt: Prompt) -> Iterator[ModelEvent]:
        """The answer as it is written. Raises ModelError, also in the middle."""
