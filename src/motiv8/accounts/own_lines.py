"""A person's own line for the pictures of a weekday: what can be set on them, and why the rest cannot. Pure."""

from __future__ import annotations

import unicodedata
from itertools import accumulate
from typing import Any

from pydantic_core import PydanticCustomError

from motiv8.accounts.schedule import WEEK
from motiv8.catalogue.letters import widths

LONGEST = 80
"""Characters."""
_WIDEST = 19.0
"""Of each of two lines, in sizes of the smallest type: what every layout has room for."""
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN", "RLE", "RLO", "RLI"})


def checked(text: str) -> str:
    """The line as it is set: composed letters (NFC), one space between words. Raises PydanticCustomError otherwise.

    Its type is `line_empty`, `line_too_long`, `line_too_wide`, `letter_missing`,
    `right_to_left` or `control_character`.
    """
    for letter in text:
        # A line break between words is a space.
        if unicodedata.category(letter) in {"Cc", "Cs"} and letter not in "\n\r\t":
            raise PydanticCustomError("control_character", "must not contain control characters")
        if unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT:
            raise PydanticCustomError("right_to_left", "text from right to left cannot be set yet")
    line = " ".join(unicodedata.normalize("NFC", text).split())
    if not line:
        raise PydanticCustomError("line_empty", "must not be empty; leave the day out for a line of ours")
    if len(line) > LONGEST:
        raise PydanticCustomError("line_too_long", "must have {most} characters at most", {"most": LONGEST})
    for letter in line:
        if letter not in widths():
            raise PydanticCustomError(
                "letter_missing",
                "{letter} cannot be set; use Latin, Greek or Cyrillic letters, and no emoji",
                {"letter": _shown(letter)},
            )
    if _width_on_two_lines(line) > _WIDEST:
        raise PydanticCustomError("line_too_wide", "does not fit on two lines; use fewer or shorter words")
    return line


def parse(stored: Any) -> dict[str, str]:
    """From what a row holds; what is no line of a weekday is left out."""
    found = {}
    for day, line in stored.items() if isinstance(stored, dict) else ():
        try:
            if day in WEEK and isinstance(line, str):
                found[day] = checked(line)
        except PydanticCustomError:
            continue
    return found


def _width_on_two_lines(line: str) -> float:
    """How wide the wider of two lines is where the words are divided best."""
    space = widths()[" "]
    words = [sum(widths()[letter] for letter in word) + space for word in line.split()]
    whole = sum(words)
    return min((max(first, whole - first) for first in accumulate(words)), default=0.0) - space


def _shown(letter: str) -> str:
    """The letter, or its code where it cannot be seen."""
    return letter if letter.isprintable() and not unicodedata.combining(letter) else f"U+{ord(letter):04X}"
