"""The official SDK's client of the Model Context Protocol."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from motiv8.api.features import FEATURES

# Types of ours are made before the SDK's: of two unions that differ in their order alone, Python keeps the first.
for load in FEATURES.values():
    load()

import httpx2  # noqa: E402
from mcp import Client, MCPError  # noqa: E402
from mcp.client.streamable_http import streamable_http_client  # noqa: E402

__all__ = ["Client", "MCPError", "httpx2", "with_client"]

Result = TypeVar("Result")


def with_client(
    url: str,
    use: Callable[[Client], Awaitable[Result]],
    *,
    mode: str = "auto",
    headers: dict[str, str] | None = None,
    transport: httpx2.AsyncBaseTransport | None = None,
) -> Result:
    """What `use` returns of a client that is connected; `mode` is the revision, `legacy` for one with a handshake."""

    async def run() -> Result:
        async with httpx2.AsyncClient(transport=transport, headers=headers, timeout=30) as http:
            streams = streamable_http_client(url, http_client=http)
            async with Client(streams, mode=mode) as client:
                return await use(client)

    # In a thread of its own: a browser's loop may run in this one.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(run())).result()
