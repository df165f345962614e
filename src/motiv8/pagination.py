"""Opaque cursors: where a list goes on."""

import base64
import binascii
import re

from motiv8.errors import FieldError, Invalid


def cursor_after(portrait_id: str) -> str:
    """The cursor of the page that follows this picture."""
    return base64.urlsafe_b64encode(portrait_id.encode()).decode().rstrip("=")


def portrait_before(cursor: str, pattern: re.Pattern[str]) -> str:
    """The id that a cursor stands for. Raises Invalid for a cursor that we did not make."""
    try:
        portrait_id = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        portrait_id = ""
    if not pattern.fullmatch(portrait_id):
        raise Invalid("See `errors` for what to change.", (FieldError("query.cursor", "not a cursor of ours"),))
    return portrait_id
