"""One POST over HTTPS to a server that is not trusted: to a checked address, within a time, up to a size.

The address that was checked is the one that is connected to, so that a name which changes its address meanwhile changes
nothing. Redirects are not followed, and nothing is unpacked.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from motiv8.tool_servers import addresses
from motiv8.tool_servers.addresses import AddressRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from motiv8.tool_servers.addresses import Address

MOST_BYTES = 1_000_000
_CHUNK = 65_536


class NotAnswered(Exception):
    """There is no answer that can be used; the text is a sentence without anything that the server said."""


@dataclass(frozen=True, slots=True)
class Network:
    """How hosts are found, which addresses may be connected to, and whose certificates count."""

    resolve: Callable[[str, int], list[str]]
    may_connect: Callable[[str], bool]
    trust: Callable[[], ssl.SSLContext]


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer: its status, its headers by their names in lower case, and its body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@cache
def _public_authorities() -> ssl.SSLContext:
    return ssl.create_default_context()


INTERNET = Network(addresses.resolved, addresses.is_public, _public_authorities)


def checked_address(address: Address, network: Network) -> str:
    """The number that a host has now. Raises AddressRefused where one of those that it has must not be connected to."""
    found = network.resolve(address.host, address.port)
    if not found or not all(network.may_connect(each) for each in found):
        raise AddressRefused("address_not_public", "its host has an address that is not public")
    return found[0]


def post(
    address: Address,
    headers: Mapping[str, str],
    body: bytes,
    deadline: float,
    network: Network,
    is_whole: Callable[[bytearray], bool],
) -> Answer:
    """Send `body` and return the answer; `deadline` is a moment of `time.monotonic`.

    Of a stream of events no more is read than until `is_whole` says so of what came. Raises NotAnswered.
    """
    try:
        number = checked_address(address, network)
    except AddressRefused as error:
        raise NotAnswered(f"The tool server cannot be called: {error}.") from None
    left = deadline - time.monotonic()
    if left <= 0:
        raise NotAnswered("The tool server did not answer in time.")
    connection = _Connection(address, number, left, network.trust())
    # A timeout of a socket begins anew with each byte: this one does not.
    ended = threading.Event()

    def end() -> None:
        ended.set()
        connection.cut()

    timer = threading.Timer(left, end)
    timer.daemon = True
    timer.start()
    try:
        with closing(connection):
            answer = _exchange(connection, address.target, headers, body, is_whole)
    except (OSError, ValueError, http.client.HTTPException) as error:
        if ended.is_set() or isinstance(error, TimeoutError):
            raise NotAnswered("The tool server did not answer in time.") from None
        raise NotAnswered("The tool server cannot be reached.") from None
    finally:
        timer.cancel()
    if ended.is_set():
        # What was cut off may look like an answer that has ended.
        raise NotAnswered("The tool server did not answer in time.")
    return answer


class _Connection(http.client.HTTPSConnection):
    """To the host by its name, at the number that was checked."""

    def __init__(self, address: Address, number: str, seconds: float, trust: ssl.SSLContext) -> None:
        super().__init__(address.host, address.port, timeout=seconds, context=trust)
        self._number = number
        self._trust = trust
        # `sock` goes to the response once that has begun.
        self._connected: socket.socket | None = None

    def connect(self) -> None:
        """Connect to that number, and have the host prove its name."""
        plain = socket.create_connection((self._number, self.port), self.timeout)
        self.sock = self._trust.wrap_socket(plain, server_hostname=self.host, do_handshake_on_connect=False)
        self._connected = self.sock
        self.sock.do_handshake()

    def cut(self) -> None:
        """End whatever is being read or written now, from another thread."""
        if self._connected is not None:
            with suppress(OSError):
                # The socket's own: that of TLS forgets its state under the thread that reads.
                socket.socket.shutdown(self._connected, socket.SHUT_RDWR)


def _exchange(
    connection: _Connection, target: str, headers: Mapping[str, str], body: bytes, is_whole: Callable[[bytearray], bool]
) -> Answer:
    connection.request("POST", target, body, {**headers, "Accept-Encoding": "identity"})
    response = connection.getresponse()
    said = {name.lower(): value for name, value in response.getheaders()}
    if 300 <= response.status < 400:
        raise NotAnswered("The tool server sends elsewhere, which is not followed.")
    if said.get("content-encoding", "identity").lower() != "identity":
        raise NotAnswered("The tool server packed its answer, which is not unpacked.")
    is_stream = said.get("content-type", "").startswith("text/event-stream")
    received = bytearray()
    while chunk := response.read1(_CHUNK):
        received += chunk
        if len(received) > MOST_BYTES:
            raise NotAnswered("The tool server's answer is too large.")
        if is_stream and is_whole(received):
            break
    return Answer(response.status, said, bytes(received))
