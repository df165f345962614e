"""A model that says what a test wrote down."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from motiv8.answering.model import End, ModelError, ModelEvent, Prompt, TextDelta, ToolCall, Usage
from motiv8.answering.passages import Passage, Sentence

Script = list[ModelEvent | ModelError]


def says(text: str, size: int = 7) -> Script:
    """The text in small pieces, as models send it."""
    pieces: Script = [TextDelta(text[start : start + size]) for start in range(0, len(text), size)]
    return [*pieces, Usage(100, 20), End("finished")]


def asks_for(name: str, arguments: dict[str, Any] | str, text: str = "") -> Script:
    """A tool, with what the model says before."""
    given = arguments if isinstance(arguments, str) else json.dumps(arguments)
    before: Script = [TextDelta(text)] if text else []
    return [*before, ToolCall("use-1", name, given), Usage(100, 20), End("tools")]


@dataclass
class ScriptedModel:
    """Plays one script a call, the last one again and again."""

    scripts: list[Script]
    prompts: list[Prompt] = field(default_factory=list)

    def stream(self, prompt: Prompt) -> Iterator[ModelEvent]:
        script = self.scripts[min(len(self.prompts), len(self.scripts) - 1)]
        self.prompts.append(prompt)
        for each in script:
            if isinstance(each, ModelError):
                raise each
            yield each


def passage(number: int, text: str, similarity: float = 0.8, coverage: float = 1.0, **given: Any) -> Passage:
    """A passage of sentences that end with a full stop, all as near to the question."""
    sentences, start = [], 0
    for part in text.split(". "):
        end = min(start + len(part) + 1, len(text))
        sentences.append(Sentence(start, end, similarity))
        start = end + 1
    said = {"title": f"Document {number}", "heading": "", "page": None, "last_page": None, "url": None} | given
    return Passage(
        passage_id=f"doc-{number}:00000",
        document_id=f"doc-{number}",
        text=text,
        coverage=coverage,
        sentences=tuple(sentences),
        **said,
    )
