"""What there is to say of an entry that is nothing but a choice."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """A title and a sentence, as the app shows them."""

    title: str
    description: str
