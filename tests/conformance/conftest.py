"""Clients of AWS as a function has them, without an account: what they sign and where they send it is known offline."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from motiv8.aws import clients
from motiv8.settings import settings


@pytest.fixture
def forget_clients() -> Callable[[], None]:
    """Has settings and clients made anew from the environment."""

    def forget() -> None:
        for cached in (settings, clients.session, clients._client):
            cached.cache_clear()

    return forget


@pytest.fixture
def credentials(monkeypatch: pytest.MonkeyPatch, forget_clients: Callable[[], None]) -> Iterator[None]:
    """Credentials to sign with, no endpoint of one's own, and no client of another test."""
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "example")
    forget_clients()
    yield
    forget_clients()
