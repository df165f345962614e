"""Which way a request came: CloudFront adds a secret, and where that is required any other request is refused."""

from __future__ import annotations

import hmac
import ipaddress
import time
from functools import cache
from typing import TYPE_CHECKING

from motiv8.aws.secrets import origin_secrets
from motiv8.declarations import raises
from motiv8.device import Device
from motiv8.errors import Forbidden
from motiv8.settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from motiv8.api.events import Request

HEADER = "x-motiv8-origin"
# Costs as much as a refusal, and whoever watches an API asks it at the gateway's address.
OPEN = frozenset({"/health"})
# Others may hold a token.
_OF_DEVICES = ("user-agent", "accept", "accept-language")
_LONGEST_HEADER = 1000
# A wrong value makes us read the secret again, but never more often than this: values are the caller's to invent.
_SECONDS_BETWEEN_READINGS = 30.0


class Origin:
    """The accepted values: the present one and the one before, so that a change of the secret refuses nobody."""

    def __init__(self, read: Callable[[], tuple[str, ...]], clock: Callable[[], float] = time.monotonic) -> None:
        self._read = read
        self._clock = clock
        self._values: tuple[str, ...] = ()
        self._read_at: float | None = None

    def accepts(self, value: str) -> bool:
        """Whether CloudFront sent it."""
        if self._knows(value):
            return True
        if self._read_at is None or self._clock() - self._read_at >= _SECONDS_BETWEEN_READINGS:
            self._values, self._read_at = self._read(), self._clock()
        return self._knows(value)

    def _knows(self, value: str) -> bool:
        return any(hmac.compare_digest(value.encode(), secret.encode()) for secret in self._values)


@cache
def origin() -> Origin:
    """The distribution of this stack."""
    return Origin(origin_secrets)


@raises(Forbidden)
def check(path: str, headers: Mapping[str, str]) -> None:
    """Raises Forbidden for a request past CloudFront, and so past its firewall, where the stack requires the secret."""
    if settings().origin_secret_arn and path not in OPEN and not origin().accepts(headers.get(HEADER, "")):
        raise Forbidden("This address is not open to clients. Use the address of the web app.")


def device(request: Request) -> Device | None:
    """Where the request comes from; None where no gateway says so."""
    address = _viewer(request)
    try:
        ipaddress.ip_address(address)
    except ValueError:
        return None
    named = {name: request.headers[name][:_LONGEST_HEADER] for name in _OF_DEVICES if name in request.headers}
    return Device(address, request.headers.get("host", ""), request.path, named)


def network(request: Request) -> str | None:
    """What counts as one caller where nobody is signed in: an IPv4 address, an IPv6 /64; None where no gateway says."""
    addresses = [_viewer(request)]
    if settings().behind_cloudfront and not settings().origin_secret_arn:
        # Without the secret anybody can name a viewer: the name counts only together with who gave it, so that nobody
        # uses up another one's share, and people behind the same edge of CloudFront have shares of their own.
        addresses = [_named_viewer(request), _peer(request)]
    try:
        return " ".join(_network(address) for address in addresses)
    except ValueError:
        return None


def _network(address: str) -> str:
    parsed = ipaddress.ip_address(address)
    # A household has a /64, and each of its devices as many addresses of it as it likes.
    return address if parsed.version == 4 else str(ipaddress.ip_network((address, 64), strict=False))


def _viewer(request: Request) -> str:
    return _named_viewer(request) if settings().origin_secret_arn else _peer(request)


def _peer(request: Request) -> str:
    return ((request.event.get("requestContext") or {}).get("identity") or {}).get("sourceIp") or ""


def _named_viewer(request: Request) -> str:
    # CloudFront puts the viewer's address at the end of what the viewer sent, and the gateway CloudFront's behind it.
    peer = _peer(request)
    hops = [hop.strip() for hop in request.headers.get("x-forwarded-for", "").split(",")]
    return hops[-2] if len(hops) > 1 and hops[-1] == peer else hops[-1] or peer


def header() -> dict[str, str]:
    """What a request of our own carries to be answered."""
    return {HEADER: origin_secrets()[0]} if settings().origin_secret_arn else {}
