"""Whom TLS trusts, for every HTTP client."""

from __future__ import annotations

import ssl
from functools import cache

import httpx


@cache
def authorities() -> ssl.SSLContext:
    """The authorities that httpx trusts, read once: reading them takes longer than a request on this machine."""
    return httpx.create_ssl_context()
