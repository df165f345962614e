"""What all commands share: their exit codes, their voice, and the words that they take."""

from __future__ import annotations

import argparse
import unicodedata
from datetime import date

OK, FAILED, USAGE, REJECTED = 0, 1, 2, 3
EXIT_CODES = """exit codes:
  0  done
  1  failed; one line on standard error says why
  2  usage error
  3  the photo was rejected; one line says what to do about it
"""


def say(text: str) -> None:
    """Print at once, since a command may run for minutes."""
    print(text, flush=True)  # noqa: T201 - a command's voice


def printable(text: str) -> str:
    """A text in one line that does nothing to a terminal: without control characters and what is not a character."""
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(character) in {"Cc", "Cs"} else character
        for character in text
    )


def date_of(text: str) -> date:
    """The date of an argument. Raises ArgumentTypeError."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date (YYYY-MM-DD)") from None


def count_of(text: str) -> int:
    """A number with or without separators. Raises ArgumentTypeError."""
    try:
        return int(text.replace(",", "").replace("_", ""))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
