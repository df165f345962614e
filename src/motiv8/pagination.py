"""Opaque cursors: where a list goes on."""

import base64
import binascii
import re

from motiv8.errors import FieldError, Invalid


def cursor_after(position: str) -> str:
    """The cursor of the page that follows this position."""
    return base64.urlsafe_b64encode(position.encode()).decode().rstrip("=")


def position_of(cursor: str, pattern: re.Pattern[str]) -> str:
    """The position that a cursor stands for. Raises Invalid for a cursor that we did not make."""
    try:
        position = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        position = ""
    if not pattern.fullmatch(position):
        raise Invalid(FieldError("query.cursor", "cursor_unknown", "invalid cursor"))
    return position
