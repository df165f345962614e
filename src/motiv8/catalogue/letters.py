"""Which letters the type on pictures has, and how wide they are: for whoever has no fonts to measure with."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path


@cache
def widths() -> dict[str, float]:
    """Letter → its width in the widest typeface that has it, as a share of the type's size."""
    by_width = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return {letter: int(width) / 100 for width, letters in by_width.items() for letter in letters}
