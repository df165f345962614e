"""An authenticator app."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time


def code(secret: str, moment: float | None = None) -> str:
    """The six digits for a base32 secret (RFC 6238: HMAC-SHA1, steps of 30 seconds)."""
    step = int((time.time() if moment is None else moment) // 30)
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, step.to_bytes(8), hashlib.sha1).digest()
    begin = digest[-1] & 15
    return f"{(int.from_bytes(digest[begin : begin + 4]) & 0x7FFFFFFF) % 1_000_000:06}"
