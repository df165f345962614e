"""What is left of a quota, as response headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from motiv8.quota import Quota


def rate_limit_headers(quota: Quota) -> dict[str, str]:
    """As draft-ietf-httpapi-ratelimit-headers has them."""
    return {
        "RateLimit-Limit": str(quota.limit),
        "RateLimit-Remaining": str(quota.remaining),
        "RateLimit-Reset": str(quota.reset_seconds),
    }
