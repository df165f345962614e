"""What the SDK reads of its own data, kept for the process: each session would read it anew."""

from __future__ import annotations

from functools import cache
from typing import Any

from botocore.loaders import JSONFileLoader

_load = cache(JSONFileLoader().load_file)


def _load_once(_: JSONFileLoader, file_path: str) -> Any:
    return _load(file_path)


def keep_what_is_read() -> None:
    """Have every session of the process share what is read from now on."""
    JSONFileLoader.load_file = _load_once  # type: ignore[assignment, method-assign]
