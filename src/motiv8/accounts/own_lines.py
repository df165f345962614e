"""A person's own line for the pictures of a weekday: what can be set on them, and why the rest cannot. Pure."""

from __future__ import annotations

import unicodedata
from itertools import accumulate
from typing import Any

from pydantic_core import PydanticCustomError

from motiv8.catalogue.letters import widths
from motiv8.catalogue.weekdays import WEEK

LONGEST = 80
"""Characters."""
_WIDEST = 19.0
"""Of each of two lines, in sizes of the smallest type: what every layout has room for."""
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN", "RLE", "RLO", "RLI"})


REFUSALS = {
    "line_empty": "must not be empty; leave the day out for a line of ours",
    "line_too_long": "must have {most} characters at most",
    "line_too_wide": "does not fit on two lines; use fewer or shorter words",
    "letter_missing": "{letter} cannot be set; use Latin, Greek or Cyrillic letters, and no emoji",
    "right_to_left": "text from right to left cannot be set yet",
    "control_character": "must not contain control characters",
}
"""Why a line is not taken → what the person is told."""


def checked(text: str) -> str:
    """The line as it is set: composed letters (NFC), one space between words.

    Raises PydanticCustomError, of a type of REFUSALS, for what cannot be set.
    """
    for letter in text:
        # A line break between words is a space.
        if unicodedata.category(letter) in {"Cc", "Cs"} and letter not in "\n\r\t":
            raise _refusal("control_character")
        if unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT:
            raise _refusal("right_to_left")
    line = " ".join(unicodedata.normalize("NFC", text).split())
    if not line:
        raise _refusal("line_empty")
    if len(line) > LONGEST:
        raise _refusal("line_too_long", most=LONGEST)
    for letter in line:
        if letter not in widths():
            raise _refusal("letter_missing", letter=_shown(letter))
    if _width_on_two_lines(line) > _WIDEST:
        raise _refusal("line_too_wide")
    return line


def _refusal(reason: str, **values: Any) -> PydanticCustomError:
    return PydanticCustomError(reason, REFUSALS[reason], values)


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
