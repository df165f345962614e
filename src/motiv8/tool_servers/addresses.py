"""Which addresses a tool server may have: by name, of a host that the environment lists; by number, public.

A server that calls whatever address it is given could be sent to places that only it can reach.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Collection

LONGEST_URL = 500
_HTTPS = 443
# What a URL can hold (RFC 3986, 2), without what begins a fragment.
_CHARACTERS = re.compile(r"[0-9A-Za-z._~:/?\[\]@!$&'()*+,;=%-]+")


class AddressRefused(Exception):
    """An address that is not called; `code` is for machines, the text for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is: a host by its name, a port there, and what is asked of it."""

    host: str
    port: int
    target: str


def parse(url: str, hosts: Collection[str]) -> Address:
    """The parts of a server's URL. Raises AddressRefused unless it is https, plain, and of one of these hosts.

    A host is listed by its name, with a port after a colon where that is not 443.
    """
    if len(url) > LONGEST_URL or not _CHARACTERS.fullmatch(url) or not url.startswith("https://"):
        raise AddressRefused("not_https", "must begin with https:// and hold no spaces or fragment")
    parts = urlsplit(url)
    # A user's name before the host never passes, since no host is listed with one.
    if parts.netloc not in hosts:
        raise AddressRefused("host_not_allowed", "its host is not one of those that this environment may call")
    host, _, port = parts.netloc.partition(":")
    target = parts.path or "/"
    return Address(host, int(port or _HTTPS), f"{target}?{parts.query}" if parts.query else target)


def resolved(host: str, port: int) -> list[str]:
    """The IPv4 addresses of a host, which are all that Lambda reaches. Raises AddressRefused where there are none."""
    try:
        found = socket.getaddrinfo(host, port, socket.AF_INET, socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise AddressRefused("host_unknown", "its host has no address") from error
    return list(dict.fromkeys(str(address[4][0]) for address in found))


def is_public(address: str) -> bool:
    """Whether an address is of the internet: not private, of this machine, of the link (AWS's metadata) or of many."""
    parsed = ipaddress.ip_address(address)
    return parsed.version == 4 and parsed.is_global and not parsed.is_multicast
