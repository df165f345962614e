"""Content Security Policies of the few pages that the API itself answers with."""

from __future__ import annotations

import base64
import hashlib

NOTHING = "default-src 'none'; frame-ancestors 'none'"
"""For everything that is not a page: a browser that takes it for one runs and loads nothing in it."""


def page_policy(*, script: str = "", style: str = "", more: str = "") -> dict[str, str]:
    """The headers of a page that runs this inline script and style alone, and otherwise what `more` allows."""
    parts = [NOTHING, "base-uri 'none'", "form-action 'self'"]
    if script:
        parts.append(f"script-src 'self' {_hash(script)}")
    if style:
        parts.append(f"style-src {_hash(style)}")
    return {"Content-Security-Policy": "; ".join([*parts, *filter(None, [more])]), "Referrer-Policy": "no-referrer"}


def _hash(inline: str) -> str:
    """CSP's name for an inline element by what is in it (CSP 3, 6.6.2.3)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()}'"
