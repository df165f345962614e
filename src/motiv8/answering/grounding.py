"""A model's text on its way to the person: marks become citations of what was retrieved, everything else is plain text.

A citation outside the retrieved passages is removed, and so are markup and addresses that no retrieved document has:
an image or a link that a passage talks a model into would carry the conversation away.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from motiv8.answering.passages import Passage

_LONGEST_HELD = 2_000
_MARK = re.compile(r"(\s*)(?:\[\^?((?:\d{1,4})(?:\s*[,;]\s*\^?\d{1,4})*)\]|【(\d{1,4})[^】]{0,40}】)")
_IMAGE = re.compile(r"!\[([^\[\]]*)\]\([^()]*(?:\([^()]*\)[^()]*)*\)")
_LINK = re.compile(r"\[([^\[\]]*)\]\(([^()]*(?:\([^()]*\)[^()]*)*)\)")
_TAG = re.compile(r"<[A-Za-z/!?][^>]*>")
_ADDRESS = re.compile(r"(\s*)\b((?:[a-z][a-z0-9+.-]{1,20}://|www\.|javascript:|data:)[^\s<>\"'\])]+)", re.IGNORECASE)
_AFTER_ADDRESS = ".,;:!?"


@dataclass(frozen=True, slots=True)
class Cited:
    """The answer's `number`-th source, counted from 1 as they come up; the text before it ends with `[number]`."""

    number: int
    passage: Passage


@dataclass(slots=True)
class Grounding:
    """Of one answer. `passages` are the retrieved ones, also those to come: a model's `[n]` means the n-th."""

    passages: Sequence[Passage]
    _held: str = ""
    _numbers: dict[int, int] = field(default_factory=dict)

    def add(self, text: str, *, verbatim: bool = False) -> list[str | Cited]:
        """What may be shown, now that this has come; what may still become a mark or a link waits."""
        if verbatim:
            return [*self.finish(), text]
        self._held += text
        end = _settled(self._held)
        ready, self._held = self._held[:end], self._held[end:]
        return self._shown(ready)

    def finish(self) -> list[str | Cited]:
        """What is left at the end."""
        ready, self._held = self._held, ""
        return self._shown(ready)

    def _shown(self, text: str) -> list[str | Cited]:
        if not text:
            return []
        text = _ADDRESS.sub(self._address, _without_markup(text))
        shown: list[str | Cited] = []
        last = 0
        for mark in _MARK.finditer(text):
            _append(shown, text[last : mark.start()])
            last = mark.end()
            known = [
                int(each) for each in re.findall(r"\d+", mark[2] or mark[3]) if 0 < int(each) <= len(self.passages)
            ]
            for place, given in enumerate(known):
                is_new = given not in self._numbers
                number = self._numbers.setdefault(given, len(self._numbers) + 1)
                _append(shown, f"{'' if place else mark[1]}[{number}]")
                if is_new:
                    shown.append(Cited(number, self.passages[given - 1]))
        _append(shown, text[last:])
        return shown

    def _address(self, found: re.Match[str]) -> str:
        address = found[2].rstrip(_AFTER_ADDRESS)
        rest = found[2][len(address) :]
        return found[0] if any(address == passage.url for passage in self.passages) else rest


def _without_markup(text: str) -> str:
    # Again and again, since what is left may be markup anew.
    while (plain := _TAG.sub("", _LINK.sub(r"\1", _IMAGE.sub(r"\1", text)))) != text:
        text = plain
    return text


def _append(shown: list[str | Cited], text: str) -> None:
    if text:
        shown.append(text)


def _settled(text: str) -> int:
    """How much of a text cannot change any more, whatever follows: it ends before the last word's space.

    What more text may close, and what is closed across that place, waits as a whole.
    """
    if len(text) > _LONGEST_HELD:
        return len(text)
    end = max(text.rfind(" "), text.rfind("\n"), 0)
    for opening, closing in (("[", "]"), ("<", ">"), ("【", "】")):
        start = text.rfind(opening, 0, end)
        if start >= 0 and text.find(closing, start, end) < 0:
            end = _word_start(text, start)
    link = text.rfind("](", 0, end)
    if link >= 0 and not _is_closed(text[link + 1 : end]):
        end = _word_start(text, max(text.rfind("[", 0, link), 0))
    # The space in front of a mark goes with it.
    return len(text[:end].rstrip())


def _is_closed(text: str) -> bool:
    """Whether the bracket is closed that the text begins with."""
    depth = 0
    for each in text:
        depth += (each == "(") - (each == ")")
        if depth == 0:
            return True
    return False


def _word_start(text: str, place: int) -> int:
    return max(text.rfind(" ", 0, place), text.rfind("\n", 0, place), 0)
